package spektrix

import (
	"context"
	"fmt"
	"slices"
)

// ResumeSettle goes on with a settlement that stopped: it posts the payments
// that are StateOpen, after the same checks. Before that, no payment may be
// left in StateUnknown or StateEchoDiffers: see [SettleError]. The basket's
// Total must still be the settlement's, or what is left of it; for a basket
// that has grown, raise Total and append what is to be paid as StateOpen.
//
// The settlement says what stands. It must not contradict what this client
// remembers of the basket: a payment that was posted stays so, and a copy from
// before the last try, such as a queue delivers again, is refused.
func (c *Client) ResumeSettle(ctx context.Context, settlement *Settlement) (*Settlement, error) {
	if settlement == nil {
		return &Settlement{}, c.http.Refuse("ResumeSettle", invalid("settlement", "is nil"))
	}
	s := settlement.clone()
	f, err := c.flows.claim(s.BasketID)
	if err != nil {
		return s, c.http.Refuse("ResumeSettle", err)
	}
	defer c.flows.release(f)
	if err := s.checkResumable(f); err != nil {
		return s, c.http.Refuse("ResumeSettle", err)
	}
	types, err := c.prepare(ctx, "ResumeSettle", s)
	if err != nil {
		return s, err
	}
	if err := c.checkRest(ctx, s); err != nil {
		return s, err
	}
	return s, c.post(ctx, f, s, types)
}

// checkRest looks whether the basket is still the one that was settled in
// part.
func (c *Client) checkRest(ctx context.Context, s *Settlement) error {
	if err := c.checkTotal(s); err != nil {
		return c.http.Refuse("ResumeSettle", err)
	}
	basket, err := c.Basket(ctx, s.BasketID)
	if err != nil {
		return err
	}
	if !s.fits(basket.Total) {
		return c.http.Refuse("ResumeSettle", invalid("Settlement.Total", "is not the basket's total any more"))
	}
	return nil
}

// checkResumable refuses what would have to be guessed.
func (s *Settlement) checkResumable(f *flow) error {
	if f.confirmed {
		return invalid("id", "names a basket that was confirmed, or may have been")
	}
	for i, p := range s.Payments {
		if p.State != StateOpen && p.State != StatePosted {
			return invalid(fmt.Sprintf("Settlement.Payments[%d].State", i), "is not open or posted: look the payment up in Spektrix first")
		}
	}
	if f.settlement == nil {
		return nil
	}
	return s.checkAgainst(f.settlement.Payments)
}

// checkAgainst refuses what contradicts the payments that this client has sent:
// sending on would post one of them twice.
func (s *Settlement) checkAgainst(known []SettledPayment) error {
	for i, k := range known {
		field := fmt.Sprintf("Settlement.Payments[%d]", i)
		switch {
		case k.State == StateOpen:
		case i >= len(s.Payments):
			return invalid(field, "is missing, but this client has sent it")
		case k.State == StatePosted && !s.Payments[i].isPosted(k.Payment):
			return invalid(field, "is not the payment that this client has posted, or not posted")
		case s.Payments[i].Tries < k.Tries:
			return invalid(field+".Tries", "is from before the last try: the settlement is an old copy")
		}
	}
	return nil
}

func (p SettledPayment) isPosted(known NewCustomPayment) bool {
	return p.State == StatePosted && p.Payment.PaymentTypeID == known.PaymentTypeID &&
		p.Payment.Amount.Equal(known.Amount) && slices.Equal(p.Payment.PaymentAttributes, known.PaymentAttributes)
}
