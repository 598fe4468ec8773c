package spektrix

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// Confirmation says how a basket is confirmed. The zero value suits a basket
// that this client has settled.
type Confirmation struct {
	SendConfirmationEmail bool        // let Spektrix write to the customer
	Settlement            *Settlement // of another client or another run of the program; nil: what this client remembers
	AllowEmpty            bool        // confirm a basket with nothing in it, which makes an empty order (observed)
	AllowMovedTotal       bool        // confirm although the basket's total has moved since its payments
	Repeat                bool        // confirm although this client has confirmed the basket, with success or unknown outcome
}

// TotalMovedError is a basket whose total is neither what it was before its
// payments, nor less by what they paid: tickets came or went, or the payment's
// type has a commission of its own. Its confirmation was not sent. Pay the
// difference and confirm again, or set Confirmation.AllowMovedTotal. The chain
// holds a [payment.FieldError].
type TotalMovedError struct {
	Before payment.Amount // total before the first payment
	Now    payment.Amount
	Paid   payment.Amount // by the settlement's payments
}

// Error tells the totals and what was paid.
func (e *TotalMovedError) Error() string {
	return fmt.Sprintf("%v: it moved from %v to %v, with %v paid; has the payment type a commission of its own?", e.Unwrap(), e.Before, e.Now, e.Paid)
}

// Unwrap returns a [payment.FieldError]: nothing was sent.
func (e *TotalMovedError) Unwrap() error {
	return invalid("Confirmation.Settlement", "does not balance the basket's total any more")
}

// Confirm turns a basket into an order: POST baskets/{id}/confirm (documented).
// That it takes a basket whose custom payments balance is inferred: the vendor
// documents it for orders of zero value.
//
// It reads the basket and refuses, with a [payment.FieldError], an empty one,
// one whose settlement is open or unknown or no longer balances its Total, and
// one that this client has confirmed before; see [TotalMovedError]. Of a basket that it does not remember and that comes without
// Settlement it knows nothing, and leaves the judgement to Spektrix, whose
// refusal may be [ErrPaymentRequired].
//
// The answer is an order (documented). ID, FriendlyID and Raw are set if it tells
// them; read the rest with [Client.Order]. An answer without an id is no error.
//
// It is a write: after an error that matches [payment.ErrOutcomeUnknown] the
// order may exist. [Client.Basket] then is a hint: ErrNotFound speaks for an
// order, a basket for none; [Client.OrdersSince] is the proof. Then confirm with
// Repeat, or not at all.
func (c *Client) Confirm(ctx context.Context, basketID string, conf Confirmation) (Order, error) {
	f, err := c.flows.claim(basketID)
	if err != nil {
		return Order{}, c.http.Refuse("Confirm", err)
	}
	defer c.flows.release(f)
	if err := c.mayConfirm(ctx, f, conf); err != nil {
		return Order{}, err
	}
	req := write("Confirm", http.MethodPost, "baskets/{id}/confirm", basketID)
	req.Payload = confirmBody{conf.SendConfirmationEmail}
	before := f.confirmed
	f.confirmed = true // until it is certain that nothing happened
	order, err := transport.Call(ctx, c.http, req, readConfirmed)
	if err != nil {
		f.confirmed = before || errors.Is(err, payment.ErrOutcomeUnknown)
		return Order{}, err
	}
	f.settlement = nil // has served: attributes may be personal data
	return c.withoutBasketID(ctx, basketID, order), nil
}

// confirmBody never has the fields of stored cards.
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
func (conf Confirmation) checkBasket(b Basket) error {
	s := conf.Settlement
	switch {
	case b.Empty() && !conf.AllowEmpty:
		return invalid("id", "names a basket with nothing in it, and AllowEmpty is not set")
	case s == nil || s.fits(b.Total):
		return nil
	case conf.AllowMovedTotal:
		return nil
	}
	return &TotalMovedError{Before: s.Total, Now: b.Total, Paid: s.Posted()}
}

// orderIDs is what is read of the answer to a confirm.
type orderIDs struct {
	ID         string `json:"id"`
	FriendlyID string `json:"friendlyId"`
}

// UnmarshalJSONFrom reads an object.
func (o *orderIDs) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain orderIDs
	return json.UnmarshalDecode(d, (*plain)(o), reading)
}

// readConfirmed takes every answer that is whole: JSON of any form, or
// nothing.
func readConfirmed(r *transport.Reply) (Order, error) {
	raw, err := whole(r)
	if err != nil || raw.Kind() != '{' {
		return Order{Raw: raw}, err
	}
	told, _ := transport.JSON[orderIDs](r) // another form tells no id, which is not an error
	return Order{ID: told.ID, FriendlyID: told.FriendlyID, Raw: raw}, nil
}

// withoutBasketID keeps an id that equals the basket's only if there is an
// order of that id: the answer may be the basket.
func (c *Client) withoutBasketID(ctx context.Context, basketID string, order Order) Order {
	if order.ID != basketID {
		return order
	}
	if _, err := c.Order(ctx, basketID); err != nil {
		order.ID = ""
	}
	return order
}
