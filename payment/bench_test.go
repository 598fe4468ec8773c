package payment_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/tenderkit/tenderkit/payment"
)

const benchText = "1234567.89"

func BenchmarkParseAmount(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := payment.ParseAmount(benchText); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDecimalNewFromString is what BenchmarkParseAmount is measured by.
func BenchmarkDecimalNewFromString(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decimal.NewFromString(benchText); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAmountString(b *testing.B) {
	a := amount(b, benchText)
	b.ReportAllocs()
	for b.Loop() {
		if a.String() != benchText {
			b.Fatal(a)
		}
	}
}

func BenchmarkAmountMarshalJSON(b *testing.B) {
	a := amount(b, benchText)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.MarshalJSON(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAmountUnmarshalJSON(b *testing.B) {
	data := []byte(benchText)
	var a payment.Amount
	b.ReportAllocs()
	for b.Loop() {
		if err := a.UnmarshalJSON(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMoneyUnmarshalJSON(b *testing.B) {
	data := []byte(`{"amount":"10.40","currency":"GBP"}`)
	var m payment.Money
	b.ReportAllocs()
	for b.Loop() {
		if err := m.UnmarshalJSON(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMoneyMinorUnits(b *testing.B) {
	m := money(b, "10.40 GBP")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.MinorUnits(); err != nil {
			b.Fatal(err)
		}
	}
}
