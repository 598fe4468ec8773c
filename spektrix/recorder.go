package spektrix

import (
	"context"
	"fmt"

	"github.com/tenderkit/tenderkit/payment"
)

// RecorderOptions is what a common payment does not say.
type RecorderOptions struct {
	PaymentTypeID      string // for payments whose Method is empty
	ReferenceAttribute string // name of the attribute that takes the Reference; empty: it is not sent
	AllowRefund        bool   // let refunds through, to types that are for refunds
}

// Recorder gives a [payment.Recorder] that posts custom payments.
//
// Target is the basket, Method the id of the custom payment type, Attributes
// are its PaymentAttributes. Record posts one payment after the checks of
// [Client.Settle] on type, attributes and answer, but not on the sum: a caller
// hands over one payment at a time. It neither settles nor confirms, and no
// memory of the client is asked. A sale needs a type that is not for refunds, a
// refund one that is. Authorizations, captures and voids, Link, Reverses and
// Expires are refused. Spektrix has no place for Date: it books its own.
//
// Find always gives [payment.ErrNoLookup]: Spektrix shows no payments of a
// basket.
func (c *Client) Recorder(options RecorderOptions) payment.Recorder {
	return &recorder{client: c, options: options}
}

type recorder struct {
	client  *Client
	options RecorderOptions
}

// Record posts p. If the answer differs from p, the error matches
// [ErrEchoDiffers] and is a [*payment.ConflictError].
func (r *recorder) Record(ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	cp, err := r.translate(p)
	if err != nil {
		return payment.Receipt{}, r.client.http.Refuse("Record", err)
	}
	types, err := r.client.checkTypes(ctx, "Record", newSettlement(p.Target, []CustomPayment{cp}).Payments)
	if err != nil {
		return payment.Receipt{}, err
	}
	t := types[cp.PaymentTypeID]
	if t.IsRefund != (p.Kind == payment.Refund) {
		return payment.Receipt{}, r.client.http.Refuse("Record", invalid("Payment.Kind", "does not fit the payment type: one is a refund, the other is not"))
	}
	added, err := r.client.addChecked(ctx, p.Target, p.Reference, t.Name, cp)
	return r.receipt(p, added, err)
}

// receipt turns the answer into a receipt. With an answer that differs there
// is both.
func (r *recorder) receipt(p payment.Payment, added *AddedCustomPayment, err error) (payment.Receipt, error) {
	if added == nil {
		return payment.Receipt{}, err
	}
	receipt := payment.Receipt{Vendor: vendor, Reference: p.Reference, Raw: added.Raw}
	receipt.Amount, _ = payment.NewMoney(added.Amount, r.client.currency) // both are set
	if err != nil {
		err = fmt.Errorf("%w: %w", err, &payment.ConflictError{Want: p, Got: receipt})
	}
	return receipt, err
}

// Find cannot tell.
func (r *recorder) Find(_ context.Context, p payment.Payment) (payment.Receipt, error) {
	if _, err := r.translate(p); err != nil {
		return payment.Receipt{}, r.client.http.Refuse("Find", err)
	}
	return payment.Receipt{}, &payment.Error{
		Vendor: vendor, Op: "Find", Reference: p.Reference, Target: p.Target, Err: payment.ErrNoLookup,
	}
}

// translate gives the vendor's form of p.
func (r *recorder) translate(p payment.Payment) (CustomPayment, error) {
	if err := p.Validate(); err != nil {
		return CustomPayment{}, err
	}
	if err := r.inexpressible(p); err != nil {
		return CustomPayment{}, err
	}
	cp := CustomPayment{PaymentTypeID: p.Method, Amount: p.Amount.Amount(), AllowRefund: p.Kind == payment.Refund}
	if cp.PaymentTypeID == "" {
		cp.PaymentTypeID = r.options.PaymentTypeID
	}
	if name := r.options.ReferenceAttribute; name != "" {
		cp.PaymentAttributes = append(cp.PaymentAttributes, PaymentAttribute{Name: name, Value: p.Reference})
	}
	for _, a := range p.Attributes {
		cp.PaymentAttributes = append(cp.PaymentAttributes, PaymentAttribute(a))
	}
	return cp, cp.check("CustomPayment[0]", r.client.zero.Scale())
}

// inexpressible refuses what Spektrix has no way to record.
func (r *recorder) inexpressible(p payment.Payment) error {
	switch {
	case p.Kind != payment.Sale && p.Kind != payment.Refund:
		return invalid("Payment.Kind", "is not a sale or a refund: Spektrix records no other")
	case p.Kind == payment.Refund && !r.options.AllowRefund:
		return invalid("Payment.Kind", "is a refund, and the recorder's AllowRefund is not set")
	case p.Amount.Currency() != r.client.currency:
		return invalid("Payment.Amount", "is not in the client's currency")
	case p.Link != "":
		return invalid("Payment.Link", "cannot be recorded by Spektrix")
	case p.Reverses != "":
		return invalid("Payment.Reverses", "cannot be recorded by Spektrix")
	case !p.Expires.IsZero():
		return invalid("Payment.Expires", "cannot be recorded by Spektrix")
	}
	return nil
}
