package spektrixtest

import (
	"context"
	"net/http"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// waiveClauses are about the transaction commission.
func waiveClauses() []paymenttest.Clause {
	const doc, guide = paymenttest.Documented, "guide to custom payments"
	return []paymenttest.Clause{
		writes("waive.patch", "A PATCH of the basket waives the transaction commission, and answers with the basket.", doc, guide, 5, "puts a ticket into a basket and waives the commission", ticketObjects, probeWaive(http.MethodPatch)),
		writes("waive.post", "A POST to the basket waives the transaction commission, and answers with the basket.", doc, guide, 5, "puts a ticket into a basket and waives the commission", ticketObjects, probeWaive(http.MethodPost)),
		writes("waive.creation", "A field of the creation waives the transaction commission.", doc, "endpoint reference, POST baskets", 4, "creates a basket without the commission and puts a ticket into it", ticketObjects,
			func(ctx context.Context, t *paymenttest.Trial) error {
				b, err := withTicket(ctx, t, `{"WaiveTransactionCommission":true}`)
				if err != nil {
					return err
				}
				return wantWaived(t, b)
			}),
	}
}

func probeWaive(method string) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		before, err := withTicket(ctx, t, "{}")
		if err != nil {
			return err
		}
		e, err := sendRaw(ctx, t, method, basketPath(before.ID), `{"WaiveTransactionCommission":true}`)
		if err != nil {
			return err
		}
		if err := wantDone(t, e); err != nil {
			return err
		}
		if err := t.Want(e, e.Status, basketForm); err != nil {
			return err
		}
		answer, err := read[shownBasket](t, e)
		if err != nil {
			return err
		}
		if answer.ID != before.ID || (answer.CustomPayments == nil) != (before.CustomPayments == nil) {
			return t.Differs(e.Place()+" $.customPayments", "not the basket as it is read")
		}
		after, err := lookAt(ctx, t, before.ID)
		if err != nil {
			return err
		}
		return wantWaived(t, after)
	}
}

// wantWaived returns nil if the commission reads as waived, and the total is the
// ticket's.
func wantWaived(t *paymenttest.Trial, b shownBasket) error {
	switch {
	case !b.TransactionCommission.Waived:
		return t.Differs(t.Last().Place()+" $.transactionCommission.waived", "not true")
	case len(b.Tickets) != 1 || decimal(b.Total).Cmp(decimal(b.Tickets[0].Total)) != 0:
		return t.Differs(t.Last().Place()+" $.total", "not that of the ticket")
	}
	return nil
}
