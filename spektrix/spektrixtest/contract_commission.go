package spektrixtest

import (
	"context"
	"net/http"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// probeTypeCommission looks at the total first, and then whether the payment
// covers it.
func probeTypeCommission(ctx context.Context, t *paymenttest.Trial) error {
	masked := func(why string) error {
		t.Mask("typeCommission", why)
		return t.NotDecidable("%s", why)
	}
	covered, err := sold(ctx, t)
	if err != nil {
		return err
	}
	uncovered, err := short(ctx, t)
	if err != nil {
		return err
	}
	before, err := withTicket(ctx, t, ready)
	if err != nil {
		return err
	}
	e, err := tryPayment(ctx, t, before.ID, typedBody(t.Object(ObjectCommissionType), string(before.Total)))
	if err == nil {
		err = wantDone(t, e)
	}
	if err != nil {
		return err
	}
	after, err := lookAt(ctx, t, before.ID)
	if err != nil {
		return err
	}
	total, rest := decimal(before.Total), decimal(after.Total)
	switch {
	case rest.Cmp(total) > 0:
		t.Fact("typeCommission", AddsToTotal)
		t.Advise("let Settle and Confirm say TotalMovedError, and pay the difference: a payment raises the total by its type's commission")
		return nil
	case rest.Sign() == 0 && total.Sign() > 0:
		t.Fact("typeCommission", NoTypeCommission)
		return nil
	case rest.Cmp(total) < 0:
		return masked("the total falls with payments, so a commission that is added cannot be told from one that is taken out")
	case !covered.confirmed() || uncovered.confirmed():
		return masked("a confirm does not tell whether a basket is covered")
	}
	f, err := confirmRaw(ctx, t, before, quiet)
	switch {
	case err != nil:
		return err
	case f.confirmed():
		t.Fact("typeCommission", NoTypeCommission)
	case f.answer.Status == uncovered.answer.Status:
		t.Fact("typeCommission", TakesFromAmount)
	default:
		return t.Differs(f.answer.Place(), "status %d, not that of a basket that is short", f.answer.Status)
	}
	return nil
}

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

// probeRefundCounts pays 1.00 too much after a refund of 1.00: only if that takes
// away, the basket is balanced.
func probeRefundCounts(ctx context.Context, t *paymenttest.Trial) error {
	covered, err := sold(ctx, t)
	if err != nil {
		return err
	}
	if !covered.confirmed() {
		return t.NotDecidable("no basket with payments can be confirmed")
	}
	id, err := typeWhere(ctx, t, func(c typeJSON) bool { return c.IsRefund && !c.requires() })
	if err != nil {
		return err
	}
	b, err := withTicket(ctx, t, ready)
	if err != nil {
		return err
	}
	more := decimal(b.Total).Add(amount("1.00")).String()
	for _, body := range []string{typedBody(id, "1.00"), paymentBody(t, more, reference(t, t.Reference()))} {
		e, err := tryPayment(ctx, t, b.ID, body)
		if err == nil {
			err = wantDone(t, e)
		}
		if err != nil {
			return err
		}
	}
	f, err := confirmRaw(ctx, t, b, quiet)
	if err != nil {
		return err
	}
	if !f.confirmed() {
		return t.Differs(f.answer.Place(), "a basket that a refund balances is refused with status %d", f.answer.Status)
	}
	if _, order := f.answeredID(); !order {
		return nil
	}
	return t.Want(f.answer, f.answer.Status, `{"refunds":[{"amount":"number","method":{"name":"string"}}]}`)
}
