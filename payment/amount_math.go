package payment

import (
	"cmp"
	"math"
)

// Equal reports whether a and b are the same number: 10.4 equals 10.40. An
// amount that is not set equals only another that is not set.
func (a Amount) Equal(b Amount) bool {
	return a.set == b.set && a.Cmp(b) == 0
}

// Cmp returns -1, 0 or 1 as a is less than, equal to or greater than b. An
// amount that is not set counts as 0 here.
func (a Amount) Cmp(b Amount) int {
	if x, y, _, ok := aligned(a, b); ok {
		return cmp.Compare(x, y)
	}
	return a.Decimal().Cmp(b.Decimal())
}

// Neg returns -a.
func (a Amount) Neg() Amount {
	if a.big == nil && a.coef != math.MinInt64 {
		a.coef = -a.coef
		return a
	}
	return negBig(a)
}

func negBig(a Amount) Amount { return fromDecimal(a.Decimal().Neg()) }

// Add returns a+b with the larger scale of the two. The sum is not set unless
// both are: a missing amount is never taken for zero. A sum with more than 60
// digits before the point is not set either.
func (a Amount) Add(b Amount) Amount {
	if !a.set || !b.set {
		return Amount{}
	}
	if x, y, scale, ok := aligned(a, b); ok {
		if sum := x + y; (sum > x) == (y > 0) {
			return Amount{coef: sum, scale: scale, set: true}
		}
	}
	return addBig(a, b)
}

func addBig(a, b Amount) Amount {
	sum := a.Decimal().Add(b.Decimal())
	if sum.NumDigits()+int(sum.Exponent()) > maxAmountDigits {
		return Amount{}
	}
	return fromDecimal(sum)
}

// Sub returns a-b by the rules of [Amount.Add].
func (a Amount) Sub(b Amount) Amount { return a.Add(b.Neg()) }

// aligned returns the coefficients of a and b at the larger scale of the two.
// It reports false if they do not fit.
func aligned(a, b Amount) (x, y int64, scale int32, ok bool) {
	switch {
	case a.big != nil || b.big != nil:
		return 0, 0, 0, false
	case a.scale == b.scale:
		return a.coef, b.coef, a.scale, true
	case a.scale < b.scale:
		x, ok = rescaled(a.coef, b.scale-a.scale)
		return x, b.coef, b.scale, ok
	}
	y, ok = rescaled(b.coef, a.scale-b.scale)
	return a.coef, y, a.scale, ok
}

// rescaled returns coef * 10^digits and reports whether that fits.
func rescaled(coef int64, digits int32) (int64, bool) {
	if digits > maxSmallDigits {
		return 0, coef == 0
	}
	p := powersOfTen[digits]
	return coef * p.factor, coef <= p.limit && coef >= -p.limit
}

const most int64 = math.MaxInt64

// powersOfTen holds 10^n, and the largest coefficient that can be multiplied by it.
var powersOfTen = [maxSmallDigits + 1]struct{ factor, limit int64 }{
	{1, most}, {1e1, most / 1e1}, {1e2, most / 1e2}, {1e3, most / 1e3},
	{1e4, most / 1e4}, {1e5, most / 1e5}, {1e6, most / 1e6}, {1e7, most / 1e7},
	{1e8, most / 1e8}, {1e9, most / 1e9}, {1e10, most / 1e10}, {1e11, most / 1e11},
	{1e12, most / 1e12}, {1e13, most / 1e13}, {1e14, most / 1e14}, {1e15, most / 1e15},
	{1e16, most / 1e16}, {1e17, most / 1e17}, {1e18, most / 1e18},
}
