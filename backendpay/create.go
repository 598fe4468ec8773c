package backendpay

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/tenderkit/tenderkit/internal/check"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// NewPayment is a payment to record. The field names are documented; which of
// them the vendor requires is unknown, so date, amount and method are required
// here.
type NewPayment struct {
	OurReference      string         // the caller's own unique reference; without one a lost answer can never be resolved
	CustomerReference string         // printed on bills
	PaymentDate       payment.Date   //
	PaymentAmount     payment.Amount // in the customer's currency; negative only with Refund
	PaymentMethod     string         // name of a payment type, see [Client.PaymentTypes]
	InvoiceID         string         // shows the payment on this invoice; the next bill otherwise

	Refund   bool                       // a refund or rebate, whose amount is negative
	Currency payment.Currency           // if set, an amount of more decimals is refused; never sent
	Extra    map[string]json.RawMessage // further fields, sent as given

	AllowNoReference bool // send without OurReference
	CheckReference   bool // refuse an OurReference that the customer's payments show already
}

// CreatePayment records a payment of a customer and gives the record: POST
// customers/{customerID}/payments/ (documented; the JSON body is inferred).
// It is a record: no money is collected (inferred).
//
// It is a write and is sent once: after an error that matches
// [payment.ErrOutcomeUnknown] the payment may stand, and [Client.FindPayment]
// finds out. The vendor is not known to refuse an OurReference that it has
// already. CheckReference looks first, at the price of a list of the
// customer's payments; two programs that look at the same time both see
// nothing.
func (c *Client) CreatePayment(ctx context.Context, customerID string, n NewPayment) (*Payment, error) {
	if err := c.mayCreate(ctx, customerID, n); err != nil {
		return nil, err
	}
	return transport.Call(ctx, c.http, transport.Request{
		Op: "CreatePayment", Class: transport.Write, Method: http.MethodPost,
		Path: c.form.collection(customerPayments), IDs: []string{customerID}, Payload: n.body(c.form),
		Reference: n.OurReference, Target: customerID, Private: privateTexts(n.CustomerReference, n.Extra),
	}, func(reply *transport.Reply) (*Payment, error) {
		made, err := paymentRecord.decode(reply)
		if err == nil {
			made.CustomerID = customerID
		}
		return made, err
	})
}

func (c *Client) mayCreate(ctx context.Context, customerID string, n NewPayment) error {
	err := c.form.checkID("customerID", customerID)
	if err == nil {
		err = n.Validate()
	}
	if err != nil {
		return c.http.Refuse("CreatePayment", err)
	}
	if n.CheckReference && n.OurReference != "" {
		return c.checkUnused(ctx, customerID, n)
	}
	return nil
}

// Validate refuses what [Client.CreatePayment] would refuse, with a
// [payment.FieldError].
func (n NewPayment) Validate() error {
	switch {
	case n.OurReference == "" && !n.AllowNoReference:
		return invalid("NewPayment.OurReference", "is empty: without it a lost answer can never be resolved")
	case n.PaymentMethod == "":
		return invalid("NewPayment.PaymentMethod", "is empty")
	}
	return check.First(
		func() error { return checkReference("NewPayment.OurReference", n.OurReference) },
		func() error { return checkText("NewPayment.CustomerReference", n.CustomerReference) },
		func() error { return checkDate("NewPayment.PaymentDate", n.PaymentDate) },
		func() error { return checkAmount("NewPayment.PaymentAmount", n.PaymentAmount, n.Refund, n.Currency) },
		func() error { return checkText("NewPayment.PaymentMethod", n.PaymentMethod) },
		func() error { return checkText("NewPayment.InvoiceID", n.InvoiceID) },
		func() error { return checkExtra("NewPayment.Extra", n.Extra, paymentFields()) },
	)
}

func (n NewPayment) body(f form) body {
	var b body
	b.text("ourReference", n.OurReference)
	b.text("customerReference", n.CustomerReference)
	b.add("paymentDate", n.PaymentDate)
	b.add("paymentAmount", f.amount(n.PaymentAmount))
	b.add("paymentMethod", n.PaymentMethod)
	b.text("invoiceID", n.InvoiceID)
	b.extra(n.Extra)
	return b
}

// text leaves out what is not set.
func (b *body) text(name, value string) {
	if value != "" {
		b.add(name, value)
	}
}
