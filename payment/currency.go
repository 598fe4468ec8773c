package payment

// Currency is an ISO 4217 alphabetic code, such as "GBP". It is an ordinary
// string: only [ParseCurrency] and [Currency.Known] say whether it exists.
type Currency string

// noMinorUnits is what the table holds for codes that have no minor unit.
const noMinorUnits = -1

// ParseCurrency reads a code of the active list, in upper case. Withdrawn
// codes, lower case and surrounding space are refused with a [*FieldError]
// whose Field is "currency". The list and its date stand in
// currency_table.go.
func ParseCurrency(s string) (Currency, error) {
	if c := Currency(s); c.Known() {
		return c, nil
	}
	return "", currencyError("is not an active ISO 4217 code in upper case")
}

// Known reports whether c is on the active list. XTS (testing) and XXX (no
// currency) are on it.
func (c Currency) Known() bool {
	_, known := minorUnits(c)
	return known
}

// MinorUnits is the number of digits after the point that amounts of c have:
// 2 for GBP, 0 for JPY, 3 for KWD. It is -1 for codes that have no minor unit,
// such as XAU, and for codes that are not known.
func (c Currency) MinorUnits() int {
	units, _ := minorUnits(c)
	return units
}

// minorUnit is the smallest amount of c: 0.01 for GBP. It is not set for codes
// without a minor unit.
func (c Currency) minorUnit() Amount {
	units := c.MinorUnits()
	if units == noMinorUnits {
		return Amount{}
	}
	return Amount{coef: 1, scale: int32(units), set: true}
}

func currencyError(reason string) error {
	return &FieldError{Field: "currency", Reason: reason}
}
