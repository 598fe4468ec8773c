package spektrix

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// Ticket is one ticket of a basket or order (documented). Price is before
// commission and discount, Total after both.
type Ticket struct {
	ID       string         `json:"id"`
	Barcode  string         `json:"barcode"`
	SeatName string         `json:"seatName"`
	PlanID   string         `json:"planId"`
	PlanName string         `json:"planName"`
	Price    payment.Amount `json:"price"`
	Discount payment.Amount `json:"discount"`
	Total    payment.Amount `json:"total"`
	Event    Ref            `json:"event"`
	Instance Ref            `json:"instance"`
	Type     Ref            `json:"type"`
	Band     Ref            `json:"band"`
	Offer    Ref            `json:"offer"`
	Seat     Ref            `json:"seat"`

	Members Members `json:"-"` // all others, the venue's own attributes among them
}

// UnmarshalJSONFrom reads a ticket, or the bare id of one.
func (t *Ticket) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain Ticket
	*t = Ticket{}
	if kind := d.PeekKind(); kind == '"' || kind == '0' {
		return readText(d, &t.ID)
	}
	return readObject(d, (*plain)(t), &t.Members, reading)
}

// NewTicket asks for one ticket (documented). Seat is for a reserved place,
// SeatingPlan for one that is not: never both.
type NewTicket struct {
	Instance    string `json:"instance"` // id of the performance
	Type        string `json:"type"`     // id of the ticket type
	Seat        string `json:"seat,omitempty"`
	SeatingPlan string `json:"seatingPlan,omitempty"`

	Members Members `json:"-"` // any others, such as attribute_<Name>
}

// Body returns the documented JSON that is sent.
func (t NewTicket) Body() ([]byte, error) { return wire.Marshal(t.body()) }

// body is the ticket as it is sent: its own JSON is for logs.
func (t NewTicket) body() any {
	type plain NewTicket
	return &object[plain]{(*plain)(&t), t.Members}
}

// UnmarshalJSONFrom reads what Body returns.
func (t *NewTicket) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain NewTicket
	*t = NewTicket{}
	return readObject(d, (*plain)(t), &t.Members)
}

// AddTickets puts tickets into a basket: POST baskets/{id}/tickets (documented).
// The answer is an array of tickets (documented), or nothing. Another one counts
// only if it shows a ticket or the basket and names no error.
//
// It is a write: after an error that matches [payment.ErrOutcomeUnknown] the
// basket shows whether the tickets are in it.
func (c *Client) AddTickets(ctx context.Context, basketID string, tickets ...NewTicket) error {
	req := write("AddTickets", http.MethodPost, "baskets/{id}/tickets", basketID)
	req.Payload = newTickets(tickets)
	for _, t := range tickets {
		req.Private = t.Members.texts(req.Private)
	}
	_, err := transport.Call(ctx, c.http, req, readTickets)
	return err
}

// AddTicketsJSON is [Client.AddTickets] of a JSON array of objects, which goes
// out byte for byte: for members and spellings that [NewTicket] does not know.
func (c *Client) AddTicketsJSON(ctx context.Context, basketID string, tickets []byte) error {
	private, err := checkTickets(tickets)
	if err != nil {
		return c.http.Refuse("AddTickets", err)
	}
	req := write("AddTickets", http.MethodPost, "baskets/{id}/tickets", basketID)
	req.Body, req.Private = tickets, private
	_, err = transport.Call(ctx, c.http, req, readTickets)
	return err
}

// newTickets is the body of AddTickets.
type newTickets []NewTicket

// MarshalJSONTo writes the documented form.
func (list newTickets) MarshalJSONTo(e *jsontext.Encoder) error {
	return writeArray(e, len(list), func(i int) any { return list[i].body() })
}

// Validate refuses what no basket could take.
func (list newTickets) Validate() error {
	if len(list) == 0 {
		return invalid("tickets", "are none")
	}
	for i, t := range list {
		if field, reason := t.wrong(); reason != "" {
			return invalid(fmt.Sprintf("tickets[%d]%s", i, field), reason)
		}
	}
	return nil
}

func (t NewTicket) wrong() (field, reason string) {
	switch {
	case t.Instance == "":
		return ".Instance", "is empty"
	case t.Type == "":
		return ".Type", "is empty"
	case t.Seat != "" && t.SeatingPlan != "":
		return "", "has both seat and seatingPlan"
	}
	for name, value := range t.Members {
		switch strings.ToLower(name) {
		case "instance", "type", "seat", "seatingplan":
			return ".Members", "hold a member that has a field of its own"
		}
		if !value.IsValid() || !utf8.ValidString(name) {
			return ".Members", "hold a member that is not JSON"
		}
	}
	return "", ""
}

// shownTickets is what is read of the answer to AddTickets that is an object.
type shownTickets struct {
	ID      string `json:"id"` // of a ticket, or of the basket
	Tickets Items  `json:"tickets"`
	Data    Items  `json:"data"` // one collection of the vendor is observed to stand in it

	Members Members `json:"-"`
}

// UnmarshalJSONFrom reads an object.
func (t *shownTickets) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain shownTickets
	return readObject(d, (*plain)(t), &t.Members, reading)
}

func readTickets(r *transport.Reply) (raw jsontext.Value, err error) {
	raw, err = whole(r)
	if err == nil && len(raw) > 0 && !showsTickets(raw) {
		err = &wire.DecodeError{Path: "$", Reason: "shows no ticket, or names an error"}
	}
	return raw, err
}

func showsTickets(raw jsontext.Value) bool {
	switch raw.Kind() {
	case '[':
		var list Items
		return wire.Unmarshal(raw, &list) == nil && list.areThings()
	case '{':
		var shown shownTickets
		err := wire.Unmarshal(raw, &shown)
		list := slices.Concat(shown.Tickets, shown.Data)
		there := len(list) > 0 || shown.Tickets == nil && !wire.NoID(shown.ID)
		return err == nil && there && list.areThings() && !shown.Members.nameAnError()
	}
	return false
}

// checkTickets also returns the personal data: the texts of the members that are
// not ids.
func checkTickets(tickets []byte) (private []string, err error) {
	var list []givenTicket
	switch {
	case !utf8.Valid(tickets):
		return nil, invalid("tickets", "is not valid UTF-8")
	case !isArray(tickets) || wire.Unmarshal(tickets, &list) != nil:
		return nil, invalid("tickets", "is not a JSON array of objects")
	case len(list) == 0:
		return nil, invalid("tickets", "is an empty array")
	}
	for i, t := range list {
		if t.Seat != nil && t.SeatingPlan != nil {
			return nil, invalid(fmt.Sprintf("tickets[%d]", i), "has both seat and seatingPlan")
		}
		private = t.Members.texts(private)
	}
	return private, nil
}

// givenTicket is what is looked at of a ticket in JSON.
type givenTicket struct {
	Instance    any `json:"instance"`
	Type        any `json:"type"`
	Seat        any `json:"seat"`
	SeatingPlan any `json:"seatingPlan"`

	Members Members `json:"-"`
}

// UnmarshalJSONFrom reads an object.
func (t *givenTicket) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain givenTicket
	return readObject(d, (*plain)(t), &t.Members, reading)
}
