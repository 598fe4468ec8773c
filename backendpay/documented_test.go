package backendpay

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"testing"

	"github.com/jarcoal/httpmock"
)

// Each documented route: verb, path, headers and body as the documentation has
// them.
func TestDocumentedRoutes(t *testing.T) {
	t.Parallel()
	one, none := sample(t, "payment_own.json"), `[]`
	for name, c := range map[string]struct {
		call         func(*Client) error
		answer       string
		method, path string
		query        url.Values
		body         string
	}{
		"payment": {func(c *Client) error { _, err := c.Payment(t.Context(), "501"); return err }, one,
			http.MethodGet, "payments/501", nil, ""},
		"payments": {func(c *Client) error { _, err := collect(c.Payments(t.Context(), PaymentFilter{})); return err }, none,
			http.MethodGet, "payments/", url.Values{"idAfter": {"0"}, "limit": {"100"}}, ""},
		"payments of a customer": {func(c *Client) error {
			_, err := collect(c.CustomerPayments(t.Context(), "123", PaymentFilter{}))
			return err
		}, none,
			http.MethodGet, "customers/123/payments/", url.Values{"idAfter": {"0"}, "limit": {"100"}}, ""},
		"create": {func(c *Client) error { _, err := c.CreatePayment(t.Context(), "123", transfer(t)); return err }, one,
			http.MethodPost, "customers/123/payments/", nil, sample(t, "payment_create_own.json")},
		"update": {func(c *Client) error {
			_, err := c.UpdatePayment(t.Context(), "501", PaymentUpdate{PaymentDate: Value(day(2024, 11, 26))})
			return err
		}, `{"id":501,"paymentDate":"2024-11-26"}`, http.MethodPatch, "payments/501", nil, `{"paymentDate":"2024-11-26"}`},
		"delete": {func(c *Client) error { return c.DeletePayment(t.Context(), "501") }, "",
			http.MethodDelete, "payments/501", nil, ""},
		"payment part": {func(c *Client) error { _, err := c.PaymentPart(t.Context(), "9001"); return err }, `{"id":"9001"}`,
			http.MethodGet, "paymentParts/9001", nil, ""},
		"payment parts": {func(c *Client) error {
			_, err := collect(c.AllPaymentParts(t.Context(), PaymentPartFilter{}))
			return err
		}, none,
			http.MethodGet, "paymentParts/", url.Values{"idAfter": {"0"}}, ""},
		"parts of a payment": {func(c *Client) error { _, err := collect(c.PaymentParts(t.Context(), "501")); return err }, none,
			http.MethodGet, "payments/501/paymentParts/", url.Values{"idAfter": {"0"}}, ""},
		"parts of an invoice": {func(c *Client) error { _, err := collect(c.InvoicePaymentParts(t.Context(), "77")); return err }, none,
			http.MethodGet, "invoices/77/paymentParts/", url.Values{"idAfter": {"0"}}, ""},
		"payment type": {func(c *Client) error { _, err := c.PaymentType(t.Context(), "3"); return err }, sample(t, "payment_type_own.json"),
			http.MethodGet, "paymentTypes/3", nil, ""},
		"payment types": {func(c *Client) error { _, err := collect(c.PaymentTypes(t.Context())); return err }, none,
			http.MethodGet, "paymentTypes/", url.Values{"idAfter": {"0"}}, ""},
		"payment type is made": {func(c *Client) error {
			_, err := c.CreatePaymentType(t.Context(), PaymentTypeFields{PaymentTypeName: Value("Cheque")})
			return err
		}, sample(t, "payment_type_own.json"), http.MethodPost, "paymentTypes/", nil, `{"paymentTypeName":"Cheque"}`},
		"payment type is changed": {func(c *Client) error {
			_, err := c.UpdatePaymentType(t.Context(), "3", PaymentTypeFields{Availability: Value(Historic)})
			return err
		}, sample(t, "payment_type_own.json"), http.MethodPatch, "paymentTypes/3", nil, `{"availability":"Historic"}`},
		"payment type is deleted": {func(c *Client) error { return c.DeletePaymentType(t.Context(), "3") }, "",
			http.MethodDelete, "paymentTypes/3", nil, ""},
		"customer": {func(c *Client) error { _, err := c.Customer(t.Context(), "123"); return err }, sample(t, "example_documented.json"),
			http.MethodGet, "customers/123", nil, ""},
		"customer by account number": {func(c *Client) error {
			_, err := collect(c.Customers(t.Context(), CustomerFilter{AccountNumber: "C12345", Active: true}))
			return err
		}, none, http.MethodGet, "customers/",
			url.Values{"accountNumber": {"C12345"}, "active": {"true"}, "idAfter": {"0"}, "limit": {"100"}}, ""},
		"customer by CRM reference": {func(c *Client) error {
			_, err := collect(c.Customers(t.Context(), CustomerFilter{CRMReference: "CRM-12345", PageSize: 1}))
			return err
		}, none, http.MethodGet, "customers/",
			url.Values{"CRMReference": {"CRM-12345"}, "idAfter": {"0"}, "limit": {"1"}}, ""},
		"customer with numbers": {func(c *Client) error {
			_, err := collect(c.Customers(t.Context(), CustomerFilter{Raw: url.Values{"expandNumbers": {"true"}, "numberActive": {"true"}}}))
			return err
		}, none, http.MethodGet, "customers/",
			url.Values{"expandNumbers": {"true"}, "numberActive": {"true"}, "idAfter": {"0"}, "limit": {"100"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			seen := answers(t, mock, c.answer)
			if err := c.call(client); err != nil {
				t.Fatal(err)
			}
			checkExchange(t, (*seen)[0], c.method, c.path, c.query, c.body)
		})
	}
}

func checkExchange(t *testing.T, e exchange, method, path string, query url.Values, body string) {
	t.Helper()
	u, err := url.Parse(e.url)
	if err != nil {
		t.Fatal(err)
	}
	got := u.Query()
	u.RawQuery = ""
	if e.method != method || u.String() != base+path {
		t.Errorf("sent %s %s, want %s %s", e.method, u, method, base+path)
	}
	if len(got)+len(query) > 0 && !reflect.DeepEqual(got, query) {
		t.Errorf("query %v, want %v", got, query)
	}
	if e.body != body {
		t.Errorf("body\n%s\nwant\n%s", e.body, body)
	}
	want := http.Header{"Authorization": {"Bearer key-1"}, "Accept": {"application/json"}, "User-Agent": e.header["User-Agent"]}
	if body != "" {
		want.Set("Content-Type", "application/json")
	}
	if !reflect.DeepEqual(e.header, want) {
		t.Errorf("headers %v, want %v", e.header, want)
	}
}

func TestDocumentedSamples(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	one, list := sample(t, "example_documented.json"), sample(t, "example_list_documented.json")
	mock.RegisterResponder(http.MethodGet, base+"customers/123", httpmock.NewStringResponder(http.StatusOK, one))
	c, err := client.Customer(t.Context(), "123")
	if err != nil || c.ID != "123" || string(c.Raw) != one {
		t.Errorf("customer %+v, err %v", c, err)
	}
	seen := answers(t, mock, list, `[]`)
	all, err := collect(client.Customers(t.Context(), CustomerFilter{}))
	if err != nil || len(all) != 2 || all[0].ID != "123" || all[1].ID != "124" {
		t.Errorf("customers %+v, err %v", all, err)
	}
	if len(*seen) != 2 {
		t.Errorf("%d requests", len(*seen))
	}
	var again Customer
	if err := json.Unmarshal(all[1].Raw, &again); err != nil || again.ID != "124" {
		t.Errorf("customer %+v, err %v", again, err)
	}
}

// A round trip through Raw keeps every documented field, digit for digit.
func TestPaymentRoundTrip(t *testing.T) {
	t.Parallel()
	var first, second Payment
	if err := json.Unmarshal([]byte(sample(t, "payment_own.json")), &first); err != nil {
		t.Fatal(err)
	}
	want := Payment{
		ID: "501", OurReference: "SDK-2024-000123", CustomerReference: "INV C12345/123", PaymentDate: day(2024, 11, 25),
		Status: []Status{"Valid"}, PaymentAmount: amount(t, "120.50"), PaymentMethod: "Bank Transfer",
		Raw: json.RawMessage(sample(t, "payment_own.json")),
	}
	if !reflect.DeepEqual(first, want) {
		t.Errorf("read %+v\nwant %+v", first, want)
	}
	if err := json.Unmarshal(first.Raw, &second); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(first, second) || second.PaymentAmount.String() != "120.50" {
		t.Errorf("came back as %+v", second)
	}
}
