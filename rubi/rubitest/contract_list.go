package rubitest

import (
	"context"
	"encoding/base64"
	"net/http"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// listClauses are about the other calls that only read, and about logins.
func listClauses() []paymenttest.Clause {
	attendees := []func(*paymenttest.Clause){objects(ObjectReader), option("RecorderOptions and Client.PluginEventAttendees")}
	write := needs(paymenttest.Write)
	return []paymenttest.Clause{
		clause("attendees.form", "PluginEventAttendees lists bookings with the documented members.", doc, pagePlugin, 2, "lists the event of the reader's booking", probeAttendeeForm, append(attendees, depends("attendees"))...),
		clause("attendees.basket", "PluginEventAttendees lists bookings that are in a basket, as In Basket.", open, noPage, 2, "lists the event of the reader's booking",
			probeAttendees, append(attendees, decides("attendees"))...),
		clause("attendees.unknown-event", "The list of an unknown event is empty.", reasoned, "as EmailCheck is documented", 1, "lists an event that does not exist", probeUnknownEvent, depends("attendees")),
		clause("lists.values", "PortalList takes County or Country as its only element and lists ListValues.", doc, pagePayment+"; the elements are inferred", 2, "reads both lists",
			probeLists, objects(ObjectCounty, ObjectCountry)),
		clause("lists.services", "PortalList Subscriptions lists sale services.", doc, pageSales, 1, "reads the list", probeServices, objects(ObjectService)),
		clause("lists.unknown", "A list that does not exist is empty.", reasoned, "as EmailCheck is documented", 1, "reads the list Contract", probeUnknownList),
		clause("email-check.known", "EmailCheck finds the uid of an address.", doc, pageCheck, 1, "asks for the contact's address, for which the vendor may make a token",
			probeEmailCheck, write, objects(ObjectContact, ObjectEmail)),
		clause("login.known", "Login finds the uid by address and Base64 of the password.", doc, pageLogin, 1, "logs the contact in", probeLogin(true), write, objects(ObjectContact, ObjectEmail, ObjectPassword)),
		clause("login.wrong", "A wrong password finds nobody.", reasoned, noPage, 1, "logs the contact in with a wrong password", probeLogin(false), write, needs(paymenttest.BadLogin), objects(ObjectEmail, ObjectPassword)),
	}
}

// attendeesOf lists the event of the reader's booking and returns the booking's
// row, if it has one. absent reports that there is no such call.
func attendeesOf(ctx context.Context, t *paymenttest.Trial) (a told, rows []shown, own shown, absent bool, err error) {
	_, item, err := readerItem(ctx, t, "Bookings")
	if err != nil {
		return a, nil, nil, false, err
	}
	e, err := t.Send(ctx, rawCall(OpPluginEventAttendees, textIn(item, "eid")))
	if err != nil || e.Status == http.StatusNotFound {
		return a, nil, nil, err == nil, err
	}
	if a, err = hear(t, e); err != nil {
		return a, nil, nil, false, err
	}
	a, rows, err = recordsOf(t, a)
	return a, rows, rowOf(rows, "bid", textIn(item, "ItemGUID")), false, err
}

func probeAttendeeForm(ctx context.Context, t *paymenttest.Trial) error {
	a, rows, own, absent, err := attendeesOf(ctx, t)
	switch {
	case err != nil:
		return err
	case absent:
		return t.NotDecidable("this installation does not have the call")
	case len(rows) == 0:
		return t.NotDecidable("the event of the reader's booking has no attendee")
	case own != nil && textIn(own, "Attendeeuid") == "":
		return t.Differs(a.place("[].Attendeeuid"), "blank or missing, though the attendee is known")
	}
	return wantForm(t, a, rows, attendeeForm)
}

func probeAttendees(ctx context.Context, t *paymenttest.Trial) error {
	a, _, own, absent, err := attendeesOf(ctx, t)
	switch {
	case err != nil:
		return err
	case absent:
		t.Fact("attendees", AttendeesAbsent)
		t.Advise("do not use PluginEventAttendees: this installation does not have it, and UserBasket stays the only proof")
	case own == nil:
		t.Fact("attendees", AttendeesBooked)
		t.Advise("take a booking that PluginEventAttendees does not list for one that may be in the basket")
	case textIn(own, "BookingStatus") != StatusInBasket:
		return t.Differs(a.place("[].BookingStatus"), "%q, not %s", textIn(own, "BookingStatus"), StatusInBasket)
	default:
		t.Fact("attendees", AttendeesAll)
	}
	return nil
}

func probeUnknownEvent(ctx context.Context, t *paymenttest.Trial) error {
	e, err := t.Send(ctx, rawCall(OpPluginEventAttendees, unknownGUID))
	if err != nil {
		return err
	}
	if e.Status == http.StatusNotFound {
		return t.NotDecidable("this installation does not have the call")
	}
	a, err := hear(t, e)
	if err != nil {
		return err
	}
	_, rows, err := recordsOf(t, a)
	if err == nil && len(rows) > 0 {
		err = t.Differs(a.place(""), "%d records", len(rows))
	}
	return err
}

func probeLists(ctx context.Context, t *paymenttest.Trial) error {
	if err := listHolds(ctx, t, "County", t.Object(ObjectCounty)); err != nil {
		return err
	}
	return listHolds(ctx, t, "Country", t.Object(ObjectCountry))
}

func probeServices(ctx context.Context, t *paymenttest.Trial) error {
	return listHolds(ctx, t, "Subscriptions", t.Object(ObjectService))
}

func listHolds(ctx context.Context, t *paymenttest.Trial, list, value string) error {
	a, rows, err := askRows(ctx, t, OpPortalList, list)
	if err != nil {
		return err
	}
	if rowOf(rows, "ListValue", value) == nil {
		return t.Differs(a.place("[].ListValue"), "none of the %d values of %s is the sandbox's", len(rows), list)
	}
	return wantForm(t, a, rows, `{"ListValue":"string"}`)
}

func probeUnknownList(ctx context.Context, t *paymenttest.Trial) error {
	a, rows, err := askRows(ctx, t, OpPortalList, "Contract")
	if err == nil && len(rows) > 0 {
		err = t.Differs(a.place(""), "%d records", len(rows))
	}
	return err
}

func probeEmailCheck(ctx context.Context, t *paymenttest.Trial) error {
	a, rows, err := askRows(ctx, t, OpEmailCheck, t.Object(ObjectEmail))
	if err != nil {
		return err
	}
	if rowOf(rows, "uid", t.Object(ObjectContact)) == nil {
		return t.Differs(a.place("[].uid"), "none of %d records is the sandbox contact", len(rows))
	}
	return wantForm(t, a, rows, `{"uid":"string","Company?":"string","LoginVerified":"string|bool|number","LoginTokenVal":"string|number","LoginTokenID":"string|number"}`)
}

func probeLogin(right bool) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		password := t.Object(ObjectPassword)
		if !right {
			password += " (wrong)"
		}
		a, rows, err := askRows(ctx, t, OpLogin, t.Object(ObjectEmail), base64.StdEncoding.EncodeToString([]byte(password)))
		switch {
		case err != nil:
			return err
		case !right && len(rows) > 0:
			return t.Differs(a.place(""), "%d records", len(rows))
		case right && rowOf(rows, "uid", t.Object(ObjectContact)) == nil:
			return t.Differs(a.place("[].uid"), "none of %d records is the sandbox contact", len(rows))
		}
		return wantForm(t, a, rows, userForm)
	}
}
