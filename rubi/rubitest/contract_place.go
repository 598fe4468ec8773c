package rubitest

import (
	"context"
	"encoding/json"
	"strconv"

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

func guidsIn(places []*place) (guids []string) {
	for _, p := range places {
		guids = append(guids, p.guid)
	}
	return guids
}
