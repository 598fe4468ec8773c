package salesdata

import (
	"fmt"

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
	goods := make([]payment.Amount, len(o.Payments))
	for i, p := range o.Payments {
		sum, err := t.Rules.signed(p)
		if err != nil {
			return fmt.Errorf("Order.Payments[%d]: %w", i, err)
		}
		goods[i] = sum.goods
	}
	if t.ByType == nil {
		t.ByType = make(map[int64]payment.Amount)
	}
	t.Orders++
	t.Total = orZero(t.Total)
	for i, p := range o.Payments {
		t.Total = t.Total.Add(goods[i])
		t.ByType[p.PaymentTypeID] = orZero(t.ByType[p.PaymentTypeID]).Add(goods[i])
	}
	return nil
}
