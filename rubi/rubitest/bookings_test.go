package rubitest

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestBooking(t *testing.T) {
	t.Parallel()
	for form, want := range map[AnswerForm]string{
		AnswerObject: `{"ResponseCode":"200","ResponseMessage":"[[{\"BookingGUID\":\"aaaaaaaa-0000-0000-0000-000000000001\",\"BookingStatus\":\"In Basket\",\"SavingApplied\":\"0.00\",\"PotentialSaving\":\"0.00\"}],` +
			`[{\"BookingGUID\":\"aaaaaaaa-0000-0000-0000-000000000002\",\"BookingStatus\":\"In Basket\",\"SavingApplied\":\"0.00\",\"PotentialSaving\":\"0.00\"}]]"}`,
		AnswerNative: `{"ResponseCode":200,"ResponseMessage":[[{"BookingGUID":"aaaaaaaa-0000-0000-0000-000000000001","BookingStatus":"In Basket","SavingApplied":"0.00","PotentialSaving":"0.00"}],` +
			`[{"BookingGUID":"aaaaaaaa-0000-0000-0000-000000000002","BookingStatus":"In Basket","SavingApplied":"0.00","PotentialSaving":"0.00"}]]}`,
	} {
		s := start(t, WithFacts(Facts{Answer: form}))
		call(t, s, OpBooking, SampleUID, strings.ToUpper(SampleEID), "2").want(t, 200, want)
		if b := s.Basket(SampleUID); len(b) != 2 || b[0].Contact != "TBC" || b[0].Total.String() != "12.00" {
			t.Errorf("basket %+v", b)
		}
	}
}

func TestRefusedBookings(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.AddContact(Contact{UID: "member", Member: true})
	s.AddEvent(Event{EID: "offline", Places: 1, Offline: true})
	s.AddEvent(Event{EID: "members", Places: 1, MembersOnly: true})
	s.AddEvent(Event{EID: "small", Places: 1})
	for _, c := range [][3]string{
		{"unknown", SampleEID, "1"}, {SampleUID, "unknown", "1"}, {SampleUID, "offline", "1"}, {SampleUID, "members", "1"}, {SampleUID, "small", "2"},
		{SampleUID, SampleEID, "0"}, {SampleUID, SampleEID, "-1"}, {SampleUID, SampleEID, "1.0"}, {SampleUID, SampleEID, "one"}, {SampleUID, SampleEID, ""}, {SampleUID, "", "1"}, {SampleUID, SampleEID, "101"},
	} {
		call(t, s, OpBooking, c[0], c[1], c[2]).refused(t, "400")
	}
	call(t, s, OpBooking, "member", "members", "1").accepted(t)
	call(t, s, OpBooking, SampleUID, "small", "1").accepted(t)
	call(t, s, OpBooking, SampleUID, "small", "1").refused(t, "400")
	if n := len(s.Basket(SampleUID)); n != 1 {
		t.Errorf("%d items", n)
	}
}

func TestRemoveBooking(t *testing.T) {
	t.Parallel()
	s := plain(t)
	s.AddEvent(Event{EID: "small", Places: 1})
	call(t, s, OpBooking, SampleUID, "small", "1").accepted(t)
	guid := s.Basket(SampleUID)[0].GUID
	for _, c := range [][4]string{
		{SampleUID, guid, "remove", "True"}, {SampleUID, guid, "SpecialRequests", "True"}, {SampleUID, guid, "Remove", "False"}, {SampleUID, guid, "Remove", ""},
		{SampleUID, "unknown", "Remove", "True"}, {"unknown", guid, "Remove", "True"},
	} {
		call(t, s, OpBookingUpdate, c[0], c[1], c[2], c[3]).refused(t, "400")
	}
	call(t, s, OpBookingUpdate, SampleUID, guid, "Remove", "True").want(t, 200, `{"ResponseCode":200,"ResponseMessage":"True"}`)
	call(t, s, OpBookingUpdate, SampleUID, guid, "Remove", "True").refused(t, "400")
	call(t, s, OpBooking, SampleUID, "small", "1").accepted(t) // the place is free again
}

func TestSubscription(t *testing.T) {
	t.Parallel()
	s := filled(t)
	booking, guid := s.Basket(SampleUID)[0].GUID, s.Basket(SampleUID)[1].GUID
	for _, c := range [][3]string{
		{SampleUID, SampleSSID, "add"}, {SampleUID, "unknown", "Add"}, {"unknown", SampleSSID, "Add"}, {SampleUID, SampleSSID, ""}, {SampleUID, SampleSSID, "Remove"},
		{SampleUID, booking, "Remove"}, {"unknown", guid, "Remove"},
	} {
		call(t, s, OpSubscription, c[0], c[1], c[2]).refused(t, "400")
	}
	call(t, s, OpSubscription, SampleUID, strings.ToUpper(guid), "Remove").accepted(t)
	call(t, s, OpUserBasket, SampleUID, "").want(t, 200, records(bookingRecord))
}

func TestEmailCheckAndLogin(t *testing.T) {
	t.Parallel()
	s := plain(t)
	call(t, s, OpEmailCheck, "JO@example.org").want(t, 200, records(`{"uid":"`+SampleUID+`","Company":"","LoginVerified":"True","LoginTokenVal":"token-1","LoginTokenID":"1"}`))
	call(t, s, OpEmailCheck, "nobody@example.org").want(t, 200, records())
	call(t, s, OpEmailCheck, "").refused(t, "400")
	password := base64.StdEncoding.EncodeToString([]byte("open sesame"))
	if _, got := call(t, s, OpLogin, "jo@example.org", password).envelope(t); !strings.HasPrefix(got, `[{"uid":"`+SampleUID+`"`) {
		t.Errorf("login %s", got)
	}
	call(t, s, OpLogin, "jo@example.org", base64.StdEncoding.EncodeToString([]byte("wrong"))).want(t, 200, records())
	call(t, s, OpLogin, "nobody@example.org", password).want(t, 200, records())
	call(t, s, OpLogin, "jo@example.org", "not base64!").refused(t, "400")
}
