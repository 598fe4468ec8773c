package brightpearl

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

const maxTotals = 200 // order ids in one call; documented for the purchase twin, inferred here (clause totals.limit)

// SalePaymentTotal sums up the payments of one sales order (documented): paid is
// RECEIPT + CAPTURE - PAYMENT, authorized is AUTH - VOID, captured is the sum of
// CAPTURE. Each may be negative.
type SalePaymentTotal struct {
	OrderID          int64
	PaymentCurrency  string // empty for an order without payments
	AmountPaid       payment.Amount
	AmountAuthorized payment.Amount
	AmountCaptured   payment.Amount

	Raw json.RawMessage // the total as it came
}

// SalePaymentTotals streams the totals of the orders: GET
// accounting-service/sale-payment-total/{ids} (documented), at most 200 orders a
// request, by ascending order id. If the answers leave orders out, the last
// element is a [MissingTotalsError]. An error ends the stream.
func (c *Client) SalePaymentTotals(ctx context.Context, orderIDs ...int64) iter.Seq2[SalePaymentTotal, error] {
	return func(yield func(SalePaymentTotal, error) bool) {
		ids, err := sortedIDs(orderIDs)
		if err != nil {
			yield(SalePaymentTotal{}, c.http.Refuse("SalePaymentTotals", err))
			return
		}
		missing := map[int64]bool{}
		for chunk := range slices.Chunk(ids, maxTotals) {
			totals, err := c.salePaymentTotals(ctx, chunk)
			if err != nil {
				yield(SalePaymentTotal{}, err)
				return
			}
			for _, id := range chunk {
				missing[id] = true
			}
			for _, t := range totals {
				delete(missing, t.OrderID)
				if !yield(t.SalePaymentTotal, nil) {
					return
				}
			}
		}
		if len(missing) > 0 {
			yield(SalePaymentTotal{}, missingTotals(missing))
		}
	}
}

func (c *Client) salePaymentTotals(ctx context.Context, ids []int64) ([]totalBody, error) {
	return transport.Call(ctx, c.http, get("SalePaymentTotals", "sale-payment-total/{ids}", compact(ids).String()), open[[]totalBody])
}

// sortedIDs returns each id once, in the ascending order that the vendor asks
// for in a path (observed).
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

// Error returns how many orders are missing, and the first.
func (e *MissingTotalsError) Error() string {
	if len(e.OrderIDs) == 1 {
		return fmt.Sprintf("brightpearl: SalePaymentTotals: no totals for order %d", e.OrderIDs[0])
	}
	return fmt.Sprintf("brightpearl: SalePaymentTotals: no totals for %d orders, the first is %d", len(e.OrderIDs), e.OrderIDs[0])
}

// Is makes the error match [payment.ErrNotFound].
func (e *MissingTotalsError) Is(target error) bool { return target == payment.ErrNotFound }

func missingTotals(missing map[int64]bool) error {
	e := &MissingTotalsError{}
	for id := range missing {
		e.OrderIDs = append(e.OrderIDs, id)
	}
	slices.Sort(e.OrderIDs)
	return e
}

// totalBody is a total as it is read.
type totalBody struct{ SalePaymentTotal }

// UnmarshalJSONFrom refuses an object without order or amounts: a missing total
// must not count as zero.
func (t *totalBody) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	var body struct {
		OrderID          wire.Int       `json:"orderId"`
		PaymentCurrency  string         `json:"paymentCurrency"`
		AmountPaid       payment.Amount `json:"amountPaid"`
		AmountAuthorized payment.Amount `json:"amountAuthorized"`
		AmountCaptured   payment.Amount `json:"amountCaptured"`
	}
	if err := wire.Unmarshal(raw, &body); err != nil {
		return err
	}
	t.SalePaymentTotal = SalePaymentTotal{
		int64(body.OrderID), body.PaymentCurrency, body.AmountPaid, body.AmountAuthorized, body.AmountCaptured, json.RawMessage(raw.Clone()),
	}
	switch {
	case body.OrderID <= 0:
		return &wire.DecodeError{Path: "$.orderId", Reason: "is not a positive id"}
	case !body.AmountPaid.IsSet():
		return &wire.DecodeError{Path: "$.amountPaid", Reason: "is not set"}
	case !body.AmountAuthorized.IsSet():
		return &wire.DecodeError{Path: "$.amountAuthorized", Reason: "is not set"}
	case !body.AmountCaptured.IsSet():
		return &wire.DecodeError{Path: "$.amountCaptured", Reason: "is not set"}
	}
	return nil
}
