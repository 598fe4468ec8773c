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

// PaymentPart gives one part: GET paymentParts/{id} (documented).
func (c *Client) PaymentPart(ctx context.Context, id string) (*PaymentPart, error) {
	return getOne(ctx, c, "PaymentPart", "paymentParts/{id}", id, partRecord)
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
	q := &query{of: "PaymentPartFilter", values: url.Values{}, err: s.check("PaymentPartFilter")}
	q.since("createdSince", "CreatedSince", filter.CreatedSince)
	q.since("updatedSince", "UpdatedSince", filter.UpdatedSince)
	q.raw(filter.Raw)
	return listing[PaymentPart]{
		op: "AllPaymentParts", path: "paymentParts", err: q.err, query: q.values, record: partRecord, span: s,
		private: rawTexts(filter.Raw),
	}.all(ctx, c)
}

func (c *Client) partsOf(op, path, field, id string) listing[PaymentPart] {
	return listing[PaymentPart]{
		op: op, path: path, ids: []string{id}, err: c.form.checkID(field, id), query: url.Values{}, record: partRecord,
	}
}

// UnmarshalJSON reads a part by the rules of an answer.
func (p *PaymentPart) UnmarshalJSON(data []byte) error { return partRecord.into(p, data) }

// partRecord is never changed.
var partRecord = &record[PaymentPart]{
	fields: []field[PaymentPart]{
		{"id", func(p *PaymentPart, v value) error { return readText(v, &p.ID) }},
		{"paymentPartAmount", func(p *PaymentPart, v value) error { return readAmount(v, &p.PaymentPartAmount) }},
	},
	id:   func(p *PaymentPart) string { return p.ID },
	keep: func(p *PaymentPart, raw json.RawMessage) { p.Raw = raw },
}
