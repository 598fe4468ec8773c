package brightpearl

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// documentedLimits lists the limits that the vendor's documents tell, with the
// declaration that keeps each. try sends so much and returns the error: at the
// limit there is none, above it there is one and nothing is sent.
//
// Not listed: the 32 characters of a method's own code, which only comes in
// answers, and the 200 requests a minute, of which each answer tells how many are
// left. The currency and the rate of a supplier payment are in the rows of a
// customer payment, because the same declarations keep them.
var documentedLimits = []struct {
	document, declaration, name string
	limit                       int
	try                         func(t *testing.T, n int) error
}{
	{"customer-payment", "CustomerPayment.checkReferences", "transactionRef", 64, ofEachType(func(p *CustomerPayment, s string) { p.TransactionRef = s })},
	{"customer-payment", "CustomerPayment.checkReferences", "transactionCode", 64, ofEachType(func(p *CustomerPayment, s string) { p.TransactionCode = s })},
	{"customer-payment", "CustomerPayment.checkReferences", "paymentMethodCode", 36, ofEachType(func(p *CustomerPayment, s string) { p.PaymentMethodCode = s })},
	{"customer-payment", "CustomerPayment.Validate", "journalRef", 255, ofEachType(func(p *CustomerPayment, s string) { p.JournalRef = s })},
	{"customer-payment", "checkOrder", "currencyIsoCode", 3, ofBoth(
		func(p *CustomerPayment, s string) { p.CurrencyISOCode = strings.ToUpper(s) }, func(p *SupplierPayment, s string) { p.CurrencyISOCode = strings.ToUpper(s) })},
	{"customer-payment", "checkRate", "exchangeRate", 6, ofBoth(
		func(p *CustomerPayment, s string) { p.ExchangeRate = rateOf(len(s)) }, func(p *SupplierPayment, s string) { p.ExchangeRate = rateOf(len(s)) })},

	{"supplier-payment", "SupplierPayment.Validate", "transactionRef", 64, ofSupplier(func(p *SupplierPayment, s string) { p.TransactionRef = s })},
	{"supplier-payment", "SupplierPayment.Validate", "paymentMethodCode", 36, ofSupplier(func(p *SupplierPayment, s string) { p.PaymentMethodCode = s })},
	{"supplier-payment", "SupplierPayment.Validate", "journalRef", 64, ofSupplier(func(p *SupplierPayment, s string) { p.JournalRef = s })},

	{"customer-search", "maxPageSize", "pageSize", 500, pageOf},
	{"totals", "maxTotals", "ids", 200, totalsOf},
}

func TestDocumentedLimits(t *testing.T) {
	t.Parallel()
	for _, l := range documentedLimits {
		for name, c := range map[string]struct {
			n  int
			ok bool
		}{"at": {l.limit, true}, "above": {l.limit + 1, false}} {
			t.Run(fmt.Sprintf("%s/%s/%s/%d/%s", l.document, l.declaration, l.name, l.limit, name), func(t *testing.T) {
				t.Parallel()
				if err := l.try(t, c.n); isAbout(err, l.name) == c.ok {
					t.Errorf("%d: %v", c.n, err)
				}
			})
		}
	}
}

// isAbout reports whether an error refuses that field.
func isAbout(err error, name string) bool {
	var refused *payment.FieldError
	if !errors.As(err, &refused) {
		return false
	}
	return strings.EqualFold(refused.Field[strings.LastIndex(refused.Field, ".")+1:], name)
}

func rateOf(decimals int) payment.Amount {
	a, err := payment.ParseAmount("1." + strings.Repeat("1", decimals))
	if err != nil {
		panic(err)
	}
	return a
}

// ofEachType sends a text of n characters with each of the five types, and
// returns the last error. All types have to agree.
func ofEachType(set func(*CustomerPayment, string)) func(*testing.T, int) error {
	return func(t *testing.T, n int) (err error) {
		refused := 0
		for _, kind := range []PaymentType{TypeAuth, TypeCapture, TypePayment, TypeReceipt, TypeVoid} {
			client, requests := vendorSays(t, http.StatusOK, `{"response":1}`)
			p := receipt(t)
			if p.TransactionCode = "CODE"; kind.authorizes() {
				p = authorization(t)
			}
			if p.PaymentType = kind; kind == TypeVoid {
				p.AuthorizationExpiry = time.Time{}
			}
			set(&p, strings.Repeat("x", n))
			_, failed := client.CreateCustomerPayment(ctx(t), p)
			if failed != nil {
				refused++
				err = failed
			}
			if (failed == nil) != (len(*requests) == 1) {
				t.Errorf("%s: %d requests, err %v", kind, len(*requests), failed)
			}
		}
		if refused != 0 && refused != 5 {
			t.Errorf("%d types are refused: %v", refused, err)
		}
		return err
	}
}

func ofSupplier(set func(*SupplierPayment, string)) func(*testing.T, int) error {
	return func(t *testing.T, n int) error {
		client, requests := vendorSays(t, http.StatusOK, `{"response":1}`)
		p := supplierOf(receipt(t))
		set(&p, strings.Repeat("x", n))
		_, err := client.CreateSupplierPayment(ctx(t), p)
		if (err == nil) != (len(*requests) == 1) {
			t.Errorf("%d requests, err %v", len(*requests), err)
		}
		return err
	}
}

// ofBoth is for a limit that one declaration keeps for both kinds of payment.
func ofBoth(customer func(*CustomerPayment, string), supplier func(*SupplierPayment, string)) func(*testing.T, int) error {
	return func(t *testing.T, n int) error {
		err1, err2 := ofEachType(customer)(t, n), ofSupplier(supplier)(t, n)
		if (err1 == nil) != (err2 == nil) {
			t.Errorf("customers: %v, suppliers: %v", err1, err2)
		}
		return err1
	}
}

func pageOf(t *testing.T, n int) error {
	client, requests := vendorSays(t, http.StatusOK, noRows)
	_, err := all(client.CustomerPayments(ctx(t), CustomerPaymentFilter{Paging: Paging{PageSize: n}}))
	if (err == nil) != (len(*requests) == 1) {
		t.Errorf("%d requests, err %v", len(*requests), err)
	}
	return err
}

// totalsOf asks for the totals of n orders. More than one request is taken for a
// refusal of what does not fit into one.
func totalsOf(t *testing.T, n int) error {
	client, requests := vendorSays(t, http.StatusOK, `{"response":[]}`)
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = int64(2*i + 1)
	}
	_, _ = all(client.SalePaymentTotals(ctx(t), ids...))
	if len(*requests) != 1 {
		return invalid("ids", fmt.Sprintf("went out in %d requests", len(*requests)))
	}
	return nil
}
