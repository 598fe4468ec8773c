package brightpearltest

import (
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/shopspring/decimal"

	"github.com/tenderkit/tenderkit/payment"
)

// The payment types.
const (
	typeAuth    = "AUTH"
	typeCapture = "CAPTURE"
	typePayment = "PAYMENT"
	typeReceipt = "RECEIPT"
	typeVoid    = "VOID"
)

// checkPayment applies the documented rules. A field that a type ignores is not
// checked.
func checkPayment(p Payment, types []string) *reply {
	reserves := p.PaymentType == typeAuth || p.PaymentType == typeVoid
	for _, rule := range []struct {
		broken  bool
		message string
	}{
		{length(p.TransactionRef) > 64, "transactionRef is longer than 64"},
		{length(p.TransactionCode) > 64, "transactionCode is longer than 64"},
		{p.PaymentMethodCode == "", "paymentMethodCode is required"},
		{length(p.PaymentMethodCode) > 36, "paymentMethodCode is longer than 36"},
		{!slices.Contains(types, p.PaymentType), "paymentType is not one of " + strings.Join(types, ", ")},
		{p.OrderID <= 0, "orderId is required and positive"},
		{!isCurrency(p.CurrencyISOCode), "currencyIsoCode is not three letters"},
		{p.ExchangeRate.IsSet() && p.ExchangeRate.Sign() <= 0, "exchangeRate is not greater than 0"},
		{p.JournalID < 0, "journalId is negative"},
		{p.PaymentDate.IsZero(), "paymentDate is required"},
		{reserves && !p.AmountAuthorized.IsSet(), "amountAuthorized is required"},
		{reserves && p.AmountAuthorized.Sign() < 0, "amountAuthorized is negative"},
		{!reserves && p.AmountPaid.Sign() < 0, "amountPaid is negative"},
		{p.PaymentType == typeAuth && p.AuthorizationExpiry.IsZero(), "authorizationExpiry is required"},
	} {
		if rule.broken {
			return invalid(rule.message)
		}
	}
	return nil
}

// settle drops what the type ignores and fills in what it defaults to. A
// client that puts its amount into the wrong field records a payment of 0, as
// at the vendor.
func settle(p Payment, journalRefLimit int) Payment {
	switch {
	case p.PaymentType == typeAuth || p.PaymentType == typeVoid:
		p.AmountPaid = zero()
	case p.AmountPaid.IsSet():
		p.AmountAuthorized = zero()
	default:
		p.AmountAuthorized, p.AmountPaid = zero(), zero()
	}
	if p.PaymentType != typeAuth {
		p.AuthorizationExpiry = time.Time{}
	}
	p.JournalRef = truncate(p.JournalRef, journalRefLimit)
	p.ExchangeRate = roundRate(p.ExchangeRate)
	return p
}

// roundRate keeps 6 decimals.
func roundRate(rate payment.Amount) payment.Amount {
	if rate.Scale() <= 6 {
		return rate
	}
	rounded, err := payment.NewAmount(rate.Decimal().Round(6))
	if err != nil {
		return rate
	}
	return rounded
}

func isCurrency(code string) bool {
	return len(code) == 3 && strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// length counts as the vendor's Java does, in UTF-16 units; inferred.
func length(text string) (n int) {
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

// truncate cuts text to a number of UTF-16 units without halving a character.
func truncate(text string, limit int) string {
	n := 0
	for i, r := range text {
		if n += utf16.RuneLen(r); n > limit {
			return text[:i]
		}
	}
	return text
}

// zero is 0.00. A sum that starts with it has two decimals at least.
func zero() payment.Amount {
	a, err := payment.NewAmount(decimal.New(0, -2))
	if err != nil {
		return payment.Amount{} // never: 0.00 is an amount
	}
	return a
}

// twoDecimals writes an amount as searches show it: 100.0 as 100.00. Digits
// beyond the second decimal are kept unless they are zeros; whether the vendor
// rounds them is unknown.
func twoDecimals(a payment.Amount) string {
	if a.Scale() == 2 {
		return a.String()
	}
	text := zero().Add(a).String()
	point := strings.IndexByte(text, '.')
	for len(text) > point+3 && strings.HasSuffix(text, "0") {
		text = text[:len(text)-1]
	}
	return text
}

// plus returns a+b, or a if b is not set.
func plus(a, b payment.Amount) payment.Amount {
	if !b.IsSet() {
		return a
	}
	return a.Add(b)
}
