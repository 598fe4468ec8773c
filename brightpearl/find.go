package brightpearl

import (
	"context"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

// FindCustomerPayment looks for a payment by its reference and method, once:
// first among the payments of its order, which traffic has proven to work,
// then by its reference, to find it on another order. It may give a payment
// that differs in the rest, if none [FoundPayment.Matches]. None at all gives an
// error that matches [payment.ErrNotFound]; a payment that was made a moment
// ago may not show yet.
//
// TransactionRef, PaymentMethodCode and OrderID are required.
func (c *Client) FindCustomerPayment(ctx context.Context, p CustomerPayment) (FoundPayment, error) {
	if err := p.checkFindable(); err != nil {
		return FoundPayment{}, c.http.Refuse("FindCustomerPayment", err)
	}
	onOrder := CustomerPaymentFilter{OrderID: p.OrderID, Paging: Paging{TrustFilters: true}}
	found, ok, err := c.bestOf(ctx, onOrder, p, 0)
	if ok || err != nil {
		return found, err
	}
	// A vendor that ignores this filter would show every payment it has: one
	// page is enough for one that does not.
	byRef := CustomerPaymentFilter{TransactionRef: p.TransactionRef, Paging: Paging{TrustFilters: true}}
	found, ok, err = c.bestOf(ctx, byRef, p, maxPageSize)
	if ok || err != nil {
		return found, err
	}
	return FoundPayment{}, &payment.Error{
		Vendor: vendor, Op: "FindCustomerPayment", Reference: p.TransactionRef, Err: payment.ErrNotFound,
	}
}

// checkFindable refuses a payment whose search would read the whole account, or
// could find nothing.
func (p CustomerPayment) checkFindable() error {
	switch {
	case p.TransactionRef == "":
		return invalid("CustomerPayment.TransactionRef", "is empty")
	case p.PaymentMethodCode == "":
		return invalid("CustomerPayment.PaymentMethodCode", "is empty")
	case p.OrderID <= 0:
		return invalid("CustomerPayment.OrderID", "is not positive")
	}
	return nil
}

// bestOf gives the payment that matches p, or else the first under p's
// reference and method: under a method that the account does not know there can
// be several. It reads at most limit rows; 0 is no limit.
func (c *Client) bestOf(ctx context.Context, f CustomerPaymentFilter, p CustomerPayment, limit int) (best FoundPayment, ok bool, err error) {
	rows := 0
	for found, err := range c.CustomerPayments(ctx, f) {
		switch {
		case err != nil:
			return FoundPayment{}, false, err
		case found.Matches(p):
			return found, true, nil
		case !ok && found.isNamed(p):
			best, ok = found, true
		}
		if rows++; rows == limit {
			break
		}
	}
	return best, ok, nil
}

// isNamed reports the pair that the vendor keeps unique.
func (f FoundPayment) isNamed(p CustomerPayment) bool {
	return f.TransactionRef == p.TransactionRef && strings.EqualFold(f.PaymentMethodCode, p.PaymentMethodCode)
}

// Matches reports whether f is the payment p: the same reference, method
// ignoring case, type, order, currency and amount. Amounts are compared without
// their sign, because the sign in a search is unknown; the sense is the type's.
func (f FoundPayment) Matches(p CustomerPayment) bool {
	want := p.AmountPaid
	if p.PaymentType.authorizes() {
		want = p.AmountAuthorized
	}
	return f.isNamed(p) &&
		f.PaymentType == p.PaymentType &&
		f.OrderID == p.OrderID &&
		f.CurrencyCode == p.CurrencyISOCode &&
		absolute(f.amount()).Equal(want)
}

// amount is the money field that the payment's type uses.
func (f FoundPayment) amount() payment.Amount {
	if f.PaymentType.authorizes() {
		return f.AmountAuthorized
	}
	return f.AmountPaid
}

func absolute(a payment.Amount) payment.Amount {
	if a.Sign() < 0 {
		return a.Neg()
	}
	return a
}
