package brightpearl

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// SupplierPayment is a payment to record on a purchase order (TypePayment:
// money to the supplier) or purchase credit (TypeReceipt: money back). The
// limits are documented.
type SupplierPayment struct {
	TransactionRef    string         // the caller's unique reference, at most 64
	PaymentMethodCode string         // at most 36
	PaymentType       PaymentType    // TypePayment or TypeReceipt
	OrderID           int64          //
	CurrencyISOCode   string         // three letters
	ExchangeRate      payment.Amount // optional, above 0, at most 6 decimals
	AmountPaid        payment.Amount //
	PaymentDate       time.Time      // when the money was paid
	JournalID         int64          // optional
	JournalRef        string         // optional, at most 64; may be personal data, and is never printed or logged

	AllowNoRef         bool // no TransactionRef: a lost answer can then never be resolved
	AllowNoAmount      bool // no AmountPaid, which the vendor takes for 0
	AllowZero          bool // an AmountPaid of 0
	AllowExtraDecimals bool // more decimals than ISO 4217 has for the currency
	AllowAdjusted      bool // a rate that the vendor rounds to 6 decimals, a JournalRef that it cuts to 64
	LocalTimes         bool // send PaymentDate without an offset, see [CustomerPayment]
}

// CreateSupplierPayment records one payment and returns the vendor's id: POST
// accounting-service/supplier-payment (documented). It is a write: after an
// error that matches [payment.ErrOutcomeUnknown] the payment may be
// recorded; [Client.SupplierPayments] with its OrderID shows whether it is.
func (c *Client) CreateSupplierPayment(ctx context.Context, p SupplierPayment) (id int64, err error) {
	return transport.Call(ctx, c.http, transport.Request{
		Op: "CreateSupplierPayment", Class: transport.Write, Method: http.MethodPost, Path: "supplier-payment",
		Payload: supplierBody{&p}, Reference: p.TransactionRef, Target: strconv.FormatInt(p.OrderID, 10),
		Private: []string{p.JournalRef},
	}, openID)
}

// Body returns the documented JSON that is sent, as that of [CustomerPayment].
func (p SupplierPayment) Body() ([]byte, error) { return wire.Marshal(supplierBody{&p}) }

// supplierBody is a payment as it is sent.
type supplierBody struct{ *SupplierPayment }

// MarshalJSONTo writes the documented form.
func (p supplierBody) MarshalJSONTo(e *jsontext.Encoder) error {
	return json.MarshalEncode(e, &struct {
		TransactionRef    string         `json:"transactionRef,omitempty"`
		PaymentMethodCode string         `json:"paymentMethodCode"`
		PaymentType       PaymentType    `json:"paymentType"`
		OrderID           int64          `json:"orderId"`
		CurrencyISOCode   string         `json:"currencyIsoCode"`
		ExchangeRate      payment.Amount `json:"exchangeRate,omitzero"`
		AmountPaid        payment.Amount `json:"amountPaid,omitzero"`
		PaymentDate       string         `json:"paymentDate"`
		JournalID         int64          `json:"journalId,omitzero"`
		JournalRef        string         `json:"journalRef,omitempty"`
	}{
		p.TransactionRef, p.PaymentMethodCode, p.PaymentType, p.OrderID, p.CurrencyISOCode,
		p.ExchangeRate, p.AmountPaid, timeText(p.PaymentDate, p.LocalTimes), p.JournalID, p.JournalRef,
	})
}

// Validate refuses, by field, what the vendor's documentation forbids or the
// vendor would cut.
func (p SupplierPayment) Validate() error {
	return cmp.Or(
		p.checkRequired(),
		checkText("SupplierPayment.TransactionRef", p.TransactionRef, 64),
		checkText("SupplierPayment.PaymentMethodCode", p.PaymentMethodCode, 36),
		p.checkAmount(),
		checkRate("SupplierPayment", p.ExchangeRate, p.AllowAdjusted),
		checkJournalRef("SupplierPayment.JournalRef", p.JournalRef, 64, p.AllowAdjusted),
		checkOrder("SupplierPayment", p.OrderID, p.JournalID, p.CurrencyISOCode),
	)
}

func (p SupplierPayment) checkRequired() error {
	switch {
	case p.TransactionRef == "" && !p.AllowNoRef:
		return invalid("SupplierPayment.TransactionRef", "is empty: without it a lost answer can never be resolved")
	case p.PaymentMethodCode == "":
		return invalid("SupplierPayment.PaymentMethodCode", "is empty")
	case p.PaymentType != TypePayment && p.PaymentType != TypeReceipt:
		return invalid("SupplierPayment.PaymentType", "is not PAYMENT or RECEIPT")
	case p.PaymentDate.IsZero() || !writable(p.PaymentDate):
		return invalid("SupplierPayment.PaymentDate", "is not set, or outside the years 0001 to 9999")
	}
	return nil
}

func (p SupplierPayment) checkAmount() error {
	if !p.AmountPaid.IsSet() && p.AllowNoAmount {
		return nil
	}
	return checkAmount("SupplierPayment.AmountPaid", p.AmountPaid, p.CurrencyISOCode, p.AllowZero, p.AllowExtraDecimals)
}

// SupplierPaymentFilter names the payments that are wanted, as
// [CustomerPaymentFilter] does.
type SupplierPaymentFilter struct {
	PaymentID         int64
	PaymentIDs        IDSet // ranges were seen to be ignored by the vendor
	TransactionRef    string
	PaymentMethodCode string
	PaymentType       PaymentType
	OrderID           int64
	OrderIDs          IDSet
	CurrencyID        int64
	CurrencyCode      string
	AmountPaid        payment.Amount
	PaymentDate       Period
	CreatedOn         Period
	JournalID         int64
	JournalIDs        IDSet

	Paging
}

// SupplierPayments streams the payments that match: GET
// accounting-service/supplier-payment-search (documented). It behaves as
// [Client.CustomerPayments]; its columns lack transactionCode,
// amountAuthorized and expires.
func (c *Client) SupplierPayments(ctx context.Context, f SupplierPaymentFilter) iter.Seq2[FoundPayment, error] {
	return (&searcher{
		op: "SupplierPayments", path: "supplier-payment-search",
		columns: supplierColumns(), conditions: f.conditions(), paging: f.Paging,
	}).payments(ctx, c)
}

func supplierColumns() []column {
	return []column{
		{"paymentId", true}, {"transactionRef", false}, {"paymentMethodCode", false}, {"paymentType", false},
		{"orderId", false}, {"currencyId", false}, {"currencyCode", false}, {"amountPaid", false},
		{"paymentDate", true}, {"createdOn", true}, {"journalId", true},
	}
}

func (f SupplierPaymentFilter) conditions() conditions {
	return CustomerPaymentFilter{
		PaymentID: f.PaymentID, PaymentIDs: f.PaymentIDs, TransactionRef: f.TransactionRef,
		PaymentMethodCode: f.PaymentMethodCode, PaymentType: f.PaymentType, OrderID: f.OrderID, OrderIDs: f.OrderIDs,
		CurrencyID: f.CurrencyID, CurrencyCode: f.CurrencyCode, AmountPaid: f.AmountPaid, PaymentDate: f.PaymentDate,
		CreatedOn: f.CreatedOn, JournalID: f.JournalID, JournalIDs: f.JournalIDs,
	}.conditions()
}
