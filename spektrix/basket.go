package spektrix

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// Basket is a sale that is not complete yet. Its members are documented in
// part; Total, tickets, charges and the parts of the commission are observed in
// the web mode of the API and inferred to be the same here (clause basket.read).
type Basket struct {
	ID                    string                `json:"id"`
	Customer              Ref                   `json:"customer"`
	Total                 payment.Amount        `json:"total"` // what the payments have to add up to; whether a payment moves it is unknown (clauses basket.total-after-payment and confirm.type-commission)
	TotalDiscount         payment.Amount        `json:"totalDiscount"`
	Hash                  string                `json:"hash"` // changes with every change of the basket
	TransactionCommission TransactionCommission `json:"transactionCommission"`
	Tickets               []Ticket              `json:"tickets"`
	Charges               []Charge              `json:"charges"`
	CustomPayments        []CustomPayment       `json:"customPayments"` // whether a basket shows them in full is unknown (clause basket.payments); see Client.CustomPayments

	Donations               Items `json:"donations"`
	GiftVouchers            Items `json:"giftVouchers"`
	MembershipSubscriptions Items `json:"membershipSubscriptions"`
	MerchandiseItems        Items `json:"merchandiseItems"`
	TicketSubscriptions     Items `json:"ticketSubscriptions"`

	Members Members        `json:"-"` // all others, the venue's own attributes among them
	Raw     jsontext.Value `json:"-"` // the whole answer
}

// TransactionCommission is what the venue charges for the sale. Whether a
// basket's total contains it is unknown (clause basket.read).
type TransactionCommission struct {
	Amount payment.Amount `json:"amount"`
	Waived bool           `json:"waived"`
}

// Charge is an extra of a basket or order. Both spellings are observed: name
// and amount, description and total.
type Charge struct {
	Name        string         `json:"name"`
	Description string         `json:"description"`
	Amount      payment.Amount `json:"amount"`
	Total       payment.Amount `json:"total"`
}

// Empty reports that nothing is in the basket: no item of a known kind, and no
// total above 0.
func (b Basket) Empty() bool {
	items := len(b.Tickets) + len(b.Donations) + len(b.GiftVouchers) + len(b.MembershipSubscriptions) +
		len(b.MerchandiseItems) + len(b.TicketSubscriptions)
	return items == 0 && b.Total.Sign() <= 0
}

// fallen reports whether the basket's total is less than its tickets cost, which
// shows that this vendor subtracts what was paid. Whether it does is unknown
// (clause basket.total-after-payment).
func (b Basket) fallen() bool {
	cost, _ := payment.ParseAmount("0")
	for _, t := range b.Tickets {
		cost = cost.Add(t.Total)
	}
	return b.Total.IsSet() && cost.Cmp(b.Total) > 0
}

// NewBasket says how a basket begins. The zero value is a basket without
// customer, which the vendor's limit of one basket a customer leaves alone.
type NewBasket struct {
	CustomerID                 string         `json:"customer,omitempty"`
	TicketDelivery             TicketDelivery `json:"ticketDelivery,omitzero"`             // needed to confirm a basket with tickets (observed)
	WaiveTransactionCommission bool           `json:"WaiveTransactionCommission,omitzero"` // documented
}

// Body returns the documented JSON that is sent.
func (n NewBasket) Body() ([]byte, error) { return wire.Marshal(basketBody{n}) }

// basketBody is a basket as it is sent: its own JSON is for logs.
type basketBody struct{ NewBasket }

// MarshalJSONTo writes the documented form.
func (b basketBody) MarshalJSONTo(e *jsontext.Encoder) error {
	type plain NewBasket
	return json.MarshalEncode(e, (*plain)(&b.NewBasket), delivering)
}

var delivering = json.WithMarshalers(json.MarshalToFunc(func(e *jsontext.Encoder, d TicketDelivery) error {
	type plain TicketDelivery
	return json.MarshalEncode(e, (*plain)(&d))
}))

// TicketDelivery says how tickets reach the customer.
type TicketDelivery struct {
	Type    DeliveryType   `json:"type"`
	Address jsontext.Value `json:"address,omitempty"` // a JSON object, passed on as it is
}

// IsZero reports that no delivery is given.
func (d TicketDelivery) IsZero() bool { return d.Type == 0 && len(d.Address) == 0 }

// DeliveryType is the vendor's number of a way of delivery.
type DeliveryType int

// The observed ways of delivery.
const (
	CollectAtVenue DeliveryType = 1
	AgentDelivery  DeliveryType = 3
)

// Known reports whether t is one of the observed ways.
func (t DeliveryType) Known() bool { return t == CollectAtVenue || t == AgentDelivery }

// Validate refuses what no basket could begin with.
func (n NewBasket) Validate() error {
	if n.CustomerID != "" {
		if err := transport.CheckSegment("NewBasket.CustomerID", n.CustomerID); err != nil {
			return err
		}
	}
	d := n.TicketDelivery
	switch {
	case d.Type < 0 || d.Type == 0 && !d.IsZero():
		return invalid("NewBasket.TicketDelivery.Type", "is not positive")
	case len(d.Address) > 0 && (d.Address.Kind() != '{' || !d.Address.IsValid() || !utf8.Valid(d.Address)):
		return invalid("NewBasket.TicketDelivery.Address", "is not a JSON object")
	}
	return nil
}

// CreateBasket begins a basket: POST baskets (documented).
//
// It is a write. After an error that matches [payment.ErrOutcomeUnknown] an
// empty basket may have been left behind, which does no harm unless it has a
// customer.
func (c *Client) CreateBasket(ctx context.Context, n NewBasket) (Basket, error) {
	return transport.Call(ctx, c.http, transport.Request{
		Op: "CreateBasket", Class: transport.Write, Method: http.MethodPost, Path: "baskets", Payload: basketBody{n},
		Private: wire.Texts([]string{n.CustomerID}, []byte(n.TicketDelivery.Address)),
	}, readBasket)
}

// Basket reads a basket: GET baskets/{id} (observed). The error matches
// [payment.ErrNotFound] for a basket that is not there; whether a confirmed
// one still is, is unknown (clause after.basket).
func (c *Client) Basket(ctx context.Context, id string) (Basket, error) {
	return transport.Call(ctx, c.http, read("Basket", "baskets/{id}", id), readBasket)
}

// basketNow is Basket for who concludes from it: another basket is an error.
func (c *Client) basketNow(ctx context.Context, id string) (Basket, error) {
	return transport.Call(ctx, c.http, look("Basket", "baskets/{id}", id), func(r *transport.Reply) (Basket, error) {
		b, err := readBasket(r)
		if err == nil && !strings.EqualFold(b.ID, id) && !strings.EqualFold(b.Members.text("basketId"), id) {
			err = &wire.DecodeError{Path: "$.id", Reason: "is that of another basket"}
		}
		return b, err
	})
}

// WaiveTransactionCommission takes the commission off a basket: PATCH
// baskets/{id} (documented) with the updated basket as its answer (observed). It
// changes the total, so it comes before the payments. That
// TransactionCommission.Waived then reads true (clause waive.patch), and that the
// commission of a payment type is not touched (clause confirm.type-commission),
// is inferred.
//
// An answer without a body is followed by [Client.Basket], whose error then
// comes after the commission was waived. Waiving it twice does no harm.
func (c *Client) WaiveTransactionCommission(ctx context.Context, id string) (Basket, error) {
	return c.waive(ctx, http.MethodPatch, id)
}

// WaiveTransactionCommissionByPost is [Client.WaiveTransactionCommission] by the
// other documented method, POST baskets/{id}, which no other source knows (clause
// waive.post).
func (c *Client) WaiveTransactionCommissionByPost(ctx context.Context, id string) (Basket, error) {
	return c.waive(ctx, http.MethodPost, id)
}

func (c *Client) waive(ctx context.Context, method, id string) (Basket, error) {
	req := write("WaiveTransactionCommission", method, "baskets/{id}", id)
	req.Payload = basketBody{NewBasket{WaiveTransactionCommission: true}}
	basket, err := transport.Call(ctx, c.http, req, func(r *transport.Reply) (Basket, error) {
		if len(bytes.TrimSpace(r.Body)) == 0 {
			return Basket{}, nil
		}
		return readBasket(r)
	})
	if basket.ID == "" && err == nil {
		return c.basketNow(ctx, id)
	}
	return basket, err
}

// UnmarshalJSONFrom reads a basket. Parts that nobody needs never fail it.
func (b *Basket) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain Basket
	*b = Basket{}
	return readObject(d, (*plain)(b), &b.Members, tolerant)
}

// tolerant is how baskets and orders are read: a part that nobody needs is left
// empty if it has another form.
var tolerant = json.JoinOptions(reading, json.WithUnmarshalers(json.JoinUnmarshalers(
	json.UnmarshalFromFunc(readText),
	json.UnmarshalFromFunc(orNothing[[]Charge]),
	json.UnmarshalFromFunc(orNothing[[]CustomPayment]),
	json.UnmarshalFromFunc(orNothing[TransactionCommission]),
)))

func readBasket(r *transport.Reply) (Basket, error) {
	basket, err := transport.JSON[Basket](r)
	if err == nil {
		err = checkHead(basket.ID, basket.Members)
	}
	if err != nil {
		return Basket{}, err
	}
	basket.Raw = r.Body
	return basket, nil
}

// ErrBasketGone is a basket that is not there any more, and no order is shown
// that is surely its own: it was confirmed, or it has expired. It matches
// [payment.ErrUnavailable].
var ErrBasketGone = fmt.Errorf("the basket is gone, confirmed or expired: %w", payment.ErrUnavailable)

// standing returns the payments of a basket. A system that has no list of them
// may show them in the basket: if it shows some in full, it shows all.
func (c *Client) standing(ctx context.Context, basketID string) ([]CustomPayment, error) {
	shown, err := c.customPayments(ctx, basketID)
	if !isNotListed(err) {
		return shown, err
	}
	basket, basketErr := c.basketNow(ctx, basketID)
	switch {
	case errors.Is(basketErr, payment.ErrNotFound):
		return nil, ErrBasketGone
	case basketErr != nil:
		return nil, basketErr
	}
	stub := func(p CustomPayment) bool { return !p.Amount.IsSet() }
	if len(basket.CustomPayments) == 0 || slices.ContainsFunc(basket.CustomPayments, stub) {
		return nil, err
	}
	for i := range basket.CustomPayments {
		basket.CustomPayments[i].Raw = basket.Raw
	}
	return basket.CustomPayments, nil
}
