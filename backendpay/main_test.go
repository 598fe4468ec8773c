package backendpay

import (
	"errors"
	"io"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
)

const base = "https://billing.example.com/backend/api/v1/"

// mocked returns a client whose requests end in a mock, and that mock.
func mocked(t *testing.T, change ...func(*Config)) (*Client, *httpmock.MockTransport) {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		t.Errorf("unexpected %s %s", r.Method, r.URL)
		return httpmock.NewStringResponse(http.StatusTeapot, ""), nil
	})
	config := Config{APIKey: "key-1", BaseURL: "https://billing.example.com"}
	for _, f := range change {
		f(&config)
	}
	client, err := New(config, tenderkit.WithHTTPClient(&http.Client{Transport: mock}), tenderkit.WithRetries(0))
	if err != nil {
		t.Fatal(err)
	}
	return client, mock
}

// exchange is what one request was.
type exchange struct {
	method, url, body string
	header            http.Header
}

// answers returns one answer after the other to whatever is asked, and fails the
// test when there are no more.
func answers(t *testing.T, mock *httpmock.MockTransport, list ...string) *[]exchange {
	t.Helper()
	var seen []exchange
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		e := exchange{method: r.Method, url: r.URL.String(), header: r.Header.Clone()}
		if r.Body != nil {
			b, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			e.body = string(b)
		}
		seen = append(seen, e)
		if len(seen) > len(list) {
			t.Errorf("one request too many: %s %s", r.Method, r.URL)
			return httpmock.NewStringResponse(http.StatusTeapot, ""), nil
		}
		return httpmock.NewStringResponse(http.StatusOK, list[len(seen)-1]), nil
	})
	return &seen
}

// urls returns the paths and queries behind the prefix.
func urls(seen []exchange) (list []string) {
	for _, e := range seen {
		list = append(list, strings.TrimPrefix(e.url, base))
	}
	return list
}

// collect reads a list up to its end or its error.
func collect[T any](seq iter.Seq2[T, error]) (list []T, err error) {
	for v, err := range seq {
		if err != nil {
			return list, err
		}
		list = append(list, v)
	}
	return list, nil
}

func ids(list []Payment) (all []string) {
	for _, p := range list {
		all = append(all, p.ID)
	}
	return all
}

func sample(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

func amount(t testing.TB, s string) payment.Amount {
	t.Helper()
	a, err := payment.ParseAmount(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func day(year int, month time.Month, d int) payment.Date {
	return payment.Date{Year: year, Month: month, Day: d}
}

func instant(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// transfer is a payment that breaks no rule, the one of the sample.
func transfer(t testing.TB) NewPayment {
	return NewPayment{
		OurReference: "SDK-2024-000123", PaymentDate: day(2024, 11, 25),
		PaymentAmount: amount(t, "120.50"), PaymentMethod: "Bank Transfer",
	}
}

// wantField fails unless err refuses that field before anything was sent.
func wantField(t *testing.T, err error, field string) {
	t.Helper()
	var refused *payment.FieldError
	if !errors.As(err, &refused) || refused.Field != field {
		t.Errorf("error is %v, want one about %s", err, field)
	}
	if !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("%v does not match ErrInvalid", err)
	}
	var sent *payment.Error
	if errors.As(err, &sent) {
		t.Errorf("%v tells of an exchange", err)
	}
}
