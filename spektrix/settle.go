package spektrix

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
)

// Settle pays a basket with custom payments, the guarded way. It reads the
// venue's active types (at most every five minutes) and the basket, and
// refuses with a [payment.FieldError], before anything is sent: a type that is
// not active or is for refunds, an attribute that the type does not define or
// that is given twice, a required one that is missing or blank, and a list that
// does not add up to the basket's Total digit for digit. Then it posts one
// payment after the other, see [Client.AddCustomPayment], and compares each answer
// with what was sent. A basket with a Total of 0 takes an empty list.
//
// A payment that fails stops the flow with a [*SettleError]; nothing is sent
// twice. The Settlement is never nil and tells what was posted, with every
// error too.
//
// A client remembers the last 10,000 baskets that it has settled, be it in part,
// and refuses to settle one again: go on with [Client.ResumeSettle]. It knows
// nothing of payments by [Client.AddCustomPayment], a [Client.Recorder], another
// client or another run of the program: store the Settlement.
func (c *Client) Settle(ctx context.Context, basketID string, payments ...NewCustomPayment) (*Settlement, error) {
	s := newSettlement(basketID, payments)
	f, err := c.flows.claim(basketID)
	if err != nil {
		return s, c.http.Refuse("Settle", err)
	}
	defer c.flows.release(f)
	switch {
	case f.settlement.touched():
		return f.settlement.clone(), c.http.Refuse("Settle", invalid("id", "names a basket with payments of an earlier Settle; go on with ResumeSettle"))
	case f.confirmed:
		return s, c.http.Refuse("Settle", invalid("id", "names a basket that was confirmed, or may have been"))
	}
	types, err := c.prepare(ctx, "Settle", s)
	if err != nil {
		return s, err
	}
	basket, err := c.Basket(ctx, basketID)
	if err != nil {
		return s, err
	}
	s.Total = basket.Total
	if err := c.checkTotal(s); err != nil {
		return s, c.http.Refuse("Settle", err)
	}
	return s, c.post(ctx, f, s, types)
}

// prepare checks the payments that are to be sent.
func (c *Client) prepare(ctx context.Context, op string, s *Settlement) (activeTypes, error) {
	for i, p := range s.Payments {
		if err := c.checkPayment(fmt.Sprintf("CustomPayment[%d]", i), p.Payment); err != nil {
			return nil, c.http.Refuse(op, err)
		}
	}
	open := s.payments(StateOpen)
	if len(open) == 0 {
		return nil, nil
	}
	return c.checkedTypes(ctx, op, open)
}

// checkTotal refuses a list that does not balance the total exactly. Zeros beyond the currency's decimals
// are no difference.
func (c *Client) checkTotal(s *Settlement) error {
	_, exact := c.exact(s.Total)
	switch {
	case !s.Total.IsSet():
		return invalid("Basket.Total", "is missing from the vendor's answer")
	case s.Total.Sign() < 0:
		return invalid("Basket.Total", "is negative")
	case !exact && !s.Total.Equal(s.sum()):
		return invalid("Basket.Total", "has more decimals than the client's currency")
	case s.Total.Sign() == 0 && len(s.Payments) > 0:
		return invalid("CustomPayment", "is given, but the basket's total is 0")
	case s.Total.Sign() > 0 && len(s.Payments) == 0:
		return invalid("CustomPayment", "is missing: the basket's total is above 0")
	case !s.sum().Equal(s.Total):
		return invalid("CustomPayment", "amounts do not add up to the basket's total")
	}
	return nil
}

// post sends the open payments. What it knows stays in the flow, even if an
// observer or a transport of the caller panics.
func (c *Client) post(ctx context.Context, f *flow, s *Settlement, types activeTypes) error {
	defer func() {
		if s.touched() || f.settlement != nil {
			f.settlement = s.clone()
		}
	}()
	for i := range s.Payments {
		p := &s.Payments[i]
		if p.State == StatePosted {
			continue
		}
		p.State = StateUnknown
		p.Tries++
		var err error
		p.Echo, err = c.postOne(ctx, s, p.Payment, types)
		p.State = stateAfter(err)
		if err != nil {
			return &SettleError{Settlement: s, Stopped: i, Err: err}
		}
	}
	return nil
}

// postOne returns the vendor's answer, if there is one payment in it.
func (c *Client) postOne(ctx context.Context, s *Settlement, p NewCustomPayment, types activeTypes) (*CustomPayment, error) {
	t, _ := types.byID(p.PaymentTypeID)
	shown, err := c.addJudged(ctx, s.BasketID, "", posted{payment: p, typeName: t.Name, before: s.equalTo(p)})
	if !shown.Amount.IsSet() {
		return nil, err
	}
	return &shown, err
}

// stateAfter says what the error of a post means for the payment.
func stateAfter(err error) PaymentState {
	switch {
	case err == nil:
		return StatePosted
	case errors.Is(err, ErrEchoDiffers):
		return StateEchoDiffers
	case errors.Is(err, payment.ErrOutcomeUnknown):
		return StateUnknown
	}
	return StateOpen
}
