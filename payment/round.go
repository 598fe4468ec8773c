package payment

import (
	"math/big"

	"github.com/shopspring/decimal"
)

// RoundingMode says which of the two neighbours an amount between them goes to.
// A value that is none of the modes below rounds as [HalfEven].
type RoundingMode int

// The rounding modes. The Half modes go to the nearer neighbour and differ
// only where both are as near.
const (
	HalfEven RoundingMode = iota // to the even neighbour: 2.5 is 2, 3.5 is 4
	HalfUp                       // away from zero: 2.5 is 3, -2.5 is -3
	HalfDown                     // towards zero: 2.5 is 2, -2.5 is -2
	Up                           // always away from zero
	Down                         // always towards zero
	Ceiling                      // always towards positive infinity
	Floor                        // always towards negative infinity
)

// roundTo gives the multiple of step that mode picks, with the scale of step.
// The step is positive and fits its coef. An amount that is not set stays so.
func (a Amount) roundTo(step Amount, mode RoundingMode) Amount {
	if !a.set || a.big == nil && a.scale == step.scale && step.coef == 1 {
		return a
	}
	num, den := a.Decimal().Coefficient(), big.NewInt(step.coef)
	// Both sides are brought to one scale, so that the division is of integers.
	if shift := int64(step.scale) - int64(a.scale); shift > 0 {
		num.Mul(num, pow10(shift))
	} else {
		den.Mul(den, pow10(-shift))
	}
	sign := num.Sign()
	quotient, rest := num.QuoRem(num, den, new(big.Int))
	if rest.Sign() != 0 && mode.awayFromZero(sign, compareHalf(rest, den), quotient.Bit(0) == 1) {
		quotient.Add(quotient, big.NewInt(int64(sign)))
	}
	quotient.Mul(quotient, big.NewInt(step.coef))
	return fromDecimal(decimal.NewFromBigInt(quotient, -step.scale))
}

// awayFromZero tells whether a quotient cut towards zero moves one step away
// from it. Half compares what was cut off with half a step.
func (mode RoundingMode) awayFromZero(sign, half int, odd bool) bool {
	switch mode {
	case HalfUp:
		return half >= 0
	case HalfDown:
		return half > 0
	case Up:
		return true
	case Down:
		return false
	case Ceiling:
		return sign > 0
	case Floor:
		return sign < 0
	}
	return half > 0 || half == 0 && odd
}

// compareHalf compares |rest| with den/2.
func compareHalf(rest, den *big.Int) int {
	twice := new(big.Int).Lsh(rest, 1)
	return twice.CmpAbs(den)
}

func pow10(n int64) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil)
}
