package backendpay

import (
	"context"
	"fmt"
	"iter"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// RecordOptions say what the vendor's lists do not.
type RecordOptions struct {
	// Currency is that of all payments that are read: the vendor names none.
	// Customers of several currencies are read one currency at a time, see
	// [reconcile.Join].
	Currency payment.Currency

	// Customers are the customers whose payments are read, one after another; each
	// is a list of its own. Nil reads the list of all customers, which does not
	// say whose a payment is: its records have no Target.
	Customers []string
}

// Records returns the payments that match f as a side of a [reconcile.Compare]:
// those of [Client.Payments], or of [Client.CustomerPayments] for each customer.
// Reversed payments are asked for, unless f asks for nothing else: a payment
// that a list hides would look as if it were missing.
//
// A negative amount is a Refund. A reversed payment is followed by a record of
// the reversal, on the day that the vendor shows for it: a Refund, or a Sale if
// a refund was reversed, whose Reverses is the payment's reference.
// Rules.NetReversals cancels the two where the other side has neither. Method is
// the name of the payment type.
//
// The vendor may fold references: set Rules.Fold to FoldReference of the
// [Client.Recorder]. An error ends the stream, and so does a payment without an
// amount.
func (c *Client) Records(ctx context.Context, f PaymentFilter, o RecordOptions) iter.Seq2[reconcile.Record, error] {
	f.IncludeReversed = f.IncludeReversed || !f.Reversed
	return func(yield func(reconcile.Record, error) bool) {
		if err := o.check(); err != nil {
			yield(reconcile.Record{}, c.http.Refuse("Records", err))
			return
		}
		for p, err := range c.recorded(ctx, f, o.Customers) {
			var records []reconcile.Record
			if err == nil {
				records, err = p.records(c.account, o.Currency)
			}
			if err != nil {
				yield(reconcile.Record{}, err)
				return
			}
			for _, r := range records {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

func (o RecordOptions) check() error {
	switch {
	case !o.Currency.Known():
		return invalid("RecordOptions.Currency", "is not an active ISO 4217 code in upper case")
	case o.Customers != nil && len(o.Customers) == 0:
		return invalid("RecordOptions.Customers", "is an empty list; nil stands for all customers")
	}
	seen := map[string]bool{}
	for _, id := range o.Customers {
		if seen[id] {
			return invalid("RecordOptions.Customers", "holds a customer twice")
		}
		seen[id] = true
	}
	return nil
}

// recorded streams the lists, one after another.
func (c *Client) recorded(ctx context.Context, f PaymentFilter, customers []string) iter.Seq2[Payment, error] {
	if customers == nil {
		return c.Payments(ctx, f)
	}
	return func(yield func(Payment, error) bool) {
		for _, id := range customers {
			for p, err := range c.CustomerPayments(ctx, id, f) {
				if !yield(p, err) || err != nil {
					return
				}
			}
		}
	}
}

// records returns the payment in the common form, and its reversal.
func (p Payment) records(account payment.Account, currency payment.Currency) ([]reconcile.Record, error) {
	amount, err := payment.NewMoney(p.PaymentAmount, currency)
	if err != nil {
		return nil, &payment.Error{
			Vendor: vendor, Op: "Records", Reference: p.OurReference, Err: fmt.Errorf("%w: payment %s: its amount is not set", payment.ErrProtocol, p.ID),
		}
	}
	kind, opposite := payment.Sale, payment.Refund
	if amount.Sign() < 0 {
		kind, opposite = opposite, kind
	}
	r := reconcile.Record{
		Account: account, ID: p.ID, Reference: p.OurReference, Kind: kind, Amount: amount.Abs().Round(payment.HalfEven), Date: p.PaymentDate,
		Method: p.PaymentMethod, Target: p.CustomerID, Source: "payment " + p.ID,
	}
	if !p.Reversed() {
		return []reconcile.Record{r}, nil
	}
	reversal := r
	reversal.Reference, reversal.Reverses = "", r.Reference
	reversal.Kind, reversal.Date, reversal.Source = opposite, p.PaymentReversedDate, "reversal of payment "+p.ID
	r.Source += ", reversed"
	return []reconcile.Record{r, reversal}, nil
}
