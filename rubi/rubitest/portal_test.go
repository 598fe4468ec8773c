package rubitest

import (
	"strings"
	"testing"
)

func TestPluginEventAttendees(t *testing.T) {
	t.Parallel()
	for form, want := range map[Attendees]int{AttendeesAll: 3, AttendeesBooked: 1} {
		s, guids := booked(t, 2, WithFacts(Facts{Attendees: form}))
		call(t, s, OpBooking, SampleUID, SampleEID, "1").accepted(t)
		pay(t, s, "Invoice", guids[0]).accepted(t)
		_, got := call(t, s, OpPluginEventAttendees, strings.ToUpper(SampleEID)).envelope(t)
		if n := strings.Count(got, `"bid"`); n != want {
			t.Errorf("%d rows: %s", n, got)
		}
		row := `{"bid":"` + guids[0] + `","Attendeeuid":"","AttendeeFirstName":"TBC","AttendeeLastName":"TBC","AttendeeEmailAddress":"TBC","AttendeeJobTitle":"",` +
			`"Bookeruid":"` + SampleUID + `","BookerFirstName":"Jo","BookerLastName":"Example","BookerEmailAddress":"jo@example.org","cid":"","PrimaryRecord":"True","BookingStatus":"Active"}`
		if !strings.Contains(got, row) {
			t.Errorf("no row %s in %s", row, got)
		}
		call(t, s, OpPluginEventAttendees, "unknown").want(t, 200, records())
		call(t, s, OpPluginEventAttendees, "").refused(t, "400")
	}
	absent := start(t, WithFacts(Facts{Attendees: AttendeesAbsent}))
	if got := call(t, absent, OpPluginEventAttendees, SampleEID); got.status != 404 || absent.Count(OpUnknown) != 1 {
		t.Errorf("answer %d", got.status)
	}
}

func TestPortalList(t *testing.T) {
	t.Parallel()
	s := plain(t)
	s.AddListValue("County", "Moray")
	call(t, s, OpPortalList, "County").want(t, 200, records(`{"ListValue":"Kent"}`, `{"ListValue":"West Yorkshire"}`, `{"ListValue":"Moray"}`))
	call(t, s, OpPortalList, "Subscriptions").want(t, 200, records(`{"ListValue":"`+SampleSSID+`"}`))
	call(t, s, OpPortalList, "Nothing").want(t, 200, records())
	call(t, s, OpPortalList, " ").refused(t, "400")
}
