package spektrixtest

import (
	"encoding/json"
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
)

// Basket is a basket as the emulator keeps it.
type Basket struct {
	ID               string
	Hash             string // another one after every change
	CustomerID       string
	DeliveryType     int // 1 = collect at venue, 3 = agent; 0 = none chosen
	CommissionWaived bool
	Tickets          []Ticket
	Payments         []Payment
	Total            payment.Amount // what the payments have to add up to
	Confirmed        bool

	revision int
	order    int // index of the first order, once confirmed
}

// AddBasket stores a basket as if another program had filled it, and gives its
// id. Its id, hash, total and ticket ids are assigned, and it is not confirmed;
// prices are taken as they stand in the tickets.
func (s *Server) AddBasket(b Basket) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	b = b.clone()
	b.ID, b.Confirmed = s.newID(), false
	for i := range b.Tickets {
		b.Tickets[i].ID = s.newID()
	}
	s.keep(&b)
	return b.ID
}

func (b Basket) clone() Basket {
	b.Tickets = cloneAll(b.Tickets, Ticket.clone)
	b.Payments = cloneAll(b.Payments, Payment.clone)
	return b
}

// keep stores a new basket.
func (s *Server) keep(b *Basket) {
	s.touch(b)
	s.baskets = append(s.baskets, b)
	s.basketIDs[b.ID] = b
}

// touch follows every change of a basket.
func (s *Server) touch(b *Basket) {
	b.revision++
	b.Hash = letters(fmt.Sprint(b.ID, b.revision), 24)
	b.Total = b.items()
	if !s.settings.commissionExcluded {
		b.Total = b.Total.Add(s.commissionDue(b))
	}
}

func (b *Basket) items() payment.Amount {
	sum := zero()
	for _, t := range b.Tickets {
		sum = sum.Add(t.total())
	}
	return sum
}

// commissionDue is nothing for an empty basket.
func (s *Server) commissionDue(b *Basket) payment.Amount {
	if b.CommissionWaived || len(b.Tickets) == 0 {
		return zero()
	}
	return s.settings.commission
}

func (b *Basket) paid() payment.Amount {
	sum := zero()
	for _, p := range b.Payments {
		sum = sum.Add(p.counts())
	}
	return sum
}

// basketKnown includes confirmed ones; basketExists may not.
func (s *Server) basketKnown(id string) bool { return s.basketIDs[id] != nil }

func (s *Server) basketExists(id string) bool {
	b := s.basketIDs[id]
	return b != nil && (!b.Confirmed || s.settings.confirmedReadable)
}

// open gives a basket that can still be changed.
func (s *Server) open(id string) (*Basket, *reply) {
	b := s.basketIDs[id]
	if b.Confirmed {
		refused := invalid(refusal("the basket is confirmed"))
		return nil, &refused
	}
	return b, nil
}

// basketChange is what a creation or an update asks for; nil is not asked for.
type basketChange struct {
	customer *string
	delivery *int
	waive    *bool
}

// decodeCreation reads what a new basket starts with. No body at all is an
// empty basket; {} is one too.
func decodeCreation(body []byte) (request, error) {
	if len(body) == 0 {
		return request{}, nil
	}
	return decodeUpdate(body)
}

func decodeUpdate(body []byte) (req request, err error) {
	f := parseFields(body)
	if customer := f.optional("customer"); customer != "" {
		req.change.customer = &customer
	}
	var waive bool
	if f.take("waiveTransactionCommission", &waive) {
		req.change.waive = &waive
	}
	var raw json.RawMessage
	if f.take("ticketDelivery", &raw) {
		delivery, err := decodeDelivery(raw)
		if err != nil {
			return req, err
		}
		req.change.delivery = &delivery
	}
	return req, f.end()
}

// decodeDelivery knows the two types that have been observed. What stands in
// an address is not looked at.
func decodeDelivery(raw json.RawMessage) (kind int, err error) {
	f := parseFields(raw)
	var address map[string]json.RawMessage
	f.take("address", &address)
	if f.take("type", &kind); kind != 1 && kind != 3 {
		f.refuse(refusal("ticketDelivery.type is not 1 or 3"))
	}
	return kind, f.end()
}

func (c basketChange) apply(b *Basket) {
	if c.customer != nil {
		b.CustomerID = *c.customer
	}
	if c.delivery != nil {
		b.DeliveryType = *c.delivery
	}
	if c.waive != nil {
		b.CommissionWaived = *c.waive
	}
}

func (s *Server) createBasket(_ string, req request) reply {
	b := &Basket{ID: s.newID()}
	req.change.apply(b)
	s.keep(b)
	return success(s.wireBasket(b))
}

// updateBasket serves PATCH and POST, and gives the updated basket.
func (s *Server) updateBasket(id string, req request) reply {
	b, refused := s.open(id)
	if refused != nil {
		return *refused
	}
	req.change.apply(b)
	s.touch(b)
	return success(s.wireBasket(b))
}

func (s *Server) readBasket(id string, _ request) reply {
	return success(s.wireBasket(s.basketIDs[id]))
}
