package rubitest

import (
	"context"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// cardClauses are about UserPayment by card. A card payment mails nobody, and
// leaves a transaction that nobody can undo.
func cardClauses() []paymenttest.Clause {
	return []paymenttest.Clause{
		irreversible("card.documented", "The documented request for two items is accepted, with PaymentItems as JSON text of an array.", reasoned, pagePayment, 4, cardPlan, probeItemsForm,
			decides("commaItems"), depends("noCardPayment"), option("Config.EncodePaymentItems")),
		irreversible("card.record", "A card payment is answered with one record of the documented members, over the whole charge.", doc, pagePayment, 4, cardPlan, probeCardRecord,
			decides("numericTransactionIDs", "noCardPayment"), depends("amounts")),
		irreversible("card.echo", "The record repeats type, address, telephone and PONumber as they were sent.", doc, pagePayment, 4, cardPlan, probeEcho, depends("noCardPayment")),
		irreversible("card.item", "The record of a card payment over several items has a blank ItemGUID.", open, noPage, 4, cardPlan, probeCardGUID, decides("cardGUID"), depends("noCardPayment")),
		irreversible("card.stay", "Items stay in the basket when a card payment is opened.", open, noPage, 5, cardPlan+", and reads the basket", probeCardStay, decides("cardItemsLeave"), depends("noCardPayment"),
			option("Checkout: keep the transaction in a durable Store")),
		irreversible("card.again", "A second card payment over the same items opens another transaction.", reasoned, noPage, 6, cardPlan+", and submits them again", probeCardAgain, depends("noCardPayment", "cardItemsLeave")),
	}
}

func probeItemsForm(ctx context.Context, t *paymenttest.Trial) error {
	if _, _, err := cardRow(ctx, t); err != nil {
		return err
	}
	comma := formOfItems(t).comma
	t.Fact("commaItems", comma)
	if comma {
		t.Advise("set Config.EncodePaymentItems to a function that joins with commas")
	}
	return nil
}

func probeCardRecord(ctx context.Context, t *paymenttest.Trial) error {
	o, row, err := cardRow(ctx, t)
	if err != nil {
		return err
	}
	t.Fact("noCardPayment", false)
	if err := noteTransactionID(t, o.answer, row); err != nil {
		return err
	}
	if err := wantPaymentForm(t, o.answer, row); err != nil {
		return err
	}
	for _, name := range []string{"EmailSubject", "EmailBody"} {
		if textIn(row, name) != "" {
			return t.Differs(o.answer.place("[]."+name), "there, though it is for Invoice and Confirm only")
		}
	}
	return wantTotal(ctx, t, o, row)
}

// wantTotal compares the charge with the items of the basket, which are looked
// up again if they are still there.
func wantTotal(ctx context.Context, t *paymenttest.Trial, o opened, row shown) error {
	charged, ok := sumIn(row, "ItemTotal")
	if !ok {
		return t.NotDecidable("the amounts cannot be read")
	}
	if o.left {
		return nil
	}
	rows, err := basketOf(ctx, t, "Bookings")
	if err != nil {
		return err
	}
	total := payment.Amount{}
	for _, p := range o.places {
		item, ok := sumIn(rowOf(rows, "ItemGUID", p.guid), "ItemTotal")
		if !ok {
			return t.NotDecidable("the basket does not show the items any more")
		}
		if total = total.Add(item); p == o.places[0] {
			total = item
		}
	}
	if !total.Equal(charged) {
		return t.Differs(o.answer.place("[].ItemTotal"), "not the sum of the items")
	}
	return nil
}

// echoed are the members that repeat what was sent, in the order of the call's
// elements from the second on; "" has no member, or another one.
func echoed() []string {
	names := []string{"TransactionType", ""}
	for _, e := range userPaymentElements()[atAddress1:] {
		names = append(names, e.name)
	}
	return names
}

func probeEcho(ctx context.Context, t *paymenttest.Trial) error {
	o, row, err := cardRow(ctx, t)
	if err != nil {
		return err
	}
	for i, name := range echoed() {
		if name != "" && textIn(row, name) != o.sent[atType+i] {
			return t.Differs(o.answer.place("[]."+name), "not what was sent")
		}
	}
	return nil
}

func probeCardGUID(ctx context.Context, t *paymenttest.Trial) error {
	o, row, err := cardRow(ctx, t)
	if err != nil {
		return err
	}
	guids := guidsIn(o.places)
	switch got := textIn(row, "ItemGUID"); {
	case got == "":
		t.Fact("cardGUID", CardGUIDEmpty)
	case strings.EqualFold(got, guids[0]):
		t.Fact("cardGUID", CardGUIDFirst)
	case slices.Equal(strings.Split(strings.ToLower(got), ","), []string{strings.ToLower(guids[0]), strings.ToLower(guids[1])}):
		t.Fact("cardGUID", CardGUIDJoined)
	default:
		return t.Differs(o.answer.place("[].ItemGUID"), "neither blank, nor that of the first item, nor all with commas")
	}
	return nil
}

func probeCardStay(ctx context.Context, t *paymenttest.Trial) error {
	o, _, err := cardRow(ctx, t)
	if err != nil {
		return err
	}
	t.Fact("cardItemsLeave", o.left)
	if o.left {
		t.Advise("keep the transaction in a durable Store: after CardPayment the basket does not show the items any more, paid or not")
	}
	return nil
}

func probeCardAgain(ctx context.Context, t *paymenttest.Trial) error {
	o, row, err := cardRow(ctx, t)
	if err != nil {
		return err
	}
	again, _, err := pays(ctx, t, typeCard, guidsIn(o.places), nil)
	if err != nil {
		return err
	}
	if !again.succeeded() && o.left {
		return t.NotDecidable("the items have left the basket")
	}
	_, rows, err := recordsOf(t, again)
	if err != nil {
		return err
	}
	if len(rows) != 1 || textIn(rows[0], "TransactionID") == textIn(row, "TransactionID") {
		return t.Differs(again.place("[].TransactionID"), "the same transaction again")
	}
	return nil
}
