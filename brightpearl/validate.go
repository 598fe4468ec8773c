package brightpearl

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tenderkit/tenderkit/internal/check"
	"github.com/tenderkit/tenderkit/payment"
)

const vendor = "brightpearl"

// PaymentType is what a payment does to an order (documented). The type tells
// the direction of money, never a sign.
type PaymentType string

// The five types of a customer payment; a supplier payment knows TypePayment
// and TypeReceipt.
const (
	TypeAuth    PaymentType = "AUTH"    // reserves amountAuthorized until authorizationExpiry
	TypeCapture PaymentType = "CAPTURE" // takes amountPaid of the AUTH with the same transactionCode
	TypePayment PaymentType = "PAYMENT" // money out, for a sales credit
	TypeReceipt PaymentType = "RECEIPT" // money in, for a sales order
	TypeVoid    PaymentType = "VOID"    // gives up amountAuthorized of the AUTH with the same transactionCode
)

// Known reports whether t is one of the five documented types.
func (t PaymentType) Known() bool {
	switch t {
	case TypeAuth, TypeCapture, TypePayment, TypeReceipt, TypeVoid:
		return true
	}
	return false
}

// authorizes reports whether the type's money is amountAuthorized.
func (t PaymentType) authorizes() bool { return t == TypeAuth || t == TypeVoid }

func invalid(field, reason string) error {
	return &payment.FieldError{Field: field, Reason: reason}
}

// timeText writes 2016-06-19T15:03:17+01:00, or the same without its offset: in
// whole seconds, and nothing for a time that is not set.
func timeText(t time.Time, local bool) string {
	if t.IsZero() {
		return ""
	}
	form := "2006-01-02T15:04:05-07:00"
	if local {
		form = "2006-01-02T15:04:05"
	}
	return writableZone(t).Format(form)
}

// writableZone returns t in UTC if its offset is not one of hours and minutes,
// as local mean time has it: written without its seconds it would be another
// instant.
func writableZone(t time.Time) time.Time {
	if _, offset := t.Zone(); offset%60 != 0 || offset <= -24*3600 || offset >= 24*3600 {
		return t.UTC()
	}
	return t
}

// writable reports a year of four digits in the form that is sent.
func writable(t time.Time) bool {
	year := writableZone(t).Year()
	return year >= 1 && year <= 9999
}

// checkJournalRef refuses what the vendor would cut, unless that is allowed.
func checkJournalRef(field, s string, limit int, adjusted bool) error {
	if adjusted {
		limit = math.MaxInt
	}
	return checkText(field, s, limit)
}

// checkText refuses text beyond its limit: the vendor cuts some fields silently.
func checkText(field, s string, limit int) error {
	switch {
	case !utf8.ValidString(s):
		return invalid(field, "is not valid UTF-8")
	case s != strings.TrimSpace(s) || strings.ContainsFunc(s, unicode.IsControl):
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
	case len(currency) != 3 || strings.Trim(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		return invalid(of+".CurrencyISOCode", "is not three letters A to Z")
	}
	return nil
}

func checkAmount(field string, a payment.Amount, currency string, zeroAllowed, extraDecimals bool) error {
	units := payment.Currency(currency).MinorUnits()
	switch {
	case !a.IsSet():
		return invalid(field, "is not set")
	case a.Sign() < 0:
		return invalid(field, "is negative: PaymentType tells the direction")
	case a.Sign() == 0 && !zeroAllowed:
		return invalid(field, "is zero")
	case a.Decimals() > units && units >= 0 && !extraDecimals:
		return invalid(field, fmt.Sprintf("has %d decimals, %s has %d", a.Decimals(), currency, units))
	}
	return nil
}

func checkRate(of string, rate payment.Amount, adjusted bool) error {
	switch {
	case rate.IsSet() && rate.Sign() <= 0:
		return invalid(of+".ExchangeRate", "is not positive")
	case rate.Decimals() > 6 && !adjusted:
		return invalid(of+".ExchangeRate", "has more than six decimals")
	}
	return nil
}
