package payment

import (
	"cmp"
	"math/big"

	"github.com/shopspring/decimal"
)

// Zero returns 0 in c, with the decimals of the currency: 0.00 GBP, 0 JPY.
func Zero(c Currency) (Money, error) {
	unit := c.minorUnit()
	if !unit.IsSet() {
		unit.set = true
	}
	unit.coef = 0
	return NewMoney(unit, c)
}

// Sum returns the total of a list in one currency. It refuses an empty list,
// money that is not set, and two currencies.
func Sum(list ...Money) (Money, error) {
	if len(list) == 0 {
		return Money{}, moneyError("is an empty list: its sum has no currency")
	}
	total := list[0]
	if !total.IsSet() {
		return Money{}, amountError("is not set")
	}
	for _, m := range list[1:] {
		var err error
		if total, err = total.Add(m); err != nil {
			return Money{}, err
		}
	}
	return total, nil
}

// Abs returns m without its sign.
func (m Money) Abs() Money {
	if m.Sign() < 0 {
		return m.Neg()
	}
	return m
}

// Min returns the smaller of m and n, and m if they are equal. It refuses what
// [Money.Cmp] refuses.
func (m Money) Min(n Money) (Money, error) {
	order, err := m.Cmp(n)
	if order > 0 {
		m = n
	}
	return m.or(err)
}

// Max returns the larger of m and n, and m if they are equal. It refuses what
// [Money.Cmp] refuses.
func (m Money) Max(n Money) (Money, error) {
	order, err := m.Cmp(n)
	if order < 0 {
		m = n
	}
	return m.or(err)
}

func (m Money) or(err error) (Money, error) {
	if err != nil {
		return Money{}, err
	}
	return m, nil
}

// Compare orders money by currency, then by amount, for slices.SortFunc. Money
// that is not set comes first. Unlike [Money.Cmp] it refuses nothing: that
// 5 EUR come before 4 GBP says nothing of their worth.
func (m Money) Compare(n Money) int {
	return cmp.Or(cmp.Compare(m.currency, n.currency), m.amount.Cmp(n.amount))
}

// Mul returns m times a quantity or rate, rounded to the decimals of the
// currency. The product is exact before it is rounded.
func (m Money) Mul(factor Amount, mode RoundingMode) (Money, error) {
	unit := m.currency.minorUnit()
	switch {
	case !m.IsSet() || !factor.IsSet():
		return Money{}, amountError("is not set")
	case !unit.IsSet():
		return Money{}, currencyError("has no minor unit")
	}
	product := fromDecimal(m.amount.Decimal().Mul(factor.Decimal())).roundTo(unit, mode)
	a, err := NewAmount(product.Decimal())
	return Money{amount: a, currency: m.currency}.or(err)
}

// SplitTax divides an amount that includes tax into the net amount, which is
// rounded to the decimals of the currency, and the tax, which is the rest: the
// two add up to m. The rate is in percent: 25 for 25 %. It refuses a negative
// rate, and money with more decimals than its currency has.
func (m Money) SplitTax(percent Amount, mode RoundingMode) (net, tax Money, err error) {
	unit := m.currency.minorUnit()
	switch {
	case !m.IsSet() || !percent.IsSet():
		return Money{}, Money{}, amountError("is not set")
	case !unit.IsSet():
		return Money{}, Money{}, currencyError("has no minor unit")
	case percent.Sign() < 0:
		return Money{}, Money{}, amountError("is a negative rate")
	case m.HasExtraDecimals():
		return Money{}, Money{}, amountError("has more decimals than its currency")
	}
	// net = gross * 100 / (100 + percent), with the rate's decimals cleared away.
	hundred := new(big.Int).Mul(big.NewInt(100), pow10(int64(percent.scale)))
	whole := new(big.Int).Add(hundred, percent.Decimal().Coefficient())
	gross := m.Round(Down).amount.Decimal().Coefficient()
	minor := mode.divide(gross.Mul(gross, hundred), whole)
	net = Money{amount: fromDecimal(decimal.NewFromBigInt(minor, -unit.scale)), currency: m.currency}
	tax, err = m.Sub(net)
	return net, tax, err
}

// Split divides m into n shares of whole minor units that add up to m and differ
// by one minor unit at most; the larger ones come first.
func (m Money) Split(n int) ([]Money, error) {
	const most = 1 << 20
	if n < 1 || n > most {
		return nil, weightError("are not 1 to 1,048,576")
	}
	weights := make([]int, n)
	for i := range weights {
		weights[i] = 1
	}
	return m.Allocate(weights...)
}

// Round returns a with exactly the given number of decimals, from 0 to 60. An
// amount that is not set stays so.
func (a Amount) Round(decimals int, mode RoundingMode) Amount {
	decimals = min(max(decimals, 0), maxAmountDigits)
	return a.roundTo(Amount{coef: 1, scale: int32(decimals), set: true}, mode)
}

// Rescale returns a written with the given number of decimals, from 0 to 60. It
// refuses to lose a digit: [Amount.Round] rounds.
func (a Amount) Rescale(decimals int) (Amount, error) {
	if decimals < 0 || decimals > maxAmountDigits {
		return Amount{}, amountError("cannot have that many decimals")
	}
	rounded := a.Round(decimals, Down)
	if !rounded.Equal(a) {
		return Amount{}, amountError("has more decimals than that")
	}
	return rounded, nil
}

// MustParseAmount is [ParseAmount] for tests and constants: it panics on an error.
func MustParseAmount(s string) Amount { return must(ParseAmount(s)) }

// MustParseMoney is [ParseMoney] for tests and constants: it panics on an error.
func MustParseMoney(amount string, c Currency) Money { return must(ParseMoney(amount, c)) }

func must[T any](v T, err error) T {
	if err != nil {
		panic("payment: " + err.Error())
	}
	return v
}
