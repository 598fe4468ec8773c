package rubitest

import (
	"encoding/base64"
	"fmt"
	"strings"
)

const toBeConfirmed = "TBC" // the documented word for an attendee who is not known

func (c *Contact) name() string { return strings.TrimSpace(c.FirstName + " " + c.LastName) }

// emailCheck is EmailCheck (documented): an empty list says that the address
// is not known. Each call makes a token (inferred).
func (s *Server) emailCheck(given []string) reply {
	c := s.ledger.contactByEmail(given[0])
	if c == nil {
		return ok()
	}
	s.tokens++
	return ok(record{{"uid", c.UID}, {"Company", c.Company}, {"LoginVerified", "True"},
		{"LoginTokenVal", fmt.Sprint("token-", s.tokens)}, {"LoginTokenID", fmt.Sprint(s.tokens)}})
}

// login is Login (documented): the password is Base64 text. A wrong one gets
// an empty list (inferred).
func (s *Server) login(given []string) reply {
	password, err := base64.StdEncoding.DecodeString(given[1])
	if err != nil {
		return *badRequest("password is not Base64 text")
	}
	c := s.ledger.contactByEmail(given[0])
	if c == nil || c.Password != string(password) {
		return ok()
	}
	return ok(record{{"uid", c.UID}, {"EmailAddress", c.EmailAddress}, {"FirstName", c.FirstName}, {"LastName", c.LastName},
		{"KnownAs", c.FirstName}, {"Company", c.Company}, {"WebAdmin", "False"}, {"LoginVerified", "True"},
		{"ConsentReceived", "True"}, {"UserStatus", "Active"}, {"AllowLogin", "True"}, {"ValidationVal", ""}, {"ValidationID", ""}})
}

// portalList is PortalList. Its name and ListValue are documented; its elements
// are inferred. A list that does not exist is empty (inferred).
func (s *Server) portalList(given []string) reply {
	var records []record
	for _, value := range s.ledger.lists[given[0]] {
		records = append(records, record{{"ListValue", value}})
	}
	return ok(records...)
}

// pluginEventAttendees is PluginEventAttendees (documented). An event without
// bookings, or an unknown one, has an empty list (inferred).
func (s *Server) pluginEventAttendees(given []string) reply {
	var records []record
	for _, i := range s.ledger.byEvent[fold(given[0])] {
		if i.Status != StatusInBasket || s.settings.facts.Attendees == AttendeesAll {
			records = append(records, s.attendee(i))
		}
	}
	return ok(records...)
}

func (s *Server) attendee(i *Item) record {
	booker := Contact{UID: i.UID}
	if c := s.ledger.contact(i.UID); c != nil {
		booker = *c
	}
	who := booker
	if i.Contact == toBeConfirmed {
		who = Contact{FirstName: toBeConfirmed, LastName: toBeConfirmed, EmailAddress: toBeConfirmed}
	}
	return record{
		{"bid", i.GUID}, {"Attendeeuid", who.UID}, {"AttendeeFirstName", who.FirstName}, {"AttendeeLastName", who.LastName},
		{"AttendeeEmailAddress", who.EmailAddress}, {"AttendeeJobTitle", ""}, {"Bookeruid", booker.UID}, {"BookerFirstName", booker.FirstName},
		{"BookerLastName", booker.LastName}, {"BookerEmailAddress", booker.EmailAddress}, {"cid", ""}, {"PrimaryRecord", "True"}, {"BookingStatus", i.Status},
	}
}
