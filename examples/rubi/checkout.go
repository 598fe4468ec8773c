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
	item     rubi.Item
	by       rubi.PaymentType
	once     []payment.OnceOption
	checkout checkout
	charged  bool // the card is charged already
	out      io.Writer
}

// pay does the steps of the checkout that can be done now. What an earlier run
// has done stands in the store: it is not done again.
func (d *desk) pay(ctx context.Context) error {
	agreed, err := d.begin(ctx)
	if err != nil {
		return err
	}
	co, err := d.client.Checkout(ctx, d.request(agreed), d.once...)
	if err != nil {
		return d.advise(fmt.Errorf("not known to be paid: %w", err))
	}
	if d.by == rubi.CardPayment {
		return d.chargeCard(ctx, co)
	}
	d.tell(co.Receipt)
	return nil
}

func (d *desk) tell(r payment.Receipt) {
	found := ""
	if r.AlreadyRecorded {
		found = "already "
	}
	fmt.Fprintf(d.out, "  %srecorded: %s, %v\n", found, d.by, r.Amount)
}

// begin returns what is paid: what an earlier run has begun to pay, or what is
// in the basket.
func (d *desk) begin(ctx context.Context) (payment.Payment, error) {
	agreed, found, err := d.checkout.agreed(ctx)
	switch {
	case err != nil:
		return agreed, fmt.Errorf("nothing was submitted: %w", err)
	case !found && d.charged:
		return agreed, fmt.Errorf("-stripe-id needs a checkout that was begun, and the store has none as %s", d.checkout.reference)
	case found:
		fmt.Fprintf(d.out, "  going on with %s\n", d.checkout.reference)
		return agreed, d.mismatch(agreed)
	}
	if agreed, err = d.agree(ctx); err != nil {
		return agreed, fmt.Errorf("nothing was submitted: %w", err)
	}
	return agreed, nil
}

// agree prints the basket. Checkout refuses other items and another sum.
func (d *desk) agree(ctx context.Context) (p payment.Payment, err error) {
	p = payment.Payment{Target: d.contact.UID, Method: string(d.by)}
	if err := d.fill(ctx, d.by); err != nil {
		return p, err
	}
	sum, err := payment.ParseAmount("0.00")
	if err != nil {
		return p, err
	}
	for item, err := range d.client.UserBasket(ctx, d.contact.UID, d.item) {
		if err != nil {
			return p, err
		}
		fmt.Fprintf(d.out, "  %s: %v\n", item.ItemDetails, item.ItemTotal)
		p.Attributes = append(p.Attributes, payment.Attribute{Name: "ItemGUID", Value: item.ItemGUID})
		sum = sum.Add(item.ItemTotal)
	}
	if len(p.Attributes) == 0 {
		return p, errors.New("there is nothing in the basket")
	}
	p.Amount, err = payment.NewMoney(sum, d.currency)
	return p, err
}

// chargeCard charges the transaction that stands in the store, and reports it to
// Rubi. The store holds the charge before it is reported.
func (d *desk) chargeCard(ctx context.Context, co rubi.Checkout) error {
	minor, err := co.StripeAmount()
	if err != nil {
		return err
	}
	charge := rubi.StripePayment{Status: rubi.Succeeded, Amount: minor}
	if charge.ID, err = d.checkout.stripeID(ctx); err != nil {
		return err
	}
	if charge.ID == "" {
		if charge, err = d.charge(co); err != nil {
			return err
		}
	}
	if charge.ID == "" {
		fmt.Fprintf(d.out, "  charge %v with Stripe (amount %d) for transaction %s, then run it again with -stripe-id and -stripe-amount\n",
			co.Total, minor, co.TransactionID)
		return nil
	}
	fmt.Fprintf(d.out, "  Stripe charge %s, amount %d, for transaction %s\n", charge.ID, charge.Amount, co.TransactionID)
	receipt, err := d.client.Complete(ctx, co, charge, d.once...)
	if err != nil {
		return d.advise(err)
	}
	d.tell(receipt)
	return nil
}

// advise says what a person can do about an error.
func (d *desk) advise(err error) error {
	var charged *rubi.ChargedError
	var unresolved *payment.UnresolvedError
	if errors.As(err, &charged) {
		err = fmt.Errorf("%w\nthe money is taken: do not charge again, run it again as %s", err, d.checkout.reference)
	}
	if errors.As(err, &unresolved) && unresolved.Seen == nil {
		err = fmt.Errorf("%w\nnot paid so far, but a lost request may still arrive: run it again later, with -settle if you know how long that can take", err)
	}
	return err
}
