package salesdata

import (
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
)

// Balance compares what an order's payments pay for lines with the revenue of
// its lines. A difference is reported, not an error, unless
// [BalanceRules.RequireBalanced] is set.
//
// The vendor documents that the payments less change, tip and cashback equal
// the revenue of the lines. That the tip is outside a root amount, the sign of
// rounding, and gross rather than net revenue are inferred from its examples.
//
// The error is a *payment.FieldError: payments or lines are absent, which is
// not the same as empty; shapes or currencies are mixed; an amount is missing.
func Balance(o Order, rules BalanceRules) (Residual, error) {
	if err := comparableSides(o, rules); err != nil {
		return Residual{}, err
	}
	debit, err := sumPayments(o.Payments, rules)
	if err != nil {
		return Residual{}, err
	}
	credit, err := revenue(o, rules)
	if err != nil {
		return Residual{}, err
	}
	return rules.residual(o, debit, credit)
}

// comparableSides refuses an order whose two sides cannot be compared.
func comparableSides(o Order, rules BalanceRules) error {
	switch {
	case o.Payments == nil:
		return &payment.FieldError{Field: "Order.Payments", Reason: "are absent"}
	case o.Lines == nil && !rules.LineTotal.IsSet():
		return &payment.FieldError{Field: "Order.Lines", Reason: "are absent"}
	}
	shape := o.Shape
	for i, p := range o.Payments {
		switch {
		case !p.Shape.known():
			return elementError("Payments", i, "has no shape")
		case shape.known() && p.Shape != shape:
			return elementError("Payments", i, "has another shape than the order or the payments before")
		case rules.Currency != nil && rules.Currency(p) != rules.Currency(o.Payments[0]):
			return elementError("Payments", i, "is in another currency than the payments before")
		}
		shape = p.Shape
	}
	for i, l := range o.Lines {
		switch {
		case !l.Shape.known():
			return elementError("Lines", i, "has no shape")
		case shape.known() && l.Shape != shape:
			return elementError("Lines", i, "has another shape than the order, its payments or the lines before")
		}
		shape = l.Shape
	}
	return nil
}

// lineSums is what the lines of an order add up to, by the rules in force and
// by the other reading.
type lineSums struct {
	total, other payment.Amount
	revenue      Revenue
	assumed      []Assumption
}

// The amounts and the sets of lines that may be summed.
func gross(l Line) payment.Amount      { return l.GrossAmount }
func baseGross(l Line) payment.Amount  { return l.BaseGrossAmount }
func totalGross(l Line) payment.Amount { return l.TotalGrossAmount }
func anyLine(Line) bool                { return true }
func isParent(l Line) bool             { return !l.IsChild() }

// revenue adds up the lines of an order.
func revenue(o Order, rules BalanceRules) (lineSums, error) {
	switch {
	case rules.LineTotal.IsSet():
		return lineSums{total: rules.LineTotal, revenue: CallersTotal}, nil
	case len(o.Lines) > 0 && o.Lines[0].Shape == MDS:
		return revenueMDS(o.Lines)
	}
	return allGross(o.Lines)
}

// revenueMDS sums the totals of the lines without parent, which hold their
// children. Where they are not set it falls back to the other amounts.
func revenueMDS(lines []Line) (s lineSums, err error) {
	s.other = sumLines(lines, anyLine, gross)
	s.total, s.revenue = sumLines(lines, isParent, totalGross), TotalGrossOfParents
	if s.total.IsSet() {
		return s, nil
	}
	s.total, s.revenue = sumLines(lines, anyLine, baseGross), BaseGrossOfAllLines
	if s.total.IsSet() {
		s.assumed = []Assumption{AssumedNoTotals}
		return s, nil
	}
	s, err = allGross(lines)
	s.assumed = []Assumption{AssumedNoTotals, AssumedChildrenApart}
	return s, err
}

// allGross sums every line, children too: the documented root order has its
// extra cheese as a child with a price of its own.
func allGross(lines []Line) (lineSums, error) {
	for i, l := range lines {
		if !l.GrossAmount.IsSet() {
			return lineSums{}, &payment.FieldError{Field: fmt.Sprintf("Order.Lines[%d].GrossAmount", i), Reason: "is not set"}
		}
	}
	return lineSums{
		total: sumLines(lines, anyLine, gross), other: sumLines(lines, isParent, gross), revenue: GrossOfAllLines,
	}, nil
}

// sumLines returns an amount that is not set if one of the amounts is not.
func sumLines(lines []Line, counts func(Line) bool, amount func(Line) payment.Amount) payment.Amount {
	sum := zero
	for _, l := range lines {
		if counts(l) {
			sum = sum.Add(amount(l))
		}
	}
	return sum
}

// residual puts the two sides together.
func (r BalanceRules) residual(o Order, debit paymentSums, credit lineSums) (Residual, error) {
	shape := o.Shape
	if len(o.Payments) > 0 {
		shape = o.Payments[0].Shape
	}
	out := Residual{
		Goods: debit.goods, Revenue: credit.total, Difference: debit.goods.Sub(credit.total),
		Equation: r.equation(shape, credit.revenue), Assumptions: r.assumptions(o, shape, debit, credit),
	}
	out.Balanced = r.within(out.Difference)
	if out.Balanced {
		return out, nil
	}
	out.Hints = r.hints(shape, debit, credit)
	if r.RequireBalanced {
		return out, &payment.FieldError{Field: "Order", Reason: "payments and lines do not balance"}
	}
	return out, nil
}

// assumptions names what this order touches and no documentation backs.
func (r BalanceRules) assumptions(o Order, shape Shape, s paymentSums, credit lineSums) (list []Assumption) {
	note := func(is bool, a Assumption) {
		if is {
			list = append(list, a)
		}
	}
	note(shape == Root && s.cashback.Sign() != 0, AssumedCashback)
	note(s.rounding.Sign() != 0, AssumedRoundingSign)
	note(s.negative, AssumedSigns)
	note(s.unset, AssumedUnsetParts)
	note(o.Cancelled(), OrderIsCancelled)
	return append(list, credit.assumed...)
}

// hints names each single other reading that leaves no difference.
func (r BalanceRules) hints(shape Shape, s paymentSums, credit lineSums) (list []Hint) {
	try := func(goods, total payment.Amount, h Hint) {
		if r.within(goods.Sub(total)) { // false if the lines have no other total
			list = append(list, h)
		}
	}
	try(toggle(s.goods, s.tip, r.tipIn(shape)), credit.total, either(r.tipIn(shape), HintTipOutside, HintTipInside))
	try(toggle(s.goods, s.cashback, r.cashbackIn()), credit.total, either(r.cashbackIn(), HintCashbackOutside, HintCashbackInside))
	try(toggle(s.goods, s.rounding.Add(s.rounding), r.RoundingSign < 0), credit.total, HintRoundingSign)
	try(s.goods, credit.other, either(credit.revenue == GrossOfAllLines, HintParentsOnly, HintAllLines))
	return list
}

func either(is bool, yes, no Hint) Hint {
	if is {
		return yes
	}
	return no
}
