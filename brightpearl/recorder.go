package brightpearl

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

// RecorderOptions is what a common payment does not say.
type RecorderOptions struct {
	PaymentMethodCode string         // for payments whose Method is empty
	ExchangeRate      payment.Amount // optional
	JournalRef        string         // optional
}

// Recorder returns a [payment.Recorder] that writes customer payments.
//
// Reference becomes TransactionRef, Link TransactionCode, Method
// PaymentMethodCode, Target OrderID, Date PaymentDate and Expires
// AuthorizationExpiry. A sale is a RECEIPT, a refund a PAYMENT; authorization,
// capture and void are AUTH, CAPTURE and VOID. Brightpearl has no place for
// Attributes, which are not sent, and none for Reverses, which is refused.
//
// The vendor refuses a reference that is taken, but only under a payment method
// that the account knows; the recorder says so to [payment.Once].
func (c *Client) Recorder(options RecorderOptions) payment.Recorder {
	return &recorder{client: c, options: options}
}

type recorder struct {
	client  *Client
	options RecorderOptions
}

// Record posts p. When the vendor refuses it, one look tells whether the
// reference is taken: by this very payment, or by another.
func (r *recorder) Record(ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	cp, err := r.translate(p)
	if err != nil {
		return payment.Receipt{}, r.client.http.Refuse("Record", err)
	}
	id, err := r.client.CreateCustomerPayment(ctx, cp)
	if err == nil {
		return payment.Receipt{
			Vendor: vendor, ID: strconv.FormatInt(id, 10), Reference: p.Reference, Amount: p.Amount,
			Raw: json.RawMessage(strconv.FormatInt(id, 10)),
		}, nil
	}
	if !refusedByVendor(err) {
		return payment.Receipt{}, err
	}
	found, findErr := r.Find(ctx, p)
	if findErr == nil || errors.Is(findErr, payment.ErrConflict) {
		return found, findErr
	}
	return payment.Receipt{}, err
}

// Find looks for p by order, reference and method.
func (r *recorder) Find(ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	cp, err := r.translate(p)
	if err != nil {
		return payment.Receipt{}, r.client.http.Refuse("Find", err)
	}
	found, err := r.client.FindCustomerPayment(ctx, cp)
	if err != nil {
		return payment.Receipt{}, err
	}
	receipt, err := found.receipt()
	if err == nil && !found.Matches(cp) {
		err = &payment.ConflictError{Want: p, Got: receipt}
	}
	return receipt, err
}

// RefusesDuplicates asks the vendor for the method: under a code that the
// account does not know, the reference is taken not to be checked (inferred).
func (r *recorder) RefusesDuplicates(ctx context.Context, p payment.Payment) (bool, error) {
	for m, err := range r.client.PaymentMethods(ctx) {
		if err != nil {
			return false, err
		}
		if strings.EqualFold(m.Code, r.method(p)) {
			return true, nil
		}
	}
	return false, nil
}

func (r *recorder) method(p payment.Payment) string {
	if p.Method != "" {
		return p.Method
	}
	return r.options.PaymentMethodCode
}

// translate returns the vendor's form of p.
func (r *recorder) translate(p payment.Payment) (CustomerPayment, error) {
	if err := p.Validate(); err != nil {
		return CustomerPayment{}, err
	}
	order, err := strconv.ParseInt(p.Target, 10, 64)
	switch {
	case err != nil:
		return CustomerPayment{}, invalid("Payment.Target", "is not the number of an order")
	case p.Reverses != "":
		return CustomerPayment{}, invalid("Payment.Reverses", "cannot be recorded by Brightpearl: a refund there names no other payment")
	}
	cp := CustomerPayment{
		TransactionRef: p.Reference, TransactionCode: p.Link, PaymentMethodCode: r.method(p),
		PaymentType: typeOf(p.Kind), OrderID: order, CurrencyISOCode: string(p.Amount.Currency()),
		ExchangeRate: r.options.ExchangeRate, AuthorizationExpiry: p.Expires, PaymentDate: p.Date,
		JournalRef: r.options.JournalRef,
	}
	if cp.PaymentType.authorizes() {
		cp.AmountAuthorized = p.Amount.Amount()
	} else {
		cp.AmountPaid = p.Amount.Amount()
	}
	return cp, cp.Validate()
}

func typeOf(k payment.Kind) PaymentType {
	switch k {
	case payment.Sale:
		return TypeReceipt
	case payment.Refund:
		return TypePayment
	case payment.Authorization:
		return TypeAuth
	case payment.Capture:
		return TypeCapture
	case payment.Void:
		return TypeVoid
	}
	return ""
}

func (f FoundPayment) receipt() (payment.Receipt, error) {
	amount, err := payment.NewMoney(absolute(f.amount()), payment.Currency(f.CurrencyCode))
	return payment.Receipt{
		Vendor: vendor, ID: strconv.FormatInt(f.PaymentID, 10), Reference: f.TransactionRef,
		Amount: amount, AlreadyRecorded: true, Raw: f.Raw,
	}, err
}

// refusedByVendor reports a 4xx that may mean "this reference is taken": the
// vendor's status and code for that are unknown, so none is looked for. Only
// what is said before the payment is looked at cannot mean it.
func refusedByVendor(err error) bool {
	var e *payment.Error
	if !errors.As(err, &e) || e.Status/100 != 4 {
		return false
	}
	for _, other := range [...]error{payment.ErrUnauthorized, payment.ErrRateLimited, payment.ErrOutcomeUnknown} {
		if errors.Is(err, other) {
			return false
		}
	}
	return true
}
