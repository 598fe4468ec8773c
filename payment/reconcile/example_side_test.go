package reconcile_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// A side can be an export of a bank, with names and forms of its own, and what
// somebody has added by hand.
func ExampleCSV() {
	const export = "Beleg;Betrag;Art;Tag\nR-1;1010,40;Kauf;28.11.2026\nR-2;25,00;Erstattung;28.11.2026\n"
	bank := reconcile.CSV(strings.NewReader(export), reconcile.CSVOptions{
		Columns:    reconcile.Columns{Reference: "Beleg", Amount: "Betrag", Kind: "Art", Date: "Tag"},
		Comma:      ';',
		DateLayout: "02.01.2006", DecimalComma: true, Currency: "EUR",
		Kinds: map[string]payment.Kind{"Kauf": payment.Sale, "Erstattung": payment.Refund},
		Name:  "bank.csv",
	})
	amount, err := payment.ParseMoney("3.20", "EUR")
	if err != nil {
		log.Fatal(err)
	}
	byHand := reconcile.From(reconcile.Record{Reference: "R-3", Kind: payment.Sale, Amount: amount, Source: "a note"})
	for record, err := range reconcile.Join(bank, byHand) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(record.Reference, record.Signed(), record.Date, record.Source)
	}

	_, err = first(reconcile.CSV(strings.NewReader("amount\n1,00\n"), reconcile.CSVOptions{Currency: "EUR", Name: "broken.csv"}))
	fmt.Println(err)
	// Output:
	// R-1 1010.40 EUR 2026-11-28 bank.csv, line 2
	// R-2 -25.00 EUR 2026-11-28 bank.csv, line 3
	// R-3 3.20 EUR  a note
	// broken.csv, line 2: it has another number of columns than the first line
}

func first(side func(func(reconcile.Record, error) bool)) (record reconcile.Record, err error) {
	for record, err = range side {
		return record, err
	}
	return record, err
}
