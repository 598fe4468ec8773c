package rubitest

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
)

// The forms of basket records. Members that may be blank are checked only if
// they are there.
const (
	itemForm paymenttest.Form = `{"ItemGUID":"string","Item":"string","ItemContact?":"string","ItemValue":"string|number","ItemTax":"string|number",` +
		`"ItemTaxRate":"string|number","ItemTotal":"string|number"}`
	bookingForm paymenttest.Form = `{"ItemSaving":"string|number","ItemPotentialSaving":"string|number","ItemRateType":"string","ItemInfo1?":"string","ItemInfo2?":"string",` +
		`"eid":"string","NamedGuestOrg?":"string","NamedGuestName?":"string","NamedGuestEmail?":"string"}`
	attendeeForm paymenttest.Form = `{"bid":"string","Attendeeuid?":"string","AttendeeFirstName":"string","AttendeeLastName":"string","AttendeeEmailAddress":"string",` +
		`"AttendeeJobTitle?":"string","Bookeruid":"string","BookerFirstName":"string","BookerLastName":"string","BookerEmailAddress":"string","cid?":"string",` +
		`"PrimaryRecord":"string|bool|number","BookingStatus":"string"}`
	userForm paymenttest.Form = `{"uid":"string","EmailAddress":"string","FirstName":"string","LastName":"string","KnownAs?":"string","Company?":"string",` +
		`"WebAdmin":"string|bool|number","LoginVerified":"string|bool|number","ConsentReceived":"string|bool|number","UserStatus":"string","AllowLogin":"string|bool|number",` +
		`"ValidationVal?":"string","ValidationID?":"string|number"}`
)

// basketClauses are about UserBasket.
func basketClauses() []paymenttest.Clause {
	reader := objects(ObjectReader)
	return []paymenttest.Clause{
		clause("basket.booking", "A booking in a basket has the documented members, and is a Booking.", doc, pageBasket, 1, "reads the reader's bookings", probeItem("Bookings", "Booking", bookingForm), reader),
		clause("basket.subscription", "A subscription in a basket has the documented members, and is a Subscription.", doc, pageBasket, 1, "reads the reader's subscriptions",
			probeItem("Subscriptions", "Subscription", ""), reader),
		clause("basket.all", "A blank Item lists bookings and subscriptions.", doc, pageBasket, 1, "reads the reader's basket", probeAll, reader),
		clause("basket.wrong-item", "An Item other than Bookings, Subscriptions and blank is refused.", reasoned, pageBasket, 1, "sends UserBasket with a wrong Item",
			probeNo(what{"a wrong Item", rawCall(OpUserBasket, noSuchMember, "Contract")})),
		clause("basket.sum", "ItemTotal is ItemValue and ItemTax.", doc, pageBasket, 1, "reads the reader's basket", probeSum, reader, depends("amounts")),
		clause("basket.unknown-contact", "The basket of an unknown contact is empty.", reasoned, "as EmailCheck is documented", 1, "reads the basket of a contact that does not exist", probeNobody),
		clause("basket.client", "The client reads the basket as it is.", doc, pageBasket, 2, "reads the reader's basket with the client", probeClient, reader),
	}
}

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

func probeItem(kind, word string, form paymenttest.Form) probe {
	return func(ctx context.Context, t *paymenttest.Trial) error {
		a, row, err := readerItem(ctx, t, kind)
		if err != nil {
			return err
		}
		if got := textIn(row, "Item"); got != word {
			return t.Differs(a.place("[].Item"), "%q, not %s", got, word)
		}
		if err := wantForm(t, a, []shown{row}, itemForm); err != nil {
			return err
		}
		return wantForm(t, a, []shown{row}, form)
	}
}

func probeAll(ctx context.Context, t *paymenttest.Trial) error {
	a, rows, err := askRows(ctx, t, OpUserBasket, t.Object(ObjectReader), "")
	if err != nil {
		return err
	}
	if len(rows) != 2 || textIn(rows[0], "Item") == textIn(rows[1], "Item") {
		return t.Differs(a.place(""), "%d items, not a booking and a subscription", len(rows))
	}
	return nil
}

func probeSum(ctx context.Context, t *paymenttest.Trial) error {
	a, rows, err := askRows(ctx, t, OpUserBasket, t.Object(ObjectReader), "")
	if err != nil {
		return err
	}
	for _, row := range rows {
		value, ok1 := sumIn(row, "ItemValue")
		tax, ok2 := sumIn(row, "ItemTax")
		total, ok3 := sumIn(row, "ItemTotal")
		if !ok1 || !ok2 || !ok3 {
			return t.NotDecidable("the amounts cannot be read")
		}
		if !value.Add(tax).Equal(total) {
			return t.Differs(a.place("[].ItemTotal"), "not the sum of ItemValue and ItemTax")
		}
	}
	return nil
}

func probeNobody(ctx context.Context, t *paymenttest.Trial) error {
	a, rows, err := askRows(ctx, t, OpUserBasket, noSuchMember, "")
	if err == nil && len(rows) > 0 {
		err = t.Differs(a.place(""), "%d items", len(rows))
	}
	return err
}

// probeClient compares what the client reads with what was written.
func probeClient(ctx context.Context, t *paymenttest.Trial) error {
	a, rows, err := askRows(ctx, t, OpUserBasket, t.Object(ObjectReader), "")
	if err != nil {
		return err
	}
	n := 0
	for item, err := range t.Client().(*rubi.Client).UserBasket(ctx, t.Object(ObjectReader), rubi.AllItems) {
		if err != nil {
			return err
		}
		if n == len(rows) || item.ItemGUID != textIn(rows[n], "ItemGUID") || item.ItemTotalText != textIn(rows[n], "ItemTotal") || !item.Item.Known() {
			return t.Differs(a.place("[]"), "the client reads another item")
		}
		n++
	}
	if _, err := hear(t, t.Last()); err != nil {
		return err
	}
	if n != len(rows) {
		return t.Differs(a.place(""), "the client reads %d items of %d", n, len(rows))
	}
	return nil
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

// rowOf returns the record whose id is in that member, or nil.
func rowOf(rows []shown, member, id string) shown {
	for _, row := range rows {
		if id != "" && strings.EqualFold(textIn(row, member), id) {
			return row
		}
	}
	return nil
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
