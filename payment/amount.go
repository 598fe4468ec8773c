package payment

import (
	"math"

	"github.com/shopspring/decimal"
)

const (
	maxAmountBytes  = 40 // longest text that ParseAmount reads
	maxSmallDigits  = 18 // digits that always fit an int64 coefficient
	maxAmountDigits = 60 // 40 written digits moved by the largest exponent

	notPlain = "is not plain decimal text such as 10.40"
)

// Amount is an exact decimal number without a currency.
//
// It keeps the scale it was written with: "10.40" prints as "10.40" and never
// as "10.4". The zero value is an amount that is not set, which is not the
// same as 0. Amounts are values: no calculation changes its operands. Compare them
// with [Amount.Equal] or [Amount.Cmp], not with ==: 10.4 and 10.40 are equal.
type Amount struct {
	coef  int64            // the value is coef / 10^scale while big is nil
	big   *decimal.Decimal // numbers that do not fit coef
	scale int32
	set   bool
}

// ParseAmount reads plain decimal text: an optional '-', digits without a
// leading zero to spare, and optionally a point with at least one digit.
//
// The text is ASCII and at most 40 bytes. A '+', an exponent, a thousands
// separator, white space and the Unicode minus sign are refused with an error
// that matches [ErrInvalid]. Negative zero is read as zero.
func ParseAmount(s string) (Amount, error) {
	if len(s) > maxAmountBytes {
		return Amount{}, amountError("is longer than 40 bytes")
	}
	a, digits := scanAmount(s)
	switch {
	case digits == 0:
		return Amount{}, amountError(notPlain)
	case digits <= maxSmallDigits:
		return a, nil
	}
	return parseLongAmount(s)
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
	// A zero in front is there to spare unless it is the only whole digit.
	if whole := digits - int(a.scale); whole > 1 && s[first] == '0' {
		return Amount{}, 0
	}
	if first == 1 {
		a.coef = -a.coef
	}
	a.set = true
	return a, digits
}

// parseLongAmount reads text whose form scanAmount has checked.
func parseLongAmount(s string) (Amount, error) {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return Amount{}, amountError(notPlain)
	}
	return fromDecimal(d), nil
}

// NewAmount takes d with its scale. A positive exponent is written out, so
// 1e3 becomes 1000. It refuses more than 60 digits in all, and more than 60 after
// the point. An amount whose text is longer than 40 bytes is written but not
// read back.
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

// Decimal gives the amount for calculations that this package does not offer.
// An amount that is not set gives 0; ask [Amount.IsSet] first.
func (a Amount) Decimal() decimal.Decimal {
	if a.big != nil {
		return *a.big
	}
	return decimal.New(a.coef, -a.scale)
}

// IsSet tells a known amount, zero included, from one that was never given.
func (a Amount) IsSet() bool { return a.set }

// IsZero reports that the amount is not set, which is what the JSON option
// omitzero asks. An amount of 0 is set; its [Amount.Sign] is 0.
func (a Amount) IsZero() bool { return !a.set }

// Scale is the number of digits after the point: 2 for 10.40.
func (a Amount) Scale() int { return int(a.scale) }

// Sign is -1, 0 or 1.
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

// Equal compares the numbers: 10.4 equals 10.40. An amount that is not set
// equals only another that is not set.
func (a Amount) Equal(b Amount) bool {
	return a.set == b.set && a.Cmp(b) == 0
}

// Cmp compares the numbers and gives -1, 0 or 1. An amount that is not set
// counts as 0 here.
func (a Amount) Cmp(b Amount) int {
	if a.big == nil && b.big == nil && a.scale == b.scale {
		switch {
		case a.coef < b.coef:
			return -1
		case a.coef > b.coef:
			return 1
		}
		return 0
	}
	return a.Decimal().Cmp(b.Decimal())
}

// Neg gives the amount with its sign turned.
func (a Amount) Neg() Amount {
	if a.big != nil || a.coef == math.MinInt64 {
		return fromDecimal(a.Decimal().Neg())
	}
	a.coef = -a.coef
	return a
}

// Add gives a+b with the larger scale of the two. The sum is not set unless
// both are: a missing amount is never taken for zero.
func (a Amount) Add(b Amount) Amount {
	if !a.set || !b.set {
		return Amount{}
	}
	if a.big == nil && b.big == nil && a.scale == b.scale {
		if sum := a.coef + b.coef; (sum > a.coef) == (b.coef > 0) {
			a.coef = sum
			return a
		}
	}
	return fromDecimal(a.Decimal().Add(b.Decimal()))
}

// Sub gives a-b by the rules of [Amount.Add].
func (a Amount) Sub(b Amount) Amount { return a.Add(b.Neg()) }

func amountError(reason string) error {
	return &FieldError{Field: "amount", Reason: reason}
}
