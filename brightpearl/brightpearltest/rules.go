package brightpearltest

import (
	"slices"
	"strings"
	"time"
	"unicode/utf16"

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

// rule is one documented rule and whether a payment breaks it.
type rule struct {
	broken  bool
	message string
}

func firstBroken(rules ...rule) *reply {
	for _, r := range rules {
		if r.broken {
			return invalid(r.message)
		}
	}
	return nil
}

// checkPayment applies the rules that customer and supplier payments share.
func checkPayment(p Payment, types ...string) *reply {
	return firstBroken(
		rule{length(p.TransactionRef) > 64, "transactionRef is longer than 64"},
		rule{length(p.TransactionCode) > 64, "transactionCode is longer than 64"},
		rule{p.PaymentMethodCode == "", "paymentMethodCode is required"},
		rule{length(p.PaymentMethodCode) > 36, "paymentMethodCode is longer than 36"},
		rule{!slices.Contains(types, p.PaymentType), "paymentType is not one of " + strings.Join(types, ", ")},
		rule{p.OrderID <= 0, "orderId is required and positive"},
		rule{!isCurrency(p.CurrencyISOCode), "currencyIsoCode is not three letters"},
		rule{p.ExchangeRate.IsSet() && p.ExchangeRate.Sign() <= 0, "exchangeRate is not greater than 0"},
		rule{p.JournalID < 0, "journalId is negative"},
		rule{p.PaymentDate.IsZero(), "paymentDate is required"},
	)
}

// checkAmounts applies the rules of the five types. A field that a type
// ignores is not checked.
func checkAmounts(p Payment) *reply {
	reserves := p.PaymentType == typeAuth || p.PaymentType == typeVoid
	return firstBroken(
		rule{reserves && !p.AmountAuthorized.IsSet(), "amountAuthorized is required"},
		rule{reserves && p.AmountAuthorized.Sign() < 0, "amountAuthorized is negative"},
		rule{!reserves && p.AmountPaid.Sign() < 0, "amountPaid is negative"},
		rule{p.PaymentType == typeAuth && p.AuthorizationExpiry.IsZero(), "authorizationExpiry is required"},
	)
}

// settle drops what the type ignores and fills in what it defaults to. A
// client that puts its amount into the wrong field records a payment of 0, as
// at the vendor.
func settle(p Payment, journalRefLimit int) Payment {
	nothing := zero()
	switch {
	case p.PaymentType == typeAuth || p.PaymentType == typeVoid:
		p.AmountPaid = nothing
	case p.AmountPaid.IsSet():
		p.AmountAuthorized = nothing
	default:
		p.AmountAuthorized, p.AmountPaid = nothing, nothing
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
