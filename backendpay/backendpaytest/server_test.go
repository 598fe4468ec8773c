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

// ids returns the ids of a list, joined by blanks.
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
