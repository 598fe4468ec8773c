package salesdata

import "github.com/tenderkit/tenderkit/payment"

// Choice is a rule that has a default.
type Choice int8

// The choices.
const (
	Default Choice = iota
	Yes
	No
)

// BalanceRules says how a payment's parts add up. The zero value holds the
// defaults, which fit every documented example.
type BalanceRules struct {
	TipIncluded      Choice // the amount includes the tip; default: no in root (inferred), yes in MDS (documented)
	CashbackIncluded Choice // the amount includes cashback; default: yes (documented for MDS, unknown for root)
	RoundingSign     int    // negative subtracts rounding; default: it is added (inferred)

	Tolerance       payment.Amount // largest difference that still balances; default: exactly zero
	LineTotal       payment.Amount // what the lines come to, if the caller knows it better
	RequireBalanced bool           // makes a difference an error

	// Sign gives -1 for a payment whose amounts are to be taken negative. The
	// vendor does not document the signs of refunds; by default nothing is
	// turned.
	Sign func(Payment) int
	// Currency gives a payment's currency, if the caller knows: no document
	// carries one. Payments of one order must agree.
	Currency func(Payment) payment.Currency
}

func (r BalanceRules) tipIn(s Shape) bool {
	return r.TipIncluded == Yes || r.TipIncluded == Default && s == MDS
}

func (r BalanceRules) cashbackIn() bool { return r.CashbackIncluded != No }

func (r BalanceRules) within(difference payment.Amount) bool {
	if difference.Sign() < 0 {
		difference = difference.Neg()
	}
	return difference.IsSet() && difference.Cmp(r.Tolerance) <= 0
}

// equation writes how goods are reckoned.
func (r BalanceRules) equation(s Shape) string {
	text := "goods = net_amount - change"
	if s == MDS {
		text = "goods = amount - change"
	}
	if r.tipIn(s) {
		text += " - tip"
	}
	if r.cashbackIn() {
		text += " - cashback"
	}
	if r.RoundingSign < 0 {
		return text + " - rounding"
	}
	return text + " + rounding"
}
