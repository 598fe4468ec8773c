package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

// desk makes one sale.
type desk struct {
	*venue
	recorder *spektrix.Recorder
	out      io.Writer
}

// newDesk returns a desk. It makes its baskets itself, so nobody else pays into
// them: a payment whose answer was lost can be found by counting.
func newDesk(v *venue, out io.Writer) *desk {
	return &desk{venue: v, recorder: v.client.Recorder(spektrix.RecorderOptions{AloneInBasket: true}), out: out}
}

// references returns the references of the card payment and of the voucher.
func (d *desk) references() (card, voucher string) {
	return d.set.sale + "/card", d.set.sale + "/voucher"
}

// stored returns the payment that is in the store under a reference. It reports
// false for one that was certainly not sent: it can still be changed.
func (d *desk) stored(ctx context.Context, reference string) (p payment.Payment, found bool, err error) {
	e, found, err := d.kept.Look(ctx, payment.KeyOf(d.recorder, payment.Payment{Reference: reference}))
	switch {
	case err != nil || !found:
		return p, false, err
	case e.Status == payment.Open || e.Status == payment.Refused:
		return p, false, nil
	}
	p, err = e.Payment()
	return p, err == nil, err
}

// basket returns the id of the sale's basket: the one that an earlier run has
// paid into, or a new one.
func (d *desk) basket(ctx context.Context) (string, error) {
	card, _ := d.references()
	paid, found, err := d.stored(ctx, card)
	if err != nil {
		return "", err
	}
	if found {
		fmt.Fprintf(d.out, "Going on with sale %s.\n", d.set.sale)
		return paid.Target, nil
	}
	basket, err := d.fill(ctx)
	if err != nil {
		// A basket without a customer and without payments does no harm, so it
		// may stay behind.
		return "", fmt.Errorf("nothing was paid, so run it again: %w", err)
	}
	fmt.Fprintf(d.out, "basket: %d tickets, %v %s, commission waived: %t\n",
		len(basket.Tickets), basket.Total, d.set.currency, basket.TransactionCommission.Waived)
	return basket.ID, nil
}

// fill returns a new basket with two tickets. The commission changes the total,
// so it is waived before the total is read.
func (d *desk) fill(ctx context.Context) (spektrix.Basket, error) {
	basket, err := d.client.CreateBasket(ctx, spektrix.NewBasket{
		TicketDelivery: spektrix.TicketDelivery{Type: spektrix.CollectAtVenue},
	})
	if err != nil {
		return basket, err
	}
	seat := spektrix.NewTicket{Instance: d.set.instance, Type: d.set.ticket, SeatingPlan: d.set.plan}
	if err := d.client.AddTickets(ctx, basket.ID, seat, seat); err != nil {
		return basket, err
	}
	return d.client.WaiveTransactionCommission(ctx, basket.ID)
}

// settle pays the basket. What an earlier run has paid stands in the store, and
// is not paid again.
func (d *desk) settle(ctx context.Context, basketID string) (spektrix.Settlement, error) {
	payments, err := d.payments(ctx, basketID)
	if err != nil {
		return spektrix.Settlement{}, err
	}
	settlement, err := d.recorder.Settle(ctx, basketID, payments, d.once...)
	for i, p := range settlement.Payments {
		fmt.Fprintf(d.out, "payment %d, %s: %v: %s\n", i+1, p.Payment.Reference, p.Payment.Amount, p.State)
	}
	stands := func(p spektrix.SettledPayment) bool { return p.State != spektrix.StateOpen }
	switch {
	case err == nil:
		return settlement, nil
	case !slices.ContainsFunc(settlement.Payments, stands):
		return settlement, fmt.Errorf("nothing was paid: %w", err)
	}
	return settlement, d.advise(err, basketID)
}

// payments splits the total in two. Settle checks the sum and both payments
// before anything is sent.
func (d *desk) payments(ctx context.Context, basketID string) ([]payment.Payment, error) {
	card, voucher := d.references()
	first, found, err := d.stored(ctx, card)
	if err != nil {
		return nil, err
	}
	voucherAmount, err := payment.NewMoney(d.set.voucherAmount, d.set.currency)
	if err != nil {
		return nil, err
	}
	if !found {
		if first, err = d.cardPayment(ctx, card, basketID); err != nil {
			return nil, err
		}
	}
	second := payment.Payment{
		Reference: voucher, Kind: payment.Sale, Amount: voucherAmount, Date: first.Date,
		Method: d.set.voucher.paymentType, Target: basketID, Attributes: d.set.voucher.attributes,
	}
	return []payment.Payment{first, second}, nil
}

// cardPayment pays what the voucher does not.
func (d *desk) cardPayment(ctx context.Context, reference, basketID string) (payment.Payment, error) {
	basket, err := d.client.Basket(ctx, basketID)
	if err != nil {
		return payment.Payment{}, err
	}
	rest, err := payment.NewMoney(basket.Total.Sub(d.set.voucherAmount), d.set.currency)
	return payment.Payment{
		Reference: reference, Kind: payment.Sale, Amount: rest, Date: time.Now(),
		Method: d.set.card.paymentType, Target: basketID, Attributes: d.set.card.attributes,
	}, err
}

// advise adds to an error what the user can do about it.
func (d *desk) advise(err error, basketID string) error {
	switch {
	case errors.Is(err, payment.ErrConflict), errors.Is(err, payment.ErrOutcomeUnknown):
		return fmt.Errorf("%w\nrun it again later; or look at basket %s in Spektrix, and settle the payment in the store as the example record does with -decide", err, basketID)
	}
	return fmt.Errorf("%w\nrun it again to go on with basket %s", err, basketID)
}
