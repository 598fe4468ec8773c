package salesdata

import "github.com/tenderkit/tenderkit/payment"

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
