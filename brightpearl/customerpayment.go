package brightpearl

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// CustomerPayment is a payment to record on a sales order or sales credit. The
// limits are documented; lengths count UTF-16 units (inferred, clause
// create.length-units). JournalRef may be personal data: it is never printed or
// logged.
//
// The fields that begin with Allow send what the vendor takes and this package
// refuses otherwise.
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
	PaymentDate         time.Time      // when the money was taken
	JournalID           int64          // optional; keeps the vendor from making a journal
	JournalRef          string         // optional, at most 255

	AllowNoRef         bool // no TransactionRef: a lost answer can then never be resolved
	AllowNoCode        bool // a CAPTURE or VOID that names no AUTH
	AllowNoAmount      bool // no amount: the vendor takes a missing AmountPaid for 0; for AUTH and VOID its answer is unknown (clause create.auth-without-amount)
	AllowZero          bool // an amount of 0
	AllowExtraDecimals bool // more decimals than ISO 4217 has for the currency
	// AllowAdjusted sends what the vendor adjusts without a word (documented): a
	// rate is rounded to 6 decimals, a JournalRef is cut to 255, the amount and
	// expiry of another type are ignored. It also sends an expiry that lies before
	// PaymentDate, whose effect is unknown (clause create.early-expiry).
	AllowAdjusted bool

	// LocalTimes sends times without an offset, as the vendor's second example
	// does. What it makes of them is unknown (clause create.local-time). By default
	// times are sent in whole seconds with a numeric offset, so that they mean one
	// instant.
	LocalTimes bool
}

// CreateCustomerPayment records one payment and returns the vendor's id:
// POST accounting-service/customer-payment (documented, and observed in 2026).
//
// It is a write: after an error that matches [payment.ErrOutcomeUnknown] the
// payment may be recorded. [Client.CustomerPayments] with its OrderID and
// [FoundPayment.Matches] find out; [payment.Once] over [Client.Recorder] does both.
func (c *Client) CreateCustomerPayment(ctx context.Context, p CustomerPayment) (id int64, err error) {
	return transport.Call(ctx, c.http, transport.Request{
		Op: "CreateCustomerPayment", Class: transport.Write, Method: http.MethodPost, Path: "customer-payment",
		Payload: customerBody{&p}, Reference: p.TransactionRef, Target: strconv.FormatInt(p.OrderID, 10),
		Private: []string{p.JournalRef},
	}, openID)
}

// DeleteCustomerPayment removes one payment: DELETE
// accounting-service/customer-payment/{id} (documented). It removes a payment
// with a journal too (observed). For an id that is not there it returns an error
// that matches [payment.ErrNotFound] (inferred, clause delete.again). Whether the
// reference becomes free again is unknown (clause delete.frees-reference).
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

// Body returns the documented JSON that is sent: amounts as numbers with the
// digits given, and fields that are not set left out.
func (p CustomerPayment) Body() ([]byte, error) { return wire.Marshal(customerBody{&p}) }

// customerBody is a payment as it is sent. The payment itself does not write
// it, because its own JSON is for logs.
type customerBody struct{ *CustomerPayment }

// MarshalJSONTo writes the documented form.
func (p customerBody) MarshalJSONTo(e *jsontext.Encoder) error {
	return json.MarshalEncode(e, &struct {
		TransactionRef      string         `json:"transactionRef,omitempty"`
		TransactionCode     string         `json:"transactionCode,omitempty"`
		PaymentMethodCode   string         `json:"paymentMethodCode"`
		PaymentType         PaymentType    `json:"paymentType"`
		OrderID             int64          `json:"orderId"`
		CurrencyISOCode     string         `json:"currencyIsoCode"`
		ExchangeRate        payment.Amount `json:"exchangeRate,omitzero"`
		AmountAuthorized    payment.Amount `json:"amountAuthorized,omitzero"`
		AmountPaid          payment.Amount `json:"amountPaid,omitzero"`
		AuthorizationExpiry string         `json:"authorizationExpiry,omitempty"`
		PaymentDate         string         `json:"paymentDate"`
		JournalID           int64          `json:"journalId,omitzero"`
		JournalRef          string         `json:"journalRef,omitempty"`
	}{
		p.TransactionRef, p.TransactionCode, p.PaymentMethodCode, p.PaymentType, p.OrderID, p.CurrencyISOCode,
		p.ExchangeRate, p.AmountAuthorized, p.AmountPaid, timeText(p.AuthorizationExpiry, p.LocalTimes),
		timeText(p.PaymentDate, p.LocalTimes), p.JournalID, p.JournalRef,
	})
}

// Validate refuses, by field, what the vendor's documentation forbids, and
// what the vendor would take but cut, ignore or book wrongly.
func (p CustomerPayment) Validate() error {
	return cmp.Or(
		p.checkReferences(),
		p.checkType(),
		p.checkAmounts(),
		checkRate("CustomerPayment", p.ExchangeRate, p.AllowAdjusted),
		p.checkDates(),
		checkJournalRef("CustomerPayment.JournalRef", p.JournalRef, 255, p.AllowAdjusted),
		checkOrder("CustomerPayment", p.OrderID, p.JournalID, p.CurrencyISOCode),
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
	switch {
	case foreign.IsSet() && !p.AllowAdjusted:
		return invalid(foreignName, "is ignored by the vendor for "+string(p.PaymentType))
	case !amount.IsSet() && p.AllowNoAmount:
		return nil
	}
	return checkAmount(name, amount, p.CurrencyISOCode, p.AllowZero, p.AllowExtraDecimals)
}

func (p CustomerPayment) checkDates() error {
	auth, expiry := p.PaymentType == TypeAuth, p.AuthorizationExpiry
	switch {
	case p.PaymentDate.IsZero():
		return invalid("CustomerPayment.PaymentDate", "is not set")
	case !writable(p.PaymentDate):
		return invalid("CustomerPayment.PaymentDate", "is outside the years 0001 to 9999")
	case auth && expiry.IsZero():
		return invalid("CustomerPayment.AuthorizationExpiry", "is not set, which AUTH needs")
	case !auth && !expiry.IsZero() && !p.AllowAdjusted:
		return invalid("CustomerPayment.AuthorizationExpiry", "is ignored by the vendor for "+string(p.PaymentType))
	case auth && expiry.Before(p.PaymentDate) && !p.AllowAdjusted:
		return invalid("CustomerPayment.AuthorizationExpiry", "is before PaymentDate")
	case !expiry.IsZero() && !writable(expiry):
		return invalid("CustomerPayment.AuthorizationExpiry", "is outside the years 0001 to 9999")
	}
	return nil
}
