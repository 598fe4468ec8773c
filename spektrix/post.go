package spektrix

import (
	"context"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// AddCustomPayment posts one payment to a basket: POST
// baskets/{id}/custom-payments (documented). It checks the form of p alone; a
// [Recorder] also checks type, attributes and answer, and its Settle the sum. The
// amounts of all payments of a basket must add up to its total (documented).
//
// The answer is one payment or an array: the vendor documents both (clause
// payment.answer). Of an array it returns the last payment that is equal to p,
// and [ErrEchoDiffers] if there are several and none is.
//
// It is a write: after an error that matches [payment.ErrOutcomeUnknown] the
// payment may stand. [Client.CustomPayments] shows it while the basket is open.
func (c *Client) AddCustomPayment(ctx context.Context, basketID string, p NewCustomPayment) (CustomPayment, error) {
	return transport.Call(ctx, c.http, c.addCustomPayment(basketID, p), func(r *transport.Reply) (CustomPayment, error) {
		shown, err := readAdded(r)
		switch {
		case err != nil:
			return CustomPayment{}, err
		case len(shown) == 1:
			return shown[0], nil
		}
		return posted{payment: p}.among(shown)
	})
}

func (c *Client) addCustomPayment(basketID string, p NewCustomPayment) transport.Request {
	req := write("AddCustomPayment", http.MethodPost, "baskets/{id}/custom-payments", basketID)
	amount, _ := c.exact(p.Amount)
	req.Payload = &customPaymentBody{
		PaymentTypeID:     p.PaymentTypeID,
		Amount:            amount,
		PaymentAttributes: p.PaymentAttributes,
		wrong:             c.checkPayment("CustomPayment", p),
	}
	for _, a := range p.PaymentAttributes {
		req.Private = append(req.Private, a.Value)
	}
	return req
}

// customPaymentBody is the documented form.
type customPaymentBody struct {
	PaymentTypeID     string         `json:"PaymentTypeId"`
	Amount            payment.Amount `json:"Amount"`
	PaymentAttributes newAttributes  `json:"PaymentAttributes"`

	wrong error
}

// newAttributes are written whole, while one by itself is for logs. None are [].
type newAttributes []PaymentAttribute

// MarshalJSONTo writes the documented form.
func (list newAttributes) MarshalJSONTo(e *jsontext.Encoder) error {
	type plain PaymentAttribute
	return writeArray(e, len(list), func(i int) any { return (*plain)(&list[i]) })
}

// Body returns the documented JSON that is sent, with the digits of Amount as
// given: a client adds the decimals of its currency. The rules, such as
// AllowRefund, are no part of it.
func (p NewCustomPayment) Body() ([]byte, error) {
	return wire.Marshal(&customPaymentBody{PaymentTypeID: p.PaymentTypeID, Amount: p.Amount, PaymentAttributes: p.PaymentAttributes})
}

// Validate returns what was found wrong when the body was made.
func (b customPaymentBody) Validate() error { return b.wrong }

// readAdded reads one payment or an array of at least one.
func readAdded(r *transport.Reply) ([]CustomPayment, error) {
	if isArray(r.Body) {
		shown, err := readPayments(r, list)
		if err == nil && len(shown) == 0 {
			err = &wire.DecodeError{Path: "$", Reason: "is an empty array"}
		}
		return shown, err
	}
	return readPayments(r, func(r *transport.Reply) ([]CustomPayment, error) {
		p, err := transport.JSON[CustomPayment](r)
		return []CustomPayment{p}, err
	})
}

// addJudged is AddCustomPayment with the answer compared with what was sent. A
// type that was renamed since the list was read is read again first. With
// ErrEchoDiffers it returns what the answer shows, if that is one payment.
func (c *Client) addJudged(ctx context.Context, basketID, reference string, sent posted) (CustomPayment, error) {
	req := c.addCustomPayment(basketID, sent.payment)
	req.Reference = reference
	return transport.Call(ctx, c.http, req, func(r *transport.Reply) (CustomPayment, error) {
		shown, err := readAdded(r)
		switch {
		case err != nil:
			return CustomPayment{}, err
		case sent.payment.SkipEchoCheck:
			return shown[len(shown)-1], nil
		}
		found, err := sent.among(shown)
		if err == nil || !sent.renamed(shown) {
			return found, err
		}
		types, _ := c.readTypes(ctx)
		if t, ok := types.byID(sent.payment.PaymentTypeID); ok {
			sent.typeName = t.Name
			return sent.among(shown)
		}
		return found, err
	})
}
