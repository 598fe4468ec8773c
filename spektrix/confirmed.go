package spektrix

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// readConfirmed takes every answer that is whole, JSON or nothing, but for one
// that names an error and for a sentence, which is how the vendor has been
// observed to refuse.
func readConfirmed(r *transport.Reply) (Order, error) {
	raw, err := whole(r)
	if err == nil && refuses(raw) {
		err = errNamed
	}
	if err != nil {
		return Order{}, err
	}
	return idsOf(raw), nil
}

func refuses(raw jsontext.Value) bool {
	var members Members
	var list Items
	switch raw.Kind() {
	case '{':
		return wire.Unmarshal(raw, &members) != nil || members.nameAnError()
	case '[':
		return wire.Unmarshal(raw, &list) != nil || !list.areThings()
	case '"':
		return !isNothing(raw)
	}
	return false
}

// orderIDs is what is read of the answer to a confirm, which may be an order.
type orderIDs struct {
	ID         string `json:"id"`
	FriendlyID string `json:"friendlyId"`
}

// UnmarshalJSONFrom reads an object.
func (o *orderIDs) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain orderIDs
	return json.UnmarshalDecode(d, (*plain)(o), reading)
}

// idsOf reads the ids of an answer. Another form tells none, which is no error.
func idsOf(raw jsontext.Value) Order {
	var told orderIDs
	if raw.Kind() == '{' {
		_ = json.Unmarshal(raw, &told, reading, wire.Options())
	}
	if noID(told.ID) {
		told.ID = ""
	}
	return Order{ID: told.ID, FriendlyID: told.FriendlyID, Raw: raw}
}

var errStillThere = fmt.Errorf("the basket is still there, but whether a confirmed one is gone is not known: %w", payment.ErrNoLookup)

// Find looks whether the basket was confirmed. Before the first try, a basket
// that is there was not.
func (r *confirmer) Find(ctx context.Context, p payment.Payment, a *payment.Attempt) ([]payment.Receipt, error) {
	cp, err := checkpointOf(a, r.key(p))
	if err != nil {
		return nil, err
	}
	begun := !cp.Since.IsZero()
	_, err = r.client.Basket(ctx, p.Reference)
	gone := errors.Is(err, payment.ErrNotFound)
	switch {
	case err == nil && (!begun || r.conf.ConfirmedIsGone):
		return nil, nil
	case err != nil && !gone:
		return nil, err
	}
	found, err := r.findOrder(ctx, p, cp)
	if err == nil && len(found) == 0 {
		err = errStillThere
		if gone {
			err = ErrBasketGone
		}
		err = &payment.Error{Vendor: vendor, Op: "Confirm", Reference: p.Reference, Target: p.Reference, Err: err}
	}
	return found, err
}

// findOrder takes the order with the basket's id, or those with one of its
// payments.
func (r *confirmer) findOrder(ctx context.Context, p payment.Payment, cp checkpoint) (found []payment.Receipt, err error) {
	o, err := r.client.Order(ctx, p.Reference)
	switch {
	case err == nil:
		return []payment.Receipt{r.receipt(p, o)}, nil
	case !errors.Is(err, payment.ErrNotFound):
		return nil, err
	case !r.conf.SearchOrders || cp.Since.IsZero() || r.conf.Settlement == nil || r.conf.ReferenceAttribute == "":
		return nil, nil
	}
	for o, err := range r.client.candidates(ctx, cp.Since, cp.Customer) {
		if err != nil {
			return nil, err
		}
		if r.isOf(o) {
			found = append(found, r.receipt(p, o))
		}
	}
	return found, nil
}

func (r *confirmer) isOf(o Order) bool {
	return slices.ContainsFunc(o.customPayments(), func(paid CustomPayment) bool {
		return slices.ContainsFunc(r.conf.Settlement.Payments, func(own SettledPayment) bool {
			return slices.Contains(paid.Attributes, PaymentAttribute{r.conf.ReferenceAttribute, own.Payment.Reference})
		})
	})
}
