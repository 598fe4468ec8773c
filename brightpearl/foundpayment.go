package brightpearl

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// FoundPayment is one row of a payment search. Columns that were not asked for
// are left at their zero value. Amounts come as the vendor writes them; which
// sign a PAYMENT or VOID has is unknown.
type FoundPayment struct {
	PaymentID         int64
	TransactionRef    string
	TransactionCode   string
	PaymentMethodCode string
	PaymentType       PaymentType
	OrderID           int64
	CurrencyID        int64 // 0 if the currency is not set up
	CurrencyCode      string
	AmountAuthorized  payment.Amount // customer payments only
	AmountPaid        payment.Amount
	Expires           time.Time
	PaymentDate       time.Time
	CreatedOn         time.Time
	JournalID         int64    // 0 without a journal
	Zoneless          []string // columns whose time came without a zone and was taken for UTC

	Raw json.RawMessage // the row's cells, in the order of the answer
}

// CustomerPaymentFilter says which payments are wanted; its conditions are
// joined by "and". A condition left at its zero value is not sent.
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

// payment reads all columns of a row.
func (r *row) payment() FoundPayment {
	return FoundPayment{
		PaymentID:         r.requiredID("paymentId"),
		TransactionRef:    r.text("transactionRef"),
		TransactionCode:   r.text("transactionCode"),
		PaymentMethodCode: r.text("paymentMethodCode"),
		PaymentType:       PaymentType(r.text("paymentType")),
		OrderID:           r.id("orderId"),
		CurrencyID:        r.id("currencyId"),
		CurrencyCode:      r.text("currencyCode"),
		AmountAuthorized:  r.amount("amountAuthorized"),
		AmountPaid:        r.amount("amountPaid"),
		Expires:           r.time("expires"),
		PaymentDate:       r.time("paymentDate"),
		CreatedOn:         r.time("createdOn"),
		JournalID:         r.id("journalId"),
		Zoneless:          r.zoneless,
		Raw:               r.raw,
	}
}
