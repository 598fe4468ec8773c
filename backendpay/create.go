package backendpay

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// NewPayment is a payment to record. The field names are documented; which of
// them the vendor requires is unknown, so date, amount and method are required
// here (clauses create.without-date and create.without-amount, clause
// create.without-method).
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

// CreatePayment records a payment of a customer and returns the record: POST
// customers/{customerID}/payments/ (documented; the JSON body is inferred,
// clause create.record). It is a record: no money is collected (inferred, clause
// create.collects-nothing).
//
// It is a write and is sent once: after an error that matches
// [payment.ErrOutcomeUnknown] the payment may stand, and [Client.FindPayment]
// finds out. An answer without an id, or with an id of 0, is such an error. The
// vendor is not known to refuse an OurReference that it has already (clause
// reference.duplicate).
// CheckReference looks first, at the price of a list of the customer's
// payments; two programs that look at the same time both see nothing.
//
// If the answer shows another OurReference, amount, date or method than was
// sent, or a reversal, the payment is returned beside an error that matches
// [payment.ErrConflict]: it stands, and with another OurReference it will not be
// found again. A reversed one matches [ErrReversed] too.
func (c *Client) CreatePayment(ctx context.Context, customerID string, n NewPayment) (Payment, error) {
	if err := c.mayCreate(ctx, customerID, n); err != nil {
		return Payment{}, err
	}
	fields := n.fields()
	return transport.Call(ctx, c.http, transport.Request{
		Op: "CreatePayment", Class: transport.Write, Method: http.MethodPost,
		Path: c.form.collection(customerPayments), IDs: []string{customerID}, Payload: fields.body(c.form),
		Reference: n.OurReference, Target: customerID, Private: fields.private(),
	}, func(reply *transport.Reply) (Payment, error) {
		made, err := decodeWritten[Payment](reply)
		if err != nil {
			return Payment{}, err
		}
		made.CustomerID = customerID
		if made.Reversed() {
			return made, &payment.Error{Err: conflict(ErrReversed)}
		}
		return made, fields.compare(made)
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
	if !n.CheckReference || n.OurReference == "" {
		return nil
	}
	found, err := c.under(ctx, "CreatePayment", customerID, n)
	switch {
	case err != nil:
		return err
	case len(found.exact)+len(found.folded) > 0:
		return c.lookupError("CreatePayment", customerID, n, conflict(errUsed))
	case found.mayBeCut(n):
		return c.lookupError("CreatePayment", customerID, n, fmt.Errorf("%w: %w", payment.ErrProtocol, errCut))
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
	return n.fields().check("NewPayment")
}

// fields returns the fields that are sent.
func (n NewPayment) fields() PaymentUpdate {
	return PaymentUpdate{
		OurReference: unlessEmpty(n.OurReference), CustomerReference: unlessEmpty(n.CustomerReference),
		PaymentDate: Value(n.PaymentDate), PaymentAmount: Value(n.PaymentAmount), PaymentMethod: Value(n.PaymentMethod),
		InvoiceID: unlessEmpty(n.InvoiceID), Refund: n.Refund, Currency: n.Currency, Extra: n.Extra,
	}
}
