package backendpay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

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

// CreatePayment records a payment of a customer and returns the record: POST
// customers/{customerID}/payments/ (documented; the JSON body is inferred).
// It is a record: no money is collected (inferred).
//
// It is a write and is sent once: after an error that matches
// [payment.ErrOutcomeUnknown] the payment may stand, and [Client.FindPayment]
// finds out. An answer without an id, or with an id of 0, is such an error. The
// vendor is not known to refuse an OurReference that it has already.
// CheckReference looks first, at the price of a list of the customer's
// payments; two programs that look at the same time both see nothing.
//
// If the answer shows another OurReference, amount, date or method than was
// sent, the payment is returned beside an error that matches
// [payment.ErrConflict]: it stands, and with another OurReference it will not be
// found again.
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
	m, err := c.collect(ctx, "CreatePayment", customerID, n)
	if err == nil && m != (matches{}) {
		err = c.lookupError("CreatePayment", customerID, n, conflict(errUsed))
	}
	return err
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

// ErrReversed stands beside [payment.ErrConflict] in the error of a lookup
// that found the payment reversed.
var ErrReversed = errors.New("payment is reversed")

var (
	errDiffers   = errors.New("another amount or date is recorded under the same ourReference")
	errFolded    = errors.New("a payment is recorded under an ourReference that differs in case or blanks only")
	errAmbiguous = errors.New("more than one payment matches")
	errUsed      = errors.New("ourReference is used by another payment")
	errAnyDay    = errors.New("the payment's date is shown as an instant, which may or may not be on the day asked for")
)

// FindPayment looks for a payment that CreatePayment may have made: it lists
// the customer's payments, the reversed ones too, and compares ourReference
// exactly, the amount and the date. An amount of more decimals than the Currency
// has is rounded to them first.
//
// The error matches [payment.ErrNotFound] if the list shows none; a status 404
// is not a list, and matches [payment.ErrProtocol]; so does a list that kept
// moving while it was read by offset, and a date that may be the one asked for
// or the day before or after.
// It matches [payment.ErrConflict] if more than one matches, if only a reversed
// one does (then [ErrReversed] too), if the reference stands on a payment of
// another amount or date, or if a reference differs in case or blanks only; one
// such payment is returned beside the error, and a zero Payment beside any
// other. A reversed payment beside one that stands does not count.
func (c *Client) FindPayment(ctx context.Context, customerID string, n NewPayment) (Payment, error) {
	err := c.form.checkID("customerID", customerID)
	if err == nil {
		err = n.checkFindable()
	}
	if err != nil {
		return Payment{}, c.http.Refuse("FindPayment", err)
	}
	m, err := c.collect(ctx, "FindPayment", customerID, n)
	if err != nil {
		return Payment{}, err
	}
	found, err := m.verdict()
	if err != nil {
		return found, c.lookupError("FindPayment", customerID, n, err)
	}
	return found, nil
}

func (n NewPayment) checkFindable() error {
	if n.OurReference == "" {
		return invalid("NewPayment.OurReference", "is empty: there is nothing to look for")
	}
	err := checkDate("NewPayment.PaymentDate", n.PaymentDate)
	if err == nil {
		err = checkAmount("NewPayment.PaymentAmount", n.PaymentAmount, n.Refund, n.Currency)
	}
	return err
}

// matches sorts the payments that carry one reference. One of each kind is
// enough to tell; valid is counted.
type matches struct {
	valid, reversed, maybe, other, folded *Payment
	count                                 int
}

const maxPasses = 3 // over a list that moves while it is read

// collect reads the customer's payments. A list that moved is read again.
func (c *Client) collect(ctx context.Context, op, customerID string, n NewPayment) (m matches, err error) {
	for range maxPasses {
		if m, err = c.collectOnce(ctx, op, customerID, n); !errors.Is(err, errMoved) {
			break
		}
	}
	return m, err
}

func (c *Client) collectOnce(ctx context.Context, op, customerID string, n NewPayment) (m matches, err error) {
	list := c.customerListing(op, customerID, PaymentFilter{IncludeReversed: true})
	list.class = transport.Lookup
	for p, err := range list.all(ctx, c) {
		if err != nil {
			return m, err
		}
		m.add(p, n)
	}
	return m, nil
}

func (m *matches) add(p Payment, n NewPayment) {
	switch day := p.compareDate(n.PaymentDate); {
	case p.OurReference != n.OurReference:
		if folded(p.OurReference) == folded(n.OurReference) {
			m.folded = &p
		}
	case day == otherDay || !sameAmount(p.PaymentAmount, n.PaymentAmount, n.Currency):
		m.other = &p
	case day == maybeDay:
		m.maybe = &p
	case p.Reversed():
		m.reversed = &p
	default:
		m.valid = &p
		m.count++
	}
}

// folded returns a reference without the differences that a vendor may not see.
func folded(reference string) string {
	return strings.ToLower(strings.Join(strings.Fields(reference), " "))
}

func (m *matches) verdict() (Payment, error) {
	switch {
	case m.count > 1:
		return *m.valid, conflict(errAmbiguous)
	case m.valid != nil:
		return *m.valid, nil
	case m.maybe != nil:
		return Payment{}, fmt.Errorf("%w: %w", payment.ErrProtocol, errAnyDay)
	case m.reversed != nil:
		return *m.reversed, conflict(ErrReversed)
	case m.other != nil:
		return *m.other, conflict(errDiffers)
	case m.folded != nil:
		return *m.folded, conflict(errFolded)
	}
	return Payment{}, payment.ErrNotFound
}

// lookupError tells what a list says, which every answer of was a success.
func (c *Client) lookupError(op, customerID string, n NewPayment, err error) error {
	return &payment.Error{
		Vendor: vendor, Op: op, Method: http.MethodGet, Path: c.form.collection(customerPayments),
		Reference: n.OurReference, Target: customerID, Err: err,
	}
}
