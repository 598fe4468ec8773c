package spektrix

import (
	"context"
	"fmt"
)

// ResumeSettle goes on with a settlement that stopped: it posts the payments
// that are StateOpen, after the same checks. Before that, no payment may be
// left in StateUnknown or StateEchoDiffers: see [SettleError]. The basket's
// Total must still be the settlement's, or what is left of it.
//
// The settlement is the caller's word on what stands; only a payment that this
// client knows to be posted cannot be opened again.
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
// part. Whether its total falls with each payment is unknown.
func (c *Client) checkRest(ctx context.Context, s *Settlement) error {
	if err := c.checkTotal(s); err != nil {
		return c.http.Refuse("ResumeSettle", err)
	}
	basket, err := c.Basket(ctx, s.BasketID)
	if err != nil {
		return err
	}
	if !basket.Total.Equal(s.Total) && !basket.Total.Equal(s.Total.Sub(s.Posted())) {
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
		field := fmt.Sprintf("Settlement.Payments[%d].State", i)
		switch {
		case p.State != StateOpen && p.State != StatePosted:
			return invalid(field, "is not open or posted: look the payment up in Spektrix first")
		case p.State == StateOpen && f.posted(i):
			return invalid(field, "is open, but this client has posted the payment")
		}
	}
	return nil
}

func (f *flow) posted(i int) bool {
	return f.settlement != nil && i < len(f.settlement.Payments) && f.settlement.Payments[i].State == StatePosted
}
