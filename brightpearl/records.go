package brightpearl

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// Days returns the period of the days from first to last, both included, in a
// zone. A day that is not set leaves its side open, and a nil zone is UTC.
func Days(first, last payment.Date, zone *time.Location) Period {
	p := Period{From: first.In(zone)}
	if !last.IsZero() {
		next := payment.DateOf(time.Date(last.Year, last.Month, last.Day+1, 0, 0, 0, 0, time.UTC))
		p.To = next.In(zone).Add(-time.Second)
	}
	return p
}

// Records returns the customer payments that match f as a side of a
// [reconcile.Compare]: GET accounting-service/customer-payment-search
// (documented), with the columns that a comparison needs. PaymentDate selects
// what was paid on a day, CreatedOn what was entered on it; [Days] returns the
// period. What [Client.CustomerPayments] says of lag, paging and filters is true
// here too: compare a day when it is over.
//
// The type tells the direction, so amounts lose their sign. The vendor's user
// interface undoes a payment with a negative one (documented): a negative RECEIPT or
// CAPTURE is a refund, a negative AUTH a void. An amount with more decimals than its
// currency is rounded, because a search may show floats. Date is the day in zone;
// with a nil zone it is the day that the row shows.
// Authorizations and voids are included: Rules.MoneyOnly leaves them out.
//
// Source names the payment and its journal. "No journal" means that the payment
// is recorded but not booked: its method is not known or has no bank account for
// the currency (documented), or the receipt failed (inferred, clause create.journal).
//
// An error ends the stream, and so does a row of a type, a currency or an amount
// that cannot be read.
func (c *Client) Records(ctx context.Context, f CustomerPaymentFilter, zone *time.Location) iter.Seq2[reconcile.Record, error] {
	f.Columns = []string{
		"paymentId", "transactionRef", "paymentMethodCode", "paymentType", "orderId", "currencyCode",
		"amountAuthorized", "amountPaid", "paymentDate", "journalId",
	}
	return func(yield func(reconcile.Record, error) bool) {
		for found, err := range c.CustomerPayments(ctx, f) {
			var r reconcile.Record
			if err == nil {
				r, err = found.record(c.account, zone)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// record returns the row in the common form.
func (f FoundPayment) record(account payment.Account, zone *time.Location) (reconcile.Record, error) {
	kind := f.kind()
	amount, err := payment.NewMoney(absolute(f.amount()), payment.Currency(f.CurrencyCode))
	switch {
	case kind == "":
		return reconcile.Record{}, f.unusable("its type is not known")
	case err != nil:
		return reconcile.Record{}, f.unusable("its amount is not set, or its currency is not known")
	case f.PaymentDate.IsZero():
		return reconcile.Record{}, f.unusable("its date is not set")
	}
	at := f.PaymentDate
	if zone != nil {
		at = at.In(zone)
	}
	return reconcile.Record{
		Account: account, ID: strconv.FormatInt(f.PaymentID, 10), Reference: f.TransactionRef, Kind: kind,
		Amount: amount.Round(payment.HalfEven), Date: payment.DateOf(at), Method: f.PaymentMethodCode,
		Target: strconv.FormatInt(f.OrderID, 10), Source: f.source(),
	}, nil
}

func (f FoundPayment) unusable(reason string) error {
	return &payment.Error{
		Vendor: vendor, Op: "Records", Reference: f.TransactionRef, Err: fmt.Errorf("%w: payment %d: %s", payment.ErrProtocol, f.PaymentID, reason),
	}
}

// kind returns the common word for what the row does, or "" for a type that is not
// known.
func (f FoundPayment) kind() payment.Kind {
	switch {
	case f.sum().Sign() >= 0:
		return f.PaymentType.kind()
	case f.PaymentType == TypeAuth:
		return payment.Void
	case f.PaymentType == TypeReceipt || f.PaymentType == TypeCapture:
		return payment.Refund
	}
	return ""
}

// kind returns the common word, or "" for a type that is not known.
func (t PaymentType) kind() payment.Kind {
	for _, k := range [...]payment.Kind{payment.Sale, payment.Refund, payment.Authorization, payment.Capture, payment.Void} {
		if typeOf(k) == t {
			return k
		}
	}
	return ""
}

func (f FoundPayment) source() string {
	switch {
	case f.JournalID != 0:
		return fmt.Sprintf("payment %d, journal %d", f.PaymentID, f.JournalID)
	case f.PaymentType.authorizes():
		return fmt.Sprintf("payment %d", f.PaymentID)
	}
	return fmt.Sprintf("payment %d, no journal", f.PaymentID)
}
