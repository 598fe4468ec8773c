package brightpearltest

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/tenderkit/tenderkit/payment"
)

// zero is 0.00. A sum that starts with it has two decimals at least.
func zero() payment.Amount {
	a, err := payment.NewAmount(decimal.New(0, -2))
	if err != nil {
		return payment.Amount{} // never: 0.00 is an amount
	}
	return a
}

// twoDecimals writes an amount as searches show it: 100.0 as 100.00. Digits
// beyond the second decimal are kept unless they are zeros; whether the vendor
// rounds them is unknown.
func twoDecimals(a payment.Amount) string {
	text := zero().Add(a).String()
	point := strings.IndexByte(text, '.')
	for len(text) > point+3 && strings.HasSuffix(text, "0") {
		text = text[:len(text)-1]
	}
	return text
}

// plus adds b, or nothing if b was never given.
func plus(a, b payment.Amount) payment.Amount {
	if !b.IsSet() {
		return a
	}
	return a.Add(b)
}
