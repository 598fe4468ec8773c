package spektrix

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// Confirmation says how a basket is confirmed.
type Confirmation struct {
	SendConfirmationEmail bool        // let Spektrix write to the customer
	Settlement            *Settlement // of Recorder.Settle; nil leaves the balance to Spektrix
	AllowEmpty            bool        // confirm a basket with nothing in it, which makes an empty order (observed)
	AllowMovedTotal       bool        // confirm although the basket's total is not what was paid

	// ConfirmedIsGone promises that a confirmed basket cannot be read any more
	// (unknown, clause after.basket). Then a basket that is still there was not
	// confirmed.
	ConfirmedIsGone bool

	// SearchOrders looks for the order of a basket that is gone among the orders
	// that have changed since, see [Client.OrdersSince], or where that is not
	// offered, among those of the basket's customer. It reads each of them and takes
	// the one with a payment of the Settlement, by its reference in
	// ReferenceAttribute.
	SearchOrders       bool
	ReferenceAttribute string
}

// Confirm turns a basket into an order, by [payment.Once]: POST
// baskets/{id}/confirm (documented). That it takes a basket whose custom payments
// balance is inferred (clause confirm.balanced): the vendor documents it for
// orders of zero value.
//
// It reads the basket and refuses, with a [payment.FieldError], an empty one and
// one whose Settlement is not complete or does not balance its Total; see
// [TotalMovedError]. Without a Settlement it leaves the judgement to Spektrix,
// whose refusal may be [ErrPaymentRequired].
//
// In the Store the confirmation has an entry of its own, with the operation
// "confirm" and the basket's id. Without a durable Store, [payment.WithFirstTry]
// saves the wait of the first look. Of a lost answer little can be told: a
// basket that is gone may have expired, and one that is still there may be
// confirmed; see ConfirmedIsGone and SearchOrders. What cannot be told matches
// [payment.ErrOutcomeUnknown], and is not confirmed a second time.
//
// The answer is an order (documented). ID, FriendlyID and Raw are set if it tells
// them; read the rest with [Client.Order]. An answer without an id is no error,
// but one that names an error leaves the outcome unknown (clause confirm.answer).
func (c *Client) Confirm(ctx context.Context, basketID string, conf Confirmation, opts ...payment.OnceOption) (Order, error) {
	if err := transport.CheckSegment("id", basketID); err != nil {
		return Order{}, c.http.Refuse("Confirm", err)
	}
	receipt, err := payment.Once(ctx, c.Confirmer(conf), c.confirmationOf(basketID), opts...)
	if err != nil {
		return Order{}, err
	}
	order := idsOf(jsontext.Value(receipt.Raw))
	order.ID = receipt.ID
	return order, nil
}

// Confirmer returns a [payment.Recorder] of confirmations, for queues and
// workers: its payments have the basket's id as Reference and Target, the Kind
// Sale and an Amount of 0. The Receipt's ID is that of the order.
func (c *Client) Confirmer(conf Confirmation) payment.Recorder { return &confirmer{c, conf} }

type confirmer struct {
	client *Client
	conf   Confirmation
}

// Account returns the venue's client name and the host that is called.
func (r *confirmer) Account() payment.Account { return r.client.account }

// Op sets the entries of confirmations apart from those of payments.
func (r *confirmer) Op() string { return "confirm" }

// Prepare looks at what is known without asking the vendor.
func (r *confirmer) Prepare(_ context.Context, p payment.Payment) (payment.Payment, error) {
	s := r.conf.Settlement
	prepared := r.client.confirmationOf(p.Reference)
	err := transport.CheckSegment("id", p.Reference)
	switch {
	case err != nil:
	case s != nil && s.BasketID != p.Reference:
		err = invalid("Confirmation.Settlement", "is of another basket")
	case s != nil && !s.Complete():
		err = invalid("Confirmation.Settlement", "is not complete: a payment is open, unknown or in conflict")
	}
	if err != nil {
		err = r.client.http.Refuse("Confirm", err)
	}
	return prepared, err
}

// Record confirms the basket.
func (r *confirmer) Record(ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
	cp, err := checkpointOf(a, r.key(p))
	if err != nil {
		return payment.Receipt{}, err
	}
	basket, err := r.client.basketNow(ctx, p.Reference)
	if err != nil {
		return payment.Receipt{}, err
	}
	if err := r.conf.check(basket); err != nil {
		return payment.Receipt{}, r.client.http.Refuse("Confirm", err)
	}
	if err := cp.begin(ctx, a, r.client.http.Now(), basket.Customer.ID); err != nil {
		return payment.Receipt{}, err
	}
	req := write("Confirm", http.MethodPost, "baskets/{id}/confirm", p.Reference)
	req.Payload = confirmBody{r.conf.SendConfirmationEmail}
	order, err := transport.Call(ctx, r.client.http, req, readConfirmed)
	if err != nil {
		return payment.Receipt{}, err
	}
	if order.ID == p.Reference { // the answer may be the basket
		if _, err := r.client.orderNow(ctx, order.ID); err != nil {
			order.ID = ""
		}
	}
	return r.receipt(p, order), nil
}

func (r *confirmer) receipt(p payment.Payment, o Order) payment.Receipt {
	return payment.Receipt{Vendor: vendor, ID: o.ID, Reference: p.Reference, Raw: []byte(o.Raw)}
}

func (r *confirmer) key(p payment.Payment) payment.Key {
	return payment.Key{Account: r.Account(), Op: r.Op(), Reference: p.Reference}
}

// confirmationOf is a confirmation as a payment: of nothing, under the basket's
// id.
func (c *Client) confirmationOf(basketID string) payment.Payment {
	nothing, _ := payment.NewMoney(c.zero, c.currency) // both are set
	return payment.Payment{Reference: basketID, Kind: payment.Sale, Amount: nothing, Target: basketID}
}

// check looks for what has changed since the payments.
func (conf Confirmation) check(b Basket) error {
	s := conf.Settlement
	switch {
	case b.Empty() && !conf.AllowEmpty:
		return invalid("id", "names a basket with nothing in it, and AllowEmpty is not set")
	case s == nil || conf.AllowMovedTotal || s.fits(b.Total):
		return nil
	case !b.Total.IsSet():
		return invalid("Basket.Total", "is missing from the vendor's answer")
	}
	return &TotalMovedError{Before: s.Total, Now: b.Total, Paid: s.Paid}
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
	_, err = r.client.basketNow(ctx, p.Reference)
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
	o, err := r.client.orderNow(ctx, p.Reference)
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
