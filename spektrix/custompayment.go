package spektrix

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"unicode/utf8"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// CustomPayment is a payment taken elsewhere. Its JSON form is for storing.
type CustomPayment struct {
	PaymentTypeID     string             `json:"PaymentTypeId"` // ID of a CustomPaymentType
	Amount            payment.Amount     // in the client's currency, at most its decimals, above 0
	PaymentAttributes []PaymentAttribute // names as the type defines them, each at most once

	AllowRefund        bool `json:",omitempty"` // take a type that is for refunds, or a negative amount; the sign is sent as given, what the vendor makes of it is unknown
	SkipAttributeCheck bool `json:",omitempty"` // do not hold the attributes against the type's definitions
	SkipEchoCheck      bool `json:",omitempty"` // do not hold the answer against what was sent
}

// PaymentAttribute is one detail of a custom payment, such as a receipt number.
type PaymentAttribute struct {
	Name  string
	Value string
}

// AddedCustomPayment is the vendor's answer to a custom payment. It has
// neither an id nor the type's id (documented).
type AddedCustomPayment struct {
	Name       string             `json:"name"` // of the type
	Amount     payment.Amount     `json:"amount"`
	Attributes []PaymentAttribute `json:"attributes"`

	Raw json.RawMessage `json:"-"` // the whole answer
}

// ErrEchoDiffers is a payment that was posted, but whose answer shows another
// type, amount or attribute than was sent. It matches [payment.ErrConflict].
// The payment stands: do not send it again.
var ErrEchoDiffers = fmt.Errorf("posted, but the answer differs from what was sent: %w", payment.ErrConflict)

// AddCustomPayment posts one payment to a basket: POST
// baskets/{id}/custom-payments (documented). It checks the form of p alone;
// [Client.Settle] also checks type, attributes, balance and answer. The
// amounts of all payments of a basket must add up to its total (documented).
//
// It is a write: after an error that matches [payment.ErrOutcomeUnknown] the
// payment may stand, and Spektrix offers no call that shows it.
func (c *Client) AddCustomPayment(ctx context.Context, basketID string, p CustomPayment) (*AddedCustomPayment, error) {
	return transport.Call(ctx, c.http, c.addCustomPayment(basketID, p), readAdded)
}

// addChecked is AddCustomPayment with the answer held against p. With
// ErrEchoDiffers it gives the answer too.
func (c *Client) addChecked(ctx context.Context, basketID, reference, typeName string, p CustomPayment) (*AddedCustomPayment, error) {
	req := c.addCustomPayment(basketID, p)
	req.Reference = reference
	return transport.Call(ctx, c.http, req, func(r *transport.Reply) (*AddedCustomPayment, error) {
		added, err := readAdded(r)
		if err != nil || p.SkipEchoCheck {
			return added, err
		}
		if what := added.difference(typeName, p); what != "" {
			err = &payment.Error{Message: what, Err: ErrEchoDiffers}
		}
		return added, err
	})
}

func (c *Client) addCustomPayment(basketID string, p CustomPayment) transport.Request {
	req := write("AddCustomPayment", http.MethodPost, "baskets/{id}/custom-payments", basketID)
	if p.PaymentAttributes == nil {
		p.PaymentAttributes = []PaymentAttribute{} // [] goes out, not null
	}
	req.Payload = customPaymentBody{
		PaymentTypeID:     p.PaymentTypeID,
		Amount:            p.Amount.Add(c.zero),
		PaymentAttributes: p.PaymentAttributes,
		wrong:             p.check("CustomPayment", c.zero.Scale()),
	}
	for _, a := range p.PaymentAttributes {
		req.Private = append(req.Private, a.Value)
	}
	return req
}

// customPaymentBody is the documented form.
type customPaymentBody struct {
	PaymentTypeID     string             `json:"PaymentTypeId"`
	Amount            payment.Amount     `json:"Amount"`
	PaymentAttributes []PaymentAttribute `json:"PaymentAttributes"`

	wrong error
}

// Validate gives what was found wrong when the body was made.
func (b customPaymentBody) Validate() error { return b.wrong }

// readAdded asks for an amount: an answer without one does not tell that the
// payment was taken.
func readAdded(r *transport.Reply) (*AddedCustomPayment, error) {
	added := &AddedCustomPayment{Raw: r.Body}
	err := wire.Unmarshal(r.Body, added)
	if err == nil && !added.Amount.IsSet() {
		err = &wire.DecodeError{Path: "$.amount", Reason: "is missing"}
	}
	if err != nil {
		return nil, err
	}
	return added, nil
}

// difference names what of p the answer does not show. Attributes that were
// not sent are no difference.
func (a *AddedCustomPayment) difference(typeName string, p CustomPayment) string {
	switch {
	case !a.Amount.Equal(p.Amount):
		return "the amount differs"
	case a.Name != typeName:
		return "the payment type differs"
	}
	for i, sent := range p.PaymentAttributes {
		if !slices.Contains(a.Attributes, sent) {
			return fmt.Sprintf("attribute %d differs", i)
		}
	}
	return ""
}

// check refuses what no basket could take.
func (p CustomPayment) check(field string, decimals int) error {
	if err := transport.CheckSegment(field+".PaymentTypeID", p.PaymentTypeID); err != nil {
		return err
	}
	switch {
	case !p.Amount.IsSet():
		return invalid(field+".Amount", "is not set")
	case p.Amount.Sign() == 0:
		return invalid(field+".Amount", "is zero")
	case p.Amount.Sign() < 0 && !p.AllowRefund:
		return invalid(field+".Amount", "is negative, and AllowRefund is not set")
	case p.Amount.Scale() > decimals:
		return invalid(field+".Amount", fmt.Sprintf("has more than the %d decimals of the client's currency", decimals))
	}
	return checkAttributes(field, p.PaymentAttributes)
}

func checkAttributes(field string, attributes []PaymentAttribute) error {
	for i, a := range attributes {
		if part, reason := a.wrong(attributes[:i]); reason != "" {
			return invalid(fmt.Sprintf("%s.PaymentAttributes[%d].%s", field, i, part), reason)
		}
	}
	return nil
}

// wrong tells what is wrong with a after those before it.
func (a PaymentAttribute) wrong(before []PaymentAttribute) (part, reason string) {
	switch {
	case !utf8.ValidString(a.Name):
		return "Name", "is not valid UTF-8"
	case !utf8.ValidString(a.Value):
		return "Value", "is not valid UTF-8"
	case a.Name == "":
		return "Name", "is empty"
	case slices.ContainsFunc(before, func(b PaymentAttribute) bool { return b.Name == a.Name }):
		return "Name", "is given twice"
	}
	return "", ""
}
