package spektrix

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tenderkit/tenderkit/payment"
)

// Settle pays a basket, the guarded way. The Target of each payment is the
// basket, and may be left empty; each has a Reference of its own.
//
// Before anything is sent it refuses, with a [payment.FieldError], what the
// Recorder's Prepare refuses, and payments that do not add up to the basket's
// Total together with those that stand in it already. A basket with a Total of 0
// takes no payments. Then it hands one payment after the other to
// [payment.Once], with opts, and stops at the first error with a
// [*SettleError]; payments that stand already are not posted again.
//
// The Settlement tells what is known, with every error too. To take up a
// settlement that has stopped, or whose program was killed, call Settle again
// with the same payments and the same [payment.WithStore].
func (r *Recorder) Settle(ctx context.Context, basketID string, payments []payment.Payment, opts ...payment.OnceOption) (Settlement, error) {
	s := Settlement{BasketID: basketID}
	if slices.ContainsFunc(opts, func(o payment.OnceOption) bool { return o == nil }) {
		return s, r.client.http.Refuse("Settle", invalid("OnceOption", "is nil"))
	}
	own, err := r.own(ctx, &s, payments)
	if err != nil {
		return s, err
	}
	stands, closed, err := r.stands(ctx, &s, own)
	if err != nil {
		return s, err
	}
	settling := &settlingRecorder{r, &baseline{stood: s.Stood}, s.customerID, closed}
	for i := range s.Payments {
		receipt, err := settling.once(ctx, s.Payments[i].Payment, stands[i], opts)
		s.Payments[i].Receipt, s.Payments[i].State = receipt, stateAfter(err)
		if err != nil {
			return s, &SettleError{Settlement: s, Stopped: i, Err: err}
		}
		settling.known.settled = append(settling.known.settled, own[i])
		if !closed {
			s.Paid = s.Paid.Add(r.counted(own[i]))
		}
	}
	return s, nil
}

// own prepares the payments of a settlement.
func (r *Recorder) own(ctx context.Context, s *Settlement, payments []payment.Payment) (own []posted, err error) {
	for i, p := range payments {
		if p.Target == "" {
			p.Target = s.BasketID
		}
		field := fmt.Sprintf("payments[%d]", i)
		same := func(other SettledPayment) bool { return other.Payment.Reference == p.Reference }
		switch {
		case p.Target != s.BasketID:
			return nil, r.client.http.Refuse("Settle", invalid(field+".Target", "is another basket"))
		case slices.ContainsFunc(s.Payments, same):
			return nil, r.client.http.Refuse("Settle", invalid(field+".Reference", "is that of another payment of the list"))
		}
		s.Payments = append(s.Payments, SettledPayment{Payment: p, State: StateOpen})
	}
	for i := range s.Payments {
		p := &s.Payments[i].Payment
		p.Method = cmp.Or(p.Method, r.options.PaymentTypeID)
		n, t, err := r.prepare(ctx, "Settle", *p)
		if err != nil {
			return nil, fmt.Errorf("payments[%d]: %w", i, err)
		}
		own = append(own, posted{payment: n, typeName: t.Name, refund: t.IsRefund})
	}
	return own, nil
}

// stands reads the basket and reports which of the payments stand in it, after
// checking the sum. A basket is closed if it is gone, or balanced without them:
// then they are only looked up.
func (r *Recorder) stands(ctx context.Context, s *Settlement, own []posted) (mine []bool, closed bool, err error) {
	mine = make([]bool, len(own))
	basket, err := r.client.basketNow(ctx, s.BasketID)
	if errors.Is(err, payment.ErrNotFound) && len(own) > 0 {
		return mine, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	s.Total, s.Paid, s.customerID = basket.Total, r.client.zero, basket.Customer.ID
	shown, err := r.client.standing(ctx, s.BasketID)
	if err != nil && !(isNotListed(err) && (r.options.FreshBaskets || len(own) == 0)) {
		return nil, false, err
	}
	for _, p := range shown {
		if i := r.indexOf(own, mine, p); i >= 0 {
			mine[i] = true
			continue
		}
		s.Stood = append(s.Stood, p)
		refund := r.client.types.get(r.client.http.Now()).refunds(p.Name)
		s.Paid = s.Paid.Add(r.counted(posted{payment: NewCustomPayment{Amount: p.Amount}, refund: refund}))
	}
	if len(s.Stood) > 0 && s.fits(s.Total) && !slices.Contains(mine, true) {
		return mine, true, nil
	}
	if err := r.checkTotal(s, own, mine, basket.fallen()); err != nil {
		return nil, false, r.client.http.Refuse("Settle", err)
	}
	return mine, false, nil
}

// indexOf returns which of the payments that have not been seen yet p is, or -1.
func (r *Recorder) indexOf(own []posted, seen []bool, p CustomPayment) int {
	for i, o := range own {
		if !seen[i] && r.isOwn(o, p) {
			return i
		}
	}
	return -1
}

// isOwn reports whether a payment of the basket is o, by its reference or, with
// AloneInBasket, by everything that is shown.
func (r *Recorder) isOwn(o posted, shown CustomPayment) bool {
	if r.options.ReferenceAttribute == "" {
		return r.options.AloneInBasket && len(o.equals([]CustomPayment{shown})) > 0
	}
	return slices.ContainsFunc(shown.Attributes, func(a PaymentAttribute) bool {
		return r.isReference(a) && slices.Contains(o.payment.PaymentAttributes, a)
	})
}

// checkTotal refuses payments that, with those of others, do not balance the
// total. One that has fallen is what is left to pay.
func (r *Recorder) checkTotal(s *Settlement, own []posted, mine []bool, fallen bool) error {
	standing, missing := s.Paid, r.client.zero
	for i, o := range own {
		if mine[i] {
			standing = standing.Add(r.counted(o))
		} else {
			missing = missing.Add(r.counted(o))
		}
	}
	_, exact := r.client.exact(s.Total)
	all := standing.Add(missing)
	switch {
	case !s.Total.IsSet():
		return invalid("Basket.Total", "is missing from the vendor's answer")
	case s.Total.Sign() < 0:
		return invalid("Basket.Total", "is negative")
	case !slices.Contains(mine, false) && (len(own) > 0 || s.Total.Sign() == 0):
		return nil // nothing is to be sent
	case !exact:
		return invalid("Basket.Total", "has more decimals than the client's currency")
	case s.Total.Sign() == 0 && standing.Sign() == 0:
		return invalid("payments", fmt.Sprintf("add up to %v, but the basket's total is 0", missing))
	case len(own) == 0 && !all.Equal(s.Total):
		return invalid("payments", fmt.Sprintf("are missing: the basket's total is %v, and %v stands in it", s.Total, standing))
	case !all.Equal(s.Total) && !(fallen && missing.Equal(s.Total)):
		return invalid("payments", fmt.Sprintf("add up to %v with what stands in the basket, whose total is %v", all, s.Total))
	}
	return nil
}

// counted is what a payment adds to the sum: one of a refund type takes away.
// The vendor's rule is unknown (clause payment.refund-counts).
func (r *Recorder) counted(p posted) payment.Amount {
	if p.refund && p.payment.Amount.Sign() > 0 {
		return p.payment.Amount.Neg()
	}
	return p.payment.Amount
}

// settlingRecorder is a Recorder that knows what else stands in the basket.
type settlingRecorder struct {
	*Recorder
	known      *baseline
	customerID string
	closed     bool // nothing may be posted
}

// once hands over one payment. One that stands is looked at in any case.
func (r *settlingRecorder) once(ctx context.Context, p payment.Payment, stands bool, opts []payment.OnceOption) (payment.Receipt, error) {
	if stands || r.closed {
		return payment.Resume(ctx, r, p, opts...)
	}
	return payment.Once(ctx, r, p, opts...)
}

// Record is [Recorder.Record] of a basket that is open.
func (r *settlingRecorder) Record(ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
	if r.closed {
		return payment.Receipt{}, r.client.http.Refuse("Settle", invalid("payments", "are too many: the basket is gone, or balanced by others"))
	}
	return r.record(ctx, p, a, r.customerID)
}

// Find is [Recorder.Find] with what the settlement knows.
func (r *settlingRecorder) Find(ctx context.Context, p payment.Payment, a *payment.Attempt) ([]payment.Receipt, error) {
	return r.find(ctx, p, a, r.known)
}
