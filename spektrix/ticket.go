package spektrix

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// Ticket is one ticket of a basket or order (observed). Total is what is paid:
// Total and Discount add up to the original price.
type Ticket struct {
	ID       string         `json:"id"`
	Barcode  string         `json:"barcode"`
	SeatName string         `json:"seatName"`
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

	Attributes map[string]json.RawMessage `json:"-"` // the venue's own, without their prefix attribute_
	Raw        json.RawMessage            `json:"-"`
}

// UnmarshalJSON keeps the raw text and collects the venue's own attributes.
func (t *Ticket) UnmarshalJSON(data []byte) error {
	type plain Ticket
	*t = Ticket{Attributes: attributesOf(data), Raw: bytes.Clone(data)}
	return wire.Unmarshal(data, (*plain)(t))
}

// attributesOf collects the members named attribute_<Name>. What is no object
// has none.
func attributesOf(data []byte) map[string]json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) != nil {
		return nil
	}
	var attributes map[string]json.RawMessage
	for key, value := range members {
		name, ours := strings.CutPrefix(key, "attribute_")
		if !ours {
			continue
		}
		if attributes == nil {
			attributes = make(map[string]json.RawMessage)
		}
		attributes[name] = value
	}
	return attributes
}

// AddTickets puts tickets into a basket: POST baskets/{id}/tickets (observed).
// The list goes out byte for byte, such as
//
//	[{"instance":"…","type":"…","seatingPlan":"…"}]
//
// for a place that is not reserved, with "seat" in place of "seatingPlan" for
// one that is. Nothing is read from the answer.
//
// It is a write: after an error that matches [payment.ErrOutcomeUnknown] the
// basket shows whether the tickets are in it.
func (c *Client) AddTickets(ctx context.Context, basketID string, tickets json.RawMessage) error {
	if err := checkTickets(tickets); err != nil {
		return c.http.Refuse("AddTickets", err)
	}
	req := write("AddTickets", http.MethodPost, "baskets/{id}/tickets", basketID)
	req.Body = tickets
	_, err := transport.Call(ctx, c.http, req, transport.Ignore)
	return err
}

func checkTickets(tickets json.RawMessage) error {
	var list []struct {
		Seat        any `json:"seat"`
		SeatingPlan any `json:"seatingPlan"`
	}
	err := checkText("tickets", string(tickets))
	switch {
	case err != nil:
		return err
	case json.Unmarshal(tickets, &list) != nil:
		return invalid("tickets", "is not a JSON array of objects")
	case len(list) == 0:
		return invalid("tickets", "is an empty array")
	}
	for i, t := range list {
		if t.Seat != nil && t.SeatingPlan != nil {
			return invalid(fmt.Sprintf("tickets[%d]", i), "has both seat and seatingPlan")
		}
	}
	return nil
}
