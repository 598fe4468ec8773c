package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/rubi"
)

// desk makes one checkout.
type desk struct {
	*site
	item rubi.Item
	by   rubi.PaymentType
	kept *kept
	out  io.Writer
}

// pay does the steps of the checkout that can be done now.
func (d *desk) pay(ctx context.Context) error {
	if err := d.begin(ctx); err != nil {
		return err
	}
	var err error
	switch d.kept.Checkout.State {
	case rubi.StateUnknown:
		err = d.resolve(ctx)
	case rubi.StateCharge:
		err = d.chargeCard(ctx)
	case rubi.StateCharged:
		err = d.completeAgain(ctx)
	}
	if co := d.kept.Checkout; err == nil && co.State.Done() {
		fmt.Fprintf(d.out, "  %s: %s, %v\n", co.State, co.PaymentType, co.Total)
	}
	return err
}

// begin submits the basket, unless an earlier run has done so.
func (d *desk) begin(ctx context.Context) error {
	switch co := d.kept.Checkout; {
	case co.State == "":
	case co.PaymentType != d.by:
		return fmt.Errorf("%s is of a checkout by %s, not by %s", d.kept.path, co.PaymentType, d.by)
	default:
		fmt.Fprintf(d.out, "  going on with %s: %s\n", d.kept.path, co.State)
		return nil
	}
	request, err := d.request(ctx)
	if err != nil {
		return fmt.Errorf("nothing was submitted: %w", err)
	}
	co, err := d.client.Checkout(ctx, request)
	if co.State == "" || co.State == rubi.StateNotRecorded {
		return fmt.Errorf("nothing was paid: %w", err)
	}
	if err != nil {
		fmt.Fprintf(d.out, "  %v\n", err) // the answer is lost: the basket may show what happened
	}
	return d.kept.save(co) // before anything is charged
}

// request prints the basket and returns a request for exactly its items and
// their sum. Checkout refuses another sum.
func (d *desk) request(ctx context.Context) (rubi.CheckoutRequest, error) {
	r := rubi.CheckoutRequest{Item: d.item, Payment: d.contact}
	r.Payment.PaymentType, r.Payment.PaymentItems = d.by, nil
	if err := d.fill(ctx, d.by); err != nil {
		return r, err
	}
	sum, err := payment.ParseAmount("0")
	for item, err := range d.client.UserBasket(ctx, d.contact.UID, d.item) {
		if err != nil {
			return r, err
		}
		fmt.Fprintf(d.out, "  %s: %v\n", item.ItemDetails, item.ItemTotal)
		r.Payment.PaymentItems = append(r.Payment.PaymentItems, item.ItemGUID)
		sum = sum.Add(item.ItemTotal)
	}
	if err == nil {
		r.Total, err = payment.NewMoney(sum, d.currency)
	}
	return r, err
}

// resolve looks into the basket after a lost answer. Items that are paid leave it.
func (d *desk) resolve(ctx context.Context) error {
	co, err := d.client.Resume(ctx, d.kept.Checkout)
	err = errors.Join(err, d.kept.save(co))
	if errors.Is(err, payment.ErrNotFound) && co.State == rubi.StateUnknown {
		// A lost request may still arrive, so a person has to decide.
		return fmt.Errorf("%w\nnot paid so far: remove %s to check out anew", err, d.kept.path)
	}
	return err
}

// chargeCard charges the transaction that is on disk, and reports it to Rubi.
func (d *desk) chargeCard(ctx context.Context) error {
	co := d.kept.Checkout
	minor, err := co.StripeAmount()
	if err != nil {
		return err
	}
	charge, err := d.charge(co)
	if err != nil {
		return err
	}
	if charge.ID == "" {
		fmt.Fprintf(d.out, "  charge %v with Stripe (amount %d) for transaction %s, then run it again with -stripe-id and -stripe-amount\n",
			co.Total, minor, co.TransactionID)
		return nil
	}
	fmt.Fprintf(d.out, "  Stripe charge %s, amount %d, for transaction %s\n", charge.ID, charge.Amount, co.TransactionID)
	return d.complete(ctx, charge)
}

// complete reports a charge to Rubi. The charge is on disk before, so if the
// program is killed here, the next run looks into the basket first.
func (d *desk) complete(ctx context.Context, charge rubi.StripePayment) error {
	co, err := d.kept.Checkout.WithCharge(charge)
	if err != nil {
		return d.advise(err)
	}
	if err := d.kept.save(co); err != nil {
		return err
	}
	co, err = d.client.Complete(ctx, co, charge)
	if err := d.kept.save(co); err != nil {
		return err
	}
	if errors.Is(err, payment.ErrOutcomeUnknown) && d.resolve(ctx) == nil {
		return nil
	}
	return d.advise(err)
}

// completeAgain resolves a charge that an earlier run has reported, or was about
// to report. It reports the charge again, under the same two ids, only if the
// basket shows that Rubi does not have it.
func (d *desk) completeAgain(ctx context.Context) error {
	err := d.resolve(ctx)
	if !errors.Is(err, payment.ErrNotFound) {
		return d.advise(err)
	}
	co := d.kept.Checkout
	amount, err := co.Charged.MinorUnits()
	if err != nil {
		return err
	}
	return d.complete(ctx, rubi.StripePayment{ID: co.StripeID, Status: rubi.Succeeded, Amount: amount})
}

func (d *desk) advise(err error) error {
	var charged *rubi.ChargedError
	if !errors.As(err, &charged) || d.kept.path == "" {
		return err
	}
	return fmt.Errorf("%w\nthe money is taken: do not charge again, run it again with %s", err, d.kept.path)
}
