package rubi

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
)

// Booking puts places at an event into a contact's basket. The vendor asks to
// look at api/CalendarDetail first: bookable online, places left, members only.
// It prints without the contact.
type Booking struct {
	UID           string // at most 50
	EID           string // id of the event
	BookingPlaces int    // above 0
}

// BookingStatus is the state of a booking, in the vendor's words.
type BookingStatus string

// The documented states. There are more; another one is kept as it is.
const (
	BookingAllowed BookingStatus = "Booking Allowed"
	InBasket       BookingStatus = "In Basket"
	Active         BookingStatus = "Active" // booked, which does not say that it is paid
	Cancelled      BookingStatus = "Cancelled"
)

// Known reports whether s is one of the four documented states.
func (s BookingStatus) Known() bool {
	return s == BookingAllowed || s == InBasket || s == Active || s == Cancelled
}

func (s *BookingStatus) readFrom(d *jsontext.Decoder) error { return readText(d, s) }

// BookedPlaces is the answer to a [Booking].
type BookedPlaces struct {
	Places []BookingPlace // one for each place
}

// BookingPlace is one booked place. With several, the attendees are to be named
// later; a single one is the booker's (documented).
type BookingPlace struct {
	BookingGUID     string          `json:"BookingGUID"` // the later ItemGUID
	BookingStatus   BookingStatus   `json:"BookingStatus"`
	SavingApplied   string          `json:"SavingApplied"`   // as written
	PotentialSaving string          `json:"PotentialSaving"` // as written
	Raw             json.RawMessage `json:"-"`               // the record
}

func (p *BookingPlace) complete(_ *reading, raw json.RawMessage) { p.Raw = raw }

var errPlaces = errors.New("the answer does not hold one BookingGUID for each place")

// Booking books places: POST api/Booking (documented; verb and position of the
// key inferred: clauses request.post and request.key-last). It is a write and
// never sent twice: a second booking would be one more (inferred: clause
// booking.again). An answer without a BookingGUID of its own for each place
// (documented) is an error. After an error that matches
// [payment.ErrOutcomeUnknown], [Client.UserBasket] shows what was booked.
func (c *Client) Booking(ctx context.Context, b Booking) (BookedPlaces, error) {
	return send(ctx, c, b.call(), func(a answer) (BookedPlaces, error) {
		places, err := collect[BookingPlace](ctx, c, a, b.BookingPlaces)
		booked := guidSet{}
		for _, p := range places {
			if !noID(p.BookingGUID) {
				booked[guid(p.BookingGUID)] = true
			}
		}
		if err == nil && (len(places) != b.BookingPlaces || len(booked) != b.BookingPlaces) {
			err = errPlaces
		}
		return BookedPlaces{Places: places}, err
	})
}

func (b Booking) call() call {
	return call{op: "Booking", target: b.UID, elements: []element{
		{field: "Booking.UID", value: b.UID, max: 50, personal: true},
		{field: "Booking.EID", value: b.EID},
		{field: "Booking.BookingPlaces", value: strconv.Itoa(b.BookingPlaces), refused: unless(b.BookingPlaces > 0, "is not above 0")},
	}}
}

// Action is what [Client.Subscription] does.
type Action string

// The actions.
const (
	Add    Action = "Add"    // SSID is a Sale Service ID of api/PortalList "Subscriptions"
	Remove Action = "Remove" // SSID is the ItemGUID of a basket item
)

// Known reports whether a is Add or Remove.
func (a Action) Known() bool { return a == Add || a == Remove }

// Subscription puts a subscription into a contact's basket or takes it out. It
// prints without the contact.
type Subscription struct {
	UID    string // at most 50
	SSID   string // at most 50
	Action Action
}

// Subscription changes the basket: POST api/Subscription (documented; verb and
// position of the key inferred: clauses request.post and request.key-last). It
// is a write and never sent twice. An answer of False (clause
// subscription.remove-unknown) is an error that matches [payment.ErrInvalid].
func (c *Client) Subscription(ctx context.Context, s Subscription) error {
	_, err := send(ctx, c, s.call(), confirmed)
	return err
}

func (s Subscription) call() call {
	return call{op: "Subscription", target: s.UID, elements: []element{
		{field: "Subscription.UID", value: s.UID, max: 50, personal: true},
		{field: "Subscription.SSID", value: s.SSID, max: 50},
		{field: "Subscription.Action", value: string(s.Action), max: 10, refused: unless(s.Action.Known(), "is not Add or Remove")},
	}}
}

// RemoveBooking is the UpdateType that deletes a booking.
const RemoveBooking = "Remove"

// BookingUpdate changes a booking. It prints without the contact.
type BookingUpdate struct {
	UID          string // at most 50
	BookingGUID  string // at most 50; the ItemGUID of a basket item
	UpdateType   string // at most 20: RemoveBooking; the vendor documents three more
	UpdateValues string // as the type asks; "" is "True" for RemoveBooking (inferred: clause booking.remove)
}

// BookingUpdate changes or removes a booking: POST api/BookingUpdate
// (documented; verb and position of the key inferred: clauses request.post and
// request.key-last). It is a write and never sent twice. An answer of False
// (clause booking.remove-unknown) is an error that matches [payment.ErrInvalid].
func (c *Client) BookingUpdate(ctx context.Context, u BookingUpdate) error {
	_, err := send(ctx, c, u.call(), confirmed)
	return err
}

func (u BookingUpdate) call() call {
	if u.UpdateType == RemoveBooking && u.UpdateValues == "" {
		u.UpdateValues = "True"
	}
	return call{op: "BookingUpdate", target: u.UID, elements: []element{
		{field: "BookingUpdate.UID", value: u.UID, max: 50, personal: true},
		{field: "BookingUpdate.BookingGUID", value: u.BookingGUID, max: 50},
		{field: "BookingUpdate.UpdateType", value: u.UpdateType, max: 20},
		{field: "BookingUpdate.UpdateValues", value: u.UpdateValues, personal: u.UpdateType != RemoveBooking},
	}}
}

// EventAttendee is one booking of an event. The names and the address are "TBC"
// where Rubi does not know them. Printed, it shows no person.
type EventAttendee struct {
	BID                  string          `json:"bid"`         // of the booking: the ItemGUID of a basket item
	AttendeeUID          string          `json:"Attendeeuid"` // who attends
	AttendeeFirstName    string          `json:"AttendeeFirstName"`
	AttendeeLastName     string          `json:"AttendeeLastName"`
	AttendeeEmailAddress string          `json:"AttendeeEmailAddress"`
	AttendeeJobTitle     string          `json:"AttendeeJobTitle"`
	BookerUID            string          `json:"Bookeruid"` // who booked
	BookerFirstName      string          `json:"BookerFirstName"`
	BookerLastName       string          `json:"BookerLastName"`
	BookerEmailAddress   string          `json:"BookerEmailAddress"`
	CID                  string          `json:"cid"`           // of the company
	PrimaryRecord        string          `json:"PrimaryRecord"` // as written
	BookingStatus        BookingStatus   `json:"BookingStatus"`
	Raw                  json.RawMessage `json:"-"` // the record
}

func (e *EventAttendee) complete(_ *reading, raw json.RawMessage) { e.Raw = raw }

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
