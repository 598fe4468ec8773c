package rubitest

import (
	"slices"
	"strconv"
)

// booking is Booking (documented; the form of its answer, each record in a list
// of its own, too). It is not idempotent.
func (s *Server) booking(given []string) reply {
	c, e := s.contact(given[0]), s.event(given[1])
	places, err := strconv.Atoi(given[2])
	switch {
	case c == nil:
		return *badRequest("uid is unknown")
	case e == nil:
		return *badRequest("eid is unknown")
	case err != nil || places <= 0:
		return *badRequest("BookingPlaces is not a number above 0")
	case e.Offline:
		return *badRequest("The event cannot be booked online")
	case e.MembersOnly && !c.Member:
		return *badRequest("The event is for members only")
	case places > e.Places:
		return *badRequest("There are not enough places left")
	}
	e.Places -= places
	return reply{code: codeOK, nested: true, records: s.book(c, e, places)}
}

// book makes an item for each place. The attendees of several places are not
// known yet; one place is the booker's (documented).
func (s *Server) book(c *Contact, e *Event, places int) (records []record) {
	attendee := c.name()
	if places > 1 {
		attendee = "TBC"
	}
	for range places {
		i := s.insert(Item{Kind: KindBooking, UID: c.UID, EID: e.EID, Details: e.Name, Contact: attendee, Value: e.Value, Tax: e.Tax, TaxRate: e.TaxRate})
		records = append(records, record{
			{"BookingGUID", i.GUID}, {"BookingStatus", i.Status}, {"SavingApplied", amount("0.00")}, {"PotentialSaving", amount("0.00")},
		})
	}
	return records
}

// bookingUpdate is BookingUpdate (documented). Of its types only Remove is
// emulated, for bookings in the basket.
func (s *Server) bookingUpdate(given []string) reply {
	if given[2] != "Remove" || !slices.Contains([]string{"True", "true", "1"}, given[3]) {
		return *badRequest("UpdateType or UpdateValues is wrong")
	}
	i, refused := s.removable(given[0], given[1], KindBooking)
	if refused != nil {
		return *refused
	}
	i.Status = StatusCancelled
	if e := s.event(i.EID); e != nil {
		e.Places++
	}
	return boolean(true)
}

// removable finds an item in a basket, or gives the answer that there is none.
func (s *Server) removable(uid, guid, kind string) (*Item, *reply) {
	if s.contact(uid) == nil {
		return nil, badRequest("uid is unknown")
	}
	if i := s.basketItem(uid, guid); i != nil && i.Kind == kind {
		return i, nil
	}
	if s.settings.falseForNone {
		no := boolean(false)
		return nil, &no
	}
	return nil, badRequest("The item is not in the basket")
}

func (s *Server) event(eid string) *Event {
	for _, e := range s.events {
		if same(e.EID, eid) {
			return e
		}
	}
	return nil
}
