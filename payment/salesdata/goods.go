package salesdata

import (
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
)

// Goods returns the part of the payment that pays for lines: the tender less the
// change, less cashback, plus rounding, and less the tip where the amount
// includes it. For the documented cash payment of 500.00 with 181.50 change
// and -0.50 rounding that is 318.00.
//
// A missing amount is never taken for zero: the error is a *payment.FieldError
// then, and for every missing part of an MDS payment, which requires them. The
// optional parts of a root payment that are not set are left out.
func (p Payment) Goods(rules BalanceRules) (payment.Amount, error) {
	s, err := rules.sums(p)
	return s.goods, err
}

var zero, _ = payment.ParseAmount("0")

// part is an amount beside the tender, and what it does to the goods.
type part struct {
	name   string
	amount payment.Amount
	sign   int
}

func (r BalanceRules) parts(p Payment) [4]part {
	parts := [...]part{
		{"Payment.Change", p.Change, -1},
		{"Payment.Tip", p.Tip, 0},
		{"Payment.Cashback", p.Cashback, 0},
		{"Payment.Rounding", p.Rounding, 1},
	}
	if r.tipIn(p.Shape) {
		parts[1].sign = -1
	}
	if r.cashbackIn() {
		parts[2].sign = -1
	}
	if r.RoundingSign < 0 {
		parts[3].sign = -1
	}
	return parts
}

// paymentSums adds up payments, part by part.
type paymentSums struct {
	goods, tip, rounding, cashback payment.Amount
	negative, unset                bool
}

// sums adds up the parts of one payment.
func (r BalanceRules) sums(p Payment) (paymentSums, error) {
	tender := p.Tender()
	if !tender.IsSet() {
		return paymentSums{}, &payment.FieldError{Field: p.tenderName(), Reason: "is not set"}
	}
	s := paymentSums{goods: tender, tip: orZero(p.Tip), rounding: orZero(p.Rounding), cashback: orZero(p.Cashback)}
	s.negative = tender.Sign() < 0 || p.Change.Sign() < 0 || p.Tip.Sign() < 0 || p.Cashback.Sign() < 0
	for _, part := range r.parts(p) {
		switch {
		case !part.amount.IsSet() && p.Shape == MDS:
			return paymentSums{}, &payment.FieldError{Field: part.name, Reason: "is not set"}
		case !part.amount.IsSet():
			s.unset = true
		case part.sign > 0:
			s.goods = s.goods.Add(part.amount)
		case part.sign < 0:
			s.goods = s.goods.Sub(part.amount)
		}
	}
	return s, nil
}

func orZero(a payment.Amount) payment.Amount {
	if !a.IsSet() {
		return zero
	}
	return a
}

// sumPayments adds up the payments of an order.
func sumPayments(list []Payment, rules BalanceRules) (paymentSums, error) {
	sum := paymentSums{goods: zero, tip: zero, rounding: zero, cashback: zero}
	for i, p := range list {
		s, err := rules.signed(p)
		if err != nil {
			return sum, fmt.Errorf("Order.Payments[%d]: %w", i, err)
		}
		sum = sum.add(s)
	}
	return sum, nil
}

// signed is sums with the sign that the caller wants.
func (r BalanceRules) signed(p Payment) (paymentSums, error) {
	s, err := r.sums(p)
	if err == nil && r.Sign != nil && r.Sign(p) < 0 {
		s = s.neg()
	}
	return s, err
}

func (s paymentSums) neg() paymentSums {
	s.goods, s.tip, s.rounding, s.cashback = s.goods.Neg(), s.tip.Neg(), s.rounding.Neg(), s.cashback.Neg()
	return s
}

func (s paymentSums) add(t paymentSums) paymentSums {
	return paymentSums{
		goods: s.goods.Add(t.goods), tip: s.tip.Add(t.tip),
		rounding: s.rounding.Add(t.rounding), cashback: s.cashback.Add(t.cashback),
		negative: s.negative || t.negative, unset: s.unset || t.unset,
	}
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
