package brightpearl

import (
	"context"
	"iter"
	"slices"
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
// POST; how long that can take is unknown (clause search.index-lag).
//
// An error ends the stream. A row that does not match the filter is such an
// error, unless TrustFilters is set; so is an answer that lacks a column.
//
// Payments may appear and go while pages are read, also by the caller's own hand.
// What is there all the while is shown once, in the order of ids and against it.
// Sorted by another column, rows that moved between two pages are an error that
// matches [payment.ErrProtocol]: read again.
func (c *Client) CustomerPayments(ctx context.Context, f CustomerPaymentFilter) iter.Seq2[FoundPayment, error] {
	return f.searcher("").payments(ctx, c)
}

// searcher returns the search for the payments that match, or for those among
// them that have the reference.
func (f CustomerPaymentFilter) searcher(reference string) *searcher {
	return &searcher{
		op: "CustomerPayments", path: "customer-payment-search",
		columns: customerColumns(), conditions: f.conditions(), paging: f.Paging, reference: reference,
	}
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

// differences names the fields of [payment.Payment] in which f is known not to
// be p. Amounts are compared at the currency's decimals.
func (f FoundPayment) differences(p CustomerPayment) (fields []string) {
	add := func(name string, same bool) {
		if !same {
			fields = append(fields, name)
		}
	}
	add("Reference", f.TransactionRef == p.TransactionRef)
	add("Kind", f.PaymentType == p.PaymentType)
	add("Amount", f.CurrencyCode == p.CurrencyISOCode && sameAmount(f.sum(), p.amount(), p.CurrencyISOCode))
	sameDay, sure := f.showsDay(p.PaymentDate)
	add("Date", sameDay || !sure)
	add("Method", strings.EqualFold(f.PaymentMethodCode, p.PaymentMethodCode))
	add("Target", f.OrderID == p.OrderID)
	add("Link", f.TransactionCode == p.TransactionCode)
	return fields
}

// Matches reports whether f is the payment p: the same reference, method
// ignoring case, type, order, currency and amount. A PAYMENT or VOID matches with
// either sign, because their sign in a search is unknown (clause search.signs); the
// type tells the direction. A negative amount of another type undoes a payment.
func (f FoundPayment) Matches(p CustomerPayment) bool {
	return !slices.ContainsFunc(f.differences(p), func(field string) bool { return field != "Date" && field != "Link" })
}

// sameAmount compares at the currency's decimals: a vendor that computes in
// floats shows 120.09999999999999 for 120.10.
func sameAmount(shown, sent payment.Amount, currency string) bool {
	if shown.Equal(sent) {
		return true
	}
	money, err := payment.NewMoney(shown, payment.Currency(currency))
	return err == nil && money.Round(payment.HalfEven).Amount().Equal(sent)
}

// dateMargin is how far the day of an instant can be off when a system keeps days
// and shows them as instants of a zone of its own.
const dateMargin = 36 * time.Hour

// showsDay reports whether the row shows a payment of that time: the same
// instant, or the same day in the zone of either. A day beside it may come from
// the zone of another system: then that is not sure.
func (f FoundPayment) showsDay(sent time.Time) (same, sure bool) {
	shown := f.PaymentDate
	switch {
	case shown.IsZero(): // nobody has shown that it differs
		return true, true
	case shown.Equal(sent) || dayOf(shown, sent.Location()) == dayOf(sent, sent.Location()) ||
		dayOf(shown, shown.Location()) == dayOf(sent, shown.Location()):
		return true, true
	}
	return false, shown.Sub(sent).Abs() > dateMargin
}

func dayOf(t time.Time, zone *time.Location) [3]int {
	year, month, day := t.In(zone).Date()
	return [3]int{year, int(month), day}
}

// amount is the money field that the payment's type uses.
func (f FoundPayment) amount() payment.Amount {
	if f.PaymentType.authorizes() {
		return f.AmountAuthorized
	}
	return f.AmountPaid
}

// sum is the amount without the sign that a PAYMENT or VOID may be shown with
// (unknown, clause search.signs). Other types have a sign of their own: the vendor's
// user interface undoes a payment with a negative one (documented).
func (f FoundPayment) sum() payment.Amount {
	if f.PaymentType == TypePayment || f.PaymentType == TypeVoid {
		return absolute(f.amount())
	}
	return f.amount()
}

func (p CustomerPayment) amount() payment.Amount {
	if p.PaymentType.authorizes() {
		return p.AmountAuthorized
	}
	return p.AmountPaid
}

func absolute(a payment.Amount) payment.Amount {
	if a.Sign() < 0 {
		return a.Neg()
	}
	return a
}
