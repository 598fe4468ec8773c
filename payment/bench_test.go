package payment_test

import (
	"io"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
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

// BenchmarkAmountScales is arithmetic of two scales.
func BenchmarkAmountScales(b *testing.B) {
	x, y := amount(b, benchText), amount(b, "0.5")
	b.Run("add", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			x.Add(y)
		}
	})
	b.Run("sub", func(b *testing.B) {
		for b.Loop() {
			x.Sub(y)
		}
	})
	b.Run("cmp", func(b *testing.B) {
		for b.Loop() {
			x.Cmp(y)
		}
	})
	b.Run("equal", func(b *testing.B) {
		for b.Loop() {
			x.Equal(y)
		}
	})
}

// BenchmarkJSONv2 reads and writes as the vendors' clients do.
func BenchmarkJSONv2(b *testing.B) {
	type row struct {
		Amount payment.Amount
		Money  payment.Money
		Date   payment.Date
	}
	data := []byte(`{"Amount":1234567.89,"Money":{"amount":"10.40","currency":"GBP"},"Date":"2024-02-29"}`)
	var r row
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := jsonv2.Unmarshal(data, &r); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("write", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := jsonv2.MarshalWrite(io.Discard, &r); err != nil {
				b.Fatal(err)
			}
		}
	})
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
