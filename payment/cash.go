package payment

// CashIncrement is the step to which a total in c is rounded when it is paid
// in cash, because there are no smaller coins. It reports false where the
// minor unit itself is the step, and for currencies whose rule differs from
// country to country: the euro is rounded to 0.05 in some states only.
func (c Currency) CashIncrement() (Amount, bool) {
	coef := cashMinorUnits(c)
	if coef == 0 {
		return Amount{}, false
	}
	return Amount{coef: coef, scale: int32(c.MinorUnits()), set: true}, true
}

// cashMinorUnits gives the step in minor units, and 0 where there is none.
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
	}
	return 0
}

// RoundCash rounds m to what can be paid in cash: to a multiple of
// [Currency.CashIncrement], or as [Money.Round] does where there is none. The
// result has the decimals of the currency: 9.98 CHF becomes 10.00 CHF.
func (m Money) RoundCash(mode RoundingMode) Money {
	step, ok := m.currency.CashIncrement()
	if !ok {
		return m.Round(mode)
	}
	m.amount = m.amount.roundTo(step, mode)
	return m
}
