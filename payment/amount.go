package payment

import (
	"strings"

	"github.com/shopspring/decimal"
)

const (
	maxAmountBytes  = 40  // of text that ParseAmount reads, the sign included
	maxStoredBytes  = 128 // of text that was stored: every amount fits
	maxSmallDigits  = 18  // digits that always fit an int64 coefficient
	maxAmountDigits = 60  // before and after the point

	notPlain = "is not plain decimal text such as 10.40"
)

// Amount is an exact decimal number without a currency.
//
// It keeps the scale it was written with: "10.40" prints as "10.40" and never
// as "10.4". The zero value is an amount that is not set, which is not the
// same as 0. Amounts are values: no calculation changes its operands. Compare them
// with [Amount.Equal] or [Amount.Cmp], not with ==: 10.4 and 10.40 are equal.
//
// Every amount can be stored as text, as JSON and in a database, and is read
// back with all its digits.
type Amount struct {
	coef  int64            // the value is coef / 10^scale while big is nil
	big   *decimal.Decimal // numbers that do not fit coef
	scale int32
	set   bool
}

// ParseAmount reads plain decimal text: an optional '-', digits without a
// superfluous leading zero, and optionally a point with at least one digit.
//
// The text is ASCII and at most 40 bytes. A '+', an exponent, a thousands
// separator, white space and the Unicode minus sign are refused with an error
// that matches [ErrInvalid]. Negative zero is read as zero.
func ParseAmount(s string) (Amount, error) {
	if len(s) > maxAmountBytes {
		return Amount{}, amountError("is longer than 40 bytes")
	}
	return readAmount(s)
}

// readAmount reads plain decimal text of any amount, including one that
// calculations have made longer than what ParseAmount takes.
func readAmount[T string | []byte](s T) (Amount, error) {
	if len(s) > maxStoredBytes {
		return Amount{}, amountError("is longer than 128 bytes")
	}
	a, digits := scanAmount(s)
	switch whole := digits - int(a.scale); {
	case digits == 0:
		return Amount{}, amountError(notPlain)
	case digits <= maxSmallDigits:
		return a, nil
	case whole > maxAmountDigits+1 || a.scale > maxAmountDigits: // rounding up can add a digit
		return Amount{}, amountError("has more than 60 digits before or after the point")
	}
	d, err := decimal.NewFromString(string(s))
	if err != nil {
		return Amount{}, amountError(notPlain)
	}
	return fromDecimal(d), nil
}

// scanAmount reads s and counts its digits; no digits means that s is not
// plain decimal text. The coefficient wraps beyond maxSmallDigits.
func scanAmount[T string | []byte](s T) (a Amount, digits int) {
	first, point := 0, -1
	if len(s) > 0 && s[0] == '-' {
		first = 1
	}
	for i := first; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			a.coef = a.coef*10 + int64(c-'0')
		case c == '.' && point < 0 && i > first && i+1 < len(s):
			point = i
		default:
			return Amount{}, 0
		}
	}
	digits = len(s) - first
	if point >= 0 {
		digits--
		a.scale = int32(len(s) - point - 1)
	}
	// A leading zero is superfluous unless it is the only whole digit.
	if whole := digits - int(a.scale); whole > 1 && s[first] == '0' {
		return Amount{}, 0
	}
	if first == 1 {
		a.coef = -a.coef
	}
	a.set = true
	return a, digits
}

// NewAmount returns d with its scale. A positive exponent is written out, so
// 1e3 becomes 1000. It refuses more than 60 digits in all, and more than 60 after
// the point.
func NewAmount(d decimal.Decimal) (Amount, error) {
	exp := d.Exponent()
	if exp > maxAmountDigits || exp < -maxAmountDigits || d.Coefficient().BitLen() > 200 {
		return Amount{}, amountError("has more than 60 digits")
	}
	if exp > 0 {
		d = d.Add(decimal.New(0, 0)) // rescales to exponent 0
	}
	if d.NumDigits() > maxAmountDigits {
		return Amount{}, amountError("has more than 60 digits")
	}
	return fromDecimal(d), nil
}

// fromDecimal takes a decimal whose exponent is not positive.
func fromDecimal(d decimal.Decimal) Amount {
	if c := d.Coefficient(); c.IsInt64() {
		return Amount{coef: c.Int64(), scale: -d.Exponent(), set: true}
	}
	return Amount{big: &d, scale: -d.Exponent(), set: true}
}

// Decimal returns the amount for calculations that this package does not offer.
// It returns 0 for an amount that is not set.
func (a Amount) Decimal() decimal.Decimal {
	if a.big != nil {
		return *a.big
	}
	return decimal.New(a.coef, -a.scale)
}

// IsSet reports whether the amount is known. 0 is known.
func (a Amount) IsSet() bool { return a.set }

// Scale returns the number of digits after the point: 2 for 10.40.
func (a Amount) Scale() int { return int(a.scale) }

// Decimals returns the number of digits after the point that the value needs:
// 1 for 10.40, 0 for 318.0. Trailing zeros do not count.
func (a Amount) Decimals() int {
	if a.big != nil {
		return bigDecimals(*a.big)
	}
	n := int(a.scale)
	for coef := a.coef; n > 0 && coef%10 == 0; n-- {
		coef /= 10
	}
	return n
}

func bigDecimals(d decimal.Decimal) int {
	digits := strings.TrimLeft(d.Coefficient().String(), "-")
	zeros := len(digits) - len(strings.TrimRight(digits, "0"))
	return max(0, int(-d.Exponent())-zeros)
}

// Sign returns -1, 0 or 1, and 0 for an amount that is not set.
func (a Amount) Sign() int {
	switch {
	case a.big != nil:
		return a.big.Sign()
	case a.coef < 0:
		return -1
	case a.coef > 0:
		return 1
	}
	return 0
}

func amountError(reason string) error {
	return &FieldError{Field: "amount", Reason: reason}
}
