package rubi

import (
	"context"
	"errors"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

// stands reports whether p must not be submitted: its reference is done, or is
// under way for somebody else.
func (e *remembered) stands(p payment.Payment) bool {
	co := e.checkout
	begun := co.State != "" && co.State != StateNotRecorded
	return co.State.Done() || begun && !strings.EqualFold(co.UID, p.Target)
}

// attempt makes the checkout, or takes up the one that was begun.
func (e *remembered) attempt(ctx context.Context, c *Client, r CheckoutRequest, charge StripePayment) error {
	err := e.resume(ctx, c)
	if err == nil && (e.checkout.State == "" || e.checkout.State == StateUnknown || e.checkout.State == StateNotRecorded) {
		err = e.submit(ctx, c, r)
	}
	if err == nil && !e.checkout.State.Done() {
		e.checkout, err = c.Complete(ctx, e.checkout, charge)
	}
	return err
}

// resume looks what became of a lost answer. Items that are still there are no
// error: the attempt goes on.
func (e *remembered) resume(ctx context.Context, c *Client) (err error) {
	if e.checkout.State == "" {
		return nil
	}
	e.checkout, err = c.Resume(ctx, e.checkout)
	if errors.Is(err, payment.ErrNotFound) {
		return nil
	}
	return err
}

// submit keeps what was unknown before if nothing new was submitted.
func (e *remembered) submit(ctx context.Context, c *Client, r CheckoutRequest) error {
	co, err := c.Checkout(ctx, r)
	if co.State != "" {
		e.checkout = co
	}
	return err
}
