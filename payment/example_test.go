package payment_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

func ExampleParseAmount() {
	a, err := payment.ParseAmount("10.40")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(a, a.Scale())

	_, err = payment.ParseAmount("1,040.00")
	fmt.Println(err, errors.Is(err, payment.ErrInvalid))
	// Output:
	// 10.40 2
	// amount: is not plain decimal text such as 10.40 true
}

// An amount that was never given is not 0, and it stays out of a sum.
func ExampleAmount_IsSet() {
	var line struct{ Paid, Tip payment.Amount }
	if err := json.Unmarshal([]byte(`{"Paid": 10.40, "Tip": null}`), &line); err != nil {
		log.Fatal(err)
	}
	fmt.Println(line.Paid.IsSet(), line.Tip.IsSet(), line.Paid.Add(line.Tip).IsSet())
	// Output: true false false
}

func ExampleMoney() {
	price, err := payment.ParseMoney("10.40", "GBP")
	if err != nil {
		log.Fatal(err)
	}
	fee, err := payment.FromMinorUnits(59, "GBP")
	if err != nil {
		log.Fatal(err)
	}
	total, err := price.Add(fee)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(total)

	_, err = total.Add(payment.Money{})
	fmt.Println(err)
	// Output:
	// 10.99 GBP
	// amount: is not set
}

func ExampleMoney_MarshalJSON() {
	price, err := payment.ParseMoney("10.40", "GBP")
	if err != nil {
		log.Fatal(err)
	}
	out, err := json.Marshal(price)
	fmt.Println(string(out), err)
	// Output: {"amount":"10.40","currency":"GBP"} <nil>
}

func ExampleMoney_Allocate() {
	bill, err := payment.ParseMoney("100.00", "GBP")
	if err != nil {
		log.Fatal(err)
	}
	shares, err := bill.Allocate(1, 1, 1)
	fmt.Println(shares, err)
	// Output: [33.34 GBP 33.33 GBP 33.33 GBP] <nil>
}

func ExampleMoney_Round() {
	exact, err := payment.ParseMoney("2.345", "GBP")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(exact.Round(payment.HalfEven), exact.Round(payment.HalfUp))
	// Output: 2.34 GBP 2.35 GBP
}

// Switzerland has no coin below five Rappen.
func ExampleMoney_RoundCash() {
	total, err := payment.ParseMoney("9.98", "CHF")
	if err != nil {
		log.Fatal(err)
	}
	cash := total.RoundCash(payment.HalfUp)
	difference, err := cash.Sub(total)
	fmt.Println(cash, difference, err)
	// Output: 10.00 CHF 0.02 CHF <nil>
}

func ExampleParseCurrency() {
	yen, err := payment.ParseCurrency("JPY")
	fmt.Println(yen, yen.MinorUnits(), err)

	_, err = payment.ParseCurrency("yen")
	fmt.Println(err)
	// Output:
	// JPY 0 <nil>
	// currency: is not an active ISO 4217 code in upper case
}

// The same instant is another day in another zone.
func ExampleDateOf() {
	at := time.Date(2024, time.December, 31, 23, 30, 0, 0, time.UTC)
	fmt.Println(payment.DateOf(at), payment.DateOf(at.In(time.FixedZone("CET", 3600))))
	// Output: 2024-12-31 2025-01-01
}
