package spektrix

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// Confirmation says how a basket is confirmed. The zero value suits a basket
// that this client has settled.
type Confirmation struct {
	SendConfirmationEmail bool        // let Spektrix write to the customer
	Settlement            *Settlement // what Settle gave, from another client or another run of the program; nil: what this client remembers
	AllowEmpty            bool        // confirm a basket with nothing in it, which gives an empty order (observed)
	Repeat                bool        // confirm although this client has confirmed the basket, with success or unknown outcome
}

// Confirm turns a basket into an order: POST baskets/{id}/confirm (observed).
// That it takes a basket whose custom payments balance is inferred: a relayed
// note of the vendor limits it to orders with nothing left to pay.
//
// It reads the basket and refuses, with a [payment.FieldError], an empty one,
// one whose settlement is open or unknown or no longer balances its Total, and
// one that this client has confirmed before. Of a basket that it does not
// remember and that comes without Settlement it knows nothing, and leaves the
// judgement to Spektrix.
//
// The form of the answer is unknown. ID, FriendlyID and Raw of the order are
// set if the answer tells them; read the rest with [Client.Order]. No ID is no
// error.
//
// It is a write: after an error that matches [payment.ErrOutcomeUnknown] the
// order may exist. [Client.Basket] then is a hint: ErrNotFound speaks for an
// order, a basket for none; the vendor's list of orders is the proof. Then
// confirm with Repeat, or not at all.
func (c *Client) Confirm(ctx context.Context, basketID string, conf Confirmation) (*Order, error) {
	f, err := c.flows.claim(basketID)
	if err != nil {
		return nil, c.http.Refuse("Confirm", err)
	}
	defer c.flows.release(f)
	if err := c.mayConfirm(ctx, f, conf); err != nil {
		return nil, err
	}
	req := write("Confirm", http.MethodPost, "baskets/{id}/confirm", basketID)
	req.Payload = confirmBody{conf.SendConfirmationEmail}
	before := f.confirmed
	f.confirmed = true // until it is certain that nothing happened
	order, err := transport.Call(ctx, c.http, req, readConfirmed)
	if err != nil {
		f.confirmed = before || errors.Is(err, payment.ErrOutcomeUnknown)
		return nil, err
	}
	f.settlement = nil // has served: attributes may be personal data
	return c.withoutBasketID(ctx, basketID, order), nil
}

type confirmBody struct {
	SendConfirmationEmail bool `json:"sendConfirmationEmail"`
}

func (c *Client) mayConfirm(ctx context.Context, f *flow, conf Confirmation) error {
	if conf.Settlement == nil {
		conf.Settlement = f.settlement
	}
	if err := conf.check(f); err != nil {
		return c.http.Refuse("Confirm", err)
	}
	basket, err := c.Basket(ctx, f.basketID)
	if err != nil {
		return err
	}
	if err := conf.checkBasket(basket); err != nil {
		return c.http.Refuse("Confirm", err)
	}
	return nil
}

// check looks at what is known without asking the vendor.
func (conf Confirmation) check(f *flow) error {
	s := conf.Settlement
	switch {
	case s != nil && s.BasketID != f.basketID:
		return invalid("Confirmation.Settlement", "is of another basket")
	case s != nil && !s.Complete():
		return invalid("Confirmation.Settlement", "is not complete: a payment is open, unknown or differs")
	case f.confirmed && !conf.Repeat:
		return invalid("Confirmation.Repeat", "is not set, and the basket was confirmed before, or may have been")
	}
	return nil
}

// checkBasket looks for what has changed since the payments.
func (conf Confirmation) checkBasket(b *Basket) error {
	switch {
	case b.Empty() && !conf.AllowEmpty:
		return invalid("id", "names a basket with nothing in it, and AllowEmpty is not set")
	case conf.Settlement != nil && !conf.Settlement.fits(b.Total):
		return invalid("Confirmation.Settlement", "does not balance the basket's total any more")
	}
	return nil
}

// readConfirmed takes every answer that is whole: JSON of any form, or
// nothing.
func readConfirmed(r *transport.Reply) (*Order, error) {
	if len(bytes.TrimSpace(r.Body)) == 0 {
		return &Order{}, nil
	}
	var raw json.RawMessage
	if err := wire.Unmarshal(r.Body, &raw); err != nil {
		return nil, err
	}
	var told struct {
		ID         any `json:"id"`
		FriendlyID any `json:"friendlyId"`
	}
	_ = json.Unmarshal(raw, &told) // another form tells no id, which is no error
	order := &Order{Raw: raw}
	order.ID, _ = told.ID.(string)
	order.FriendlyID, _ = told.FriendlyID.(string)
	return order, nil
}

// withoutBasketID keeps an id that equals the basket's only if there is an
// order of that id: the answer may be the basket.
func (c *Client) withoutBasketID(ctx context.Context, basketID string, order *Order) *Order {
	if order.ID != basketID {
		return order
	}
	if _, err := c.Order(ctx, basketID); err != nil {
		order.ID = ""
	}
	return order
}
