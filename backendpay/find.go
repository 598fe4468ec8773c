package backendpay

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/tenderkit/tenderkit/internal/check"
	"github.com/tenderkit/tenderkit/payment"
)

// ErrReversed stands beside [payment.ErrConflict] in the error of a lookup
// that found the payment reversed.
var ErrReversed = errors.New("payment is reversed")

var (
	errDiffers   = errors.New("another amount or date is recorded under the same ourReference")
	errAmbiguous = errors.New("more than one payment matches")
	errUsed      = errors.New("ourReference is used by another payment")
	errNoList    = errors.New("the customer's payments are not there, which says nothing of this one")
)

// FindPayment looks for a payment that CreatePayment may have made: it lists
// the customer's payments, the reversed ones too, and compares ourReference
// exactly, the amount and the date.
//
// The error matches [payment.ErrNotFound] if the list shows none; a status 404
// is no list, and matches [payment.ErrProtocol]. It matches
// [payment.ErrConflict] if more than one matches, if only a reversed one does
// (then [ErrReversed] too), or if the reference stands on a payment of another
// amount or date; one such payment is given beside the error. A reversed
// payment beside one that stands does not count.
func (c *Client) FindPayment(ctx context.Context, customerID string, n NewPayment) (*Payment, error) {
	err := check.First(
		func() error { return c.form.checkID("customerID", customerID) },
		func() error { return n.checkFindable() },
	)
	if err != nil {
		return nil, c.http.Refuse("FindPayment", err)
	}
	var m matches
	if err := m.collect(ctx, c, "FindPayment", customerID, n); err != nil {
		return nil, noList(err)
	}
	found, err := m.verdict()
	if err != nil {
		return found, c.lookupError("FindPayment", customerID, n, err)
	}
	return found, nil
}

// noList keeps a 404, of an unknown customer or of a path that leads elsewhere,
// from being taken for a list without the payment: somebody who vouches for a
// settle time would record it twice.
func noList(err error) error {
	var e *payment.Error
	if !errors.As(err, &e) || e.Status != http.StatusNotFound {
		return err
	}
	told := *e
	told.Err = fmt.Errorf("%w: %w", payment.ErrProtocol, errNoList)
	return &told
}

func (n NewPayment) checkFindable() error {
	if n.OurReference == "" {
		return invalid("NewPayment.OurReference", "is empty: there is nothing to look for")
	}
	return check.First(
		func() error { return checkDate("NewPayment.PaymentDate", n.PaymentDate) },
		func() error { return checkAmount("NewPayment.PaymentAmount", n.PaymentAmount, n.Refund, n.Currency) },
	)
}

// matches sorts the payments that carry one reference. One of each kind is
// enough to tell; valid is counted.
type matches struct {
	valid, reversed, other *Payment
	count                  int
}

func (m *matches) collect(ctx context.Context, c *Client, op, customerID string, n NewPayment) error {
	for p, err := range c.customerListing(op, customerID, PaymentFilter{IncludeReversed: true}).all(ctx, c) {
		if err != nil {
			return err
		}
		if p.OurReference == n.OurReference {
			m.add(p, n)
		}
	}
	return nil
}

func (m *matches) add(p Payment, n NewPayment) {
	switch {
	case p.PaymentDate != n.PaymentDate || !p.PaymentAmount.Equal(n.PaymentAmount):
		m.other = &p
	case p.Reversed():
		m.reversed = &p
	default:
		m.valid = &p
		m.count++
	}
}

func (m *matches) verdict() (*Payment, error) {
	switch {
	case m.count > 1:
		return m.valid, conflict(errAmbiguous)
	case m.valid != nil:
		return m.valid, nil
	case m.reversed != nil:
		return m.reversed, conflict(ErrReversed)
	case m.other != nil:
		return m.other, conflict(errDiffers)
	}
	return nil, payment.ErrNotFound
}

func conflict(cause error) error { return fmt.Errorf("%w: %w", payment.ErrConflict, cause) }

// checkUnused is the look before a create.
func (c *Client) checkUnused(ctx context.Context, customerID string, n NewPayment) error {
	var m matches
	if err := m.collect(ctx, c, "CreatePayment", customerID, n); err != nil {
		return err
	}
	if m == (matches{}) {
		return nil
	}
	return c.lookupError("CreatePayment", customerID, n, conflict(errUsed))
}

// lookupError tells what a list says, which every answer of was a success.
func (c *Client) lookupError(op, customerID string, n NewPayment, err error) error {
	return &payment.Error{
		Vendor: vendor, Op: op, Method: http.MethodGet, Path: c.form.collection(customerPayments),
		Reference: n.OurReference, Target: customerID, Err: err,
	}
}
