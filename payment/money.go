package payment

// Money is an exact [Amount] in a [Currency].
//
// The zero value is money that is not set; it prints as "" and no calculation
// takes it for 0. Money is a value: no calculation changes its operands.
// Compare with [Money.Equal] or [Money.Cmp], not with ==.
type Money struct {
	amount   Amount
	currency Currency
}

// ParseMoney returns the amount that [ParseAmount] reads, in c.
func ParseMoney(amount string, c Currency) (Money, error) {
	a, err := ParseAmount(amount)
	if err != nil {
		return Money{}, err
	}
	return NewMoney(a, c)
}

// NewMoney returns a in c. It refuses an amount that is not set and a currency
// that is not known. More decimals than the currency has are kept:
// [Money.HasExtraDecimals] reports them and [Money.Round] removes them.
func NewMoney(a Amount, c Currency) (Money, error) {
	if !a.IsSet() {
		return Money{}, amountError("is not set")
	}
	if !c.Known() {
		return Money{}, currencyError("is not an active ISO 4217 code in upper case")
	}
	return Money{amount: a, currency: c}, nil
}

// FromMinorUnits returns n minor units of c: 1040 is 10.40 GBP and 1040 JPY. It
// refuses codes that have no minor unit.
func FromMinorUnits(n int64, c Currency) (Money, error) {
	unit := c.minorUnit()
	if !unit.IsSet() {
		return Money{}, currencyError("has no minor unit")
	}
	unit.coef = n
	return Money{amount: unit, currency: c}, nil
}

// Amount returns the number without its currency.
func (m Money) Amount() Amount { return m.amount }

// Currency returns the code, and "" for money that is not set.
func (m Money) Currency() Currency { return m.currency }

// IsSet reports whether m holds an amount, 0 included.
func (m Money) IsSet() bool { return m.amount.IsSet() }

// Sign returns -1, 0 or 1, and 0 for money that is not set.
func (m Money) Sign() int { return m.amount.Sign() }

// Neg returns -m.
func (m Money) Neg() Money {
	m.amount = m.amount.Neg()
	return m
}

// Add returns m+n with the larger scale of the two. It refuses money that is
// not set, money of two currencies, and a sum that [Amount.Add] refuses.
func (m Money) Add(n Money) (Money, error) {
	if err := m.match(n); err != nil {
		return Money{}, err
	}
	if m.amount = m.amount.Add(n.amount); !m.amount.IsSet() {
		return Money{}, amountError("has more than 60 digits before the point")
	}
	return m, nil
}

// Sub returns m-n by the rules of [Money.Add].
func (m Money) Sub(n Money) (Money, error) { return m.Add(n.Neg()) }

// Cmp returns -1, 0 or 1 as m is less than, equal to or greater than n. It
// refuses money that is not set and money of two currencies.
func (m Money) Cmp(n Money) (int, error) {
	if err := m.match(n); err != nil {
		return 0, err
	}
	return m.amount.Cmp(n.amount), nil
}

// Equal reports whether m and n are the same number in the same currency:
// 10.4 GBP equals 10.40 GBP. Money that is not set equals only other money that
// is not set.
func (m Money) Equal(n Money) bool {
	return m.currency == n.currency && m.amount.Equal(n.amount)
}

func (m Money) match(n Money) error {
	if !m.IsSet() || !n.IsSet() {
		return amountError("is not set")
	}
	if m.currency != n.currency {
		return currencyError("is not the same on both sides")
	}
	return nil
}

// HasExtraDecimals reports whether m needs more decimals than its currency has:
// 10.405 GBP does, 10.400 GBP and 318.0 JPY do not. It reports false for a
// currency without a minor unit.
func (m Money) HasExtraDecimals() bool {
	units := m.currency.MinorUnits()
	return units != noMinorUnits && m.amount.Decimals() > units
}

// MinorUnits returns m as a count of minor units: 1040 for 10.40 GBP. It refuses
// money that is not set, a currency without a minor unit, an amount that is
// not a whole number of minor units, and one beyond int64. It never rounds.
func (m Money) MinorUnits() (int64, error) {
	if !m.IsSet() {
		return 0, amountError("is not set")
	}
	unit := m.currency.minorUnit()
	if !unit.IsSet() {
		return 0, currencyError("has no minor unit")
	}
	whole := m.amount.roundTo(unit, Down)
	if !whole.Equal(m.amount) {
		return 0, amountError("is not a whole number of minor units")
	}
	if whole.big != nil {
		return 0, amountError("does not fit 64 bits of minor units")
	}
	return whole.coef, nil
}

// Round returns m with exactly the decimals of its currency: 10.405 GBP becomes
// 10.40 GBP and 10.4 GBP becomes 10.40 GBP under [HalfEven]. Money that is not
// set, or whose currency has no minor unit, stays as it is.
func (m Money) Round(mode RoundingMode) Money {
	if unit := m.currency.minorUnit(); unit.IsSet() {
		m.amount = m.amount.roundTo(unit, mode)
	}
	return m
}
