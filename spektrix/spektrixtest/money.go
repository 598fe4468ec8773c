package spektrixtest

import (
	"encoding/json"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

// amount reads a number that stands in this package's source.
func amount(text string) payment.Amount {
	a, err := payment.ParseAmount(text)
	if err != nil {
		return payment.Amount{} // never: the tests read every one of them
	}
	return a
}

func zero() payment.Amount { return amount("0") }

// orZero takes an amount that was never given for 0.
func orZero(a payment.Amount) payment.Amount {
	if !a.IsSet() {
		return zero()
	}
	return a
}

// number writes an amount as the vendor does: 10.40 as 10.4, 45 as 45.0.
func number(a payment.Amount) json.Number {
	text := orZero(a).String()
	point := strings.IndexByte(text, '.')
	if point < 0 {
		return json.Number(text + ".0")
	}
	for len(text) > point+2 && strings.HasSuffix(text, "0") {
		text = text[:len(text)-1]
	}
	return json.Number(text)
}

// truncated leaves the decimals away, as the documented answer to 10.40 does.
func truncated(a payment.Amount) payment.Amount {
	whole, _, _ := strings.Cut(orZero(a).String(), ".")
	return amount(whole)
}
