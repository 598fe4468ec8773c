package brightpearl

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/tenderkit/tenderkit/payment"
)

// RecorderOptions is what a common payment does not say.
type RecorderOptions struct {
	PaymentMethodCode string         // for payments whose Method is empty
	ExchangeRate      payment.Amount // optional
	JournalRef        string         // optional

	// AllowUnknownMethod records payments under a method that the account does
	// not know, and does not ask which it knows. The vendor stores such a payment
	// without a journal and without the check of uniqueness (documented): then
	// nothing at the vendor keeps a payment from being recorded twice.
	AllowUnknownMethod bool

	// CheckOpen refuses a capture or void above what is open of its
	// authorization, see [Client.Authorization]. What the vendor does with one is
	// unknown (clause create.over-capture). It costs a search for each.
	CheckOpen bool
}

// Recorder returns a [payment.Recorder] that writes customer payments.
//
// Reference becomes TransactionRef, Link TransactionCode, Method
// PaymentMethodCode, Target OrderID, Date PaymentDate and Expires
// AuthorizationExpiry. A sale is a RECEIPT, a refund a PAYMENT; authorization,
// capture and void are AUTH, CAPTURE and VOID. Brightpearl has no place for
// Attributes, which are not sent, and none for Reverses, which is refused.
//
// A Method that the account does not know is refused unless
// [RecorderOptions].AllowUnknownMethod is set; known methods are remembered for
// five minutes. The vendor refuses a reference that is taken under the same
// method; the recorder says so to [payment.Once]. The same reference under
// another method, or on another order, is found and is a conflict; so is one that
// differs in letter case or outer blanks alone, unless the exact one is found too:
// whether the vendor tells them apart is unknown (clause duplicate.reference-case).
//
// A payment can be recorded without a journal: when its method has no bank
// account for the currency, or the automatic receipt fails. The JournalID of the
// [FoundPayment] is then 0.
func (c *Client) Recorder(options RecorderOptions) payment.Recorder {
	return &recorder{client: c, options: options, methods: newMethods(c)}
}

type recorder struct {
	client  *Client
	options RecorderOptions
	methods *methods
}

// Account returns the account of the configuration. Its host stays that of the
// configuration when a token moves the account to another one.
func (r *recorder) Account() payment.Account { return r.client.account }

// Prepare fills in the method, in the account's own spelling.
func (r *recorder) Prepare(ctx context.Context, p payment.Payment) (payment.Payment, error) {
	p.Method = cmp.Or(p.Method, r.options.PaymentMethodCode)
	cp, err := r.translate(p)
	if err != nil {
		return payment.Payment{}, r.client.http.Refuse("Prepare", err)
	}
	if r.options.CheckOpen {
		if err := r.client.checkOpen(ctx, cp); err != nil {
			return payment.Payment{}, err
		}
	}
	p.Target = strconv.FormatInt(cp.OrderID, 10)
	if r.options.AllowUnknownMethod {
		return p, nil
	}
	code, err := r.methods.find(ctx, p.Method, knownFor)
	switch {
	case err != nil:
		return payment.Payment{}, err
	case code == "":
		return payment.Payment{}, r.client.http.Refuse("Prepare", invalid("Payment.Method",
			"is not a payment method of the account: it would be recorded without a journal and without the check of uniqueness"))
	}
	p.Method = code
	return p, nil
}

// Record posts p. The vendor answers with the id alone, so there is nothing to
// compare.
func (r *recorder) Record(ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
	cp, err := r.translate(p)
	if err != nil {
		return payment.Receipt{}, r.client.http.Refuse("Record", err)
	}
	if err := a.Begin(ctx, nil); err != nil {
		return payment.Receipt{}, err
	}
	id, err := r.client.CreateCustomerPayment(ctx, cp)
	if err != nil {
		return payment.Receipt{}, err
	}
	text := strconv.FormatInt(id, 10)
	return payment.Receipt{Vendor: vendor, ID: text, Reference: p.Reference, Amount: p.Amount, Raw: json.RawMessage(text)}, nil
}

// Find looks among the payments of the order, which traffic has proven to work,
// and then by the reference alone, to find it on other orders.
func (r *recorder) Find(ctx context.Context, p payment.Payment, _ *payment.Attempt) ([]payment.Receipt, error) {
	cp, err := r.translate(p)
	if err != nil {
		return nil, r.client.http.Refuse("Find", err)
	}
	found, err := r.underReference(ctx, cp)
	if err != nil {
		return nil, err
	}
	receipts := make([]payment.Receipt, len(found))
	for i, f := range found {
		receipts[i] = f.receipt(cp)
		if _, sure := f.showsDay(cp.PaymentDate); !sure && len(receipts[i].Differs) == 0 {
			return nil, &payment.Error{Vendor: vendor, Op: "Find", Reference: p.Reference, Err: errUnsureDay}
		}
	}
	return receipts, nil
}

var errUnsureDay = fmt.Errorf("%w: a payment under this reference shows the day before or after", payment.ErrProtocol)

// underReference returns the payments with the reference, or else those whose
// reference differs in letter case or outer blanks alone.
func (r *recorder) underReference(ctx context.Context, cp CustomerPayment) ([]FoundPayment, error) {
	onOrder, err := r.named(ctx, CustomerPaymentFilter{OrderID: cp.OrderID}, cp.TransactionRef, 0)
	if err != nil {
		return nil, err
	}
	// A vendor that ignores this filter would show every payment it has: one
	// page is enough for one that does not.
	byRef, err := r.named(ctx, CustomerPaymentFilter{TransactionRef: cp.TransactionRef}, cp.TransactionRef, maxPageSize)
	if err != nil {
		return nil, err
	}
	found := onOrder
	for _, f := range byRef {
		if !slices.ContainsFunc(found, func(g FoundPayment) bool { return g.PaymentID == f.PaymentID }) {
			found = append(found, f)
		}
	}
	exact := func(f FoundPayment) bool { return f.TransactionRef == cp.TransactionRef }
	if slices.ContainsFunc(found, exact) {
		found = slices.DeleteFunc(found, func(f FoundPayment) bool { return !exact(f) })
	}
	return found, nil
}

// named returns the payments of a search that have the reference, in any letter
// case. It reads at most limit rows; 0 is no limit.
func (r *recorder) named(ctx context.Context, f CustomerPaymentFilter, reference string, limit int) (list []FoundPayment, err error) {
	rows := 0
	for found, err := range f.searcher(reference).payments(ctx, r.client) {
		if err != nil {
			return nil, err
		}
		if sameFolded(found.TransactionRef, reference) {
			list = append(list, found)
		}
		if rows++; rows == limit {
			break
		}
	}
	return list, nil
}

// RefusesDuplicates asks the vendor for the method: under a code that the
// account does not know, the reference is taken not to be checked (inferred,
// clause duplicate.unknown-method).
func (r *recorder) RefusesDuplicates(ctx context.Context, p payment.Payment) (bool, error) {
	code, err := r.methods.find(ctx, cmp.Or(p.Method, r.options.PaymentMethodCode), 0)
	return code != "", err
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
		TransactionRef: p.Reference, TransactionCode: p.Link, PaymentMethodCode: cmp.Or(p.Method, r.options.PaymentMethodCode),
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

// receipt returns what the vendor shows, and in what it is not the payment p. A
// row without an amount or a currency that can be read is not p.
func (f FoundPayment) receipt(p CustomerPayment) payment.Receipt {
	r := payment.Receipt{
		Vendor: vendor, ID: strconv.FormatInt(f.PaymentID, 10), Reference: f.TransactionRef,
		AlreadyRecorded: true, Differs: f.differences(p), Raw: f.Raw,
	}
	if money, err := payment.NewMoney(f.sum(), payment.Currency(f.CurrencyCode)); err == nil {
		r.Amount = money.Round(payment.HalfEven)
	}
	return r
}

var _ interface {
	payment.Recorder
	payment.Deduplicator
} = (*recorder)(nil)
