package brightpearl

import (
	"context"
	"iter"
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
