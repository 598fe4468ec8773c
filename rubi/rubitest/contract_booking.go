package rubitest

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

const placeForm paymenttest.Form = `{"BookingGUID":"string","BookingStatus":"string","SavingApplied":"string|number","PotentialSaving":"string|number"}`

// bookingClauses are about Booking and BookingUpdate. Places are removed again.
func bookingClauses() []paymenttest.Clause {
	undone := func(id, statement string, evidence paymenttest.Evidence, source string, requests int, plan string, p probe, more ...func(*paymenttest.Clause)) paymenttest.Clause {
		return clause(id, statement, evidence, source, requests, plan, p, append(more, needs(paymenttest.Write, paymenttest.Delete), objects(ObjectContact, ObjectEvent))...)
	}
	return []paymenttest.Clause{
		undone("booking.answer", "Booking answers with one record for each place, whose BookingGUID is the item's in the basket.", doc, pageBooking, 5, "books two places, reads the basket and removes them", probeBooking),
		undone("booking.attendee", "One place is the booker's, several are TBC.", doc, "api/BookingAttendeesToBook page", 7, "books one place and two, reads the basket and removes them", probeAttendee),
		undone("booking.again", "A second call books one more place.", reasoned, noPage, 5, "books one place twice, and removes both", probeBookAgain),
		clause("booking.refused", "BookingPlaces that are no number above 0, and an unknown event, are refused.", doc, pageBooking, 3, "sends three bookings that cannot be meant",
			probeNoBooking, needs(paymenttest.Write), objects(ObjectContact, ObjectEvent)),
		undone("booking.remove", "BookingUpdate Remove answers True, and the booking leaves the basket.", doc, pageUpdate, 3, "books a place, removes it and reads the basket", probeRemove, decides("booleans")),
		clause("booking.remove-unknown", "The removal of a booking that is not in the basket is refused with a code.", open, noPage, 1, "removes a booking that does not exist",
			probeRemoveUnknown(OpBookingUpdate), needs(paymenttest.Write), objects(ObjectContact), decides("falseForUnknownItems")),
		undone("booking.update-refused", "An UpdateType that does not exist and a blank element are refused.", doc, pageUpdate, 5, "books a place, sends three updates that cannot be meant, and removes it", probeNoUpdate),
	}
}

// subscriptionClauses are about Subscription. What is added is removed again.
func subscriptionClauses() []paymenttest.Clause {
	write := needs(paymenttest.Write)
	return []paymenttest.Clause{
		clause("subscription.add", "Subscription Add answers True and puts the service into the basket, Remove takes it out.", doc, pageSales, 5, "adds a subscription, reads the basket, removes it and reads again",
			probeSubscription, write, needs(paymenttest.Delete), objects(ObjectContact, ObjectService), decides("booleans")),
		clause("subscription.remove-unknown", "The removal of a subscription that is not in the basket is refused with a code.", open, noPage, 1, "removes a subscription that does not exist",
			probeRemoveUnknown(OpSubscription), write, objects(ObjectContact), decides("falseForUnknownItems")),
		clause("subscription.refused", "An action other than Add and Remove, and an unknown service, are refused.", doc, pageSales, 2, "sends two subscriptions that cannot be meant",
			probeNoSubscription, write, objects(ObjectContact, ObjectService)),
	}
}

// place is a booked place of the sandbox contact.
type place struct {
	guid string
	note *paymenttest.Written
	paid bool // so that it is not removed at the end
}

// book books places, which are removed at the end of the run unless they were
// paid for.
func book(ctx context.Context, t *paymenttest.Trial, eid string, n int) (told, []*place, error) {
	places := make([]*place, n)
	for i := range places {
		places[i] = &place{note: t.Writing("a place at event %s in the sandbox contact's basket", eid)}
	}
	a, err := ask(ctx, t, OpBooking, t.Object(ObjectContact), eid, strconv.Itoa(n))
	if err != nil {
		return a, nil, err
	}
	if !a.succeeded() {
		for _, p := range places {
			p.note.Undo()
		}
		return a, nil, t.NotDecidable("the sandbox event cannot be booked: code %s", a.word())
	}
	rows, ok := a.rows()
	if !ok || len(rows) != n {
		return a, nil, t.Differs(a.place(""), "%d records for %d places", len(rows), n)
	}
	for i, p := range places {
		if p.guid = textIn(rows[i], "BookingGUID"); p.guid == "" {
			return a, nil, t.Differs(a.place("[].BookingGUID"), "blank or missing")
		}
		t.AtEnd(func(ctx context.Context) error {
			if p.paid || p.note.Undone {
				return nil
			}
			_, err := remove(ctx, t, p)
			return err
		})
	}
	return a, places, wantForm(t, a, rows, placeForm)
}

func remove(ctx context.Context, t *paymenttest.Trial, p *place) (told, error) {
	a, err := ask(ctx, t, OpBookingUpdate, t.Object(ObjectContact), p.guid, "Remove", "True")
	if yes, _, ok := a.yes(); err == nil && a.succeeded() && ok && yes {
		p.note.Undo()
	}
	return a, err
}

// yes reads a Boolean and its form.
func (a told) yes() (yes bool, form BooleanForm, ok bool) {
	value, form := unlayer(a.message), BooleanJSON
	if list, isList := value.([]any); isList && len(list) == 1 {
		value, form = list[0], BooleanList
	}
	switch value := value.(type) {
	case bool:
		return value, form, true
	case json.Number:
		return value == "1", BooleanNumber, value == "0" || value == "1"
	case string:
		return value == "True", BooleanWord, value == "True" || value == "False"
	}
	return false, 0, false
}

// wantTrue returns nil if the answer says True, and notes its form.
func wantTrue(t *paymenttest.Trial, a told) error {
	yes, form, ok := a.yes()
	switch {
	case !a.succeeded():
		return t.Differs(a.place(""), "refused with code %s", a.word())
	case !ok || !yes:
		return t.Differs(a.place(""), "not True in any known form")
	}
	t.Fact("booleans", form)
	return nil
}

// basketOf returns the sandbox contact's items of a kind.
func basketOf(ctx context.Context, t *paymenttest.Trial, kind string) ([]shown, error) {
	_, rows, err := askRows(ctx, t, OpUserBasket, t.Object(ObjectContact), kind)
	return rows, err
}

// inBasket counts which places are in the basket.
func inBasket(ctx context.Context, t *paymenttest.Trial, places []*place) (n int, err error) {
	rows, err := basketOf(ctx, t, "Bookings")
	for _, p := range places {
		if rowOf(rows, "ItemGUID", p.guid) != nil {
			n++
		}
	}
	return n, err
}

func removeAll(ctx context.Context, t *paymenttest.Trial, places []*place) error {
	for _, p := range places {
		a, err := remove(ctx, t, p)
		if err == nil && !p.note.Undone {
			err = t.Differs(a.place(""), "the place was not removed")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func probeBooking(ctx context.Context, t *paymenttest.Trial) error {
	a, places, err := book(ctx, t, t.Object(ObjectEvent), 2)
	if err != nil {
		return err
	}
	n, err := inBasket(ctx, t, places)
	if err == nil && n != 2 {
		err = t.Differs(a.place("[].BookingGUID"), "%d of 2 are in the basket as ItemGUID", n)
	}
	if err != nil {
		return err
	}
	return removeAll(ctx, t, places)
}

func probeAttendee(ctx context.Context, t *paymenttest.Trial) error {
	for n := range 2 {
		_, places, err := book(ctx, t, t.Object(ObjectEvent), n+1)
		if err != nil {
			return err
		}
		rows, err := basketOf(ctx, t, "Bookings")
		if err != nil {
			return err
		}
		who := textIn(rowOf(rows, "ItemGUID", places[0].guid), "ItemContact")
		if unknown := strings.EqualFold(who, toBeConfirmed); unknown != (n == 1) || who == "" {
			return t.Differs(t.Last().Place()+" $.ResponseMessage.[].ItemContact", "TBC with %d places: %t", n+1, unknown)
		}
		if err := removeAll(ctx, t, places); err != nil {
			return err
		}
	}
	return nil
}

func probeBookAgain(ctx context.Context, t *paymenttest.Trial) error {
	var both []*place
	for range 2 {
		_, places, err := book(ctx, t, t.Object(ObjectEvent), 1)
		if err != nil {
			return err
		}
		both = append(both, places...)
	}
	n, err := inBasket(ctx, t, both)
	if err == nil && (n != 2 || both[0].guid == both[1].guid) {
		err = t.Differs(t.Last().Place(), "two calls left %d places in the basket", n)
	}
	if err != nil {
		return err
	}
	return removeAll(ctx, t, both)
}

// probeWriteNo sends writes that have to be refused.
func probeWriteNo(ctx context.Context, t *paymenttest.Trial, all ...what) error {
	for _, w := range all {
		note := t.Writing("%s", w.name)
		a, err := askRaw(ctx, t, w.raw)
		if err == nil {
			err = wantNo(t, a, w.name)
		}
		if err != nil {
			return err
		}
		note.Undo()
	}
	return nil
}

func probeNoBooking(ctx context.Context, t *paymenttest.Trial) error {
	uid, eid := t.Object(ObjectContact), t.Object(ObjectEvent)
	return probeWriteNo(ctx, t, what{"a booking of 0 places", rawCall(OpBooking, uid, eid, "0")}, what{"a booking of x places", rawCall(OpBooking, uid, eid, "x")},
		what{"a booking at an unknown event", rawCall(OpBooking, uid, unknownGUID, "1")})
}

func probeRemove(ctx context.Context, t *paymenttest.Trial) error {
	_, places, err := book(ctx, t, t.Object(ObjectEvent), 1)
	if err != nil {
		return err
	}
	a, err := remove(ctx, t, places[0])
	if err == nil {
		err = wantTrue(t, a)
	}
	if err != nil {
		return err
	}
	n, err := inBasket(ctx, t, places)
	if err == nil && n > 0 {
		err = t.Differs(t.Last().Place(), "the removed place is still in the basket")
	}
	return err
}

// probeRemoveUnknown removes what does not exist.
func probeRemoveUnknown(op string) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		elements := []string{t.Object(ObjectContact), unknownGUID, "Remove"}
		if op == OpBookingUpdate {
			elements = append(elements, "True")
		}
		a, err := ask(ctx, t, op, elements...)
		if err != nil {
			return err
		}
		t.See("code %s", a.word())
		yes, _, ok := a.yes()
		switch {
		case !a.succeeded():
			t.Fact("falseForUnknownItems", false)
			return wantNo(t, a, "the removal")
		case !ok || yes:
			return t.Differs(a.place(""), "True, or no Boolean, for an item that does not exist")
		}
		t.Fact("falseForUnknownItems", true)
		return nil
	}
}

func probeNoUpdate(ctx context.Context, t *paymenttest.Trial) error {
	_, places, err := book(ctx, t, t.Object(ObjectEvent), 1)
	if err != nil {
		return err
	}
	uid, bid := t.Object(ObjectContact), places[0].guid
	if err := probeWriteNo(ctx, t, what{"an update of type Contract", rawCall(OpBookingUpdate, uid, bid, "Contract", "True")},
		what{"an update of a blank type", rawCall(OpBookingUpdate, uid, bid, "", "True")}, what{"an update without a value", rawCall(OpBookingUpdate, uid, bid, "Remove", "")}); err != nil {
		return err
	}
	return removeAll(ctx, t, places)
}
