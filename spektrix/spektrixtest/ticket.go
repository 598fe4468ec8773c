package spektrixtest

import (
	"encoding/json"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/tenderkit/tenderkit/payment"
)

// Price is what a ticket of a type costs for an instance of an event.
type Price struct {
	Instance   string
	TicketType string
	Price      payment.Amount // before discount; 0 if not set
	Discount   payment.Amount // 0 if not set
}

// Ticket is a ticket in a basket or an order.
type Ticket struct {
	ID          string
	Instance    string
	Type        string
	SeatingPlan string // empty for a ticket with a seat
	Seat        string // empty for unreserved seating
	Price       payment.Amount
	Discount    payment.Amount
	Attributes  map[string]json.RawMessage // by the whole key: attribute_<Name>
}

// SetPrice puts tickets on sale, or changes what the coming ones cost.
func (s *Server) SetPrice(p Price) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.price(p.Instance, p.TicketType); old != nil {
		*old = p
		return
	}
	s.prices = append(s.prices, p)
}

// price finds a price. The pointer is good while the lock is held.
func (s *Server) price(instance, ticketType string) *Price {
	i := slices.IndexFunc(s.prices, func(p Price) bool {
		return p.Instance == instance && p.TicketType == ticketType
	})
	if i < 0 {
		return nil
	}
	return &s.prices[i]
}

func (t Ticket) total() payment.Amount { return orZero(t.Price).Sub(orZero(t.Discount)) }

func (t Ticket) clone() Ticket {
	t.Attributes = maps.Clone(t.Attributes)
	return t
}

// decodeTickets reads an array with at least one ticket. That a ticket needs a
// plan or a seat, and may have only one of them, is inferred.
func decodeTickets(body []byte) (req request, err error) {
	var list []json.RawMessage
	if !utf8.Valid(body) || json.Unmarshal(body, &list) != nil || len(list) == 0 {
		return req, refusal("the body is not a JSON array of tickets")
	}
	for _, raw := range list {
		f := parseFields(raw)
		t := Ticket{
			Instance: f.text("instance"), Type: f.text("type"),
			SeatingPlan: f.optional("seatingPlan"), Seat: f.optional("seat"),
			Attributes: f.attributes(),
		}
		if (t.SeatingPlan == "") == (t.Seat == "") {
			f.refuse(refusal("a ticket needs one of seatingPlan and seat"))
		}
		if err := f.end(); err != nil {
			return req, err
		}
		req.tickets = append(req.tickets, t)
	}
	return req, nil
}

// addTickets puts all tickets into the basket, or none.
func (s *Server) addTickets(id string, req request) reply {
	b, refused := s.open(id)
	if refused != nil {
		return *refused
	}
	for i := range req.tickets {
		t := &req.tickets[i]
		p := s.price(t.Instance, t.Type)
		if p == nil {
			return invalid(refusal("no such ticket is on sale"))
		}
		t.Price, t.Discount = p.Price, p.Discount
	}
	for i := range req.tickets {
		req.tickets[i].ID = s.newID()
	}
	b.Tickets = append(b.Tickets, req.tickets...)
	s.touch(b)
	return success(wireTickets(req.tickets))
}

type stub struct {
	ID string `json:"id"`
}

func wireTickets(tickets []Ticket) []map[string]any {
	list := make([]map[string]any, len(tickets))
	for i, t := range tickets {
		list[i] = t.wire()
	}
	return list
}

// wire shows the observed fields. Event, band and the names are not modelled
// and stand for a venue that has one of each.
func (t Ticket) wire() map[string]any {
	out := map[string]any{
		"id": t.ID, "barcode": "", "delivered": false,
		"discount": number(t.Discount), "price": number(t.Price), "total": number(t.total()),
		"planId": nil, "planName": "", "seatName": "", "offer": nil, "seat": nil,
		"band": stub{"501AB"}, "event": stub{"601AB"},
		"instance": stub{t.Instance}, "type": stub{t.Type},
	}
	if t.Seat != "" {
		out["seat"] = stub{t.Seat}
	} else {
		out["planId"] = t.SeatingPlan
	}
	for name, value := range t.Attributes {
		out[name] = value
	}
	return out
}
