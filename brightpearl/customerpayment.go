package brightpearl

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// PaymentType is what a payment does to an order (documented). The direction
// of money is the type's, never a sign's.
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
	AllowExtraDecimals bool // send more decimals than ISO 4217 gives the currency
}

// CreateCustomerPayment records one payment and gives the vendor's id:
// POST accounting-service/customer-payment (documented, and observed in 2026).
//
// It is a write: after an error that matches [payment.ErrOutcomeUnknown] the
// payment may stand. [Client.FindCustomerPayment] finds out; [payment.Once]
// over [Client.Recorder] does both.
func (c *Client) CreateCustomerPayment(ctx context.Context, p CustomerPayment) (id int64, err error) {
	return transport.Call(ctx, c.http, create("CreateCustomerPayment", "customer-payment", p, p.TransactionRef, p.OrderID), openID)
}

// DeleteCustomerPayment removes one payment: DELETE
// accounting-service/customer-payment/{id} (documented). That a payment with a
// journal goes too is observed; an id that is not there gives an error that
// matches [payment.ErrNotFound] (inferred). Whether its reference becomes free
// again is unknown.
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

// timestamp is sent in whole seconds with a numeric offset, because what the
// vendor makes of a time without one is unknown.
type timestamp time.Time

const timestampForm = "2006-01-02T15:04:05-07:00"

// IsZero makes omitzero leave out a time that is not set.
func (t timestamp) IsZero() bool { return time.Time(t).IsZero() }

// MarshalText writes 2016-06-19T15:03:17+01:00.
func (t timestamp) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// String gives the text that is sent.
func (t timestamp) String() string { return writableZone(time.Time(t)).Format(timestampForm) }

// writableZone gives t in UTC if its offset is not one of hours and minutes,
// as local mean time has it: written without its seconds it would be another
// instant.
func writableZone(t time.Time) time.Time {
	if _, offset := t.Zone(); offset%60 != 0 || offset <= -24*3600 || offset >= 24*3600 {
		return t.UTC()
	}
	return t
}
