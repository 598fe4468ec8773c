package main

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/payment"
)

// totals lists the payments of each day, with a total for each payment type.
// The vendor leaves out reversed payments, and so do the totals.
func (p *program) totals(ctx context.Context, args []string) error {
	var customer string
	var filter backendpay.PaymentFilter
	flags := p.flags("totals")
	flags.TextVar(&filter.MinDate, "from", payment.Date{}, "first day, such as 2024-11-25")
	flags.TextVar(&filter.MaxDate, "to", payment.Date{}, "last day")
	flags.StringVar(&customer, "customer", "", "`id` of one customer. Without it the payments of all customers are added up, which is right only if\n"+
		"all pay in one currency: amounts are in the customer's currency, and the vendor does not name it")
	if err := parse(flags, args, "from", "to"); err != nil {
		return err
	}
	days, err := byDay(p.list(ctx, customer, filter))
	if err != nil {
		return err
	}
	all := sums{}
	for _, day := range slices.SortedFunc(maps.Keys(days), payment.Date.Compare) {
		fmt.Fprintln(p.out, day)
		sum := sums{}
		for _, paid := range days[day] {
			p.show("", paid)
			sum.add(paid)
			all.add(paid)
		}
		sum.print(p)
	}
	fmt.Fprintln(p.out, "all days")
	all.print(p)
	return nil
}

func (p *program) list(ctx context.Context, customer string, filter backendpay.PaymentFilter) iter.Seq2[backendpay.Payment, error] {
	if customer == "" {
		return p.client.Payments(ctx, filter)
	}
	return p.client.CustomerPayments(ctx, customer, filter)
}

// byDay reads the list to its end: it is sorted by id, and the payments before an
// error would add up to less than was paid.
func byDay(list iter.Seq2[backendpay.Payment, error]) (map[payment.Date][]backendpay.Payment, error) {
	days := map[payment.Date][]backendpay.Payment{}
	for paid, err := range list {
		if err != nil {
			return nil, err
		}
		days[paid.PaymentDate] = append(days[paid.PaymentDate], paid)
	}
	return days, nil
}

// sums holds exact sums by payment type. If an amount is not set, its sum is not
// set either: it is printed as nothing, not as too little.
type sums map[string]payment.Amount

func (s sums) add(paid backendpay.Payment) {
	if sum, ok := s[paid.PaymentMethod]; ok {
		s[paid.PaymentMethod] = sum.Add(paid.PaymentAmount)
	} else {
		s[paid.PaymentMethod] = paid.PaymentAmount
	}
}

func (s sums) print(p *program) {
	for _, method := range slices.Sorted(maps.Keys(s)) {
		fmt.Fprintf(p.out, "  total %24v  %s\n", s[method], method)
	}
}
