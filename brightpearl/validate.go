package brightpearl

import (
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/tenderkit/tenderkit/internal/check"
	"github.com/tenderkit/tenderkit/payment"
)

// Validate refuses, by field, what the vendor's documentation forbids, and
// what the vendor would take but cut, ignore or book wrongly.
func (p CustomerPayment) Validate() error {
	return check.First(
		p.checkReferences,
		p.checkType,
		func() error { return checkOrder("CustomerPayment", p.OrderID, p.JournalID, p.CurrencyISOCode) },
		p.checkAmounts,
		func() error { return checkRate("CustomerPayment", p.ExchangeRate) },
		p.checkDates,
		func() error { return checkText("CustomerPayment.JournalRef", p.JournalRef, 255) },
	)
}

func (p CustomerPayment) checkReferences() error {
	switch {
	case p.TransactionRef == "" && !p.AllowNoRef:
		return invalid("CustomerPayment.TransactionRef", "is empty: without it a lost answer can never be resolved")
	case p.PaymentMethodCode == "":
		return invalid("CustomerPayment.PaymentMethodCode", "is empty")
	case p.TransactionCode == "" && !p.AllowNoCode && (p.PaymentType == TypeCapture || p.PaymentType == TypeVoid):
		return invalid("CustomerPayment.TransactionCode", "is empty: a CAPTURE or VOID names its AUTH")
	}
	return check.First(
		func() error { return checkText("CustomerPayment.TransactionRef", p.TransactionRef, 64) },
		func() error { return checkText("CustomerPayment.TransactionCode", p.TransactionCode, 64) },
		func() error { return checkText("CustomerPayment.PaymentMethodCode", p.PaymentMethodCode, 36) },
	)
}

func (p CustomerPayment) checkType() error {
	if !p.PaymentType.Known() {
		return invalid("CustomerPayment.PaymentType", "is not AUTH, CAPTURE, PAYMENT, RECEIPT or VOID")
	}
	return nil
}

// checkAmounts keeps the two money fields to their types: the vendor ignores
// the wrong one, and takes a missing amountPaid for 0.
func (p CustomerPayment) checkAmounts() error {
	name, amount := "CustomerPayment.AmountPaid", p.AmountPaid
	foreignName, foreign := "CustomerPayment.AmountAuthorized", p.AmountAuthorized
	if p.PaymentType.authorizes() {
		name, amount, foreignName, foreign = foreignName, foreign, name, amount
	}
	if foreign.IsSet() {
		return invalid(foreignName, "is ignored by the vendor for "+string(p.PaymentType))
	}
	zeroAllowed := p.AllowZero && !p.PaymentType.authorizes()
	return checkAmount(name, amount, p.CurrencyISOCode, zeroAllowed, p.AllowExtraDecimals)
}

func (p CustomerPayment) checkDates() error {
	switch {
	case p.PaymentDate.IsZero():
		return invalid("CustomerPayment.PaymentDate", "is not set")
	case !writable(p.PaymentDate):
		return invalid("CustomerPayment.PaymentDate", "is outside the years 0001 to 9999")
	case p.PaymentType == TypeAuth && p.AuthorizationExpiry.IsZero():
		return invalid("CustomerPayment.AuthorizationExpiry", "is not set, which AUTH needs")
	case p.PaymentType != TypeAuth && !p.AuthorizationExpiry.IsZero():
		return invalid("CustomerPayment.AuthorizationExpiry", "is ignored by the vendor for "+string(p.PaymentType))
	case p.PaymentType == TypeAuth && p.AuthorizationExpiry.Before(p.PaymentDate):
		return invalid("CustomerPayment.AuthorizationExpiry", "is before PaymentDate")
	case p.PaymentType == TypeAuth && !writable(p.AuthorizationExpiry):
		return invalid("CustomerPayment.AuthorizationExpiry", "is outside the years 0001 to 9999")
	}
	return nil
}

// writable reports a year of four digits in the form that is sent.
func writable(t time.Time) bool {
	year := writableZone(t).Year()
	return year >= 1 && year <= 9999
}

// checkText refuses text beyond its limit: the vendor cuts some fields silently.
func checkText(field, s string, limit int) error {
	switch {
	case !utf8.ValidString(s):
		return invalid(field, "is not valid UTF-8")
	case hasEdges(s):
		return invalid(field, "starts or ends with a blank, or holds a control character")
	case check.UTF16Len(s) > limit:
		return invalid(field, fmt.Sprintf("is %d characters long, limit %d", check.UTF16Len(s), limit))
	}
	return nil
}

func checkOrder(of string, orderID, journalID int64, currency string) error {
	switch {
	case orderID <= 0:
		return invalid(of+".OrderID", "is not positive")
	case journalID < 0:
		return invalid(of+".JournalID", "is negative")
	case !isCurrency(currency):
		return invalid(of+".CurrencyISOCode", "is not three letters A to Z")
	}
	return nil
}

func isCurrency(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return len(s) == 3
}

func checkAmount(field string, a payment.Amount, currency string, zeroAllowed, extraDecimals bool) error {
	units := payment.Currency(currency).MinorUnits()
	switch {
	case !a.IsSet():
		return invalid(field, "is not set")
	case a.Sign() < 0:
		return invalid(field, "is negative: the direction is PaymentType's")
	case a.Sign() == 0 && !zeroAllowed:
		return invalid(field, "is zero")
	case a.Scale() > units && units >= 0 && !extraDecimals:
		return invalid(field, fmt.Sprintf("has %d decimals, %s has %d", a.Scale(), currency, units))
	}
	return nil
}

func checkRate(of string, rate payment.Amount) error {
	switch {
	case rate.IsSet() && rate.Sign() <= 0:
		return invalid(of+".ExchangeRate", "is not positive")
	case rate.Scale() > 6:
		return invalid(of+".ExchangeRate", "has more than 6 decimals")
	}
	return nil
}
