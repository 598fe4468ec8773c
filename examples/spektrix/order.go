package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

// confirm makes the basket an order, once.
func (d *desk) confirm(ctx context.Context) error {
	basketID := d.sale.Settlement.BasketID
	switch d.sale.Step {
	case stepConfirmed:
		return nil
	case stepConfirming:
		return d.adviseConfirm(errors.New("an earlier run may have confirmed the basket"))
	}
	d.sale.Step = stepConfirming
	if err := d.sale.save(); err != nil {
		return err
	}
	order, err := d.client.Confirm(ctx, basketID, spektrix.Confirmation{Settlement: d.sale.Settlement})
	switch {
	case errors.Is(err, payment.ErrOutcomeUnknown):
		return d.adviseConfirm(err)
	case err != nil:
		d.sale.Step = stepSettling // refused: the payments stand, and it can be tried again
		return errors.Join(fmt.Errorf("paid, not confirmed: %w", err), d.sale.save())
	}
	d.sale.Step, d.sale.OrderID = stepConfirmed, order.ID
	return d.sale.save()
}

// adviseConfirm adds to an error how to find out whether there is an order. A
// second confirmation is not sent: it is unknown whether Spektrix would make a
// second order.
func (d *desk) adviseConfirm(err error) error {
	advice := fmt.Sprintf("look for an order of basket %s in Spektrix", d.sale.Settlement.BasketID)
	if d.sale.path != "" {
		advice += fmt.Sprintf(", set Step in %s to %q, or to %q if there is none, and run it again", d.sale.path, stepConfirmed, stepSettling)
	}
	return fmt.Errorf("%w\n%s", err, advice)
}

// showOrder reads the order back.
func (d *desk) showOrder(ctx context.Context) error {
	if d.sale.OrderID == "" {
		fmt.Fprintln(d.out, "confirmed; Spektrix has not returned the order's id")
		return nil
	}
	order, err := d.client.Order(ctx, d.sale.OrderID)
	if err != nil {
		return fmt.Errorf("the sale is complete, but its order cannot be read: %w", err)
	}
	fmt.Fprintf(d.out, "order %s: %d tickets, %v %s\n", order.FriendlyID, len(order.Tickets), order.Total, d.set.currency)
	for _, ticket := range order.Tickets {
		fmt.Fprintf(d.out, "  ticket %s: %v\n", ticket.ID, ticket.Total)
	}
	for _, paid := range order.Payments {
		fmt.Fprintf(d.out, "  paid %v by %s\n", paid.Amount, paid.Method.Name)
	}
	return nil
}
