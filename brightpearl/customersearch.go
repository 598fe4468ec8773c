package brightpearl

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// CustomerPaymentFilter names the payments that are wanted. All conditions must
// hold. A condition left at its zero value is not sent.
type CustomerPaymentFilter struct {
	PaymentID         int64
	PaymentIDs        IDSet
	TransactionRef    string
	TransactionCode   string
	PaymentMethodCode string
	PaymentType       PaymentType
	OrderID           int64 // the one filter that traffic has proven
	OrderIDs          IDSet
	CurrencyID        int64
	CurrencyCode      string
	AmountAuthorized  payment.Amount
	AmountPaid        payment.Amount
	Expires           Period
	PaymentDate       Period
	CreatedOn         Period
	JournalID         int64
	JournalIDs        IDSet

	Paging
}

// CustomerPayments streams the payments that match: GET
// accounting-service/customer-payment-search (documented; columns, paging and
// order observed). A new payment was seen to appear about a second after its
// POST; how long that can take is unknown.
//
// An error ends the stream. A row that does not match the filter is such an
// error, unless TrustFilters is set; so is an answer that lacks a column. Pages
// are counted in rows: a payment that is deleted while they are read can move
// another one past the reader.
func (c *Client) CustomerPayments(ctx context.Context, f CustomerPaymentFilter) iter.Seq2[FoundPayment, error] {
	return (&searcher{
		op: "CustomerPayments", path: "customer-payment-search",
		columns: customerColumns(), conditions: f.conditions(), paging: f.Paging,
	}).payments(ctx, c)
}

func customerColumns() []column {
	return []column{
		{"paymentId", true}, {"transactionRef", false}, {"transactionCode", false}, {"paymentMethodCode", false},
		{"paymentType", false}, {"orderId", false}, {"currencyId", false}, {"currencyCode", false},
		{"amountAuthorized", false}, {"amountPaid", false}, {"expires", false}, {"paymentDate", true},
		{"createdOn", true}, {"journalId", true},
	}
}

func (f CustomerPaymentFilter) conditions() (c conditions) {
	c.ids("paymentId", "PaymentID", f.PaymentID, f.PaymentIDs, func(p FoundPayment) int64 { return p.PaymentID })
	c.text("transactionRef", f.TransactionRef, func(p FoundPayment) string { return p.TransactionRef })
	c.text("transactionCode", f.TransactionCode, func(p FoundPayment) string { return p.TransactionCode })
	c.folded("paymentMethodCode", f.PaymentMethodCode, func(p FoundPayment) string { return p.PaymentMethodCode })
	c.text("paymentType", string(f.PaymentType), func(p FoundPayment) string { return string(p.PaymentType) })
	c.ids("orderId", "OrderID", f.OrderID, f.OrderIDs, func(p FoundPayment) int64 { return p.OrderID })
	c.ids("currencyId", "CurrencyID", f.CurrencyID, nil, func(p FoundPayment) int64 { return p.CurrencyID })
	c.text("currencyCode", f.CurrencyCode, func(p FoundPayment) string { return p.CurrencyCode })
	c.amount("amountAuthorized", f.AmountAuthorized, func(p FoundPayment) payment.Amount { return p.AmountAuthorized })
	c.amount("amountPaid", f.AmountPaid, func(p FoundPayment) payment.Amount { return p.AmountPaid })
	c.period("expires", "Expires", f.Expires, func(p FoundPayment) time.Time { return p.Expires })
	c.period("paymentDate", "PaymentDate", f.PaymentDate, func(p FoundPayment) time.Time { return p.PaymentDate })
	c.period("createdOn", "CreatedOn", f.CreatedOn, func(p FoundPayment) time.Time { return p.CreatedOn })
	c.ids("journalId", "JournalID", f.JournalID, f.JournalIDs, func(p FoundPayment) int64 { return p.JournalID })
	return c
}

// FindCustomerPayment looks for a payment by its reference and method, once:
// first among the payments of its order, which traffic has proven to work,
// then by its reference, to find it on another order. If no payment
// [FoundPayment.Matches] p, it returns one that has the reference and the method
// and differs in the rest. If there is none either, it returns an error that
// matches [payment.ErrNotFound]; a payment that was made a moment ago may not
// show yet.
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

// bestOf returns the payment that matches p, or else the first under p's
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

// isNamed reports whether the payment has the pair that the vendor keeps unique.
func (f FoundPayment) isNamed(p CustomerPayment) bool {
	return f.TransactionRef == p.TransactionRef && strings.EqualFold(f.PaymentMethodCode, p.PaymentMethodCode)
}

// Matches reports whether f is the payment p: the same reference, method
// ignoring case, type, order, currency and amount. Amounts are compared without
// their sign, because the sign in a search is unknown; the type tells the
// direction.
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
