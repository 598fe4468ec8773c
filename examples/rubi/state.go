package main

import (
	"context"
	"fmt"

	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/rubi"
)

// checkout is what the Store holds of one checkout. A card checkout has two
// entries: that of its transaction, and that of its payment.
type checkout struct {
	kept      *store.Store
	account   payment.Account
	reference string
}

// agreed returns what the payer agreed to in an earlier run. It reports false if
// there was none.
func (c checkout) agreed(ctx context.Context) (p payment.Payment, found bool, err error) {
	for _, op := range []string{"transaction", "payment"} {
		e, found, err := c.kept.Look(ctx, payment.Key{Account: c.account, Op: op, Reference: c.reference})
		if err != nil {
			return p, false, err
		}
		if !found {
			continue
		}
		p, err = e.Payment()
		return p, err == nil, err
	}
	return p, false, nil
}

// stripeID returns the id of the charge that an earlier run has reported, or has
// begun to report.
func (c checkout) stripeID(ctx context.Context) (string, error) {
	e, found, err := c.kept.Look(ctx, payment.Key{Account: c.account, Op: "payment", Reference: c.reference})
	if err != nil || !found {
		return "", err
	}
	p, err := e.Payment()
	return p.Attribute("StripeID"), err
}

// itemsOf returns the ItemGUIDs that a payment is for.
func itemsOf(p payment.Payment) (items []string) {
	for _, a := range p.Attributes {
		if a.Name == "ItemGUID" {
			items = append(items, a.Value)
		}
	}
	return items
}

// request returns the same request in every run.
func (d *desk) request(p payment.Payment) rubi.CheckoutRequest {
	r := rubi.CheckoutRequest{Item: d.item, Total: p.Amount, Payment: d.contact}
	r.Payment.Reference, r.Payment.UID = d.checkout.reference, p.Target
	r.Payment.PaymentType, r.Payment.PaymentItems = rubi.PaymentType(p.Method), itemsOf(p)
	return r
}

// mismatch refuses to go on with a checkout of another kind.
func (d *desk) mismatch(p payment.Payment) error {
	if by := rubi.PaymentType(p.Method); by != d.by {
		return fmt.Errorf("%s is a checkout by %s, not by %s", d.checkout.reference, by, d.by)
	}
	return nil
}
