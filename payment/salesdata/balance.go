package salesdata

import (
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
)

// Residual is the outcome of [Balance]: both sides of an order, their
// difference, and what the comparison rests on.
type Residual struct {
	Goods      payment.Amount // what the payments pay for lines
	Revenue    payment.Amount // what the lines come to, with tax
	Difference payment.Amount // Goods less Revenue
	Balanced   bool           // Difference is within the tolerance

	Equation    string   // the equations that were used
	Assumptions []string // what no documentation backs and this order touches
	Hints       []string // for a difference: the other readings that would balance
}

// Balance compares what an order's payments pay for lines with what its lines
// come to. A difference is reported, not an error, unless
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
		if i > 0 && p.Shape != shape {
			return paymentError(i, "has another shape than the payments before")
		}
		shape = p.Shape
		if rules.Currency != nil && rules.Currency(p) != rules.Currency(o.Payments[0]) {
			return paymentError(i, "is in another currency than the payments before")
		}
	}
	for i, l := range o.Lines {
		if l.Shape != shape && (i > 0 || len(o.Payments) > 0) {
			return &payment.FieldError{Field: fmt.Sprintf("Order.Lines[%d]", i), Reason: "has another shape than what stands before it"}
		}
		shape = l.Shape
	}
	return nil
}

// residual puts the two sides together.
func (r BalanceRules) residual(o Order, debit paymentSums, credit lineSums) (Residual, error) {
	shape := o.Shape
	if len(o.Payments) > 0 {
		shape = o.Payments[0].Shape
	}
	out := Residual{Goods: debit.goods, Revenue: credit.total, Difference: debit.goods.Sub(credit.total)}
	out.Balanced = r.within(out.Difference)
	out.Equation = r.equation(shape) + "; Σ goods = " + credit.equation
	out.Assumptions = append(r.assumptions(o, shape, debit), credit.assumptions...)
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
func (r BalanceRules) assumptions(o Order, shape Shape, s paymentSums) (list []string) {
	note := func(is bool, text string) {
		if is {
			list = append(list, text)
		}
	}
	note(shape == Root && s.cashback.Sign() != 0, "whether a root amount includes cashback is not documented")
	note(s.rounding.Sign() != 0, "the sign of rounding is inferred")
	note(s.negative, "the signs of refunds and cancellations are not documented")
	note(s.unset, "an optional part of a payment is not set and was left out")
	note(o.Cancelled(), "the order is cancelled")
	return list
}

// hints names each single other reading that leaves no difference.
func (r BalanceRules) hints(shape Shape, s paymentSums, credit lineSums) (list []string) {
	try := func(goods, total payment.Amount, text string) {
		if r.within(goods.Sub(total)) { // false if the lines have no other total
			list = append(list, text)
		}
	}
	try(toggle(s.goods, s.tip, r.tipIn(shape)), credit.total, "it balances with "+insideOr(!r.tipIn(shape), "the tip"))
	try(toggle(s.goods, s.cashback, r.cashbackIn()), credit.total, "it balances with "+insideOr(!r.cashbackIn(), "cashback"))
	twice := s.rounding.Add(s.rounding)
	try(toggle(s.goods, twice, r.RoundingSign < 0), credit.total, "it balances with the other sign of rounding")
	try(s.goods, credit.other, "it balances with "+credit.otherName)
	return list
}

// toggle adds a part that was subtracted, or the other way round.
func toggle(goods, part payment.Amount, subtracted bool) payment.Amount {
	if subtracted {
		return goods.Add(part)
	}
	return goods.Sub(part)
}

func insideOr(inside bool, part string) string {
	if inside {
		return part + " inside the amount"
	}
	return part + " outside the amount"
}

func paymentError(i int, reason string) error {
	return &payment.FieldError{Field: fmt.Sprintf("Order.Payments[%d]", i), Reason: reason}
}
