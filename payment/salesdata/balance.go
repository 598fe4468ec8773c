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
			return paymentError(i, "has no shape")
		case shape.known() && p.Shape != shape:
			return paymentError(i, "has another shape than the order or the payments before")
		case rules.Currency != nil && rules.Currency(p) != rules.Currency(o.Payments[0]):
			return paymentError(i, "is in another currency than the payments before")
		}
		shape = p.Shape
	}
	for i, l := range o.Lines {
		switch {
		case !l.Shape.known():
			return lineError(i, "has no shape")
		case shape.known() && l.Shape != shape:
			return lineError(i, "has another shape than the order, its payments or the lines before")
		}
		shape = l.Shape
	}
	return nil
}

func paymentError(i int, reason string) error {
	return &payment.FieldError{Field: fmt.Sprintf("Order.Payments[%d]", i), Reason: reason}
}

func lineError(i int, reason string) error {
	return &payment.FieldError{Field: fmt.Sprintf("Order.Lines[%d]", i), Reason: reason}
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

// toggle adds a part that was subtracted, or the other way round.
func toggle(goods, part payment.Amount, subtracted bool) payment.Amount {
	if subtracted {
		return goods.Add(part)
	}
	return goods.Sub(part)
}
