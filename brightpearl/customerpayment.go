package brightpearl

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

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

// CustomerPayment is a payment to record on a sales order or sales credit. The
// limits are documented; lengths count UTF-16 units (inferred).
type CustomerPayment struct {
	TransactionRef      string         // the caller's unique reference, at most 64; unique together with PaymentMethodCode
	TransactionCode     string         // ties CAPTUREs and VOIDs to an AUTH, at most 64
	PaymentMethodCode   string         // at most 36; an unknown code is stored, without journal and without the check of uniqueness
	PaymentType         PaymentType    //
	OrderID             int64          //
	CurrencyISOCode     string         // three letters; the order's currency
	ExchangeRate        payment.Amount // optional, above 0, at most 6 decimals
	AmountAuthorized    payment.Amount // for AUTH and VOID
	AmountPaid          payment.Amount // for CAPTURE, PAYMENT and RECEIPT
	AuthorizationExpiry time.Time      // for AUTH
	PaymentDate         time.Time      // when the money was taken; sent in whole seconds with its offset
	JournalID           int64          // optional; keeps the vendor from making a journal
	JournalRef          string         // optional, at most 255: the vendor would cut it

	AllowNoRef         bool // send without TransactionRef: a lost answer can then never be resolved
	AllowNoCode        bool // send a CAPTURE or VOID that names no AUTH
	AllowZero          bool // send an AmountPaid of 0
	AllowExtraDecimals bool // send more decimals than ISO 4217 has for the currency
}

// CreateCustomerPayment records one payment and returns the vendor's id:
// POST accounting-service/customer-payment (documented, and observed in 2026).
//
// It is a write: after an error that matches [payment.ErrOutcomeUnknown] the
// payment may be recorded. [Client.CustomerPayments] with its OrderID and
// [FoundPayment.Matches] find out; [payment.Once] over [Client.Recorder] does both.
func (c *Client) CreateCustomerPayment(ctx context.Context, p CustomerPayment) (id int64, err error) {
	return transport.Call(ctx, c.http, create("CreateCustomerPayment", "customer-payment", p, p.TransactionRef, p.OrderID), openID)
}

// DeleteCustomerPayment removes one payment: DELETE
// accounting-service/customer-payment/{id} (documented). It removes a payment
// with a journal too (observed). For an id that is not there it returns an error
// that matches [payment.ErrNotFound] (inferred). Whether the reference becomes
// free again is unknown.
func (c *Client) DeleteCustomerPayment(ctx context.Context, id int64) error {
	if id <= 0 {
		return c.http.Refuse("DeleteCustomerPayment", invalid("id", "is not positive"))
	}
	_, err := transport.Call(ctx, c.http, transport.Request{
		Op: "DeleteCustomerPayment", Class: transport.Write, Method: http.MethodDelete,
		Path: "customer-payment/{id}", IDs: []string{strconv.FormatInt(id, 10)},
	}, openNothing)
	return err
}

func create(op, path string, payload any, reference string, orderID int64) transport.Request {
	return transport.Request{
		Op: op, Class: transport.Write, Method: http.MethodPost, Path: path, Payload: payload,
		Reference: reference, Target: strconv.FormatInt(orderID, 10),
	}
}

// MarshalJSON writes the documented form: amounts as numbers with the digits
// given, times with a numeric offset, fields that are not set left out.
func (p CustomerPayment) MarshalJSON() ([]byte, error) {
	return wire.Marshal(struct {
		TransactionRef      string         `json:"transactionRef,omitempty"`
		TransactionCode     string         `json:"transactionCode,omitempty"`
		PaymentMethodCode   string         `json:"paymentMethodCode"`
		PaymentType         PaymentType    `json:"paymentType"`
		OrderID             int64          `json:"orderId"`
		CurrencyISOCode     string         `json:"currencyIsoCode"`
		ExchangeRate        payment.Amount `json:"exchangeRate,omitzero"`
		AmountAuthorized    payment.Amount `json:"amountAuthorized,omitzero"`
		AmountPaid          payment.Amount `json:"amountPaid,omitzero"`
		AuthorizationExpiry timestamp      `json:"authorizationExpiry,omitzero"`
		PaymentDate         timestamp      `json:"paymentDate"`
		JournalID           int64          `json:"journalId,omitzero"`
		JournalRef          string         `json:"journalRef,omitempty"`
	}{
		p.TransactionRef, p.TransactionCode, p.PaymentMethodCode, p.PaymentType, p.OrderID, p.CurrencyISOCode,
		p.ExchangeRate, p.AmountAuthorized, p.AmountPaid, timestamp(p.AuthorizationExpiry), timestamp(p.PaymentDate),
		p.JournalID, p.JournalRef,
	})
}

// Validate refuses, by field, what the vendor's documentation forbids, and
// what the vendor would take but cut, ignore or book wrongly.
func (p CustomerPayment) Validate() error {
	return cmp.Or(
		p.checkReferences(),
		p.checkType(),
		checkOrder("CustomerPayment", p.OrderID, p.JournalID, p.CurrencyISOCode),
		p.checkAmounts(),
		checkRate("CustomerPayment", p.ExchangeRate),
		p.checkDates(),
		checkText("CustomerPayment.JournalRef", p.JournalRef, 255),
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
	return cmp.Or(
		checkText("CustomerPayment.TransactionRef", p.TransactionRef, 64),
		checkText("CustomerPayment.TransactionCode", p.TransactionCode, 64),
		checkText("CustomerPayment.PaymentMethodCode", p.PaymentMethodCode, 36),
	)
}

func (p CustomerPayment) checkType() error {
	if !p.PaymentType.Known() {
		return invalid("CustomerPayment.PaymentType", "is not AUTH, CAPTURE, PAYMENT, RECEIPT or VOID")
	}
	return nil
}

// checkAmounts keeps the two money fields to their types: the vendor ignores
// the wrong one, and reads a missing amountPaid as 0.
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
