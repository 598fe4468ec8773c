package spektrixtest

import (
	"encoding/json"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// SetPrice puts tickets on sale, or changes what the coming ones cost.
func (s *Server) SetPrice(p Price) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.prices[[2]string{p.Instance, p.TicketType}] = p
}

// decodeTickets reads an array with at least one ticket. That a ticket needs a
// plan or a seat, and may have only one of them, is inferred.
func decodeTickets(body []byte) (req request, err error) {
	var list []jsontext.Value
	if !utf8.Valid(body) || json.Unmarshal(body, &list) != nil || len(list) == 0 {
		return req, refusal("the body is not a JSON array of tickets")
	}
	for _, raw := range list {
		f := parseFields(raw)
		t := Ticket{
			Instance: f.text("instance"), Type: f.text("type"),
			SeatingPlan: f.optional("seatingPlan"), Seat: f.optional("seat"),
			Attributes: f.Prefixed("attribute_"),
		}
		if (t.SeatingPlan == "") == (t.Seat == "") {
			f.refuse("a ticket needs one of seatingPlan and seat")
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
		p, ok := s.prices[[2]string{t.Instance, t.Type}]
		if !ok {
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

// ticketJSON holds the documented members. Event, band and the names are not
// modelled and stand for a venue that has one of each.
type ticketJSON struct {
	ID         string                    `json:"id"`
	Barcode    string                    `json:"barcode"`
	Delivered  bool                      `json:"delivered"`
	Discount   jsontext.Value            `json:"discount"`
	Price      jsontext.Value            `json:"price"`
	Total      jsontext.Value            `json:"total"`
	PlanID     *string                   `json:"planId"`
	PlanName   string                    `json:"planName"`
	SeatName   string                    `json:"seatName"`
	Offer      *stub                     `json:"offer"`
	Seat       *stub                     `json:"seat"`
	Band       stub                      `json:"band"`
	Event      stub                      `json:"event"`
	Instance   stub                      `json:"instance"`
	Type       stub                      `json:"type"`
	Attributes map[string]jsontext.Value `json:",embed"`
}

func wireTickets(tickets []Ticket) []ticketJSON {
	list := make([]ticketJSON, len(tickets))
	for i, t := range tickets {
		list[i] = ticketJSON{
			ID: t.ID, Discount: number(t.Discount), Price: number(t.Price), Total: number(t.total()),
			Band: stub{"501AB"}, Event: stub{"601AB"}, Instance: stub{t.Instance}, Type: stub{t.Type}, Attributes: t.Attributes,
		}
		if t.Seat != "" {
			list[i].Seat = &stub{t.Seat}
		} else {
			list[i].PlanID = &t.SeatingPlan
		}
	}
	return list
}
