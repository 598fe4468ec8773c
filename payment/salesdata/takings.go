package salesdata

import (
	"fmt"
	"maps"

	"github.com/tenderkit/tenderkit/payment"
)

// Takings adds up what the payments of many orders pay for lines. Cancelled
// orders are left out and counted. The zero value is ready.
type Takings struct {
	Rules            BalanceRules
	IncludeCancelled bool

	Total     payment.Amount           // not set until an order was added
	ByType    map[int64]payment.Amount // by payment type id
	Orders    int                      // orders in Total
	Cancelled int                      // cancelled orders that were left out
}

// Add takes an order. One with a payment that has no amount changes nothing;
// the error is a *payment.FieldError.
func (t *Takings) Add(o Order) error {
	if o.Cancelled() && !t.IncludeCancelled {
		t.Cancelled++
		return nil
	}
	if err := t.change(o, payment.Amount.Add); err != nil {
		return err
	}
	t.Orders++
	return nil
}

// Remove takes back the payments of an order that was added, such as those of
// [Dedupe.Withdrawn]. Orders and Cancelled stay as they are: the order itself
// was added. The errors are those of [Takings.Add].
func (t *Takings) Remove(o Order) error {
	if o.Cancelled() && !t.IncludeCancelled {
		return nil
	}
	return t.change(o, payment.Amount.Sub)
}

// change adds or subtracts the goods of an order's payments, or changes nothing.
func (t *Takings) change(o Order, by func(a, b payment.Amount) payment.Amount) error {
	total, types := orZero(t.Total), make(map[int64]payment.Amount)
	for i, p := range o.Payments {
		sums, err := t.Rules.signed(p)
		if err != nil {
			return fmt.Errorf("Order.Payments[%d]: %w", i, err)
		}
		before, known := types[p.PaymentTypeID]
		if !known {
			before = orZero(t.ByType[p.PaymentTypeID])
		}
		total, types[p.PaymentTypeID] = by(total, sums.goods), by(before, sums.goods)
		if !total.IsSet() || !types[p.PaymentTypeID].IsSet() {
			return elementError("Payments", i, "makes the sum too large")
		}
	}
	if t.ByType == nil {
		t.ByType = make(map[int64]payment.Amount)
	}
	maps.Copy(t.ByType, types)
	t.Total = total
	return nil
}

// Cancellations checks the payments that cancel others, over as many orders as
// are added. What it finds is listed, never refused: the vendor documents no
// signs. The zero value is ready; it keeps some hundred bytes a payment.
type Cancellations struct {
	tenders map[string]payment.Amount
	open    []cancellation
}

type cancellation struct {
	target string
	tender payment.Amount
	at     Fault
}

// Add takes the payments of an order.
func (c *Cancellations) Add(o Order) {
	if c.tenders == nil {
		c.tenders = make(map[string]payment.Amount)
	}
	for _, p := range o.Payments {
		if key := p.Key(); key != "" {
			c.tenders[key] = p.Tender()
		}
		if target := p.Cancels(); target != "" {
			fault := Fault{Path: "payment_cancel_for_guid", Offset: p.Offset}
			c.open = append(c.open, cancellation{target: target, tender: p.Tender(), at: fault})
		}
	}
}

// Faults lists the cancellations whose target was not added, and those whose
// amount is not the negative of their target's. The offset is the cancelling
// payment's; the path is only the field's name, because the inputs may be many.
func (c *Cancellations) Faults() (faults []Fault) {
	for _, open := range c.open {
		tender, found := c.tenders[open.target]
		switch {
		case !found:
			open.at.Reason = "names a payment that is not in the same input"
		case !tender.Neg().Equal(open.tender):
			open.at.Reason = "is on an amount that is not the negative of the cancelled one"
		default:
			continue
		}
		faults = append(faults, open.at)
	}
	return faults
}
