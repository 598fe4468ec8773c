package rubi_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

// attended books two places for the sample contact and one for somebody else.
func attended(t *testing.T, f rubitest.Facts) (*rubitest.Server, *rubi.Client, []string) {
	t.Helper()
	server, client := emulated(t, rubitest.WithFacts(f))
	server.AddContact(rubitest.Contact{UID: "other", EmailAddress: "al@example.org", FirstName: "Al"})
	var guids []string
	for _, who := range []string{uid, uid, "other"} {
		places, err := client.Booking(t.Context(), rubi.Booking{UID: who, EID: rubitest.SampleEID, BookingPlaces: 1})
		if err != nil {
			t.Fatal(err)
		}
		guids = append(guids, places.Places[0].BookingGUID)
	}
	return server, client, guids
}

func TestOnlyTheRowsAskedFor(t *testing.T) {
	t.Parallel()
	_, client, guids := attended(t, rubitest.Facts{})
	r := bookings(t, "12.00", rubi.Invoice)
	r.Payment.PaymentItems = guids[:1]
	if _, err := client.Checkout(t.Context(), r, fresh()...); err != nil {
		t.Fatal(err)
	}
	rows, err := all(client.PluginEventAttendees(t.Context(), strings.ToUpper(rubitest.SampleEID), strings.ToUpper(guids[0]), guids[1]))
	if err != nil || len(rows) != 2 || rows[0].BID != guids[0] || rows[0].BookingStatus != rubi.Active || rows[1].BookingStatus != rubi.InBasket {
		t.Fatalf("%v, %v", rows, err)
	}
	if rows[0].AttendeeUID != uid || rows[0].BookerFirstName != "Jo" || rows[0].AttendeeEmailAddress != "jo@example.org" || !strings.Contains(string(rows[0].Raw), "Attendeeuid") {
		t.Errorf("row %#v", struct{ rubi.EventAttendee }{rows[0]})
	}
	if rows, err := all(client.PluginEventAttendees(t.Context(), rubitest.SampleEID, "not listed")); err != nil || len(rows) != 0 {
		t.Errorf("%v, %v", rows, err)
	}
	if _, err := all(client.PluginEventAttendees(t.Context(), rubitest.SampleEID)); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("everybody: %v", err)
	}
}

func TestAttendeesOfOtherInstallations(t *testing.T) {
	t.Parallel()
	_, client, guids := attended(t, rubitest.Facts{Attendees: rubitest.AttendeesBooked})
	if rows, err := all(client.PluginEventAttendees(t.Context(), rubitest.SampleEID, guids...)); err != nil || len(rows) != 0 {
		t.Errorf("%v, %v", rows, err)
	}
	_, client, guids = attended(t, rubitest.Facts{Attendees: rubitest.AttendeesAbsent})
	if _, err := all(client.PluginEventAttendees(t.Context(), rubitest.SampleEID, guids...)); !errors.Is(err, payment.ErrNotFound) {
		t.Errorf("an installation without the call: %v", err)
	}
}

// An answer that cannot be read says something about people who were not asked
// for: the error keeps none of it.
func TestErrorsKeepNoAttendee(t *testing.T) {
	t.Parallel()
	server, client, guids := attended(t, rubitest.Facts{})
	for _, body := range []string{
		`{"ResponseCode":200,"ResponseMessage":[{"bid":"b","AttendeeLastName":"Secret"},{"bid":["Secret"]}]}`,
		`{"ResponseCode":400,"ResponseMessage":"no"}, Secret`, `Secret`,
	} {
		on(server, rubitest.OpPluginEventAttendees, paymenttest.Answer(200, "application/json", body, false))
		rows, err := all(client.PluginEventAttendees(t.Context(), rubitest.SampleEID, guids...))
		var e *payment.Error
		if !errors.As(err, &e) || !errors.Is(err, payment.ErrProtocol) || e.Body != nil || strings.Contains(err.Error(), "Secret") || len(rows) != 0 {
			t.Errorf("%v, %v", rows, err)
		}
	}
}

func TestPortalLists(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, rubitest.WithFacts(rubitest.Facts{ListsChecked: true}))
	server.AddListValue("County", "Moray")
	for name, want := range map[rubi.Portal]string{rubi.Counties: "Kent West Yorkshire Moray", rubi.Countries: "Ireland United Kingdom", rubi.SubscriptionServices: rubitest.SampleSSID, "None": ""} {
		var values []string
		list, err := all(client.PortalList(t.Context(), name))
		for _, v := range list {
			values = append(values, v.ListValue)
		}
		if got := strings.Join(values, " "); err != nil || got != want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	if _, err := all(client.PortalList(t.Context(), " ")); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("no name: %v", err)
	}
	r := bookings(t, "1.00", rubi.Invoice)
	fill(t, server, "1.00")
	r.Payment.County = "Yorkshire"
	if _, err := client.Checkout(t.Context(), r, fresh()...); !errors.Is(err, payment.ErrInvalid) || len(server.Transactions()) != 0 {
		t.Errorf("a county that is not listed: %v", err)
	}
}
