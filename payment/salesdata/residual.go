package salesdata

import "github.com/tenderkit/tenderkit/payment"

// Residual is the outcome of [Balance]: both sides of an order, their
// difference, and what the comparison rests on.
type Residual struct {
	Goods      payment.Amount // what the payments pay for lines
	Revenue    payment.Amount // what the lines add up to, with tax
	Difference payment.Amount // Goods less Revenue
	Balanced   bool           // Difference is within the tolerance

	Equation    Equation     // the rules that were used
	Assumptions []Assumption // what no documentation backs and this order touches
	Hints       []Hint       // for a difference: the other readings that would balance
}

// Equation is how [Balance] added up the two sides of an order.
type Equation struct {
	Shape              Shape   // root starts from net_amount, MDS from amount
	TipIncluded        bool    // the tip was subtracted from the amount
	CashbackIncluded   bool    // cashback was subtracted from the amount
	RoundingSubtracted bool    // rounding was subtracted, not added
	Revenue            Revenue // what of the lines was summed
}

// String returns both equations, such as "goods = net_amount - change -
// cashback + rounding; Σ goods = Σ gross_amount of all lines".
func (e Equation) String() string {
	text := "goods = net_amount - change"
	if e.Shape == MDS {
		text = "goods = amount - change"
	}
	if e.TipIncluded {
		text += " - tip"
	}
	if e.CashbackIncluded {
		text += " - cashback"
	}
	sign := " + "
	if e.RoundingSubtracted {
		sign = " - "
	}
	return text + sign + "rounding; Σ goods = " + e.Revenue.String()
}

func (r BalanceRules) equation(s Shape, lines Revenue) Equation {
	return Equation{
		Shape: s, TipIncluded: r.tipIn(s), CashbackIncluded: r.cashbackIn(), RoundingSubtracted: r.RoundingSign < 0, Revenue: lines,
	}
}

// Revenue says which amounts of which lines were summed.
type Revenue uint8

// The ways to sum lines.
const (
	CallersTotal        Revenue = iota + 1 // BalanceRules.LineTotal
	TotalGrossOfParents                    // total_gross_amount of the lines without parent (MDS, documented)
	BaseGrossOfAllLines                    // base_gross_amount of all lines (MDS without totals, inferred)
	GrossOfAllLines                        // gross_amount of all lines, children too (root, seen)
)

// String returns the sum in words.
func (r Revenue) String() string {
	return name(uint8(r), "the caller's line total", "Σ total_gross_amount of the lines without parent",
		"Σ base_gross_amount of all lines", "Σ gross_amount of all lines")
}

// Assumption is something that [Balance] rests on and that no documentation
// backs.
type Assumption uint8

// The assumptions.
const (
	AssumedCashback      Assumption = iota + 1 // a root amount includes cashback, or not
	AssumedRoundingSign                        // the sign of rounding
	AssumedSigns                               // negative amounts: signs of refunds and cancellations
	AssumedUnsetParts                          // an optional part of a payment is not set and was left out
	OrderIsCancelled                           // the order is cancelled
	AssumedNoTotals                            // total_gross_amount is not set on every line without parent
	AssumedChildrenApart                       // gross_amount of a parent excludes that of its children
)

// String returns the assumption as a sentence.
func (a Assumption) String() string {
	return name(uint8(a), "whether a root amount includes cashback is not documented", "the sign of rounding is inferred",
		"the signs of refunds and cancellations are not documented", "an optional part of a payment is not set and was left out",
		"the order is cancelled", "total_gross_amount is not set on every line without parent",
		"whether gross_amount of a parent includes its children is not documented")
}

// Hint is another reading of an order that would balance it.
type Hint uint8

// The hints. The first five are the opposite of a rule in [BalanceRules].
const (
	HintTipInside       Hint = iota + 1 // the amount includes the tip
	HintTipOutside                      // the amount excludes the tip
	HintCashbackInside                  // the amount includes cashback
	HintCashbackOutside                 // the amount excludes cashback
	HintRoundingSign                    // rounding has the other sign
	HintParentsOnly                     // the lines without parent alone are the revenue
	HintAllLines                        // gross_amount of all lines is the revenue
)

// String returns the hint as a sentence.
func (h Hint) String() string {
	return name(uint8(h), "it balances with the tip inside the amount", "it balances with the tip outside the amount",
		"it balances with cashback inside the amount", "it balances with cashback outside the amount",
		"it balances with the other sign of rounding", "it balances with the lines without parent alone",
		"it balances with gross_amount of all lines")
}

// name returns the name of the value n, which counts from 1.
func name(n uint8, names ...string) string {
	if n == 0 || int(n) > len(names) {
		return "unknown"
	}
	return names[n-1]
}
