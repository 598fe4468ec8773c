package backendpay

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// Status is a word for what a payment is at present. The words are an
// installation's own; none is documented.
type Status string

// Payment is a payment as the vendor shows it, in the documented fields. What
// is null, empty or missing in an answer is not set here; Raw tells which.
type Payment struct {
	ID                  string         `json:"id"`
	OurReference        string         `json:"ourReference"`      // internal, not shown to the customer
	CustomerReference   string         `json:"customerReference"` // given by the customer, printed on bills
	PaymentDate         payment.Date   `json:"paymentDate"`
	PaymentReversedDate payment.Date   `json:"paymentReversedDate"` // not set unless reversed
	Status              []Status       `json:"status"`
	PaymentAmount       payment.Amount `json:"paymentAmount"`     // in the customer's currency; negative is money paid to the customer
	PaymentMethod       string         `json:"paymentMethod"`     // name of a payment type
	InvoiceID           string         `json:"invoiceID"`         // where it is displayed; what it pays is a PaymentPart
	InvoiceIDReversed   string         `json:"invoiceIDReversed"` // where its reversal is displayed

	CustomerID  string          `json:"-"` // from the path of the call; no answer names the customer
	TimeDropped bool            `json:"-"` // a date came with a time of day, which only Raw still has
	Raw         json.RawMessage `json:"-"` // the payment as it came, unknown fields included
}

// Reversed reports whether the payment shows a reversal.
func (p Payment) Reversed() bool { return !p.PaymentReversedDate.IsZero() }

// Payment gives one payment: GET payments/{id} (documented). An unknown id
// gives an error that matches [payment.ErrNotFound] (documented).
func (c *Client) Payment(ctx context.Context, id string) (*Payment, error) {
	return getOne(ctx, c, "Payment", "payments/{id}", id, paymentRecord)
}

// Payments lists the payments of all customers: GET payments/ (documented).
// Reversed payments are hidden unless the filter asks for them (documented).
//
// Payments are streamed page by page; an error ends the list, and what came
// before it is incomplete. The answers do not say whose payments they are:
// [Client.CustomerPayments] does.
func (c *Client) Payments(ctx context.Context, filter PaymentFilter) iter.Seq2[Payment, error] {
	return paymentListing("Payments", filter).all(ctx, c)
}

// CustomerPayments lists one customer's payments: GET
// customers/{customerID}/payments/ (documented). That it takes the same filters
// as [Client.Payments] is inferred.
func (c *Client) CustomerPayments(ctx context.Context, customerID string, filter PaymentFilter) iter.Seq2[Payment, error] {
	return c.customerListing("CustomerPayments", customerID, filter).all(ctx, c)
}

func paymentListing(op string, filter PaymentFilter) listing[Payment] {
	query, err := filter.query()
	return listing[Payment]{
		op: op, path: "payments", err: err, query: query, record: paymentRecord, span: filter.span(),
		private: rawTexts(filter.Raw),
	}
}

const customerPayments = "customers/{customerID}/payments"

func (c *Client) customerListing(op, customerID string, filter PaymentFilter) listing[Payment] {
	l := paymentListing(op, filter)
	if err := c.form.checkID("customerID", customerID); err != nil {
		l.err = err
	}
	l.path, l.ids = customerPayments, []string{customerID}
	l.fill = func(p *Payment) { p.CustomerID = customerID }
	return l
}

// getOne reads one object by its id.
func getOne[T any](ctx context.Context, c *Client, op, path, id string, rec *record[T]) (*T, error) {
	if err := c.form.checkID("id", id); err != nil {
		return nil, c.http.Refuse(op, err)
	}
	return transport.Call(ctx, c.http, transport.Request{
		Op: op, Class: transport.Read, Method: http.MethodGet, Path: c.form.item(path), IDs: []string{id},
	}, rec.decode)
}

// UnmarshalJSON reads a payment as the vendor writes it, by the same rules as
// an answer: an id is required, and a wrong type is an error.
func (p *Payment) UnmarshalJSON(data []byte) error { return paymentRecord.into(p, data) }

// paymentRecord is never changed.
var paymentRecord = &record[Payment]{
	fields: []field[Payment]{
		{"id", func(p *Payment, v value) error { return readText(v, &p.ID) }},
		{"ourReference", func(p *Payment, v value) error { return readText(v, &p.OurReference) }},
		{"customerReference", func(p *Payment, v value) error { return readText(v, &p.CustomerReference) }},
		{"paymentDate", func(p *Payment, v value) error { return readDate(v, &p.PaymentDate, &p.TimeDropped) }},
		{"paymentReversedDate", func(p *Payment, v value) error { return readDate(v, &p.PaymentReversedDate, &p.TimeDropped) }},
		{"status", func(p *Payment, v value) error { return readWords(v, &p.Status) }},
		{"paymentAmount", func(p *Payment, v value) error { return readAmount(v, &p.PaymentAmount) }},
		{"paymentMethod", func(p *Payment, v value) error { return readText(v, &p.PaymentMethod) }},
		{"invoiceID", func(p *Payment, v value) error { return readText(v, &p.InvoiceID) }},
		{"invoiceIDReversed", func(p *Payment, v value) error { return readText(v, &p.InvoiceIDReversed) }},
	},
	id:   func(p *Payment) string { return p.ID },
	keep: func(p *Payment, raw json.RawMessage) { p.Raw = raw },
}
