package spektrix

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// Order is a confirmed basket, in the fields that clients are observed to
// read.
type Order struct {
	ID                   string         `json:"id"`
	FriendlyID           string         `json:"friendlyId"` // such as "AB12CD"
	Total                payment.Amount `json:"total"`
	FirstTransactionDate Time           `json:"firstTransactionDate"`
	LastTransactionDate  Time           `json:"lastTransactionDate"`
	Tickets              []Ticket       `json:"tickets"`
	Charges              []Charge       `json:"charges"`
	Payments             []OrderPayment `json:"payments"`
	Refunds              []OrderPayment `json:"refunds"`

	// As the vendor writes them.
	Deliveries              []json.RawMessage `json:"deliveries"`
	Donations               []json.RawMessage `json:"donations"`
	GiftVouchers            []json.RawMessage `json:"giftVouchers"`
	MembershipSubscriptions []json.RawMessage `json:"membershipSubscriptions"`
	MerchandiseItems        []json.RawMessage `json:"merchandiseItems"`

	Attributes map[string]json.RawMessage `json:"-"` // the venue's own, without their prefix attribute_
	Raw        json.RawMessage            `json:"-"` // the whole answer
}

// OrderPayment is one payment or refund of an order. Whether the attributes of
// a custom payment are shown is unknown; if so, they stand in Attributes.
type OrderPayment struct {
	Amount     payment.Amount     `json:"amount"`
	Method     PaymentMethod      `json:"method"`
	Attributes []PaymentAttribute `json:"attributes"`
}

// PaymentMethod names how an order was paid: for a custom payment, its type.
type PaymentMethod struct {
	Name string `json:"name"`
}

// Order reads an order: GET orders/{id} (observed).
func (c *Client) Order(ctx context.Context, id string) (*Order, error) {
	req := get("Order", "orders/{id}", id)
	req.Target = id
	return transport.Call(ctx, c.http, req, readOrder)
}

// UnmarshalJSON keeps the raw text and collects the venue's own attributes.
func (o *Order) UnmarshalJSON(data []byte) error {
	type plain Order
	*o = Order{Attributes: attributesOf(data), Raw: bytes.Clone(data)}
	return wire.Unmarshal(data, (*plain)(o))
}

func readOrder(r *transport.Reply) (*Order, error) {
	order, err := transport.JSON[Order](r)
	if err == nil && order.ID == "" {
		err = &wire.DecodeError{Path: "$.id", Reason: "is missing"}
	}
	if err != nil {
		return nil, err
	}
	return &order, nil
}
