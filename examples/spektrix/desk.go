package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

// desk makes one sale.
type desk struct {
	client *spektrix.Client
	set    settings
	sale   *sale
	out    io.Writer
}

// settle fills a new basket and pays it.
func (d *desk) settle(ctx context.Context) error {
	basket, err := d.fill(ctx)
	if err != nil {
		// A basket without a customer and without payments does no harm, so it
		// may stay behind.
		return fmt.Errorf("nothing was paid, so run it again: %w", err)
	}
	fmt.Fprintf(d.out, "basket: %d tickets, %v %s, commission waived: %t\n",
		len(basket.Tickets), basket.Total, d.set.currency, basket.TransactionCommission.Waived)
	payments := d.payments(basket.Total)
	planned := &spektrix.Settlement{BasketID: basket.ID, Total: basket.Total}
	for _, p := range payments {
		planned.Payments = append(planned.Payments, spektrix.SettledPayment{Payment: p, State: spektrix.StateOpen})
	}
	return d.pay(planned, func() (*spektrix.Settlement, error) {
		return d.client.Settle(ctx, basket.ID, payments...)
	})
}

// fill returns a new basket with two tickets. The commission changes the total,
// so it is waived before the total is read.
func (d *desk) fill(ctx context.Context) (*spektrix.Basket, error) {
	place := map[string]string{"instance": d.set.instance, "type": d.set.ticket, "seatingPlan": d.set.plan}
	tickets, err := json.Marshal([]map[string]string{place, place})
	if err != nil {
		return nil, err
	}
	basket, err := d.client.CreateBasket(ctx, spektrix.NewBasket{
		TicketDelivery: spektrix.TicketDelivery{Type: spektrix.CollectAtVenue},
	})
	if err != nil {
		return nil, err
	}
	if err := d.client.AddTickets(ctx, basket.ID, tickets); err != nil {
		return nil, err
	}
	return d.client.WaiveTransactionCommission(ctx, basket.ID)
}

// payments splits the total in two. Settle checks the sum and both payments
// before anything is sent.
func (d *desk) payments(total payment.Amount) []spektrix.CustomPayment {
	card, voucher := d.set.card, d.set.voucher
	return []spektrix.CustomPayment{
		{PaymentTypeID: card.paymentType, Amount: total.Sub(d.set.voucherAmount), PaymentAttributes: card.attributes},
		{PaymentTypeID: voucher.paymentType, Amount: d.set.voucherAmount, PaymentAttributes: voucher.attributes},
	}
}

// resume sends the payments that are still open. It fails as long as the outcome
// of one is unknown: only a person who looks at the sale in Spektrix can tell.
func (d *desk) resume(ctx context.Context) error {
	if d.sale.Step != stepSettling {
		return nil
	}
	settlement := d.sale.Settlement
	return d.pay(settlement, func() (*spektrix.Settlement, error) {
		return d.client.ResumeSettle(ctx, settlement)
	})
}

// pay sends payments, and writes the file before and after. Before, each open
// payment is unknown in the file: if the program is killed, it may have been
// sent.
func (d *desk) pay(s *spektrix.Settlement, send func() (*spektrix.Settlement, error)) error {
	begun := *s
	begun.Payments = slices.Clone(s.Payments)
	for i, p := range begun.Payments {
		if p.State == spektrix.StateOpen {
			begun.Payments[i].State = spektrix.StateUnknown
		}
	}
	d.sale.Step, d.sale.Settlement = stepSettling, &begun
	if err := d.sale.save(); err != nil {
		return err
	}
	settled, err := send()
	if !slices.ContainsFunc(settled.Payments, stands) {
		return errors.Join(fmt.Errorf("nothing was paid: %w", err), d.sale.forget())
	}
	d.sale.Settlement = settled
	for i, p := range settled.Payments {
		fmt.Fprintf(d.out, "payment %d: %v %s by %s: %s\n", i+1, p.Payment.Amount, d.set.currency, typeName(p), p.State)
	}
	return errors.Join(d.advise(err), d.sale.save())
}

// stands reports whether a payment was posted, or may have been.
func stands(p spektrix.SettledPayment) bool { return p.State != spektrix.StateOpen }

func typeName(p spektrix.SettledPayment) string {
	if p.Echo != nil {
		return p.Echo.Name
	}
	return p.Payment.PaymentTypeID
}

// advise adds to an error what the user can do about it.
func (d *desk) advise(err error) error {
	file := d.sale.path
	unclear := func(p spektrix.SettledPayment) bool {
		return p.State != spektrix.StateOpen && p.State != spektrix.StatePosted
	}
	switch {
	case err == nil:
		return nil
	case file == "":
		return fmt.Errorf("%w\nbasket %s stays as it is: no -settlement file was given to go on with", err, d.sale.Settlement.BasketID)
	case slices.ContainsFunc(d.sale.Settlement.Payments, unclear):
		return fmt.Errorf("%w\nlook at basket %s in Spektrix, set the payment's State in %s to %q or %q, and run it again",
			err, d.sale.Settlement.BasketID, file, spektrix.StatePosted, spektrix.StateOpen)
	}
	return fmt.Errorf("%w\nrun it again to send what is open in %s", err, file)
}
