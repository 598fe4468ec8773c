package backendpay

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// RecorderOptions is what a common payment does not say.
type RecorderOptions struct {
	Method   string           // payment type for payments that name no Method
	Currency payment.Currency // if set, payments in another currency are refused
}

// Recorder returns a [payment.Recorder] that writes payments of customers.
//
// Reference becomes ourReference and Target is the customer's id. A Refund is
// written as a negative amount. The date is the day of Date in its own zone. A
// Date that has come back in UTC with a time of day counts as the same payment if
// it is on the recorded day in some zone.
// The attributes customerReference and invoiceID become the fields of that
// name; this vendor has no place for others, and they are not sent. The rest
// is refused: this vendor has no authorizations, and its API cannot reverse.
//
// The vendor is not known to refuse a reference that it has already (clause
// reference.duplicate). Find lists
// the customer's payments, reversed ones included, so it costs a request for
// each hundred of them; the same reference on another customer is not seen. A
// payment that stands reversed is a conflict that matches [ErrReversed], and so
// is a reference that differs in case, blanks or the form of its letters only. What
// cannot be read of other payments of the customer does not matter.
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

// Account returns the tenant of [Config] and the host that is called.
func (r *recorder) Account() payment.Account { return r.client.account }

// FoldReference returns a reference in lower case and with single blanks. Which
// references the vendor takes for the same one is unknown (clause reference.case);
// those that differ in
// nothing else are never recorded side by side.
func (r *recorder) FoldReference(reference string) string { return folded(reference) }

// Prepare fills in the method, and writes the amount with the decimals of its
// currency.
func (r *recorder) Prepare(_ context.Context, p payment.Payment) (payment.Payment, error) {
	p.Method = cmp.Or(p.Method, r.options.Method)
	if _, err := r.translate(p); err != nil {
		return payment.Payment{}, r.client.http.Refuse("Prepare", err)
	}
	p.Amount = p.Amount.Round(payment.Down) // translate has refused digits that this would cut
	return p, nil
}

// Record creates the payment, and compares the answer with it.
func (r *recorder) Record(ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
	n, err := r.translate(p)
	if err != nil {
		return payment.Receipt{}, r.client.http.Refuse("Record", err)
	}
	if err := a.Begin(ctx, nil); err != nil {
		return payment.Receipt{}, err
	}
	made, err := r.client.CreatePayment(ctx, p.Target, n)
	if made.ID == "" {
		return payment.Receipt{}, err
	}
	shown := receipt(p, n, made) // a conflict is what differs
	shown.Reference = cmp.Or(shown.Reference, p.Reference)
	if made.Reversed() {
		return payment.Receipt{}, reversedBy(p, shown)
	}
	return shown, nil
}

// Find returns the payments that stand under the reference.
func (r *recorder) Find(ctx context.Context, p payment.Payment, _ *payment.Attempt) ([]payment.Receipt, error) {
	n, err := r.translate(p)
	if err != nil {
		return nil, r.client.http.Refuse("Find", err)
	}
	found, err := r.client.under(ctx, "Find", p.Target, n)
	if err != nil {
		return nil, err
	}
	var standing, reversed []payment.Receipt
	for _, shown := range slices.Concat(found.exact, found.folded) {
		switch day := n.isShownBy(shown); {
		case shown.Reversed():
			reversed = append(reversed, receipt(p, n, shown))
		case day == maybeDay:
			return nil, r.lookFailed(p, n, errAnyDay)
		default:
			standing = append(standing, listed(receipt(p, n, shown), p, shown))
		}
	}
	switch {
	case len(standing) > 0:
		return standing, nil
	case len(reversed) > 0:
		return nil, reversedBy(p, reversed...)
	case found.mayBeCut(n):
		return nil, r.lookFailed(p, n, errCut)
	}
	return nil, nil
}

func reversedBy(p payment.Payment, reversed ...payment.Receipt) error {
	return fmt.Errorf("%w: %w", ErrReversed, &payment.ConflictError{Want: p, Got: reversed})
}

func (r *recorder) lookFailed(p payment.Payment, n NewPayment, cause error) error {
	return r.client.lookupError("Find", p.Target, n, fmt.Errorf("%w: %w", payment.ErrProtocol, cause))
}

// translate refuses what a payment of this vendor cannot express.
func (r *recorder) translate(p payment.Payment) (NewPayment, error) {
	if err := cmp.Or(p.Validate(), r.check(p)); err != nil {
		return NewPayment{}, err
	}
	n := NewPayment{
		OurReference:      p.Reference,
		CustomerReference: p.Attribute("customerReference"),
		PaymentDate:       payment.DateOf(p.Date),
		PaymentAmount:     p.Amount.Amount(),
		PaymentMethod:     p.Method,
		InvoiceID:         p.Attribute("invoiceID"),
		Currency:          p.Amount.Currency(),
	}
	if p.Kind == payment.Refund {
		n.Refund, n.PaymentAmount = true, n.PaymentAmount.Neg()
	}
	return n, cmp.Or(n.Validate(), r.client.form.checkID("Payment.Target", p.Target))
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

// listed completes the receipt of a payment in a list. An amount or date that it
// does not show differs: nobody can say that they are the payment's. A date that
// is the payment's instant in another zone does not.
func listed(r payment.Receipt, p payment.Payment, shown Payment) payment.Receipt {
	if _, offset := p.Date.Zone(); offset == 0 && !isMidnight(p.Date) && isSomewhereOn(p.Date, shown.PaymentDate) {
		r.Differs = slices.DeleteFunc(r.Differs, func(field string) bool { return field == "Date" })
	}
	if !shown.PaymentAmount.IsSet() {
		r.Differs = append(r.Differs, "Amount")
	}
	if shown.PaymentDate.IsZero() {
		r.Differs = append(r.Differs, "Date")
	}
	return r
}

func isMidnight(t time.Time) bool { return t.Equal(t.Truncate(24 * time.Hour)) }

// receipt turns the sign of a refund back: the direction is the kind's. An
// amount that the vendor does not show stays not set; one that it shows in
// floats is rounded to the currency.
func receipt(p payment.Payment, n NewPayment, shown Payment) payment.Receipt {
	amount := shown.PaymentAmount
	if sameAmount(amount, n.PaymentAmount, n.Currency) {
		amount = n.PaymentAmount
	}
	differs := n.fields().differences(shown)
	for i, name := range differs {
		differs[i] = commonNames[name]
	}
	if sameAmount(amount, n.PaymentAmount.Neg(), n.Currency) {
		differs[slices.Index(differs, "Amount")] = "Kind" // the other direction
	} else if p.Kind == payment.Refund {
		amount = amount.Neg()
	}
	money, _ := payment.NewMoney(amount, p.Amount.Currency()) // fails only for what is not set
	return payment.Receipt{
		Vendor: vendor, ID: shown.ID, Reference: shown.OurReference, Amount: money, Differs: differs, Raw: shown.Raw,
	}
}

// commonNames are the fields of payment.Payment that become fields of a payment
// here.
var commonNames = map[string]string{
	"ourReference": "Reference", "paymentAmount": "Amount", "paymentDate": "Date", "paymentMethod": "Method",
}
