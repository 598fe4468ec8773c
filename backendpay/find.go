package backendpay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// ErrReversed stands beside [payment.ErrConflict] in the error of a lookup
// that found the payment reversed.
var ErrReversed = errors.New("payment is reversed")

var (
	errDiffers   = errors.New("another amount or date is recorded under the same ourReference")
	errFolded    = errors.New("a payment is recorded under an ourReference that differs in case, blanks or the form of its letters only")
	errAmbiguous = errors.New("more than one payment matches")
	errUsed      = errors.New("ourReference is used by another payment")
	errAnyDay    = errors.New("the payment's date is shown as an instant, which may or may not be on the day asked for")
	errCut       = errors.New("a payment with this amount and date has an ourReference that is the beginning of this one: the vendor may have cut it")
)

// FindPayment looks for a payment that CreatePayment may have made: it lists
// the customer's payments, the reversed ones too, and compares ourReference
// exactly, the amount and the date. An amount of more decimals than the Currency
// has is rounded to them first.
//
// The error matches [payment.ErrNotFound] if the list shows none. It matches
// [payment.ErrProtocol] if the list does not tell: a status 404, a list that kept
// moving while it was read by offset, a date that may be the one asked for or
// the day before or after, an ourReference that may be this one, cut, or a
// payment with this ourReference that cannot be read. What cannot be read of
// other payments does not matter here.
//
// It matches [payment.ErrConflict] if more than one matches, if only a reversed
// one does (then [ErrReversed] too), if the reference stands on a payment of
// another amount or date, or if a reference differs in case, blanks or the form of
// its letters (é in one character or in two) only; one such payment is returned beside the error, and a zero Payment beside any
// other. A reversed payment beside one that stands does not count.
func (c *Client) FindPayment(ctx context.Context, customerID string, n NewPayment) (Payment, error) {
	err := c.form.checkID("customerID", customerID)
	if err == nil {
		err = n.checkFindable()
	}
	if err != nil {
		return Payment{}, c.http.Refuse("FindPayment", err)
	}
	found, err := c.under(ctx, "FindPayment", customerID, n)
	if err != nil {
		return Payment{}, err
	}
	p, err := found.verdict(n)
	if err != nil {
		return p, c.lookupError("FindPayment", customerID, n, err)
	}
	return p, nil
}

func (n NewPayment) checkFindable() error {
	if n.OurReference == "" {
		return invalid("NewPayment.OurReference", "is empty: there is nothing to look for")
	}
	err := checkDate("NewPayment.PaymentDate", n.PaymentDate)
	if err == nil {
		err = checkAmount("NewPayment.PaymentAmount", n.PaymentAmount, n.Refund, n.Currency)
	}
	return err
}

// sightings are the customer's payments that carry one reference.
type sightings struct {
	exact  []Payment
	folded []Payment
	cut    []Payment // as long as any reference of the list
	cutOdd bool      // one of cut cannot be read

	longest int   // of the list's references, in characters
	odd     error // why one of exact or folded cannot be read
}

const maxPasses = 3 // over a list that moves while it is read

// under reads the customer's payments. A list that moved is read again.
func (c *Client) under(ctx context.Context, op, customerID string, n NewPayment) (found sightings, err error) {
	for range maxPasses {
		if found, err = c.underOnce(ctx, op, customerID, n); !errors.Is(err, errMoved) {
			break
		}
	}
	if err == nil && found.odd != nil {
		err = c.lookupError(op, customerID, n, fmt.Errorf("%w: %w", payment.ErrProtocol, found.odd))
	}
	return found, err
}

func (c *Client) underOnce(ctx context.Context, op, customerID string, n NewPayment) (found sightings, err error) {
	list := customerListing[row](c, op, customerID, PaymentFilter{IncludeReversed: true})
	list.class, list.private, list.repeats = transport.Lookup, n.fields().private(), true
	for w, err := range list.all(ctx, c) {
		if err != nil {
			return sightings{}, err
		}
		w.CustomerID = customerID
		found.add(&w, n.OurReference)
	}
	return found, nil
}

func (s *sightings) add(w *row, reference string) {
	like, length := w.compare(reference)
	if length > s.longest {
		s.longest, s.cut, s.cutOdd = length, nil, false
	}
	if like == isOther {
		return
	}
	p, err := w.read()
	switch {
	case like == isCut && length < s.longest:
	case like == isCut:
		s.cut, s.cutOdd = append(s.cut, p), s.cutOdd || err != nil
	case err != nil:
		s.odd = fmt.Errorf("payment %s has this ourReference and cannot be read: %w", w.ID, err)
	case like == isFolded:
		s.folded = append(s.folded, p)
	default:
		s.exact = append(s.exact, p)
	}
}

// mayBeCut reports whether the vendor may have cut the reference of n: a payment
// shows its beginning, and the amount and date of n as far as it shows them.
func (s *sightings) mayBeCut(n NewPayment) bool {
	return s.cutOdd || slices.ContainsFunc(s.cut, func(p Payment) bool {
		otherAmount := p.PaymentAmount.IsSet() && !sameAmount(p.PaymentAmount, n.PaymentAmount, n.Currency)
		otherDate := !p.PaymentDate.IsZero() && p.compareDate(n.PaymentDate) == otherDay
		return !otherAmount && !otherDate && (p.PaymentAmount.IsSet() || !p.PaymentDate.IsZero())
	})
}

// isShownBy compares amount and date; another amount counts as another day.
func (n NewPayment) isShownBy(p Payment) int {
	if !sameAmount(p.PaymentAmount, n.PaymentAmount, n.Currency) {
		return otherDay
	}
	return p.compareDate(n.PaymentDate)
}

func (s *sightings) verdict(n NewPayment) (Payment, error) {
	var standing, reversed, other []Payment
	unsure := false
	for _, p := range s.exact {
		switch day := n.isShownBy(p); {
		case day == otherDay:
			other = append(other, p)
		case day == maybeDay:
			unsure = true
		case p.Reversed():
			reversed = append(reversed, p)
		default:
			standing = append(standing, p)
		}
	}
	switch {
	case len(standing) > 1:
		return standing[len(standing)-1], conflict(errAmbiguous)
	case len(standing) == 1:
		return standing[0], nil
	case unsure:
		return Payment{}, fmt.Errorf("%w: %w", payment.ErrProtocol, errAnyDay)
	case len(reversed) > 0:
		return reversed[0], conflict(ErrReversed)
	case len(other) > 0:
		return other[0], conflict(errDiffers)
	case len(s.folded) > 0:
		return s.folded[0], conflict(errFolded)
	case s.mayBeCut(n):
		return Payment{}, fmt.Errorf("%w: %w", payment.ErrProtocol, errCut)
	}
	return Payment{}, payment.ErrNotFound
}

// lookupError tells what a list says, which every answer of was a success.
func (c *Client) lookupError(op, customerID string, n NewPayment, err error) error {
	return &payment.Error{
		Vendor: vendor, Op: op, Method: http.MethodGet, Path: c.form.collection(customerPayments),
		Reference: n.OurReference, Target: customerID, Err: err,
	}
}
