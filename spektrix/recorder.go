package spektrix

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// RecorderOptions is what a common payment does not say.
type RecorderOptions struct {
	PaymentTypeID string // for payments whose Method is empty

	// ReferenceAttribute names the attribute of the payment type that takes the
	// Reference. The vendor lists payments with their attributes, so with it a
	// payment can be found again. Without it the recorder can tell only that an
	// open basket has no payments at all, and else returns [payment.ErrNoLookup].
	ReferenceAttribute string

	// AloneInBasket promises that nobody else puts payments of the same type,
	// amount and attributes into a basket while this program pays it. Without a
	// ReferenceAttribute a lost answer is then resolved by counting: one equal
	// payment more than before the write is that payment.
	AloneInBasket bool

	// FreshBaskets says that nobody has paid into a basket before Settle, for
	// venues that show no payments of a basket at all.
	FreshBaskets bool

	// SearchOrders looks for a payment whose basket is gone in the orders that
	// have changed since, see [Client.OrdersSince], or where that is not offered,
	// after Settle, in those of the basket's customer. It reads each of them.
	SearchOrders bool

	AllowRefund        bool // let refunds through, to types that are for refunds
	AllowOuterBlanks   bool // see NewCustomPayment; the Reference never has any
	SkipAttributeCheck bool // see NewCustomPayment
	SkipEchoCheck      bool // see NewCustomPayment
}

// Recorder is a [payment.Recorder] that posts custom payments.
//
// Target is the basket, Method the id of the custom payment type, Attributes
// are its PaymentAttributes. A sale needs a type that is not for refunds, a
// refund one that is. Authorizations, captures and voids, Link, Reverses and
// Expires are refused. Spektrix has no place for Date: it books its own.
//
// It neither checks the sum of a basket's payments nor confirms:
// [Recorder.Settle] and [Client.Confirm] do.
type Recorder struct {
	client  *Client
	options RecorderOptions
}

// Recorder returns a [payment.Recorder] for the client's venue.
func (c *Client) Recorder(options RecorderOptions) *Recorder {
	return &Recorder{client: c, options: options}
}

// Account returns the venue's client name and the host that is called.
func (r *Recorder) Account() payment.Account { return r.client.account }

// Prepare checks p and fills in its Method. It reads the venue's types, at most
// every five minutes.
func (r *Recorder) Prepare(ctx context.Context, p payment.Payment) (payment.Payment, error) {
	p.Method = cmp.Or(p.Method, r.options.PaymentTypeID)
	_, _, err := r.prepare(ctx, "Prepare", p)
	return p, err
}

// prepare returns the vendor's form of p, and its type.
func (r *Recorder) prepare(ctx context.Context, op string, p payment.Payment) (NewCustomPayment, CustomPaymentType, error) {
	n, err := r.translate(p)
	if err != nil {
		return n, CustomPaymentType{}, r.client.http.Refuse(op, err)
	}
	types, err := r.client.checkedTypes(ctx, op, n)
	if err != nil {
		return n, CustomPaymentType{}, err
	}
	t, _ := types.byID(n.PaymentTypeID)
	if t.IsRefund != (p.Kind == payment.Refund) {
		err = r.client.http.Refuse(op, invalid("Payment.Kind", "does not fit the payment type: one is a refund, the other is not"))
	}
	return n, t, err
}

// Record posts p. If the answer differs from p, the error is an [*EchoError]
// and a [*payment.ConflictError]: the payment stands.
func (r *Recorder) Record(ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
	return r.record(ctx, p, a, "")
}

// record is Record for a basket whose customer may be known.
func (r *Recorder) record(ctx context.Context, p payment.Payment, a *payment.Attempt, customerID string) (payment.Receipt, error) {
	n, t, err := r.prepare(ctx, "Record", p)
	if err != nil {
		return payment.Receipt{}, err
	}
	cp, err := checkpointOf(a, r.key(p))
	if err != nil {
		return payment.Receipt{}, err
	}
	sent := posted{payment: n, typeName: t.Name}
	if r.counts() {
		shown, err := r.client.standing(ctx, p.Target)
		if err != nil && !isNotListed(err) {
			return payment.Receipt{}, r.blind(p, err)
		}
		sent.before = len(sent.equals(shown))
		cp.Counted, cp.Before = err == nil, sent.before
	}
	if err := cp.begin(ctx, a, r.client.http.Now(), customerID); err != nil {
		return payment.Receipt{}, err
	}
	shown, err := r.client.addJudged(ctx, p.Target, p.Reference, sent)
	receipt := r.receipt(p, shown)
	if r.options.SkipEchoCheck {
		receipt.Reference, receipt.Amount = p.Reference, p.Amount
	}
	if errors.Is(err, ErrEchoDiffers) {
		err = &standsError{err: err, conflict: &payment.ConflictError{Want: p, Got: []payment.Receipt{receipt}, Fields: fieldsOf(err, n)}}
	}
	return receipt, err
}

// counts reports whether payments are told apart by counting.
func (r *Recorder) counts() bool {
	return r.options.ReferenceAttribute == "" && r.options.AloneInBasket
}

// checkpoint is what is known before a payment's first write.
type checkpoint struct {
	Version  int
	Since    time.Time // before the first write
	Counted  bool      // Before is certain
	Before   int       // equal payments that stood before the last write
	Customer string    `json:",omitzero"` // id, of a basket that has one
}

// checkpointOf reads what an earlier attempt saved.
func checkpointOf(a *payment.Attempt, key payment.Key) (cp checkpoint, err error) {
	saved := a.Checkpoint()
	if saved == nil {
		return checkpoint{Version: 1}, nil
	}
	if json.Unmarshal(saved, &cp, json.RejectUnknownMembers(true)) != nil || cp.Version != 1 || cp.Since.IsZero() {
		err = &payment.EntryError{Key: key, Reason: "its checkpoint is not of this version of the recorder"}
	}
	return cp, err
}

// begin saves the checkpoint. Its time is that of the first write.
func (cp checkpoint) begin(ctx context.Context, a *payment.Attempt, now time.Time, customerID string) error {
	if cp.Since.IsZero() {
		cp.Since = now.UTC()
	}
	if usable(customerID) {
		cp.Customer = customerID
	}
	saved, err := json.Marshal(cp)
	if err != nil {
		return err
	}
	return a.Begin(ctx, saved)
}

func (r *Recorder) key(p payment.Payment) payment.Key {
	return payment.Key{Account: r.Account(), Op: "payment", Reference: p.Reference}
}

// receipt turns what the vendor shows into a receipt. Without an amount,
// nothing is shown.
func (r *Recorder) receipt(p payment.Payment, shown CustomPayment) payment.Receipt {
	receipt := payment.Receipt{Vendor: vendor, Reference: p.Reference, Raw: []byte(shown.Raw)}
	if i := slices.IndexFunc(shown.Attributes, r.isReference); i >= 0 {
		receipt.Reference = shown.Attributes[i].Value
	}
	if shown.Amount.IsSet() {
		receipt.Amount, _ = payment.NewMoney(r.client.withoutNoise(shown.Amount), r.client.currency)
	}
	return receipt
}

func (r *Recorder) isReference(a PaymentAttribute) bool {
	return a.Name == r.options.ReferenceAttribute && a.Name != ""
}

// blind completes an error of this package.
func (r *Recorder) blind(p payment.Payment, err error) error {
	var told *payment.Error
	if err == nil || errors.As(err, &told) {
		return err
	}
	return &payment.Error{Vendor: vendor, Op: "Find", Reference: p.Reference, Target: p.Target, Err: err}
}

// translate returns the vendor's form of p.
func (r *Recorder) translate(p payment.Payment) (NewCustomPayment, error) {
	if err := p.Validate(); err != nil {
		return NewCustomPayment{}, err
	}
	if err := r.inexpressible(p); err != nil {
		return NewCustomPayment{}, err
	}
	n := NewCustomPayment{
		PaymentTypeID: cmp.Or(p.Method, r.options.PaymentTypeID), Amount: p.Amount.Amount(), AllowRefund: p.Kind == payment.Refund,
		AllowOuterBlanks: r.options.AllowOuterBlanks, SkipAttributeCheck: r.options.SkipAttributeCheck, SkipEchoCheck: r.options.SkipEchoCheck,
	}
	if name := r.options.ReferenceAttribute; name != "" {
		n.PaymentAttributes = append(n.PaymentAttributes, PaymentAttribute{Name: name, Value: p.Reference})
	}
	for _, a := range p.Attributes {
		n.PaymentAttributes = append(n.PaymentAttributes, PaymentAttribute(a))
	}
	return n, r.client.checkPayment("CustomPayment", n)
}

// inexpressible refuses what Spektrix has no way to record.
func (r *Recorder) inexpressible(p payment.Payment) error {
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
	case r.options.ReferenceAttribute != "" && strings.TrimSpace(p.Reference) != p.Reference:
		return invalid("Payment.Reference", "begins or ends with white space, which the vendor may trim")
	}
	return transport.CheckSegment("Payment.Target", p.Target)
}
