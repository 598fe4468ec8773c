package salesdata

import (
	"fmt"
	"iter"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// RecordOptions say what a sales document does not.
type RecordOptions struct {
	Currency payment.Currency // of all amounts. Required
	Account  payment.Account  // where the payments are to be recorded, if that is compared
	Rules    BalanceRules     // how a payment's contribution is computed

	// Zone is where the till's days are counted. Nil takes the day as the document
	// writes it, which for a time in UTC is a day of UTC.
	Zone *time.Location

	// Method names how a payment was paid in the other side's words. Nil stands
	// for the id of the payment type.
	Method func(Payment) string
	// Target names what an order is at the other side. Nil stands for ExportRef.
	Target func(Order) string

	Source           string // the document's name, for people
	IncludeCancelled bool   // cancelled orders too; else they are left out
}

// Records returns the payments of orders, as [Decode] streams them, as a side of
// a [reconcile.Compare]:
//
//	till := salesdata.Records(salesdata.Decode(file), salesdata.RecordOptions{Currency: "NOK"})
//
// Reference is [Payment.Key], and the amount what the payment contributes to its
// order, as in [Payment.In]: a negative one is a Refund. A payment that
// contributes nothing is left out, because nothing has to be recorded. Date is
// the order's business day, or else the day on which it was closed. Source names
// the document and the payment's place in it.
//
// An error of the document ends the stream, also one of a single order: a
// payment that could not be read must not look as if the other side had it too
// many. So does a payment without an amount.
func Records(orders iter.Seq2[Order, error], o RecordOptions) iter.Seq2[reconcile.Record, error] {
	return func(yield func(reconcile.Record, error) bool) {
		if !o.Currency.Known() {
			yield(reconcile.Record{}, &payment.FieldError{Field: "RecordOptions.Currency", Reason: "is not an active ISO 4217 code in upper case"})
			return
		}
		for order, err := range orders {
			if err != nil {
				yield(reconcile.Record{}, err)
				return
			}
			if order.Cancelled() && !o.IncludeCancelled {
				continue
			}
			if !o.order(order, yield) {
				return
			}
		}
	}
}

// order yields the payments of an order and reports whether to go on.
func (o RecordOptions) order(order Order, yield func(reconcile.Record, error) bool) bool {
	day, target := order.day(o.Zone), order.ExportRef
	if o.Target != nil {
		target = o.Target(order)
	}
	for i, p := range order.Payments {
		goods, err := p.Goods(o.Rules)
		if err == nil && goods.Sign() == 0 {
			continue
		}
		if err != nil {
			yield(reconcile.Record{}, fmt.Errorf("salesdata: %s: Order.Payments[%d]: %w", o.place(p), i, err))
			return false
		}
		r := reconcile.Record{
			Account: o.Account, Reference: p.Key(), Kind: payment.Sale, Date: day, Method: o.method(p), Target: target,
			Reverses: p.Cancels(), Source: o.place(p),
		}
		if goods.Sign() < 0 {
			r.Kind, goods = payment.Refund, goods.Neg()
		}
		r.Amount, err = payment.NewMoney(goods, o.Currency)
		if !yield(r, err) || err != nil {
			return false
		}
	}
	return true
}

func (o RecordOptions) method(p Payment) string {
	if o.Method == nil {
		return idText(p.PaymentTypeID)
	}
	return o.Method(p)
}

func (o RecordOptions) place(p Payment) string {
	place := fmt.Sprintf("byte %d", p.Offset)
	if o.Source != "" {
		place = o.Source + ", " + place
	}
	return place
}

// day returns the business day, or the day of the time that is nearest to the
// order's closing. It is not set for a payment without an order.
func (o Order) day(zone *time.Location) payment.Date {
	if !o.ClosedBusinessDate.IsZero() {
		return o.ClosedBusinessDate
	}
	for _, t := range [...]Time{o.ClosedAt, o.Closed, o.ReadyTime, o.CreatedAt, o.Opened} {
		if t.Wall().IsZero() || t.isNone() {
			continue
		}
		if at, ok := t.Instant(); ok && zone != nil {
			return payment.DateOf(at.In(zone))
		}
		return payment.DateOf(t.Wall())
	}
	return payment.Date{}
}
