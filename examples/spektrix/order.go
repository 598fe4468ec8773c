package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

// confirm makes the basket an order, once. It returns the order's id, or nothing
// if Spektrix has not returned it.
func (d *desk) confirm(ctx context.Context, settlement *spektrix.Settlement) (orderID string, err error) {
	order, err := d.client.Confirm(ctx, settlement.BasketID, spektrix.Confirmation{Settlement: settlement}, d.once...)
	switch {
	case errors.Is(err, payment.ErrOutcomeUnknown):
		// A second confirmation is not sent: it is unknown whether Spektrix would
		// make a second order.
		return "", fmt.Errorf("%w\nlook for an order of basket %s in Spektrix, and settle the confirmation in the store as the example record does with -decide %s",
			err, settlement.BasketID, settlement.BasketID)
	case err != nil:
		return "", fmt.Errorf("paid, not confirmed: %w", err)
	}
	return order.ID, nil
}

// showOrder reads the order back.
func (d *desk) showOrder(ctx context.Context, id string) error {
	if id == "" {
		fmt.Fprintln(d.out, "confirmed; Spektrix has not returned the order's id")
		return nil
	}
	order, err := d.client.Order(ctx, id)
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
