package backendpaytest

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// clock is a clock that stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2024, 11, 25, 8, 30, 0, 0, time.UTC)} }

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

func start(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s := New(opts...)
	t.Cleanup(s.Close)
	return s
}

// answered is what a client without any knowledge of the vendor sees.
type answered struct {
	status int
	header http.Header
	body   string
}

// request speaks plain HTTP with the sample key and follows no redirect. A
// path that does not begin with '/' is taken behind the API's prefix.
func request(t testing.TB, s *Server, method, path, body string, header ...string) answered {
	t.Helper()
	if !strings.HasPrefix(path, "/") {
		path = apiPath + path
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+SampleAPIKey)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
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

func get(t testing.TB, s *Server, path string) answered {
	t.Helper()
	return request(t, s, http.MethodGet, path, "")
}

func (a answered) want(t testing.TB, status int, body string) {
	t.Helper()
	if a.status != status || a.body != body {
		t.Errorf("answer %d %s\nwant   %d %s", a.status, a.body, status, body)
	}
}

// refused checks the status of a refusal and that it says something.
func (a answered) refused(t testing.TB, status int) {
	t.Helper()
	var body struct{ Error string }
	if a.status != status || json.Unmarshal([]byte(a.body), &body) != nil || body.Error == "" {
		t.Errorf("answer %d %s, want a refusal with %d", a.status, a.body, status)
	}
}

// ids gives the ids of a list, joined by blanks.
func (a answered) ids(t testing.TB) string {
	t.Helper()
	var list []struct{ ID string }
	if err := json.Unmarshal([]byte(a.body), &list); err != nil || a.status != http.StatusOK {
		t.Fatalf("answer %d %s: %v", a.status, a.body, err)
	}
	var ids []string
	for _, e := range list {
		ids = append(ids, e.ID)
	}
	return strings.Join(ids, " ")
}

func sample(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(data))
}

func day(d int) payment.Date { return payment.Date{Year: 2024, Month: 11, Day: d} }

func amount(t testing.TB, s string) payment.Amount {
	t.Helper()
	a, err := payment.ParseAmount(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// add stores a payment of the sample customer on a day of November 2024.
func add(t testing.TB, s *Server, on int) string {
	t.Helper()
	id, err := s.AddPayment(Payment{CustomerID: SampleCustomer, PaymentDate: day(on), PaymentAmount: amount(t, "10.00"), PaymentMethod: "Cheque"})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/", 404},
		{"GET", "/backend/api/v2/payments/", 404},
		{"GET", "", 404},
		{"GET", "Payments/", 404},
		{"GET", "payments//", 404},
		{"GET", "invoices/", 404},
		{"GET", "payments/501/paymentParts/1", 404},
		{"GET", "payments/9", 404},
		{"GET", "payments/0501", 404},
		{"GET", "payments/x", 404},
		{"GET", "customers/9/payments/", 404},
		{"GET", "customers/9", 404},
		{"GET", "paymentParts/1", 404},
		{"GET", "paymentTypes/9", 404},
		{"GET", "payments/9/paymentParts/", 404},
		{"GET", "invoices/9/paymentParts/", 404},
		{"PATCH", "payments/9", 404},
		{"DELETE", "payments/9", 404},
		{"POST", "payments/", 405},
		{"PUT", "payments/501", 405},
		{"DELETE", "customers/123/payments/", 405},
		{"PATCH", "paymentParts/1", 405},
	} {
		request(t, s, c.method, c.path, "").refused(t, c.status)
	}
	if n := s.Count(OpUnknown); n != 11 {
		t.Errorf("%d unknown requests", n)
	}
}

func TestAuthentication(t *testing.T) {
	t.Parallel()
	s := start(t, WithAuthStatus(http.StatusForbidden))
	for _, header := range []string{"", "Bearer", "Bearer wrong", "bearer " + SampleAPIKey, "Basic " + SampleAPIKey, SampleAPIKey} {
		request(t, s, "GET", "payments/", "", "Authorization", header).refused(t, http.StatusForbidden)
	}
	other := start(t, WithAPIKey("another"))
	get(t, other, "payments/").refused(t, http.StatusUnauthorized)
	request(t, other, "GET", "payments/", "", "Authorization", "Bearer another").want(t, 200, `[]`)
	if c := other.Config(); c.BaseURL != other.URL || string(c.APIKey) != "another" {
		t.Errorf("Config leads to %s", c.BaseURL)
	}
}

func TestErrorBodies(t *testing.T) {
	t.Parallel()
	for body, want := range map[ErrorBody]answered{
		ErrorJSON:  {body: `{"error":"There is no such payment"}`, header: http.Header{"Content-Type": {"application/json"}}},
		ErrorEmpty: {header: http.Header{}},
		ErrorText:  {body: "There is no such payment\n", header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}}},
		ErrorHTML: {body: "<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>\n",
			header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}},
	} {
		got := get(t, start(t, WithErrorBody(body)), "payments/1")
		got.want(t, 404, want.body)
		if got.header.Get("Content-Type") != want.header.Get("Content-Type") {
			t.Errorf("content type %q", got.header.Get("Content-Type"))
		}
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	const base = "https://elsewhere.example"
	for _, c := range []struct {
		form        PathForm
		path, moved string // empty: not moved
	}{
		{PathAny, "payments", ""},
		{PathAny, "payments/501/", ""},
		{PathDocumented, "payments/", ""},
		{PathDocumented, "payments/501", ""},
		{PathDocumented, "payments?limit=1", "payments/?limit=1"},
		{PathDocumented, "payments/501/", "payments/501"},
		{PathDocumented, "customers/123/payments", "customers/123/payments/"},
		{PathSlash, "payments/501", "payments/501/"},
		{PathNoSlash, "customers/123/payments/?reversed", "customers/123/payments?reversed"},
		{PathNoSlash, "paymentTypes", ""},
	} {
		s := start(t, WithPathForm(c.form, http.StatusPermanentRedirect), WithRedirectBase(base))
		add(t, s, 1)
		got := get(t, s, c.path)
		switch {
		case c.moved == "" && got.status != 200:
			t.Errorf("%s: answer %d %s", c.path, got.status, got.body)
		case c.moved != "" && (got.status != 308 || got.header.Get("Location") != base+apiPath+c.moved):
			t.Errorf("%s: answer %d to %s", c.path, got.status, got.header.Get("Location"))
		}
	}
}

func TestRedirectedWriteHasNoEffect(t *testing.T) {
	t.Parallel()
	s := start(t, WithPathForm(PathDocumented, http.StatusMovedPermanently))
	got := request(t, s, "POST", "customers/123/payments", sample(t, "create_own.json"))
	if got.status != 301 || got.header.Get("Location") != apiPath+"customers/123/payments/" || s.Creates() != 0 {
		t.Errorf("answer %d to %q, %d creates", got.status, got.header.Get("Location"), s.Creates())
	}
}

func TestDateHeaderIsTheClock(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now))
	for _, path := range []string{"payments/", "payments/1"} {
		if got := get(t, s, path).header.Get("Date"); got != "Mon, 25 Nov 2024 08:30:00 GMT" {
			t.Errorf("Date %q", got)
		}
	}
}

func TestRequestsTellsWhatArrived(t *testing.T) {
	t.Parallel()
	s := start(t)
	get(t, s, "payments?minDate=x%2Fy")
	request(t, s, "POST", "customers/123/payments/", "")
	want := []Request{
		{OpPayments, "GET", "/backend/api/v1/payments", "minDate=x%2Fy"},
		{OpCreatePayment, "POST", "/backend/api/v1/customers/123/payments/", ""},
	}
	got := s.Requests()
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("Requests = %v, want %v", got, want)
	}
	if s.Count(OpPayments) != 1 || s.Count(OpCustomers) != 0 {
		t.Error("Count is wrong")
	}
}

func TestFaultsAndTheLedger(t *testing.T) {
	t.Parallel()
	for _, f := range paymenttest.Faults() {
		if f == paymenttest.Delay(time.Minute) {
			continue // nothing but a minute's wait
		}
		t.Run(f.String(), func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.Faults().Next(f)
			req, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+apiPath+"customers/123/payments/", strings.NewReader(sample(t, "create_own.json")))
			must(t, err)
			req.Header.Set("Authorization", "Bearer "+SampleAPIKey)
			req.Header.Set("Content-Type", "application/json")
			if resp, err := http.DefaultTransport.RoundTrip(req); err == nil {
				resp.Body.Close()
			}
			if (s.Creates() == 1) != f.Effect() || len(s.Payments()) != s.Creates() || s.Count(OpCreatePayment) != 1 {
				t.Errorf("%d creates, %d payments, %d requests", s.Creates(), len(s.Payments()), s.Count(OpCreatePayment))
			}
		})
	}
}

func TestCloseKeepsTheLedger(t *testing.T) {
	t.Parallel()
	s := New()
	add(t, s, 1)
	s.Close()
	if n := len(s.Payments()); n != 1 {
		t.Errorf("%d payments", n)
	}
}
