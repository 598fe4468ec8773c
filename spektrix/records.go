package spektrix

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// RecordOptions say what the vendor's answers do not.
type RecordOptions struct {
	// ReferenceAttribute names the attribute that holds the caller's reference, as
	// in [RecorderOptions]. A payment that shows none has no Reference; whether an
	// order shows attributes at all is unknown (clause order.payments). Rules.WithoutReference matches
	// such payments.
	ReferenceAttribute string

	// Types are the names of the payment types that are wanted. The others, such
	// as the venue's own card sales, are left out. Nil stands for all.
	Types []string

	// From and To are the days that are wanted, both included. A day that is not
	// set leaves its side open.
	From, To payment.Date
}

// OrderRecords returns the payments and refunds of the orders that have changed
// at since or later as a side of a [reconcile.Compare]: GET orders/sync
// (documented, early access), then GET orders/{id} (observed) once for each. It
// reads the whole list before the first order, so that none is counted twice.
//
// A payment has no date of its own. It is taken to be of the day of its order's
// first transaction, and a refund of the last one, by the venue's clock. Method
// is the name of the type, ID that of the order. No order names the basket that
// it was, so there is no Target. An error ends the stream.
func (c *Client) OrderRecords(ctx context.Context, since time.Time, o RecordOptions) iter.Seq2[reconcile.Record, error] {
	return c.records(ctx, o, func(ctx context.Context, from paid, yield func(reconcile.Record, error) bool) {
		ids, err := c.changedIDs(ctx, since)
		if err != nil {
			yield(reconcile.Record{}, err)
			return
		}
		for _, id := range ids {
			order, err := c.Order(ctx, id)
			if err != nil {
				yield(reconcile.Record{}, err)
				return
			}
			if !from.order(order, yield) {
				return
			}
		}
	})
}

// BasketRecords returns the custom payments of open baskets as a side of a
// [reconcile.Compare]: GET baskets/{id}/custom-payments (documented). Spektrix
// does not list baskets: their ids are the Targets of the caller's payments.
//
// A basket that is certainly gone has no payments here: they are its order's, so
// [reconcile.Join] reads baskets before orders. A payment shows no date, so From
// and To leave none out. Method is the name of the type, Target the basket. An
// error ends the stream.
func (c *Client) BasketRecords(ctx context.Context, o RecordOptions, basketIDs ...string) iter.Seq2[reconcile.Record, error] {
	return c.records(ctx, o, func(ctx context.Context, from paid, yield func(reconcile.Record, error) bool) {
		for _, id := range unique(basketIDs) {
			shown, err := c.standing(ctx, id)
			if err != nil && !errors.Is(err, ErrBasketGone) {
				yield(reconcile.Record{}, err)
				return
			}
			for _, p := range shown {
				if !from.payment(p, reconcile.Record{Target: id, Source: "basket " + id}, yield) {
					return
				}
			}
		}
	})
}

// records reads the payment types, by which refunds are known, and then what
// read yields.
func (c *Client) records(ctx context.Context, o RecordOptions, read func(context.Context, paid, func(reconcile.Record, error) bool)) iter.Seq2[reconcile.Record, error] {
	return func(yield func(reconcile.Record, error) bool) {
		types, err := c.readTypes(ctx)
		if err != nil {
			yield(reconcile.Record{}, err)
			return
		}
		read(ctx, paid{c, o, types}, yield)
	}
}

// paid turns payments into records.
type paid struct {
	client  *Client
	options RecordOptions
	types   activeTypes
}

func (p paid) order(o Order, yield func(reconcile.Record, error) bool) bool {
	shown := o.customPayments()
	for i, s := range shown {
		r := reconcile.Record{ID: o.ID, Date: payment.DateOf(o.FirstTransactionDate.Wall), Source: "order " + o.FriendlyID}
		if i >= len(o.Payments) {
			r.Kind, r.Date = payment.Refund, payment.DateOf(o.LastTransactionDate.Wall)
		}
		if !p.payment(s, r, yield) {
			return false
		}
	}
	return true
}

// payment completes a record and yields it, if it is wanted.
func (p paid) payment(s CustomPayment, r reconcile.Record, yield func(reconcile.Record, error) bool) bool {
	if p.options.Types != nil && !slices.Contains(p.options.Types, s.Name) || !p.options.wants(r.Date) {
		return true
	}
	amount, err := payment.NewMoney(p.client.withoutNoise(s.Amount), p.client.currency)
	if err != nil {
		yield(reconcile.Record{}, &payment.Error{Vendor: vendor, Op: "Records", Target: r.Target, Err: errNoAmount})
		return false
	}
	if r.Kind == "" {
		r.Kind = payment.Sale
	}
	if amount.Sign() < 0 || p.types.refunds(s.Name) {
		r.Kind = payment.Refund
	}
	r.Account, r.Amount, r.Method = p.client.account, amount.Abs(), s.Name
	for _, a := range s.Attributes {
		if a.Name == p.options.ReferenceAttribute {
			r.Reference = a.Value
		}
	}
	return yield(r, nil)
}

var errNoAmount = fmt.Errorf("%w: a payment shows no amount", payment.ErrProtocol)

// wants reports whether a day is asked for. A day that is not shown may be any.
func (o RecordOptions) wants(d payment.Date) bool {
	return d.IsZero() || !(d.Before(o.From) || !o.To.IsZero() && d.After(o.To))
}
