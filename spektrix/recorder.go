package spektrix

import (
	"cmp"
	"context"

	"github.com/tenderkit/tenderkit/payment"
)

// RecorderOptions is what a common payment does not say.
type RecorderOptions struct {
	PaymentTypeID      string // for payments whose Method is empty
	ReferenceAttribute string // name of the attribute that takes the Reference; empty: it is not sent
	AllowRefund        bool   // let refunds through, to types that are for refunds
	AllowOuterBlanks   bool   // see NewCustomPayment
	SkipAttributeCheck bool   // see NewCustomPayment
	SkipEchoCheck      bool   // see NewCustomPayment
}

// Recorder returns a [payment.Recorder] that posts custom payments.
//
// Target is the basket, Method the id of the custom payment type, Attributes
// are its PaymentAttributes. Record posts one payment after the checks of
// [Client.Settle] on type, attributes and answer, but not on the sum: a caller
// hands over one payment at a time. It neither settles nor confirms, and no
// memory of the client is asked. A sale needs a type that is not for refunds, a
// refund one that is. Authorizations, captures and voids, Link, Reverses and
// Expires are refused. Spektrix has no place for Date: it books its own.
//
// Find returns [payment.ErrNoLookup].
func (c *Client) Recorder(options RecorderOptions) payment.Recorder {
	return &recorder{client: c, options: options}
}

type recorder struct {
	client  *Client
	options RecorderOptions
}

// Record posts p. If the answer differs from p, the error is an [*EchoError].
func (r *recorder) Record(ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	cp, err := r.translate(p)
	if err != nil {
		return payment.Receipt{}, r.client.http.Refuse("Record", err)
	}
	types, err := r.client.checkedTypes(ctx, "Record", []NewCustomPayment{cp})
	if err != nil {
		return payment.Receipt{}, err
	}
	t, _ := types.byID(cp.PaymentTypeID)
	if t.IsRefund != (p.Kind == payment.Refund) {
		return payment.Receipt{}, r.client.http.Refuse("Record", invalid("Payment.Kind", "does not fit the payment type: one is a refund, the other is not"))
	}
	shown, err := r.client.addJudged(ctx, p.Target, p.Reference, posted{payment: cp, typeName: t.Name})
	return r.receipt(p, shown), err
}

// receipt turns the answer into a receipt. With an answer that differs there
// may be both.
func (r *recorder) receipt(p payment.Payment, shown CustomPayment) payment.Receipt {
	if !shown.Amount.IsSet() {
		return payment.Receipt{}
	}
	receipt := payment.Receipt{Vendor: vendor, Reference: p.Reference, Raw: []byte(shown.Raw)}
	receipt.Amount, _ = payment.NewMoney(shown.Amount, r.client.currency) // both are set
	return receipt
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

// translate returns the vendor's form of p.
func (r *recorder) translate(p payment.Payment) (NewCustomPayment, error) {
	if err := p.Validate(); err != nil {
		return NewCustomPayment{}, err
	}
	if err := r.inexpressible(p); err != nil {
		return NewCustomPayment{}, err
	}
	cp := NewCustomPayment{
		PaymentTypeID: cmp.Or(p.Method, r.options.PaymentTypeID), Amount: p.Amount.Amount(), AllowRefund: p.Kind == payment.Refund,
		AllowOuterBlanks: r.options.AllowOuterBlanks, SkipAttributeCheck: r.options.SkipAttributeCheck, SkipEchoCheck: r.options.SkipEchoCheck,
	}
	if name := r.options.ReferenceAttribute; name != "" {
		cp.PaymentAttributes = append(cp.PaymentAttributes, PaymentAttribute{Name: name, Value: p.Reference})
	}
	for _, a := range p.Attributes {
		cp.PaymentAttributes = append(cp.PaymentAttributes, PaymentAttribute(a))
	}
	return cp, r.client.checkPayment("CustomPayment[0]", cp)
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
