package rubitest

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

const cardPlan = "books two places and opens one card payment over both, once for all clauses"

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

// openCard opens a card payment, once in a run. It may be refused.
func openCard(ctx context.Context, t *paymenttest.Trial) (opened, error) {
	return paymenttest.Share(t, "card payment", func() (o opened, err error) {
		if _, o.places, err = book(ctx, t, t.Object(ObjectEvent), 2); err != nil {
			return o, err
		}
		if o.answer, o.sent, err = pays(ctx, t, typeCard, guidsIn(o.places), nil); err != nil || !o.answer.succeeded() {
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

// cardForm is the documented record of a card payment. Members that may be blank
// are checked only if they are there.
const cardForm paymenttest.Form = `{"TransactionID":"string|number","TransactionType":"string","ItemGUID?":"string","ItemTotal":"string|number","ItemStatus":"string",` +
	`"Address1":"string","Address2?":"string","Address3?":"string","Address4":"string","County":"string","Postcode":"string","Country":"string","EmailAddress":"string",` +
	`"PONumber":"string","MobCountry":"string","Mob":"string"}`

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

// spares holds a place of the sandbox contact for payments that are refused.
type spares struct{ place *place }

// spare returns a place that is in the basket and that no payment was opened
// for, after a check that card payments are accepted.
func spare(ctx context.Context, t *paymenttest.Trial) (*spares, error) {
	if _, _, err := cardRow(ctx, t); err != nil {
		return nil, err
	}
	return spareAnyway(ctx, t)
}

func spareAnyway(ctx context.Context, t *paymenttest.Trial) (*spares, error) {
	held, _ := paymenttest.Share(t, "spare place", func() (*spares, error) { return new(spares), nil })
	if held.place != nil {
		return held, nil
	}
	_, places, err := book(ctx, t, t.Object(ObjectEvent), 1)
	if err == nil {
		held.place = places[0]
	}
	return held, err
}

// pay submits the place with some elements changed. One that was accepted is not
// used again.
func (s *spares) pay(ctx context.Context, t *paymenttest.Trial, kind string, changed map[int]string) (told, error) {
	a, _, err := pays(ctx, t, kind, []string{s.place.guid}, func(elements []string) {
		for at, value := range changed {
			elements[at] = value
		}
	})
	if err != nil || a.succeeded() {
		s.place = nil
	}
	return a, err
}
