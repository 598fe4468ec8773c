package rubitest

import (
	"context"
	"strconv"
	"strings"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// invoiceClauses are about Invoice and Confirm, which mail the sandbox address.
func invoiceClauses() []paymenttest.Clause {
	const plan = "books a place and submits it by invoice, once for all clauses; Rubi mails the sandbox address"
	const free = "books a place at the free event and confirms it, once for all clauses; Rubi mails the sandbox address"
	card := irreversibleTypes()
	return append(card,
		mailing("invoice.record", "An invoice is answered with a record for each item, with the documented members and a mail.", doc, pagePayment, 5, plan, probeRecord(typeInvoice),
			decides("emailLists", "numericTransactionIDs"), depends("noInvoice")),
		mailing("invoice.leaves", "An invoiced item leaves the basket.", doc, pageBasket, 5, plan, probeLeaves(typeInvoice), decides("itemsStay"), depends("noInvoice")),
		mailing("invoice.again", "An invoiced item cannot be submitted again.", open, noPage, 6, plan+", and a second time if it is accepted", probePaidAgain(typeInvoice), decides("paidAgain"), depends("noInvoice", "itemsStay"),
			option("payment.WithStore: never submit again without it")),
		mailing("invoice.mail", "Rubi mails a confirmation after an invoice.", doc, pagePayment, 6, plan, probeMailed(typeInvoice), objects(ObjectMailbox), depends("noInvoice")),
		mailing("invoice.active", "An invoiced booking is Active in PluginEventAttendees.", reasoned, pagePlugin, 7, plan, probeActive, depends("noInvoice", "attendees", "itemsStay")),
		mailing("confirm.record", "A free item is confirmed with a record, with the documented members and a mail.", doc, pagePayment, 5, free, probeRecord(typeConfirm), objects(ObjectFreeEvent), decides("emailLists", "numericTransactionIDs")),
		mailing("confirm.leaves", "A confirmed item leaves the basket.", doc, pageBasket, 5, free, probeLeaves(typeConfirm), objects(ObjectFreeEvent), decides("itemsStay")),
		mailing("confirm.again", "A confirmed item cannot be submitted again.", open, noPage, 6, free+", and a second time if it is accepted", probePaidAgain(typeConfirm), objects(ObjectFreeEvent),
			decides("paidAgain"), depends("itemsStay")),
		mailing("confirm.mail", "Rubi mails a confirmation after Confirm.", doc, pagePayment, 6, free, probeMailed(typeConfirm), objects(ObjectFreeEvent, ObjectMailbox)),
		mailing("confirm.only-free", "Confirm is refused for a total that is not 0.00.", doc, pagePayment, 8, free+"; then it tries to confirm a place that costs money", probeConfirmPriced, objects(ObjectFreeEvent)),
	)
}

func irreversibleTypes() []paymenttest.Clause {
	return []paymenttest.Clause{
		mailing("payment.types", "This installation accepts Invoice and CardPayment.", doc, pagePayment+": a client may forbid either", 16,
			"pays for places by card, by invoice and as free, once for all clauses; Rubi mails the sandbox address", probeTypes, objects(ObjectFreeEvent), decides("noInvoice", "noCardPayment")),
	}
}

func mailing(id, statement string, evidence paymenttest.Evidence, source string, requests int, plan string, p probe, more ...func(*paymenttest.Clause)) paymenttest.Clause {
	return irreversible(id, statement, evidence, source, requests, plan, p, append(more, needs(paymenttest.Notifies))...)
}

// settled is a place that was paid for by Invoice or Confirm.
type settled struct {
	place  *place
	answer told
	stayed bool // in the basket
	mailed bool // as far as the mailbox shows it
}

// settleBy pays for a place, once in a run for each type. It may be refused.
func settleBy(ctx context.Context, t *paymenttest.Trial, kind string) (settled, error) {
	return paymenttest.Share(t, kind, func() (s settled, err error) {
		event := t.Object(ObjectEvent)
		if kind == typeConfirm {
			event = t.Object(ObjectFreeEvent)
		}
		_, places, err := book(ctx, t, event, 1)
		if err != nil {
			return s, err
		}
		s.place = places[0]
		before, err := mails(ctx, t)
		if err != nil {
			return s, err
		}
		if s.answer, _, err = pays(ctx, t, kind, []string{s.place.guid}, nil); err != nil || !s.answer.succeeded() {
			return s, err
		}
		s.place.paid = true
		if s.mailed, err = moreMails(ctx, t, before); err != nil {
			return s, err
		}
		n, err := inBasket(ctx, t, places)
		s.stayed = n > 0
		return s, err
	})
}

// settledBy is settleBy for what needs a payment that was accepted.
func settledBy(ctx context.Context, t *paymenttest.Trial, kind string) (settled, error) {
	s, err := settleBy(ctx, t, kind)
	if err == nil && !s.answer.succeeded() {
		err = t.NotDecidable("%s is refused with code %s", kind, s.answer.word())
	}
	return s, err
}

// mails returns how many mails the sandbox address has got, or 0 without a
// mailbox.
func mails(ctx context.Context, t *paymenttest.Trial) (int, error) {
	address := t.Object(ObjectMailbox)
	if address == "" {
		return 0, nil
	}
	e, err := t.Get(ctx, address)
	if err == nil {
		err = t.WantStatus(e, 200)
	}
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(e.Body)))
	if err != nil {
		return 0, t.Inconclusive("the mailbox does not tell a number")
	}
	return n, nil
}

// moreMails waits for a mail.
func moreMails(ctx context.Context, t *paymenttest.Trial, before int) (bool, error) {
	if t.Object(ObjectMailbox) == "" {
		return false, nil
	}
	return t.Await(ctx, func() (bool, error) {
		n, err := mails(ctx, t)
		return n > before, err
	})
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
		if len(rows) != 1 || !strings.EqualFold(textIn(rows[0], "ItemGUID"), s.place.guid) || textIn(rows[0], "TransactionType") != kind {
			return t.Differs(a.place("[].ItemGUID"), "%d records for one item, or for another", len(rows))
		}
		if err := noteTransactionID(t, a, rows[0]); err != nil {
			return err
		}
		if err := noteEmailLists(t, a, rows[0]); err != nil {
			return err
		}
		if err := wantPaymentForm(t, a, rows[0]); err != nil {
			return err
		}
		return wantForm(t, a, rows, `{"EmailSubject":"string","EmailBody":"string"}`)
	}
}

// noteEmailLists notes the form of EmailBCC and EmailAttachments.
func noteEmailLists(t *paymenttest.Trial, a told, row shown) error {
	bcc, ok1 := listForm(row, "EmailBCC")
	files, ok2 := listForm(row, "EmailAttachments")
	if !ok1 || !ok2 || bcc != files {
		return t.Differs(a.place("[].EmailBCC"), "it and EmailAttachments are not lists of one known form")
	}
	t.Fact("emailLists", bcc)
	return nil
}

func listForm(row shown, name string) (ListForm, bool) {
	member, there := row[name]
	text, isText := member.(string)
	switch {
	case !there:
		return ListMissing, true
	case member == nil:
		return ListNull, true
	case text == "" && isText:
		return ListEmpty, true
	}
	_, isList := unlayer(member).([]any)
	if isText {
		return ListText, isList
	}
	return ListJSON, isList
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
		a, _, err := pays(ctx, t, kind, []string{s.place.guid}, nil)
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
	if got := textIn(rowOf(rows, "bid", s.place.guid), "BookingStatus"); got != StatusActive {
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
