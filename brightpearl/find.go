package brightpearl

import (
	"context"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

// FindCustomerPayment looks for a payment by its reference and method, once:
// first among the payments of its order, which traffic has proven to work,
// then by its reference, to find it on another order. It may give a payment
// that differs in the rest: ask [FoundPayment.Matches]. None gives an error
// that matches [payment.ErrNotFound]; a payment that was made a moment ago may
// not show yet.
func (c *Client) FindCustomerPayment(ctx context.Context, p CustomerPayment) (FoundPayment, error) {
	if p.TransactionRef == "" {
		return FoundPayment{}, c.http.Refuse("FindCustomerPayment", invalid("CustomerPayment.TransactionRef", "is empty"))
	}
	onOrder := CustomerPaymentFilter{OrderID: p.OrderID, Paging: Paging{TrustFilters: true}}
	found, ok, err := c.firstOf(ctx, onOrder, p, -1)
	if ok || err != nil {
		return found, err
	}
	// A vendor that ignores this filter would show every payment it has: one
	// page is enough for one that does not.
	byRef := CustomerPaymentFilter{TransactionRef: p.TransactionRef, Paging: Paging{TrustFilters: true}}
	found, ok, err = c.firstOf(ctx, byRef, p, maxPageSize)
	if ok || err != nil {
		return found, err
	}
	return FoundPayment{}, &payment.Error{
		Vendor: vendor, Op: "FindCustomerPayment", Reference: p.TransactionRef, Err: payment.ErrNotFound,
	}
}

// firstOf gives the first payment under p's reference and method, reading at
// most limit rows unless that is negative.
func (c *Client) firstOf(ctx context.Context, f CustomerPaymentFilter, p CustomerPayment, limit int) (FoundPayment, bool, error) {
	for found, err := range c.CustomerPayments(ctx, f) {
		if err != nil {
			return FoundPayment{}, false, err
		}
		if found.TransactionRef == p.TransactionRef && strings.EqualFold(found.PaymentMethodCode, p.PaymentMethodCode) {
			return found, true, nil
		}
		if limit--; limit == 0 {
			break
		}
	}
	return FoundPayment{}, false, nil
}

// Matches reports whether f is the payment p: the same reference, method
// ignoring case, type, order, currency and amount. Amounts are compared without
// their sign, because the sign in a search is unknown; the sense is the type's.
func (f FoundPayment) Matches(p CustomerPayment) bool {
	want := p.AmountPaid
	if p.PaymentType.authorizes() {
		want = p.AmountAuthorized
	}
	return f.TransactionRef == p.TransactionRef &&
		strings.EqualFold(f.PaymentMethodCode, p.PaymentMethodCode) &&
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
