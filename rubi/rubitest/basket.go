package rubitest

import (
	"slices"
	"strconv"
	"strings"
)

// userBasket is UserBasket (documented). An unknown contact has an empty
// basket (inferred from what EmailCheck is documented to do).
func (s *Server) userBasket(given []string) reply {
	uid, kind := given[0], ""
	switch given[1] {
	case "Bookings", "Subscriptions":
		kind = strings.TrimSuffix(given[1], "s")
	case "":
	default:
		return *badRequest("Item is wrong")
	}
	var records []record
	for _, i := range s.ledger.items[fold(uid)] {
		if i.Status == StatusInBasket && (kind == "" || i.Kind == kind) {
			records = append(records, s.settings.facts.basketRecord(i))
		}
	}
	return ok(records...)
}

func (f Facts) basketRecord(i *Item) record {
	r := record{
		{"ItemGUID", i.GUID}, {"Item", i.Kind}, {f.details("ItemDetails"), i.Details}, {"ItemContact", i.Contact},
		{"ItemValue", i.Value}, {"ItemTax", i.Tax}, {"ItemTaxRate", i.TaxRate}, {"ItemTotal", i.Total},
	}
	if i.Kind != KindBooking {
		return r
	}
	return append(r, record{
		{"ItemSaving", amount("0.00")}, {"ItemPotentialSaving", amount("0.00")}, {"ItemRateType", "Standard"},
		{"ItemInfo1", ""}, {"ItemInfo2", ""}, {"eid", i.EID},
		{"NamedGuestOrg", ""}, {"NamedGuestName", ""}, {"NamedGuestEmail", ""},
	}...)
}

// booking is Booking (documented; the form of its answer, each record in a list
// of its own, too). It is not idempotent.
func (s *Server) booking(given []string) reply {
	c, e := s.ledger.contact(given[0]), s.ledger.event(given[1])
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
		attendee = toBeConfirmed
	}
	for range places {
		i := s.ledger.insert(Item{Kind: KindBooking, UID: c.UID, EID: e.EID, Details: e.Name, Contact: attendee, Value: e.Value, Tax: e.Tax, TaxRate: e.TaxRate})
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
	if e := s.ledger.event(i.EID); e != nil {
		e.Places++
	}
	return boolean(true)
}

// subscription is Subscription (documented): Add takes a sale service, Remove
// the ItemGUID of a basket.
func (s *Server) subscription(given []string) reply {
	switch uid, id := given[0], given[1]; given[2] {
	case "Add":
		return s.subscribe(uid, id)
	case "Remove":
		i, refused := s.removable(uid, id, KindSubscription)
		if refused != nil {
			return *refused
		}
		i.Status = StatusCancelled
		return boolean(true)
	}
	return *badRequest("action is wrong")
}

func (s *Server) subscribe(uid, ssid string) reply {
	c := s.ledger.contact(uid)
	if c == nil {
		return *badRequest("uid is unknown")
	}
	for _, v := range s.ledger.services {
		if fold(v.SSID) == fold(ssid) {
			s.ledger.insert(Item{Kind: KindSubscription, UID: c.UID, Details: v.Name, Contact: c.name(), Value: v.Value, Tax: v.Tax, TaxRate: v.TaxRate})
			return boolean(true)
		}
	}
	return *badRequest("ssid is unknown")
}

// removable returns an item in a basket, or the answer that it is not there.
func (s *Server) removable(uid, guid, kind string) (*Item, *reply) {
	if s.ledger.contact(uid) == nil {
		return nil, badRequest("uid is unknown")
	}
	if i := s.ledger.basketItem(uid, guid); i != nil && i.Kind == kind {
		return i, nil
	}
	if s.settings.facts.FalseForUnknownItems {
		no := boolean(false)
		return nil, &no
	}
	return nil, badRequest("The item is not in the basket")
}
