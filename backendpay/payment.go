package backendpay

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/tenderkit/tenderkit/payment"
)

// Status is a word for what a payment is at present. The words are an
// installation's own; none is documented.
type Status string

// Payment is a payment as the vendor shows it, in the documented fields. What
// is null, empty or missing in an answer is not set here; Raw tells which.
//
// Ids and references may come as text or as numbers, amounts as numbers or as
// text (the vendor does not say). A CustomerReference, Status, PaymentMethod or
// invoice id of another type is not set: Raw keeps it.
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

// Lookup returns a field by its name in the answer, known or not, and nil if the
// answer has none of that name.
func (p Payment) Lookup(name string) json.RawMessage { return lookup(p.Raw, name) }

// Payment returns one payment: GET payments/{id} (documented). For an unknown id
// the error matches [payment.ErrNotFound] (documented); so it does for a payment
// that the key's user may not see (inferred).
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
	return paymentListing("Payments", filter).all(ctx, c)
}

// CustomerPayments lists one customer's payments: GET
// customers/{customerID}/payments/ (documented). That it takes the same filters
// as [Client.Payments] is inferred.
func (c *Client) CustomerPayments(ctx context.Context, customerID string, filter PaymentFilter) iter.Seq2[Payment, error] {
	return c.customerListing("CustomerPayments", customerID, filter).all(ctx, c)
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
		return text(r, &p.ID)
	case "ourReference":
		return text(r, &p.OurReference)
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
		return loose(r, &p.PaymentMethod)
	case "invoiceID":
		return loose(r, &p.InvoiceID)
	case "invoiceIDReversed":
		return loose(r, &p.InvoiceIDReversed)
	}
	return false, nil
}

func paymentListing(op string, filter PaymentFilter) listing[Payment, *Payment] {
	query, err := filter.query()
	return listing[Payment, *Payment]{
		op: op, path: "payments", err: err, query: query, span: filter.span(), private: rawTexts(filter.Raw),
	}
}

const customerPayments = "customers/{customerID}/payments"

func (c *Client) customerListing(op, customerID string, filter PaymentFilter) listing[Payment, *Payment] {
	l := paymentListing(op, filter)
	if err := c.form.checkID("customerID", customerID); err != nil {
		l.err = err
	}
	l.path, l.ids = customerPayments, []string{customerID}
	l.fill = func(p *Payment) { p.CustomerID = customerID }
	return l
}
