package brightpearl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
)

// compacted is a documented body without its white space. Number literals stay
// as they are, so a comparison is digit for digit.
func compacted(t *testing.T, body string) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(body)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// zoned puts the offset into a documented body that names none: this package
// always sends one.
func zoned(body string) string { return strings.ReplaceAll(body, `T12:00:00"`, `T12:00:00+00:00"`) }

func TestDocumentedCustomerPayments(t *testing.T) {
	t.Parallel()
	full := receipt(t)
	full.TransactionCode, full.ExchangeRate, full.JournalRef = "CODE0001", amount(t, "1.307"), "Online order 2002 prepaid"
	recorded := CustomerPayment{
		TransactionRef: "RUBY-BP-RECEIPT-REF-0001", TransactionCode: "RUBY-BP-RECEIPT-CODE-0001",
		PaymentMethodCode: "PUNTOS", PaymentType: TypeReceipt, OrderID: 1081505, CurrencyISOCode: "CRC",
		ExchangeRate: amount(t, "1.0"), AmountPaid: amount(t, "100.0"),
		PaymentDate: instant(t, "2026-04-17T10:00:00-06:00"), JournalRef: "ruby-brightpearl customer payment receipt test",
	}
	for file, c := range map[string]struct {
		payment CustomerPayment
		answer  string
		id      int64
	}{
		"customer_receipt_documented.json": {full, `{"response":100}`, 100},
		"customer_auth_documented.json":    {authorization(t), "{\n\"response\": 101\n}", 101},
		"customer_receipt_recorded.json":   {recorded, `{"response":935253}`, 935253},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			sent := answers(mock, http.MethodPost, base+"customer-payment", c.answer)
			id, err := client.CreateCustomerPayment(ctx(t), c.payment)
			if err != nil || id != c.id {
				t.Fatalf("id %d, err %v; want %d", id, err, c.id)
			}
			if want := zoned(compacted(t, sample(t, file))); sent() != want {
				t.Errorf("sent\n%s\nwant\n%s", sent(), want)
			}
		})
	}
}

func TestDocumentedSupplierPayments(t *testing.T) {
	t.Parallel()
	date := instant(t, "2016-06-19T12:00:00Z")
	for file, c := range map[string]struct {
		payment SupplierPayment
		answer  string
		id      int64
	}{
		"supplier_payment_documented.json": {SupplierPayment{
			TransactionRef: "REF0001", PaymentMethodCode: "ACME_PAY", PaymentType: TypePayment, OrderID: 1234,
			CurrencyISOCode: "USD", ExchangeRate: amount(t, "1.445"), AmountPaid: amount(t, "50.00"), PaymentDate: date,
		}, `{"response":200}`, 200},
		"supplier_receipt_documented.json": {SupplierPayment{
			TransactionRef: "REF0002", PaymentMethodCode: "ACME_PAY", PaymentType: TypeReceipt, OrderID: 5000,
			CurrencyISOCode: "GBP", AmountPaid: amount(t, "25.00"), PaymentDate: date,
		}, `{"response":201}`, 201},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			sent := answers(mock, http.MethodPost, base+"supplier-payment", c.answer)
			id, err := client.CreateSupplierPayment(ctx(t), c.payment)
			if err != nil || id != c.id {
				t.Fatalf("id %d, err %v; want %d", id, err, c.id)
			}
			if want := zoned(compacted(t, sample(t, file))); sent() != want {
				t.Errorf("sent\n%s\nwant\n%s", sent(), want)
			}
		})
	}
}

func TestRequestHeaders(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	var got http.Header
	mock.RegisterResponder(http.MethodPost, base+"customer-payment", func(r *http.Request) (*http.Response, error) {
		got = r.Header
		return jsonAnswer(http.StatusOK, `{"response":1}`), nil
	})
	if _, err := client.CreateCustomerPayment(ctx(t), receipt(t)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Brightpearl-App-Ref": "acme_till", "Brightpearl-Staff-Token": "staff-token",
		"Content-Type": "application/json", "Accept": "application/json",
		"Idempotency-Key": "", "X-Idempotency-Key": "", "Authorization": "",
	} {
		if got.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, got.Get(name), want)
		}
	}
	if !strings.Contains(got.Get("User-Agent"), "tenderkit/") {
		t.Errorf("User-Agent: %q", got.Get("User-Agent"))
	}
}

func TestRecordedSearch(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterResponderWithQuery(http.MethodGet, base+"customer-payment-search",
		"orderId=1081505&pageSize=500&firstResult=1",
		httpmock.ResponderFromResponse(jsonAnswer(http.StatusOK, sample(t, "customer_search_recorded.json"))))
	var got []FoundPayment
	for p, err := range client.CustomerPayments(ctx(t), CustomerPaymentFilter{OrderID: 1081505}) {
		if err != nil {
			t.Fatal(err)
		}
		p.Raw = nil
		got = append(got, p)
	}
	zone := time.FixedZone("", -6*60*60)
	want := []FoundPayment{{
		PaymentID: 935253, TransactionRef: "RUBY-BP-RECEIPT-REF-0001", TransactionCode: "RUBY-BP-RECEIPT-CODE-0001",
		PaymentMethodCode: "PUNTOS", PaymentType: TypeReceipt, OrderID: 1081505, CurrencyID: 2, CurrencyCode: "CRC",
		AmountAuthorized: amount(t, "0.00"), AmountPaid: amount(t, "100.00"),
		PaymentDate: time.Date(2026, 4, 17, 10, 0, 0, 0, zone), CreatedOn: time.Date(2026, 4, 17, 11, 32, 8, 0, zone),
		JournalID: 3113824,
	}}
	if len(got) != 1 || !got[0].PaymentDate.Equal(want[0].PaymentDate) || !got[0].CreatedOn.Equal(want[0].CreatedOn) {
		t.Fatalf("got %+v", got)
	}
	got[0].PaymentDate, got[0].CreatedOn = want[0].PaymentDate, want[0].CreatedOn
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestDocumentedTotals(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	answers(mock, http.MethodGet, base+"sale-payment-total/56-57", sample(t, "sale_payment_total_documented.json"))
	got, err := all(client.SalePaymentTotals(ctx(t), 57, 56, 57))
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		if id := fmt.Sprintf(`"orderId":%d`, got[i].OrderID); !json.Valid(got[i].Raw) || !strings.Contains(string(got[i].Raw), id) {
			t.Errorf("raw %s", got[i].Raw)
		}
		got[i].Raw = nil
	}
	want := []SalePaymentTotal{
		{56, "GBP", amount(t, "50.00"), amount(t, "10.00"), amount(t, "5.00"), nil},
		{57, "", amount(t, "0.00"), amount(t, "0.00"), amount(t, "0.00"), nil},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestDocumentedPaymentMethods(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	answers(mock, http.MethodGet, base+"payment-method/", sample(t, "payment_methods_documented.json"))
	answers(mock, http.MethodGet, base+"payment-method/1", sample(t, "payment_methods_documented.json"))
	got, err := all(client.PaymentMethods(ctx(t)))
	if err != nil || len(got) != 2 {
		t.Fatalf("%d methods, err %v", len(got), err)
	}
	one, err := client.PaymentMethod(ctx(t), 1)
	if err != nil || !reflect.DeepEqual(one, got[0]) {
		t.Fatalf("got %+v, err %v", one, err)
	}
	if !json.Valid(one.Raw) || !strings.Contains(string(one.Raw), `"SAGEPAY_UK"`) {
		t.Errorf("raw %s", one.Raw)
	}
	one.Raw = nil
	want := PaymentMethod{
		Name: "Sage Pay UK", Code: "SAGEPAY_UK", IsActive: true, InstalledIntegrationID: "1",
		BankAccounts: []BankAccount{{1, "GBP", "1200"}},
	}
	if !reflect.DeepEqual(one, want) {
		t.Errorf("got %+v, want %+v", one, want)
	}
}

func TestRecordedDelete(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	answers(mock, http.MethodDelete, base+"customer-payment/935253", `{}`)
	if err := client.DeleteCustomerPayment(ctx(t), 935253); err != nil {
		t.Fatal(err)
	}
	if n := mock.GetTotalCallCount(); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestIntegrationIDAsNumber(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	answers(mock, http.MethodGet, base+"payment-method/", `{"response":[{"id":3,"code":"CASH","installedIntegrationId":0}]}`)
	got, err := all(client.PaymentMethods(ctx(t)))
	if err != nil || len(got) != 1 || got[0].InstalledIntegrationID != "0" || got[0].ID != 3 {
		t.Errorf("got %+v, err %v", got, err)
	}
}

// The vendor's second example has times without a zone; who must can send them.
func TestDocumentedTimesWithoutAZone(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	sent := answers(mock, http.MethodPost, base+"customer-payment", `{"response":101}`)
	p := authorization(t)
	p.LocalTimes = true
	if _, err := client.CreateCustomerPayment(ctx(t), p); err != nil {
		t.Fatal(err)
	}
	if want := compacted(t, sample(t, "customer_auth_documented.json")); sent() != want {
		t.Errorf("sent\n%s\nwant\n%s", sent(), want)
	}
}

// Body is what is sent; every other form of a payment is for logs.
func TestJournalRefIsNotPrinted(t *testing.T) {
	t.Parallel()
	p := whole(t)
	p.JournalRef = "Jo Smith"
	body, err := p.Body()
	if err != nil || !strings.Contains(string(body), `"journalRef":"Jo Smith"`) {
		t.Fatalf("body %s, err %v", body, err)
	}
	supplier := supplierOf(p)
	if body, err := supplier.Body(); err != nil || !strings.Contains(string(body), `"journalRef":"Jo Smith"`) {
		t.Fatalf("body %s, err %v", body, err)
	}
	options := RecorderOptions{PaymentMethodCode: "CASH", JournalRef: "Jo Smith"}
	for _, v := range []any{p, &p, []CustomerPayment{p}, map[string]CustomerPayment{"p": p}, supplier, []SupplierPayment{supplier}, options, []RecorderOptions{options}} {
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("test", "value", v)
		slog.New(slog.NewTextHandler(&log, nil)).Info("test", "value", v)
		text, err := json.Marshal(v)
		if err != nil {
			t.Error(err)
		}
		if all := fmt.Sprintf("%v %+v %#v %s %q %x", v, v, v, v, v, v) + log.String() + string(text); strings.Contains(all, "Smith") {
			t.Errorf("printed as %s", all)
		}
	}
}
