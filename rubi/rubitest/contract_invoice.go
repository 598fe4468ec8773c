package rubitest

import (
	"cmp"
	"context"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// invoiceClauses are about Invoice and Confirm, which mail the sandbox address.
func invoiceClauses() []paymenttest.Clause {
	const plan = "books two places and submits them by invoice, once for all clauses; Rubi mails the sandbox address"
	const free = "books a place at the free event and confirms it, once for all clauses; Rubi mails the sandbox address"
	return append(typeClauses(),
		mailing("invoice.record", "An invoice is answered with a record for each item, with the documented members and a mail.", doc, pagePayment, 17, plan, probeRecord(typeInvoice),
			decides("emailLists", "numericTransactionIDs"), depends("noInvoice")),
		mailing("invoice.leaves", "An invoiced item leaves the basket.", doc, pageBasket, 17, plan, probeLeaves(typeInvoice), decides("itemsStay"), depends("noInvoice")),
		mailing("invoice.again", "An invoiced item cannot be submitted again.", open, noPage, 19, plan+", and a second time if it is accepted", probePaidAgain(typeInvoice), decides("paidAgain"), depends("noInvoice", "itemsStay"),
			option("payment.WithStore: never submit again without it")),
		mailing("invoice.mail", "Rubi mails a confirmation after an invoice.", doc, pagePayment, 17, plan, probeMailed(typeInvoice), objects(ObjectMailbox), depends("noInvoice")),
		mailing("invoice.active", "An invoiced booking is Active in PluginEventAttendees.", reasoned, pagePlugin, 18, plan, probeActive, depends("noInvoice", "attendees", "itemsStay")),
		mailing("confirm.record", "A free item is confirmed with a record, with the documented members and a mail.", doc, pagePayment, 17, free, probeRecord(typeConfirm), objects(ObjectFreeEvent), decides("emailLists", "numericTransactionIDs")),
		mailing("confirm.leaves", "A confirmed item leaves the basket.", doc, pageBasket, 17, free, probeLeaves(typeConfirm), objects(ObjectFreeEvent), decides("itemsStay")),
		mailing("confirm.again", "A confirmed item cannot be submitted again.", open, noPage, 19, free+", and a second time if it is accepted", probePaidAgain(typeConfirm), objects(ObjectFreeEvent),
			decides("paidAgain"), depends("itemsStay")),
		mailing("confirm.mail", "Rubi mails a confirmation after Confirm.", doc, pagePayment, 17, free, probeMailed(typeConfirm), objects(ObjectFreeEvent, ObjectMailbox)),
		mailing("confirm.only-free", "Confirm is refused for a total that is not 0.00.", doc, pagePayment, 20, free+"; then it tries to confirm a place that costs money", probeConfirmPriced, objects(ObjectFreeEvent)),
	)
}

// typeClauses are about which payment types are allowed. They come before the
// others, whose refusals would show nothing.
func typeClauses() []paymenttest.Clause {
	return []paymenttest.Clause{
		mailing("payment.types", "This installation accepts Invoice and CardPayment.", doc, pagePayment+": a client may forbid either", 38,
			"pays for places by card, by invoice and as free, once for all clauses; Rubi mails the sandbox address", probeTypes, objects(ObjectFreeEvent), decides("noInvoice", "noCardPayment")),
	}
}

func probeTypes(ctx context.Context, t *paymenttest.Trial) error {
	o, err := openCard(ctx, t)
	if err != nil {
		return err
	}
	s, err := settleBy(ctx, t, typeInvoice)
	if err != nil {
		return err
	}
	card, invoice := o.answer.succeeded(), s.answer.succeeded()
	t.See("CardPayment is accepted: %t, Invoice: %t", card, invoice)
	if !card && !invoice {
		free, err := settleBy(ctx, t, typeConfirm)
		if err != nil {
			return err
		}
		if !free.answer.succeeded() {
			return t.NotDecidable("every payment is refused, so this may be about the contact or the address")
		}
	}
	t.Fact("noCardPayment", !card)
	t.Fact("noInvoice", !invoice)
	return nil
}

func probeRecord(kind string) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		s, err := settledBy(ctx, t, kind)
		if err != nil {
			return err
		}
		a, rows, err := recordsOf(t, s.answer)
		if err != nil {
			return err
		}
		if len(rows) != len(s.places) {
			return t.Differs(a.place(""), "%d records for %d items", len(rows), len(s.places))
		}
		for _, p := range s.places {
			row := rowOf(rows, "ItemGUID", p.guid)
			if row == nil || textIn(row, "TransactionType") != kind {
				return t.Differs(a.place("[].ItemGUID"), "no record of an item that was submitted, or one of another TransactionType")
			}
			if err := cmp.Or(noteTransactionID(t, a, row), noteEmailLists(t, a, row), wantPaymentForm(t, a, row)); err != nil {
				return err
			}
		}
		return wantForm(t, a, rows, `{"EmailSubject":"string","EmailBody":"string"}`)
	}
}

func probeLeaves(kind string) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		s, err := settledBy(ctx, t, kind)
		if err != nil {
			return err
		}
		t.Fact("itemsStay", s.stayed)
		if s.stayed {
			t.Advise("never submit again without a Store: what is paid stays in the basket, so the basket proves nothing")
		}
		return nil
	}
}

func probePaidAgain(kind string) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		s, err := settledBy(ctx, t, kind)
		if err != nil {
			return err
		}
		if s.stayed {
			t.Mask("paidAgain", "what is paid stays in the basket")
			return t.NotDecidable("what is paid stays in the basket")
		}
		a, _, err := pays(ctx, t, kind, guidsIn(s.places), nil)
		if err != nil {
			return err
		}
		t.Fact("paidAgain", a.succeeded())
		if !a.succeeded() {
			return wantNo(t, a, "a second submission")
		}
		t.Advise("never submit again without a Store: Rubi takes the same items twice, and mails twice")
		return nil
	}
}

func probeMailed(kind string) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		s, err := settledBy(ctx, t, kind)
		if err == nil && !s.mailed {
			err = t.Differs(s.answer.place(""), "no mail has come")
		}
		return err
	}
}

func probeActive(ctx context.Context, t *paymenttest.Trial) error {
	s, err := settledBy(ctx, t, typeInvoice)
	if err != nil {
		return err
	}
	e, err := t.Send(ctx, rawCall(OpPluginEventAttendees, t.Object(ObjectEvent)))
	if err != nil {
		return err
	}
	if e.Status == 404 {
		return t.NotDecidable("this installation does not have the call")
	}
	a, err := hear(t, e)
	if err != nil {
		return err
	}
	_, rows, err := recordsOf(t, a)
	if err != nil {
		return err
	}
	if got := textIn(rowOf(rows, "bid", s.places[0].guid), "BookingStatus"); got != StatusActive {
		return t.Differs(a.place("[].BookingStatus"), "%q, not %s", got, StatusActive)
	}
	return nil
}

func probeConfirmPriced(ctx context.Context, t *paymenttest.Trial) error {
	if _, err := settledBy(ctx, t, typeConfirm); err != nil {
		return err
	}
	held, err := spareAnyway(ctx, t)
	if err != nil {
		return err
	}
	p := held.place
	a, err := held.pay(ctx, t, typeConfirm, nil)
	if err == nil {
		p.paid = a.succeeded()
		err = wantNo(t, a, "Confirm of a total above 0.00")
	}
	return err
}
