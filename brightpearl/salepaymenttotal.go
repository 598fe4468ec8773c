package brightpearl

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

const maxTotals = 200 // order ids a call; documented for the purchase twin, inferred here

// SalePaymentTotal sums up the payments of one sales order (documented):
// paid is RECEIPT + CAPTURE - PAYMENT, authorized is AUTH - VOID, captured is
// the sum of CAPTURE. Each may be negative.
type SalePaymentTotal struct {
	OrderID          int64          `json:"orderId"`
	PaymentCurrency  string         `json:"paymentCurrency"` // empty for an order without payments
	AmountPaid       payment.Amount `json:"amountPaid"`
	AmountAuthorized payment.Amount `json:"amountAuthorized"`
	AmountCaptured   payment.Amount `json:"amountCaptured"`

	Raw json.RawMessage `json:"-"` // the total as it came
}

// SalePaymentTotals gives the totals of the orders: GET
// accounting-service/sale-payment-total/{ids} (documented), at most 200 orders
// a request. If the answer leaves orders out, the totals that did come are
// returned with a [MissingTotalsError].
func (c *Client) SalePaymentTotals(ctx context.Context, orderIDs ...int64) ([]SalePaymentTotal, error) {
	const op = "SalePaymentTotals"
	ids, err := sortedIDs(orderIDs)
	if err != nil {
		return nil, c.http.Refuse(op, err)
	}
	var totals []SalePaymentTotal
	for chunk := range slices.Chunk(ids, maxTotals) {
		part, err := transport.Call(ctx, c.http, get(op, "sale-payment-total/{ids}", compact(chunk).String()), open[[]SalePaymentTotal])
		if err != nil {
			return totals, err
		}
		totals = append(totals, part...)
	}
	return totals, missingTotals(ids, totals)
}

func sortedIDs(ids []int64) ([]int64, error) {
	if len(ids) == 0 {
		return nil, invalid("orderIDs", "is empty")
	}
	if slices.Min(ids) <= 0 {
		return nil, invalid("orderIDs", "holds an id that is not positive")
	}
	sorted := slices.Clone(ids)
	slices.Sort(sorted)
	return slices.Compact(sorted), nil
}

// MissingTotalsError names the orders that an answer left out. It matches
// [payment.ErrNotFound].
type MissingTotalsError struct{ OrderIDs []int64 }

// Error tells how many orders are missing, and the first.
func (e *MissingTotalsError) Error() string {
	return fmt.Sprintf("brightpearl: SalePaymentTotals: no totals for %d orders, the first is %d", len(e.OrderIDs), e.OrderIDs[0])
}

// Is makes the error match [payment.ErrNotFound].
func (e *MissingTotalsError) Is(target error) bool { return target == payment.ErrNotFound }

func missingTotals(asked []int64, totals []SalePaymentTotal) error {
	missing := slices.DeleteFunc(slices.Clone(asked), func(id int64) bool {
		return slices.ContainsFunc(totals, func(t SalePaymentTotal) bool { return t.OrderID == id })
	})
	if len(missing) == 0 {
		return nil
	}
	return &MissingTotalsError{OrderIDs: missing}
}

// UnmarshalJSON refuses a row without order or amounts: a missing total must
// not be taken for zero.
func (t *SalePaymentTotal) UnmarshalJSON(data []byte) error {
	type plain SalePaymentTotal
	if err := wire.Unmarshal(data, (*plain)(t)); err != nil {
		return err
	}
	t.Raw = bytes.Clone(data)
	switch {
	case t.OrderID <= 0:
		return &wire.DecodeError{Path: "$.orderId", Reason: "is not a positive id"}
	case !t.AmountPaid.IsSet():
		return &wire.DecodeError{Path: "$.amountPaid", Reason: "is not set"}
	case !t.AmountAuthorized.IsSet():
		return &wire.DecodeError{Path: "$.amountAuthorized", Reason: "is not set"}
	case !t.AmountCaptured.IsSet():
		return &wire.DecodeError{Path: "$.amountCaptured", Reason: "is not set"}
	}
	return nil
}
