package backendpay

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
)

// RecorderOptions is what a common payment does not say.
type RecorderOptions struct {
	Method         string           // payment type for payments that name no Method
	Currency       payment.Currency // if set, payments in another currency are refused
	CheckReference bool             // look before each create, see [Client.Recorder]
}

// Recorder returns the common way to write payments, over [Client.CreatePayment]
// and [Client.FindPayment].
//
// Reference becomes ourReference and Target is the customer's id. A Refund is
// written as a negative amount. The date is the day of Date in its own zone.
// The attributes customerReference and invoiceID become the fields of that
// name; this vendor has no place for others, and they are not sent. The rest
// is refused: this vendor has no authorizations, and its API cannot reverse.
//
// With CheckReference, Record looks as Find does before it creates: a payment
// that stands already is returned as such and not made again. Two programs that
// look at the same time both see nothing.
//
// The vendor names no currency. Receipts carry the one of the payment asked
// about, so a program whose customers have several must know which is whose.
func (c *Client) Recorder(options RecorderOptions) payment.Recorder {
	return &recorder{client: c, options: options}
}

type recorder struct {
	client  *Client
	options RecorderOptions
}

// Record creates the payment.
func (r *recorder) Record(ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	n, err := r.convert(p)
	if err != nil {
		return payment.Receipt{}, r.client.http.Refuse("Record", err)
	}
	if r.options.CheckReference {
		if found, err := r.Find(ctx, p); !errors.Is(err, payment.ErrNotFound) {
			return found, err
		}
	}
	made, err := r.client.CreatePayment(ctx, p.Target, n)
	switch {
	case made.ID == "":
		return payment.Receipt{}, err
	case err != nil:
		err = fmt.Errorf("%w: %w", err, &payment.ConflictError{Want: p, Got: receipt(p, made)})
	}
	return receipt(p, made), err
}

// Find looks for the payment. What else stands under its reference, or that it
// is reversed ([ErrReversed]), comes as a [*payment.ConflictError].
func (r *recorder) Find(ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	n, err := r.convert(p)
	if err != nil {
		return payment.Receipt{}, r.client.http.Refuse("Find", err)
	}
	found, err := r.client.FindPayment(ctx, p.Target, n)
	if found.ID == "" {
		return payment.Receipt{}, err
	}
	shown := receipt(p, found)
	shown.AlreadyRecorded = true
	if err != nil {
		err = fmt.Errorf("%w: %w", err, &payment.ConflictError{Want: p, Got: shown})
	}
	return shown, err
}

// convert refuses what a payment of this vendor cannot express.
func (r *recorder) convert(p payment.Payment) (NewPayment, error) {
	if err := cmp.Or(p.Validate(), r.check(p)); err != nil {
		return NewPayment{}, err
	}
	n := NewPayment{
		OurReference:      p.Reference,
		CustomerReference: p.Attribute("customerReference"),
		PaymentDate:       payment.DateOf(p.Date),
		PaymentAmount:     p.Amount.Amount(),
		PaymentMethod:     cmp.Or(p.Method, r.options.Method),
		InvoiceID:         p.Attribute("invoiceID"),
		Currency:          p.Amount.Currency(),
	}
	if p.Kind == payment.Refund {
		n.Refund, n.PaymentAmount = true, n.PaymentAmount.Neg()
	}
	return n, n.Validate()
}

func (r *recorder) check(p payment.Payment) error {
	switch {
	case p.Kind != payment.Sale && p.Kind != payment.Refund:
		return invalid("Payment.Kind", "is neither sale nor refund, and this vendor records nothing else")
	case r.options.Currency != "" && p.Amount.Currency() != r.options.Currency:
		return invalid("Payment.Amount", "is not in the recorder's currency")
	case p.Link != "":
		return invalid("Payment.Link", "is set, but this vendor has no authorizations")
	case !p.Expires.IsZero():
		return invalid("Payment.Expires", "is set, but this vendor has no authorizations")
	case p.Reverses != "":
		return invalid("Payment.Reverses", "is set, but a reversal is made in the vendor's user interface only")
	}
	return checkAttributes(p.Attributes)
}

func checkAttributes(list []payment.Attribute) error {
	seen := map[string]bool{}
	for _, a := range list {
		if seen[a.Name] && (a.Name == "customerReference" || a.Name == "invoiceID") {
			return invalid("Payment.Attributes", "holds "+a.Name+" twice")
		}
		seen[a.Name] = true
	}
	return nil
}

// receipt turns the sign of a refund back: the direction is the kind's. An
// amount that the vendor does not show stays not set; one that it shows in
// floats is rounded to the currency.
func receipt(p payment.Payment, shown Payment) payment.Receipt {
	amount := shown.PaymentAmount
	if p.Kind == payment.Refund {
		amount = amount.Neg()
	}
	if sameAmount(amount, p.Amount.Amount(), p.Amount.Currency()) {
		amount = p.Amount.Amount()
	}
	money, _ := payment.NewMoney(amount, p.Amount.Currency()) // fails only for what is not set
	return payment.Receipt{
		Vendor: vendor, ID: shown.ID, Reference: shown.OurReference, Amount: money, Raw: shown.Raw,
	}
}
