package payment

import (
	"math/big"

	"github.com/shopspring/decimal"
)

// RoundingMode says to which of its two neighbours an amount is rounded. A value
// that is not one of the modes below rounds as [HalfEven].
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

// roundTo returns the multiple of step that mode picks, with the scale of step.
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
	quotient := mode.divide(num, den)
	quotient.Mul(quotient, big.NewInt(step.coef))
	return fromDecimal(decimal.NewFromBigInt(quotient, -step.scale))
}

// divide returns num/den as a whole number; den is positive. It uses up num.
func (mode RoundingMode) divide(num, den *big.Int) *big.Int {
	sign := num.Sign()
	quotient, rest := num.QuoRem(num, den, new(big.Int))
	if rest.Sign() != 0 && mode.awayFromZero(sign, compareHalf(rest, den), quotient.Bit(0) == 1) {
		quotient.Add(quotient, big.NewInt(int64(sign)))
	}
	return quotient
}

// awayFromZero reports whether a quotient that was cut towards zero moves one
// step away from it. Half compares what was cut off with half a step.
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

// CashIncrement returns the step to which a total in c is rounded when it is
// paid in cash, because there are no smaller coins.
//
// It knows AUD, CAD, CHF, CZK, DKK, HUF, ILS, MYR, NOK, NZD and SEK by the rule
// of the national authority, and by the Unicode CLDR the currencies that have
// minor units but no decimals in cash: AFN, ALL, AMD, COP, CRC, GYD, IDR, IQD,
// IRR, KPW, LAK, LBP, MGA, MMK, MNT, MUR, PKR, RSD, SOS, SYP, TWD, TZS, UZS and
// YER. Their step here is one whole unit; the smallest coin in use may be larger.
//
// It reports false for every other currency: the minor unit is the step there,
// the rule differs from country to country (the euro is rounded to 0.05 in some
// states only), or it is not known.
func (c Currency) CashIncrement() (Amount, bool) {
	coef := cashMinorUnits(c)
	if coef == 0 {
		return Amount{}, false
	}
	return Amount{coef: coef, scale: int32(c.MinorUnits()), set: true}, true
}

// cashMinorUnits returns the step in minor units, and 0 where it is not known.
func cashMinorUnits(c Currency) int64 {
	switch c {
	case "AUD":
		// Royal Australian Mint: 1 and 2 cent coins withdrawn from February 1992.
		return 5
	case "CAD":
		// Department of Finance Canada: penny no longer distributed since 4 February 2013.
		return 5
	case "CHF":
		// Swissmint: 1 Rappen coin withdrawn on 1 January 2007; 5 Rappen is the smallest.
		return 5
	case "CZK":
		// Czech National Bank: 50 heller coin withdrawn on 1 September 2008.
		return 100
	case "DKK":
		// Danmarks Nationalbank: 25 øre coin withdrawn on 1 October 2008.
		return 50
	case "HUF":
		// Hungary, Act III of 2008: 1 and 2 forint coins withdrawn on 1 March 2008.
		return 500
	case "ILS":
		// Bank of Israel: 5 agorot coin withdrawn on 1 January 2008.
		return 10
	case "MYR":
		// Bank Negara Malaysia: rounding mechanism since 1 April 2008.
		return 5
	case "NOK":
		// Norges Bank: 50 øre coin withdrawn on 1 May 2012.
		return 100
	case "NZD":
		// Reserve Bank of New Zealand: 5 cent coin withdrawn on 1 November 2006.
		return 10
	case "SEK":
		// Sveriges Riksbank: 50 öre coin withdrawn on 30 September 2010.
		return 100
	case "AFN", "ALL", "AMD", "COP", "CRC", "GYD", "IDR", "IRR", "KPW", "LAK", "LBP", "MGA",
		"MMK", "MNT", "MUR", "PKR", "RSD", "SOS", "SYP", "TWD", "TZS", "UZS", "YER":
		// Unicode CLDR, supplementalData, currency fractions: no decimals in cash.
		return 100
	case "IQD":
		// Unicode CLDR, supplementalData, currency fractions: no decimals in cash.
		return 1000
	}
	return 0
}

// RoundCash returns m rounded to what can be paid in cash: to a multiple of
// [Currency.CashIncrement], or as [Money.Round] does for a currency that
// CashIncrement does not know. The result has the decimals of the currency:
// 9.98 CHF becomes 10.00 CHF.
func (m Money) RoundCash(mode RoundingMode) Money {
	step, ok := m.currency.CashIncrement()
	if !ok {
		return m.Round(mode)
	}
	m.amount = m.amount.roundTo(step, mode)
	return m
}
