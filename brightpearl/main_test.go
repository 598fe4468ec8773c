package brightpearl

import (
	"context"
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

const base = "https://euw1.brightpearlconnect.com/public-api/acme/accounting-service/"

// mocked returns a client whose requests end in a mock, and that mock.
func mocked(t *testing.T, opts ...tenderkit.Option) (*Client, *httpmock.MockTransport) {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		t.Errorf("unexpected %s %s", r.Method, r.URL)
		return httpmock.NewStringResponse(http.StatusTeapot, ""), nil
	})
	opts = append([]tenderkit.Option{tenderkit.WithHTTPClient(&http.Client{Transport: mock})}, opts...)
	client, err := New(Config{Account: "acme", Datacenter: "euw1", Auth: StaffToken("acme_till", "staff-token")}, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client, mock
}

// answers registers one JSON answer and returns a reader of the body that came.
func answers(mock *httpmock.MockTransport, method, url, answer string) (body func() string) {
	var got string
	mock.RegisterResponder(method, url, func(r *http.Request) (*http.Response, error) {
		if r.Body != nil {
			b, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			got = string(b)
		}
		return jsonAnswer(http.StatusOK, answer), nil
	})
	return func() string { return got }
}

func jsonAnswer(status int, body string) *http.Response {
	resp := httpmock.NewStringResponse(status, body)
	resp.Header.Set("Content-Type", "application/json;charset=UTF-8")
	resp.Header.Set("Ruid", "ruid-1")
	return resp
}

func sample(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(b))
}

func amount(t *testing.T, s string) payment.Amount {
	t.Helper()
	a, err := payment.ParseAmount(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// receipt is a payment that breaks no rule.
func receipt(t *testing.T) CustomerPayment {
	return CustomerPayment{
		TransactionRef: "REF0001", PaymentMethodCode: "ACME_PAY", PaymentType: TypeReceipt, OrderID: 2002,
		CurrencyISOCode: "USD", AmountPaid: amount(t, "100.00"), PaymentDate: instant(t, "2016-06-19T15:03:17+01:00"),
	}
}

// authorization is another.
func authorization(t *testing.T) CustomerPayment {
	return CustomerPayment{
		TransactionRef: "REF0002", TransactionCode: "CODE0002", PaymentMethodCode: "ACME_PAY", PaymentType: TypeAuth,
		OrderID: 2003, CurrencyISOCode: "GBP", AmountAuthorized: amount(t, "50.00"),
		AuthorizationExpiry: instant(t, "2016-06-19T12:00:00Z"), PaymentDate: instant(t, "2016-06-19T12:00:00Z"),
	}
}

func ctx(t *testing.T) context.Context { return t.Context() }

func noRetries() tenderkit.Option { return tenderkit.WithRetries(0) }

func withTransport(rt http.RoundTripper) tenderkit.Option {
	return tenderkit.WithHTTPClient(&http.Client{Transport: rt})
}

// all returns the elements of a stream and the error that ended it.
func all[T any](stream iter.Seq2[T, error]) (list []T, err error) {
	for v, err := range stream {
		if err != nil {
			return list, err
		}
		list = append(list, v)
	}
	return list, nil
}
