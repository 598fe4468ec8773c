package salesdata

import (
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
)

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
	LineTotal       payment.Amount // the revenue of the lines, if the caller knows it better
	RequireBalanced bool           // makes a difference an error

	// Sign returns -1 for a payment whose amounts count as negative. The vendor
	// does not document the signs of refunds; by default every amount counts
	// with the sign that it has.
	Sign func(Payment) int
	// Currency returns a payment's currency, if the caller knows: no document
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

// toggle adds a part that was subtracted, or the other way round.
func toggle(goods, part payment.Amount, subtracted bool) payment.Amount {
	if subtracted {
		return goods.Add(part)
	}
	return goods.Sub(part)
}

// elementError is about an element of an array of an order.
func elementError(list string, i int, reason string) error {
	return &payment.FieldError{Field: fmt.Sprintf("Order.%s[%d]", list, i), Reason: reason}
}
