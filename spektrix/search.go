package spektrix

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// paidInOrders returns the payments of the order with the basket's id or, if
// there is none, of those that have changed since the first try, or since the
// money was taken.
func (r *Recorder) paidInOrders(ctx context.Context, p payment.Payment, cp checkpoint) (paid []CustomPayment, err error) {
	o, err := r.client.orderNow(ctx, p.Target)
	switch {
	case err == nil:
		return o.customPayments(), nil
	case !errors.Is(err, payment.ErrNotFound):
		return nil, err
	case !r.options.SearchOrders || r.options.ReferenceAttribute == "":
		return nil, nil
	}
	since := p.Date
	if !cp.Since.IsZero() {
		since = cp.Since
	}
	for o, err := range r.client.candidates(ctx, since, cp.Customer) {
		if err != nil {
			return nil, err
		}
		paid = append(paid, o.customPayments()...)
	}
	return paid, nil
}

// clockMargin is how far this clock may be ahead of the vendor's.
const clockMargin = 10 * time.Minute

// candidates reads the orders that a basket that is gone may have become: those
// that have changed since or, where there is no orders/sync, those of its
// customer. An error ends it.
func (c *Client) candidates(ctx context.Context, since time.Time, customerID string) iter.Seq2[Order, error] {
	return func(yield func(Order, error) bool) {
		ids, err := c.changedIDs(ctx, since.Add(-clockMargin))
		if isNotListed(err) && customerID != "" {
			ids, err = c.orderIDsOf(ctx, customerID, since)
		}
		for _, id := range ids {
			var o Order
			if o, err = c.orderNow(ctx, id); err != nil || !yield(o, nil) {
				break
			}
		}
		if err != nil {
			yield(Order{}, err)
		}
	}
}

// changedIDs lists each order once.
func (c *Client) changedIDs(ctx context.Context, since time.Time) (ids []string, err error) {
	for changed, err := range c.OrdersSince(ctx, since) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, changed.OrderID)
	}
	return unique(ids), nil
}

// unique returns each text once, in the order in which they first stand.
func unique(list []string) (once []string) {
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			once = append(once, s)
		}
	}
	return once
}

// customer is what is read of a customer: the rest is personal.
type customer struct {
	Orders []placedOrder `json:"orders"`
}

// UnmarshalJSONFrom reads an object.
func (c *customer) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain customer
	return json.UnmarshalDecode(d, (*plain)(c), reading)
}

// placedOrder is an order of a customer: whole, or a stub of an id (clause
// customer.orders).
type placedOrder struct {
	ID                  string `json:"id"`
	LastTransactionDate Time   `json:"lastTransactionDate"`
}

// UnmarshalJSONFrom reads an object with an id, or the bare id.
func (o *placedOrder) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain placedOrder
	if d.PeekKind() == '{' {
		return json.UnmarshalDecode(d, (*plain)(o), reading)
	}
	return readText(d, &o.ID)
}

// before reports an order that had changed for the last time days before at, in
// whatever zone its time is.
func (o placedOrder) before(at time.Time) bool {
	last := o.LastTransactionDate.Wall
	return !last.IsZero() && last.Before(at.AddDate(0, 0, -2))
}

// orderIDsOf lists a customer's orders but for those that are older: GET
// customers/{id} (documented).
func (c *Client) orderIDsOf(ctx context.Context, customerID string, since time.Time) ([]string, error) {
	req := look("Customer", "customers/{id}", customerID)
	req.Target, req.Confidential, req.Private = "", true, []string{customerID}
	return transport.Call(ctx, c.http, req, func(r *transport.Reply) (ids []string, err error) {
		shown, err := transport.JSON[customer](r)
		for i, o := range shown.Orders {
			switch {
			case o.before(since):
			case !usable(o.ID):
				return nil, missing(fmt.Sprintf("$.orders[%d].id", i))
			default:
				ids = append(ids, o.ID)
			}
		}
		return unique(ids), err
	})
}
