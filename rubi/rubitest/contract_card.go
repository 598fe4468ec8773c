package rubitest

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// cardForm is the documented record of a card payment. Members that may be blank
// are checked only if they are there.
const cardForm paymenttest.Form = `{"TransactionID":"string|number","TransactionType":"string","ItemGUID?":"string","ItemTotal":"string|number","ItemStatus":"string",` +
	`"Address1":"string","Address2?":"string","Address3?":"string","Address4":"string","County":"string","Postcode":"string","Country":"string","EmailAddress":"string",` +
	`"PONumber":"string","MobCountry":"string","Mob":"string"}`

const cardPlan = "books two places and opens one card payment over both, once for all clauses"

// cardClauses are about UserPayment by card. A card payment mails nobody, and
// leaves a transaction that nobody can undo.
func cardClauses() []paymenttest.Clause {
	return []paymenttest.Clause{
		irreversible("card.documented", "The documented request for two items is accepted, with PaymentItems as JSON text of an array.", reasoned, pagePayment, 5, cardPlan, probeItemsForm,
			decides("commaItems"), depends("noCardPayment"), option("Config.EncodePaymentItems")),
		irreversible("card.record", "A card payment is answered with one record of the documented members, over the whole charge.", doc, pagePayment, 4, cardPlan, probeCardRecord,
			decides("numericTransactionIDs", "noCardPayment"), depends("amounts")),
		irreversible("card.echo", "The record repeats type, address, telephone and PONumber as they were sent.", doc, pagePayment, 4, cardPlan, probeEcho, depends("noCardPayment")),
		irreversible("card.item", "The record of a card payment over several items has a blank ItemGUID.", open, noPage, 4, cardPlan, probeCardGUID, decides("cardGUID"), depends("noCardPayment")),
		irreversible("card.stay", "Items stay in the basket when a card payment is opened.", open, noPage, 5, cardPlan+", and reads the basket", probeCardStay, decides("cardItemsLeave"), depends("noCardPayment"),
			option("Checkout: keep the transaction in a durable Store")),
		irreversible("card.again", "A second card payment over the same items opens another transaction.", reasoned, noPage, 5, cardPlan+", and submits them again", probeCardAgain, depends("noCardPayment", "cardItemsLeave")),
	}
}

// irreversible returns a clause whose writes nobody can undo, and that mails
// nobody.
func irreversible(id, statement string, evidence paymenttest.Evidence, source string, requests int, plan string, p probe, more ...func(*paymenttest.Clause)) paymenttest.Clause {
	return clause(id, statement, evidence, source, requests, plan, p, append(more, needs(paymenttest.Write, paymenttest.Irreversible),
		objects(ObjectContact, ObjectEvent, ObjectCounty, ObjectCountry, ObjectEmail))...)
}

// sentAddress are the elements of a payment from Address1 to Mob.
func sentAddress(t *paymenttest.Trial) []string {
	return []string{"1 High St", "", "", "Leeds", t.Object(ObjectCounty), "LS1 1AA", t.Object(ObjectCountry), t.Object(ObjectEmail), t.Reference(), "+44", "07700900000"}
}

// itemsForm is the form of PaymentItems, once a payment was accepted.
type itemsForm struct{ known, comma bool }

func (f *itemsForm) tries() []bool {
	if f.known {
		return []bool{f.comma}
	}
	return []bool{false, true}
}

func (f *itemsForm) write(comma bool, guids []string) string {
	if comma {
		return strings.Join(guids, ",")
	}
	return string(emulator.Encode(guids))
}

func formOfItems(t *paymenttest.Trial) *itemsForm {
	f, _ := paymenttest.Share(t, "form of items", func() (*itemsForm, error) { return new(itemsForm), nil })
	return f
}

// pays submits items. As long as no payment was accepted, it tries both forms of
// PaymentItems. edit, if not nil, changes the elements.
func pays(ctx context.Context, t *paymenttest.Trial, kind string, guids []string, edit func([]string)) (a told, sent []string, err error) {
	f := formOfItems(t)
	for _, comma := range f.tries() {
		sent = append([]string{t.Object(ObjectContact), kind, f.write(comma, guids)}, sentAddress(t)...)
		if edit != nil {
			edit(sent)
		}
		note := t.Writing("%s of %d items, PONumber %s", kind, len(guids), sent[atPO])
		if a, err = ask(ctx, t, OpUserPayment, sent...); err != nil {
			return a, sent, err
		}
		if a.succeeded() {
			f.known, f.comma = true, comma
			return a, sent, nil
		}
		note.Undo()
	}
	return a, sent, nil
}

// opened is a card payment over two places.
type opened struct {
	places []*place
	answer told
	sent   []string
	left   bool // the basket, as soon as it was opened
}

func (o opened) guids() []string { return []string{o.places[0].guid, o.places[1].guid} }

// openCard opens a card payment, once in a run. It may be refused.
func openCard(ctx context.Context, t *paymenttest.Trial) (opened, error) {
	return paymenttest.Share(t, "card payment", func() (o opened, err error) {
		if _, o.places, err = book(ctx, t, t.Object(ObjectEvent), 2); err != nil {
			return o, err
		}
		if o.answer, o.sent, err = pays(ctx, t, typeCard, o.guids(), nil); err != nil || !o.answer.succeeded() {
			return o, err
		}
		n, err := inBasket(ctx, t, o.places)
		o.left = n == 0
		return o, err
	})
}

// cardRow returns the record of the card payment of this run.
func cardRow(ctx context.Context, t *paymenttest.Trial) (opened, shown, error) {
	o, err := openCard(ctx, t)
	if err != nil {
		return o, nil, err
	}
	if !o.answer.succeeded() {
		return o, nil, t.NotDecidable("card payments are refused with code %s", o.answer.word())
	}
	_, rows, err := recordsOf(t, o.answer)
	if err == nil && len(rows) != 1 {
		err = t.Differs(o.answer.place(""), "%d records for one card payment", len(rows))
	}
	if err != nil {
		return o, nil, err
	}
	return o, rows[0], nil
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

// wantPaymentForm returns nil if a record of UserPayment is as documented. Its
// description may have the name that it has in baskets.
func wantPaymentForm(t *paymenttest.Trial, a told, row shown) error {
	if textIn(row, "ItemDetail") == "" && textIn(row, "ItemDetails") == "" {
		return t.Differs(a.place("[].ItemDetail"), "blank or missing")
	}
	return wantForm(t, a, []shown{row}, cardForm)
}

// noteTransactionID notes whether the id is a number.
func noteTransactionID(t *paymenttest.Trial, a told, row shown) error {
	_, isNumber := row["TransactionID"].(json.Number)
	if textIn(row, "TransactionID") == "" {
		return t.Differs(a.place("[].TransactionID"), "blank or missing")
	}
	t.Fact("numericTransactionIDs", isNumber)
	return nil
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
	guids := o.guids()
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
	again, _, err := pays(ctx, t, typeCard, o.guids(), nil)
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
