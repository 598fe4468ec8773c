package reconcile_test

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

const till = `reference,amount,date,method
receipt-1,10.40,2026-05-04,CARD
receipt-2,25.00,2026-05-04,CASH
receipt-3,7.50,2026-05-04,CARD
`

const vendor = `id,reference,amount,date,method
100,receipt-1,10.40,2026-05-04,CARD
101,receipt-3,5.70,2026-05-04,CARD
102,receipt-4,3.20,2026-05-04,CARD
`

func gbp(text string) iter.Seq2[reconcile.Record, error] {
	return reconcile.CSV(strings.NewReader(text), reconcile.CSVOptions{Currency: "GBP"})
}

// A day's payments of a till and of a vendor, with the totals of both sides.
func ExampleCompare() {
	var totals reconcile.Totals
	for finding, err := range reconcile.Compare(context.Background(), gbp(till), gbp(vendor), reconcile.Rules{}) {
		if err != nil {
			fmt.Println(err) // nothing was compared
			return
		}
		totals.Add(finding)
		if finding.Verdict != reconcile.Matched {
			fmt.Println(finding)
		}
	}
	for total := range totals.All() {
		fmt.Printf("%s %v: %v, %v, off by %v\n", total.Method, total.Date, total.Left.Amount, total.Right.Amount, total.Difference())
	}
	fmt.Println("clean:", totals.Clean())
	// Unordered output:
	// missing "receipt-2": left sale of 25.00 GBP, right none
	// differs "receipt-3": left sale of 7.50 GBP, right sale of 5.70 GBP; Amount "7.50 GBP", "5.70 GBP"
	// extra "receipt-4": left none, right sale of 3.20 GBP
	// CARD 2026-05-04: 17.90, 19.30, off by 1.40
	// CASH 2026-05-04: 25.00, , off by -25.00
	// clean: false
}

// A bank keeps no reference of the till's. A payment is matched by amount and
// day if it is the only one that it can be.
func ExampleRules_withoutReference() {
	const bank = "amount,date\n25.00,2026-05-05\n10.40,2026-05-05\n"
	rules := reconcile.Rules{WithoutReference: []reconcile.Field{}, Days: 1}
	for finding, err := range reconcile.Compare(context.Background(), gbp(till), gbp(bank), rules) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(finding.Verdict, finding.Reference())
	}
	// Unordered output:
	// matched receipt-1
	// matched receipt-2
	// missing receipt-3
}

// A year is compared day by day: no more than a day is held in memory.
func ExampleCompare_dayByDay() {
	side := func(text string, day payment.Date) iter.Seq2[reconcile.Record, error] {
		return func(yield func(reconcile.Record, error) bool) { // a vendor's filter does that
			for r, err := range gbp(text) {
				if (err != nil || r.Date == day) && !yield(r, err) {
					return
				}
			}
		}
	}
	var totals reconcile.Totals
	first := time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)
	for n := range 31 {
		day := payment.DateOf(first.AddDate(0, 0, n))
		for finding, err := range reconcile.Compare(context.Background(), side(till, day), side(vendor, day), reconcile.Rules{}) {
			if err != nil {
				fmt.Println(day, err)
				return
			}
			totals.Add(finding)
		}
	}
	fmt.Println(totals.Count(reconcile.Matched), totals.Count(reconcile.Missing), totals.Count(reconcile.Differs), totals.Count(reconcile.Extra))
	// Output: 1 1 1 1
}
