package brightpearltest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/internal/emulator"
)

// clock is a clock that stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 4, 17, 17, 32, 8, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func start(t *testing.T, opts ...Option) *Server {
	t.Helper()
	s := New(append([]Option{WithAccount(SampleAccount)}, opts...)...)
	t.Cleanup(s.Close)
	return s
}

// answered is what a client without any knowledge of the vendor sees.
type answered struct {
	status int
	header http.Header
	body   string
}

func staffHeaders() http.Header {
	h := http.Header{}
	h.Set(headerAppRef, SampleAppRef)
	h.Set(headerStaff, SampleStaffToken)
	return h
}

// send speaks plain HTTP. A path that does not begin with '/' is taken behind
// the prefix of the sample account.
func send(t *testing.T, s *Server, method, path, body string, header http.Header) answered {
	t.Helper()
	if !strings.HasPrefix(path, "/") {
		path = "/public-api/" + SampleAccount + "/accounting-service/" + path
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header = header.Clone()
	if body != "" && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answered{status: resp.StatusCode, header: resp.Header, body: string(data)}
}

func get(t *testing.T, s *Server, path string) answered {
	t.Helper()
	return send(t, s, http.MethodGet, path, "", staffHeaders())
}

func post(t *testing.T, s *Server, path, body string) answered {
	t.Helper()
	return send(t, s, http.MethodPost, path, body, staffHeaders())
}

func (a answered) want(t *testing.T, status int, body string) {
	t.Helper()
	if a.status != status || a.body != body {
		t.Errorf("answer %d %s\nwant   %d %s", a.status, a.body, status, body)
	}
}

// wantCode checks the status and the code of a refusal.
func (a answered) wantCode(t *testing.T, status int, code string) {
	t.Helper()
	if a.status != status || !strings.HasPrefix(a.body, `{"errors":[{"code":"`+code+`","message":"`) {
		t.Errorf("answer %d %s, want %d %s", a.status, a.body, status, code)
	}
}

func sample(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(data))
}

// receipt returns the body of a valid RECEIPT in which each of the pairs of name
// and JSON text replaces a field; an empty text takes the field away.
func receipt(t *testing.T, replace ...string) string {
	t.Helper()
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(sample(t, "customer_receipt_documented.json")), &fields); err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(replace); i += 2 {
		fields[replace[i]] = json.RawMessage(replace[i+1])
		if replace[i+1] == "" {
			delete(fields, replace[i])
		}
	}
	data, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// create records a payment and fails the test if it is refused.
func create(t *testing.T, s *Server, replace ...string) {
	t.Helper()
	if got := post(t, s, "customer-payment", receipt(t, replace...)); got.status != http.StatusOK {
		t.Fatalf("answer %d %s", got.status, got.body)
	}
}

func TestUnknownPaths(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, c := range []struct{ method, path, named string }{
		{"GET", "somebrokenuri", "/acme/accounting-service/somebrokenuri"},
		{"PUT", "customer-payment", "/acme/accounting-service/customer-payment"},
		{"GET", "customer-payment/1", "/acme/accounting-service/customer-payment/1"},
		{"POST", "customer-payment/1", "/acme/accounting-service/customer-payment/1"},
		{"DELETE", "customer-payment", "/acme/accounting-service/customer-payment"},
		{"GET", "sale-payment-total/1/2", "/acme/accounting-service/sale-payment-total/1/2"},
		{"GET", "/public-api/acme/order-service/order/1", "/acme/order-service/order/1"},
		{"GET", "/public-api/", "/"},
		{"GET", "/elsewhere", "/elsewhere"},
	} {
		got := send(t, s, c.method, c.path, "", staffHeaders())
		got.want(t, 404, `{"errors":[{"code":"CMNC-404","message":"Cannot find the resource `+c.named+`"}]}`)
	}
	if n := s.Count(OpUnknown); n != 9 {
		t.Errorf("%d unknown requests, want 9", n)
	}
}

func TestTrailingSlash(t *testing.T) {
	t.Parallel()
	s := start(t)
	post(t, s, "customer-payment/", receipt(t)).want(t, 200, `{"response":100}`)
	if got := get(t, s, "payment-method/"); got.status != 200 {
		t.Errorf("answer %d %s", got.status, got.body)
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	t.Parallel()
	s := start(t)
	ids := map[string]bool{}
	for _, c := range []struct{ method, path, body, message string }{
		{"POST", "customer-payment", receipt(t), "post-customer-payment"},
		{"GET", "customer-payment-search", "", "bulk-data-search"},
		{"DELETE", "customer-payment/100", "", "delete-customer-payment"},
		{"GET", "nowhere", "", "api-proxy"},
		{"POST", "customer-payment", "[]", "api-proxy"},
	} {
		h := send(t, s, c.method, c.path, c.body, staffHeaders()).header
		if got := h.Get("Content-Type"); got != "application/json;charset=UTF-8" {
			t.Errorf("%s: Content-Type %q", c.path, got)
		}
		if got := h.Get("Message-Type"); got != c.message {
			t.Errorf("%s: Message-Type %q, want %q", c.path, got, c.message)
		}
		ids[h.Get("Ruid")] = true
	}
	if len(ids) != 5 || ids[""] {
		t.Errorf("Ruid repeats or is missing: %v", ids)
	}
}

func TestRequestsTellsWhatArrived(t *testing.T) {
	t.Parallel()
	s := start(t)
	get(t, s, "customer-payment-search?transactionRef=a%2Fb")
	post(t, s, "supplier-payment", "")
	want := []Request{
		{OpCustomerPayments, "GET", "/public-api/acme/accounting-service/customer-payment-search", "transactionRef=a%2Fb"},
		{OpCreateSupplierPayment, "POST", "/public-api/acme/accounting-service/supplier-payment", ""},
	}
	got := s.Requests()
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("Requests = %v, want %v", got, want)
	}
	if s.Count(OpCustomerPayments) != 1 || s.Count(OpToken) != 0 {
		t.Error("Count is wrong")
	}
}

func TestEscapes(t *testing.T) {
	t.Parallel()
	if got := escape(emulator.Encode(problem{Code: "a=b", Message: "<&>"})); !bytes.Equal(got, []byte(`{"code":"a\u003db","message":"\u003c\u0026\u003e"}`)) {
		t.Errorf("encode gave %s", got)
	}
}

func TestCloseKeepsTheLedger(t *testing.T) {
	t.Parallel()
	s := New(WithAccount(SampleAccount))
	create(t, s)
	s.Close()
	if n := len(s.Payments()); n != 1 {
		t.Errorf("%d payments", n)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	s := start(t, WithAccount("shop"))
	got := s.Config()
	if got.Account != "shop" || got.Datacenter != "euw1" || got.BaseURL != s.URL || got.Auth == nil {
		t.Errorf("Config = %v", got)
	}
}

func TestAccountIsOneOfAKind(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 8 {
		s := New()
		defer s.Close()
		seen[s.Config().Account] = true
	}
	if len(seen) != 8 || seen[SampleAccount] {
		t.Errorf("accounts %v", seen)
	}
}
