package backendpay

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// PaymentPart is the share of one payment that pays one invoice. It names
// neither: only the list that it came from does (documented by omission).
type PaymentPart struct {
	ID                string         `json:"id"`
	PaymentPartAmount payment.Amount `json:"paymentPartAmount"` // in the customer's currency

	Raw json.RawMessage `json:"-"` // the part as it came
}

// PaymentPartFilter narrows the list of all payment parts down.
type PaymentPartFilter struct {
	IDAfter                    int64 // ids above this one
	CreatedSince, UpdatedSince time.Time
	Raw                        url.Values // sent as given
}

// PaymentPart returns one part: GET paymentParts/{id} (documented).
func (c *Client) PaymentPart(ctx context.Context, id string) (PaymentPart, error) {
	return get[PaymentPart](ctx, c, "PaymentPart", "paymentParts/{id}", id)
}

// PaymentParts lists the parts of one payment, that is how it is allocated to
// invoices: GET payments/{paymentID}/paymentParts/ (documented).
func (c *Client) PaymentParts(ctx context.Context, paymentID string) iter.Seq2[PaymentPart, error] {
	return c.partsOf("PaymentParts", "payments/{paymentID}/paymentParts", "paymentID", paymentID).all(ctx, c)
}

// InvoicePaymentParts lists the parts that pay one invoice: GET
// invoices/{invoiceID}/paymentParts/ (documented).
func (c *Client) InvoicePaymentParts(ctx context.Context, invoiceID string) iter.Seq2[PaymentPart, error] {
	return c.partsOf("InvoicePaymentParts", "invoices/{invoiceID}/paymentParts", "invoiceID", invoiceID).all(ctx, c)
}

// AllPaymentParts lists the parts of all payments: GET paymentParts/
// (documented). With UpdatedSince it tells that something was allocated anew,
// but not of which payment.
func (c *Client) AllPaymentParts(ctx context.Context, filter PaymentPartFilter) iter.Seq2[PaymentPart, error] {
	s := span{after: filter.IDAfter} // limit is not on the page of this list
	q := newQuery("PaymentPartFilter", s)
	q.since("CreatedSince", filter.CreatedSince)
	q.since("UpdatedSince", filter.UpdatedSince)
	q.raw(filter.Raw)
	return listing[PaymentPart, *PaymentPart]{
		op: "AllPaymentParts", path: "paymentParts", err: q.err, query: q.values, span: s, private: rawTexts(filter.Raw),
	}.all(ctx, c)
}

func (c *Client) partsOf(op, path, field, id string) listing[PaymentPart, *PaymentPart] {
	return listing[PaymentPart, *PaymentPart]{
		op: op, path: path, ids: []string{id}, err: c.form.checkID(field, id), query: url.Values{},
	}
}

// UnmarshalJSON reads a part by the rules of an answer.
func (p *PaymentPart) UnmarshalJSON(data []byte) (err error) {
	*p, err = decodeItem[PaymentPart](data)
	return err
}

func (p *PaymentPart) head() (*string, *json.RawMessage) { return &p.ID, &p.Raw }

func (p *PaymentPart) member(r *reader, name []byte) (bool, error) {
	switch string(name) {
	case "id":
		return text(r, &p.ID)
	case "paymentPartAmount":
		return money(r, &p.PaymentPartAmount)
	}
	return false, nil
}
