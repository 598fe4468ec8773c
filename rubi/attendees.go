package rubi

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/tenderkit/tenderkit/internal/transport"
)

// EventAttendee is one booking of an event. The names and the address are "TBC"
// where Rubi does not know them. Printed, it shows no person.
type EventAttendee struct {
	BID                  string `json:"bid"`         // of the booking: the ItemGUID of a basket item
	AttendeeUID          string `json:"Attendeeuid"` // who attends
	AttendeeFirstName    string
	AttendeeLastName     string
	AttendeeEmailAddress string
	AttendeeJobTitle     string
	BookerUID            string `json:"Bookeruid"` // who booked
	BookerFirstName      string
	BookerLastName       string
	BookerEmailAddress   string
	CID                  string `json:"cid"` // of the company
	PrimaryRecord        string // as written
	BookingStatus        BookingStatus
	Raw                  json.RawMessage `json:"-"` // the record
}

func (e *EventAttendee) complete(_ *settled, raw json.RawMessage) { e.Raw = raw }

// PluginEventAttendees lists the given bookings of an event with their status:
// POST api/PluginEventAttendees (documented; verb inferred: clause
// request.post). eid is the EID of a
// basket item and has at most 50 characters; bids are ItemGUIDs, at least one.
//
// The vendor answers with every attendee of the event. The rows of other
// bookings are dropped, and an error keeps no part of the answer. A booking that
// is not listed has no row. [Active] against [InBasket] shows that a booking was
// confirmed, never that it was paid. Whether bookings in a basket are listed,
// and whether every installation has this call, is unknown: it belongs to the
// Event Plugin. Clause attendees.basket finds out. The call only reads, so it is tried again after a network
// failure.
func (c *Client) PluginEventAttendees(ctx context.Context, eid string, bids ...string) iter.Seq2[EventAttendee, error] {
	return onlyBookings(list[EventAttendee](ctx, c, attendeesCall("PluginEventAttendees", transport.Read, eid, bids)), setOf(bids))
}

func attendeesCall(op string, class transport.Class, eid string, bids []string) call {
	k := call{op: op, method: "PluginEventAttendees", class: class, confidential: true, elements: []element{{field: "eid", value: eid, max: 50}}}
	if k.refused = checkGUIDs("bids", bids); len(bids) == 0 {
		k.refused = invalid("bids", "is empty")
	}
	return k
}

// onlyBookings keeps the rows of the given bookings.
func onlyBookings(rows iter.Seq2[EventAttendee, error], wanted guidSet) iter.Seq2[EventAttendee, error] {
	return func(yield func(EventAttendee, error) bool) {
		for row, err := range rows {
			if (err != nil || wanted.has(row.BID)) && !yield(row, err) {
				return
			}
		}
	}
}
