package rubi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// WithCharge notes a charge in a card checkout and gives it in [StateCharged].
// Store that before Complete: a program that dies in between takes it up with
// [Client.Resume], which looks into the basket before Rubi is told a second
// time. A charge is refused as by Complete; the checkout then stays as it was.
func (co Checkout) WithCharge(p StripePayment) (Checkout, error) {
	charged, err := co.withCharge(p)
	if err != nil {
		return co, charged.refused(p, err)
	}
	return charged, nil
}

// Complete reports the charge of a card checkout to Rubi. Store what it gives,
// also beside an error.
//
// Every error after money was taken is a [*ChargedError]; State is then
// [StateCharged], unless the charge was refused as wrong before it was sent:
// then the checkout stays as it was. A checkout in StateCharged may be completed
// again with the same Stripe id: Rubi gets the same two ids, and what it makes
// of a repetition is unknown, so [Client.Resume] looks first. Another Stripe id
// is refused: it would be a second charge. Completing what is completed sends
// nothing. One completion at a time is the caller's care, as with [Client.Checkout].
func (c *Client) Complete(ctx context.Context, co Checkout, p StripePayment) (Checkout, error) {
	charged, err := co.withCharge(p)
	switch {
	case err != nil:
		return co, charged.refused(p, c.http.Refuse("Complete", err))
	case co.State.Done():
		return co, nil
	}
	p.Total = co.Total.Amount()
	k := c.stripeCall(co.TransactionID, p)
	k.reference, k.target, k.private = cmp.Or(co.Reference, k.reference), co.UID, co.UID
	var nothingSent *payment.FieldError
	charged.Result, err = c.report(ctx, k)
	switch {
	case errors.As(err, &nothingSent):
		return co, charged.refused(p, err)
	case err != nil:
		return charged, charged.charged(err)
	}
	charged.State = StateRecorded
	return charged, nil
}

// withCharge gives the checkout with the charge, also beside an error. One that
// is completed stays as it is.
func (co Checkout) withCharge(p StripePayment) (Checkout, error) {
	charged := co
	charged.StripeID = p.ID
	charged.Charged, _ = payment.FromMinorUnits(p.Amount, co.Total.Currency())
	err := co.checkComplete(p)
	switch {
	case err != nil:
		return charged, err
	case co.State.Done():
		return co, nil
	}
	charged.State = StateCharged
	return charged, nil
}

// refused keeps the money in sight that a refused charge has taken.
func (co Checkout) refused(p StripePayment, err error) error {
	if p.Status != Succeeded || blank(p.ID) {
		return err
	}
	return co.charged(err)
}

func (co Checkout) checkComplete(p StripePayment) error {
	switch {
	case co.check() != nil:
		return co.check()
	case co.PaymentType != CardPayment || co.State == StateUnknown || co.State == StateNotRecorded:
		return invalid("Checkout.State", "has no transaction to complete")
	case co.StripeID != "" && co.StripeID != p.ID:
		return invalid("StripePayment.ID", "is not the charge that this checkout is completed with")
	}
	p.Total = co.Total.Amount()
	return p.check(co.Total.Currency())
}

// Resume takes up a checkout whose answer was lost, and finds out from the
// basket what can be found out. It writes nothing. Store what it gives.
//
// With all items gone, Invoice and Confirm are [StateAnswerLost], and so is a
// charged card payment whose items were Kept. With all items still there the
// state stays and the error matches [payment.ErrNotFound]: Rubi shows no payment.
// Then [Client.Checkout] may be made again, or [Client.Complete] for a charge,
// by a caller who is sure that the lost request is not still on its way.
//
// Whatever else the basket shows proves nothing: the state stays, and the error
// matches [payment.ErrOutcomeUnknown] and [payment.ErrNoLookup]. If the basket
// cannot be read it matches only the first. In [StateCharged] every error is a
// [*ChargedError]. Someone who took the items out of the basket by hand, or paid
// them by another checkout, cannot be told from this payment. All other states
// are given back as they are.
func (c *Client) Resume(ctx context.Context, co Checkout) (Checkout, error) {
	if err := co.check(); err != nil {
		return co, c.http.Refuse("Resume", err)
	}
	if co.State != StateUnknown && co.State != StateCharged {
		return co, nil
	}
	resolved, err := c.resolve(ctx, "Resume", co)
	switch {
	case err == nil:
		return resolved, nil
	case errors.Is(err, payment.ErrNoLookup):
		err = co.failure("Resume", errNoProof)
	case !errors.Is(err, payment.ErrNotFound):
		err = co.unread(err)
	}
	if co.State == StateCharged {
		err = co.charged(err)
	}
	return co, err
}

// resolve looks what became of a checkout whose answer was lost. Its errors are
// those of a lookup.
func (c *Client) resolve(ctx context.Context, op string, co Checkout) (Checkout, error) {
	found, err := c.look(ctx, op, co)
	proof := co.PaymentType != CardPayment || co.State == StateCharged && co.Kept
	switch {
	case err != nil:
		return co, err
	case found == allGone && proof:
		co.State = StateAnswerLost
		return co, nil
	case found == allThere:
		return co, co.failure(op, errStillThere)
	}
	return co, co.failure(op, errNoLookup)
}

var (
	errStillThere = fmt.Errorf("%w: the items are still in the basket", payment.ErrNotFound)
	errNoLookup   = fmt.Errorf("%w: the basket does not tell", payment.ErrNoLookup)
	errNoProof    = fmt.Errorf("%w: %w", payment.ErrOutcomeUnknown, errNoLookup)
)

// unread gives the error of a basket that could not be read. What the vendor
// said stays, but not what that matched: that a look changed nothing is no word
// about the payment.
func (co Checkout) unread(err error) error {
	var e payment.Error
	if told := (*payment.Error)(nil); errors.As(err, &told) {
		e, err = *told, told.Err
	}
	e.Vendor, e.Op, e.Reference, e.Target = vendor, "Resume", co.Reference, co.UID
	e.Err = fmt.Errorf("%w: the basket cannot be read: %v", payment.ErrOutcomeUnknown, err)
	for _, ended := range [...]error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, ended) {
			e.Err = fmt.Errorf("%w: the basket cannot be read: %w", payment.ErrOutcomeUnknown, ended)
		}
	}
	return &e
}

func (co Checkout) failure(op string, err error) error {
	return &payment.Error{Vendor: vendor, Op: op, Reference: co.Reference, Target: co.UID, Err: err}
}

// presence is what a basket shows of the items of a checkout.
type presence int

const (
	unclear presence = iota // some are there, or the basket cannot be read with certainty
	allThere
	allGone
)

// look reads the basket. Its errors never match payment.ErrNotFound: a basket
// that cannot be read does not show that a payment is missing.
func (c *Client) look(ctx context.Context, op string, co Checkout) (presence, error) {
	return presenceOf(co.PaymentItems, list[BasketItem](ctx, c, basketCall(op, transport.Lookup, co.UID, co.Item)))
}

// presenceOf accepts only a clear list: neither a blank message nor a record
// without an id shows that something is gone.
func presenceOf(guids []string, basket iter.Seq2[BasketItem, error]) (presence, error) {
	wanted, there := setOf(guids), 0
	for item, err := range basket {
		switch {
		case errors.Is(err, ErrBlankAnswer), err == nil && blank(item.ItemGUID):
			return unclear, nil
		case err != nil:
			return unclear, err
		case wanted.has(item.ItemGUID):
			there++
		}
	}
	switch there {
	case 0:
		return allGone, nil
	case len(guids):
		return allThere, nil
	}
	return unclear, nil
}

// keeps reports whether the items of an open transaction are still shown. Not
// to know that is no error: there is a transaction to charge.
func (c *Client) keeps(ctx context.Context, co Checkout) bool {
	found, err := c.look(ctx, "Checkout", co)
	return err == nil && found == allThere
}
