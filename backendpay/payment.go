package backendpay

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// Status is a word for what a payment is at present. The words are an
// installation's own; none is documented.
type Status string

// Payment is a payment as the vendor shows it, in the documented fields. What
// is null, empty or missing in an answer is not set here; Raw tells which.
//
// Ids and references may come as text or as numbers, amounts as numbers or as
// text (the vendor does not say, clauses payment.ids and payment.amounts). An id
// is read without outer blanks, and a whole number in its shortest form: 501.0 is
// "501". A CustomerReference, Status, PaymentMethod or
// invoice id of another type is not set: Raw keeps it.
type Payment struct {
	ID                  string
	OurReference        string // internal, not shown to the customer
	CustomerReference   string // given by the customer, printed on bills
	PaymentDate         payment.Date
	PaymentReversedDate payment.Date // not set unless reversed
	Status              []Status
	PaymentAmount       payment.Amount // in the customer's currency; negative is money paid to the customer
	PaymentMethod       string         // name of a payment type
	InvoiceID           string         // where it is displayed; what it pays is a PaymentPart
	InvoiceIDReversed   string         // where its reversal is displayed

	CustomerID  string          // from the path of the call; no answer names the customer
	TimeDropped bool            // a date came with a time of day, which only Raw still has
	Raw         json.RawMessage // the payment as it came, unknown fields included
}

// Reversed reports whether the payment shows a reversal.
func (p Payment) Reversed() bool { return !p.PaymentReversedDate.IsZero() }

// Lookup returns a field by its name in the answer, known or not, and nil if the
// answer has none of that name.
func (p Payment) Lookup(name string) json.RawMessage { return lookup(p.Raw, name) }

// Payment returns one payment: GET payments/{id} (documented). For an unknown id
// the error matches [payment.ErrNotFound] (documented); so it does for a payment
// that the key's user may not see (inferred, clause access.payment).
func (c *Client) Payment(ctx context.Context, id string) (Payment, error) {
	return get[Payment](ctx, c, "Payment", "payments/{id}", id)
}

// Payments lists the payments of all customers that the key's user may see: GET
// payments/ (documented). Reversed payments are hidden unless the filter asks
// for them (documented).
//
// Payments are streamed page by page; an error ends the list, and what came
// before it is incomplete. The answers do not say whose payments they are:
// [Client.CustomerPayments] does.
func (c *Client) Payments(ctx context.Context, filter PaymentFilter) iter.Seq2[Payment, error] {
	return paymentListing[Payment]("Payments", filter).all(ctx, c)
}

// CustomerPayments lists one customer's payments: GET
// customers/{customerID}/payments/ (documented). That it takes the same filters
// as [Client.Payments] is inferred (clause filter.customer-list).
func (c *Client) CustomerPayments(ctx context.Context, customerID string, filter PaymentFilter) iter.Seq2[Payment, error] {
	l := customerListing[Payment](c, "CustomerPayments", customerID, filter)
	l.fill = func(p *Payment) { p.CustomerID = customerID }
	return l.all(ctx, c)
}

// UnmarshalJSON reads a payment as the vendor writes it, by the same rules as
// an answer: an id is required, and an amount or date that cannot be read is an
// error.
func (p *Payment) UnmarshalJSON(data []byte) (err error) {
	*p, err = decodeItem[Payment](data)
	return err
}

func (p *Payment) head() (*string, *json.RawMessage) { return &p.ID, &p.Raw }

func (p *Payment) member(r *reader, name []byte) (bool, error) {
	switch string(name) {
	case "id":
		return id(r, &p.ID)
	case "ourReference":
		return reference(r, &p.OurReference)
	case "customerReference":
		return loose(r, &p.CustomerReference)
	case "paymentDate":
		return date(r, &p.PaymentDate, &p.TimeDropped)
	case "paymentReversedDate":
		return date(r, &p.PaymentReversedDate, &p.TimeDropped)
	case "status":
		return words(r, &p.Status)
	case "paymentAmount":
		return money(r, &p.PaymentAmount)
	case "paymentMethod":
		return often(r, &p.PaymentMethod)
	case "invoiceID":
		return looseID(r, &p.InvoiceID)
	case "invoiceIDReversed":
		return looseID(r, &p.InvoiceIDReversed)
	}
	return false, nil
}

// paymentListing is a list of T, a Payment or a row.
func paymentListing[T any, R record[T]](op string, filter PaymentFilter) listing[T, R] {
	query, err := filter.query()
	return listing[T, R]{
		op: op, path: "payments", err: err, query: query, span: filter.span(), private: rawTexts(filter.Raw),
	}
}

const customerPayments = "customers/{customerID}/payments"

func customerListing[T any, R record[T]](c *Client, op, customerID string, filter PaymentFilter) listing[T, R] {
	l := paymentListing[T, R](op, filter)
	if err := c.form.checkID("customerID", customerID); err != nil {
		l.err = err
	}
	l.path, l.ids = customerPayments, []string{customerID}
	return l
}

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
	q.since("createdSince", filter.CreatedSince)
	q.since("updatedSince", filter.UpdatedSince)
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
		return id(r, &p.ID)
	case "paymentPartAmount":
		return money(r, &p.PaymentPartAmount)
	}
	return false, nil
}
