package payment_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tenderkit/tenderkit/payment"
)

func ExampleAmount_Cmp() {
	a, b := payment.MustParseAmount("10.4"), payment.MustParseAmount("10.40")
	fmt.Println(a.Cmp(b), a.Equal(b), a == b) // compare numbers, not values
	fmt.Println(a.Sub(b), a.Neg(), a.Sign(), b.Decimals(), b.Scale())
	// Output:
	// 0 true false
	// 0.00 -10.4 1 1 2
}

func ExampleAmount_Round() {
	a := payment.MustParseAmount("10.405")
	fmt.Println(a.Round(2, payment.HalfEven), a.Round(2, payment.HalfUp), a.Round(0, payment.Ceiling))
	_, err := a.Rescale(2) // never loses a digit
	fmt.Println(err)
	// Output:
	// 10.40 10.41 11
	// amount: has more decimals than that
}

// What this package does not calculate, a decimal does.
func ExampleNewAmount() {
	product := payment.MustParseAmount("10.40").Decimal().Pow(decimal.NewFromInt(2))
	a, err := payment.NewAmount(product)
	fmt.Println(a, err)
	// Output: 108.1600 <nil>
}

func ExampleMoney_Mul() {
	price := payment.MustParseMoney("3.33", "GBP")
	total, err := price.Mul(payment.MustParseAmount("1.5"), payment.HalfUp)
	fmt.Println(total, err) // 4.995, rounded
	// Output: 5.00 GBP <nil>
}

func ExampleMoney_SplitTax() {
	net, tax, err := payment.MustParseMoney("100.00", "NOK").SplitTax(payment.MustParseAmount("15"), payment.HalfUp)
	fmt.Println(net, tax, err)
	// Output: 86.96 NOK 13.04 NOK <nil>
}

func ExampleMoney_Split() {
	shares, err := payment.MustParseMoney("10.00", "GBP").Split(3)
	fmt.Println(shares, err)
	// Output: [3.34 GBP 3.33 GBP 3.33 GBP] <nil>
}

func ExampleSum() {
	total, err := payment.Sum(payment.MustParseMoney("10.40", "GBP"), payment.MustParseMoney("-0.40", "GBP"))
	fmt.Println(total, err)
	_, err = payment.Sum(total, payment.MustParseMoney("1", "EUR"))
	fmt.Println(err)
	// Output:
	// 10.00 GBP <nil>
	// currency: is not the same on both sides
}

func ExampleZero() {
	total, err := payment.Zero("JPY")
	fmt.Println(total, total.IsSet(), total.Sign(), err)
	// Output: 0 JPY true 0 <nil>
}

func ExampleNewMoney() {
	m, err := payment.NewMoney(payment.MustParseAmount("318.0"), "JPY")
	fmt.Println(m, m.Amount(), m.Currency(), m.HasExtraDecimals(), err)
	units, err := m.MinorUnits()
	fmt.Println(units, err)
	// Output:
	// 318.0 JPY 318.0 JPY false <nil>
	// 318 <nil>
}

func ExampleMoney_Compare() {
	list := []payment.Money{payment.MustParseMoney("2", "GBP"), payment.MustParseMoney("9", "EUR"), payment.MustParseMoney("1.50", "GBP")}
	slices.SortFunc(list, payment.Money.Compare)
	fmt.Println(list)
	// Output: [9 EUR 1.50 GBP 2 GBP]
}

func ExampleMoney_Cmp() {
	a, b := payment.MustParseMoney("-2.00", "GBP"), payment.MustParseMoney("1.50", "GBP")
	order, err := a.Cmp(b)
	smaller, _ := a.Min(b)
	larger, _ := a.Max(b)
	fmt.Println(order, smaller, larger, a.Abs(), a.Neg(), a.Sign(), a.Equal(b), err)
	// Output: -1 -2.00 GBP 1.50 GBP 2.00 GBP 2.00 GBP -1 false <nil>
}

func ExampleCurrency_CashIncrement() {
	step, ok := payment.Currency("CHF").CashIncrement()
	fmt.Println(step, ok)
	_, ok = payment.Currency("EUR").CashIncrement() // not the same in every state
	fmt.Println(ok, payment.Currency("HRK").Withdrawn())
	// Output:
	// 0.05 true
	// false true
}

func ExampleParseDate() {
	d, err := payment.ParseDate("2026-05-04")
	next := payment.DateOf(d.In(time.UTC).AddDate(0, 0, 1))
	fmt.Println(d, d.Valid(), d.IsZero(), err)
	fmt.Println(next.After(d), d.Before(next), d.Compare(next))
	// Output:
	// 2026-05-04 true false <nil>
	// true true -1
}
