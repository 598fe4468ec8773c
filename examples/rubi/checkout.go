package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/rubi"
)

// desk makes one checkout.
type desk struct {
	*site
	item   rubi.Item
	by     rubi.PaymentType
	settle time.Duration
	kept   *kept
	out    io.Writer
}

// pay does the steps of the checkout that can be done now. What an earlier run
// has done stands in the file: it is not done again.
func (d *desk) pay(ctx context.Context) error {
	if err := d.begin(ctx); err != nil {
		return err
	}
	co, err := d.client.Checkout(ctx, d.request(), d.once()...)
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

// begin prints the basket and keeps its items and their sum, unless an earlier
// run has done so.
func (d *desk) begin(ctx context.Context) error {
	if d.kept.begun() {
		if by := d.kept.saved.Agreed.PaymentType; by != d.by {
			return fmt.Errorf("%s is of a checkout by %s, not by %s", d.kept.path, by, d.by)
		}
		fmt.Fprintf(d.out, "  going on with %s\n", d.kept.path)
		return nil
	}
	a, err := d.agree(ctx)
	if err != nil {
		return fmt.Errorf("nothing was submitted: %w", err)
	}
	return d.kept.agree(a)
}

// agree reads the basket. Checkout refuses other items and another sum.
func (d *desk) agree(ctx context.Context) (agreed, error) {
	a := agreed{UID: d.contact.UID, Item: d.item, PaymentType: d.by}
	if err := d.fill(ctx, d.by); err != nil {
		return a, err
	}
	sum, err := payment.ParseAmount("0.00")
	for item, err := range d.client.UserBasket(ctx, d.contact.UID, d.item) {
		if err != nil {
			return a, err
		}
		fmt.Fprintf(d.out, "  %s: %v\n", item.ItemDetails, item.ItemTotal)
		a.Items = append(a.Items, item.ItemGUID)
		sum = sum.Add(item.ItemTotal)
	}
	if len(a.Items) == 0 {
		return a, errors.New("there is nothing in the basket")
	}
	if err == nil {
		a.Total, err = payment.NewMoney(sum, d.currency)
	}
	a.Reference = payment.NewReference(append([]string{d.kept.system, a.UID, string(d.by)}, a.Items...)...)
	return a, err
}

func (d *desk) request() rubi.CheckoutRequest {
	a := d.kept.saved.Agreed
	r := rubi.CheckoutRequest{Item: a.Item, Total: a.Total, Payment: d.contact}
	r.Payment.Reference, r.Payment.UID = a.Reference, a.UID
	r.Payment.PaymentType, r.Payment.PaymentItems = a.PaymentType, a.Items
	return r
}

// once is how Checkout and Complete work: with the file as the Store, and with
// the promise of -settle if it is given.
func (d *desk) once() []payment.OnceOption {
	opts := []payment.OnceOption{payment.WithStore(d.kept), payment.WithPatience(2, time.Millisecond)}
	if d.settle > 0 {
		opts = append(opts, payment.WithSettle(d.settle))
	}
	return opts
}

// chargeCard charges the transaction that is on disk, and reports it to Rubi.
// The charge is on disk before it is reported.
func (d *desk) chargeCard(ctx context.Context, co rubi.Checkout) error {
	minor, err := co.StripeAmount()
	if err != nil {
		return err
	}
	charge := d.kept.saved.Charge
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
	if charge.Amount == minor { // another one is refused below, and not the one of this checkout
		if err := d.kept.charge(charge); err != nil {
			return err
		}
	}
	receipt, err := d.client.Complete(ctx, co, charge, d.once()...)
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
	if errors.As(err, &charged) && d.kept.path != "" {
		err = fmt.Errorf("%w\nthe money is taken: do not charge again, run it again with %s", err, d.kept.path)
	}
	if errors.As(err, &unresolved) && unresolved.Seen == nil {
		err = fmt.Errorf("%w\nnot paid so far, but a lost request may still arrive: run it again later, with -settle if you know how long that can take", err)
	}
	return err
}
