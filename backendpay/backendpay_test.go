package backendpay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	const host = "https://billing.example.com"
	for name, c := range map[string]struct {
		field  string
		config Config
		opts   []tenderkit.Option
	}{
		"no key":                 {"Config.APIKey", Config{BaseURL: host}, nil},
		"key with blank":         {"Config.APIKey", Config{APIKey: "a b", BaseURL: host}, nil},
		"key with line break":    {"Config.APIKey", Config{APIKey: "a\r\nX: y", BaseURL: host}, nil},
		"key with tab":           {"Config.APIKey", Config{APIKey: "a\tb", BaseURL: host}, nil},
		"key beyond ASCII":       {"Config.APIKey", Config{APIKey: "clé", BaseURL: host}, nil},
		"no base URL":            {"Config.BaseURL", Config{APIKey: "k"}, nil},
		"plain http":             {"Config.BaseURL", Config{APIKey: "k", BaseURL: "http://billing.example.com"}, nil},
		"base URL with query":    {"Config.BaseURL", Config{APIKey: "k", BaseURL: host + "?x=1"}, nil},
		"base URL with fragment": {"Config.BaseURL", Config{APIKey: "k", BaseURL: host + "#x"}, nil},
		"base URL with path":     {"Config.BaseURL", Config{APIKey: "k", BaseURL: host + "/backend/api/v1/"}, nil},
		"base URL with user":     {"Config.BaseURL", Config{APIKey: "k", BaseURL: "https://u:p@billing.example.com"}, nil},
		"key and source":         {"Config.KeySource", Config{APIKey: "k", BaseURL: host, KeySource: func(context.Context) (tenderkit.Secret, error) { return "k", nil }}, nil},
		"unknown paging":         {"Config.Paging", Config{APIKey: "k", BaseURL: host, Paging: OnePage + 1}, nil},
		"unknown slash":          {"Config.TrailingSlash", Config{APIKey: "k", BaseURL: host, TrailingSlash: SlashEverywhere + 1}, nil},
		"nil option":             {"Option", Config{APIKey: "k", BaseURL: host}, []tenderkit.Option{nil}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := New(c.config, c.opts...)
			if client != nil {
				t.Error("gave a client")
			}
			wantField(t, err, c.field)
		})
	}
}

func TestNewTakesLoopback(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"http://127.0.0.1:8080", "http://localhost:8080/", "http://[::1]:1", "https://billing.example.com:8443"} {
		if _, err := New(Config{APIKey: "k", BaseURL: url}); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestPathForms(t *testing.T) {
	t.Parallel()
	for slash, want := range map[TrailingSlash][3]string{
		SlashOnCollections: {"payments/7", "payments/", "customers/5/payments/"},
		SlashNowhere:       {"payments/7", "payments", "customers/5/payments"},
		SlashEverywhere:    {"payments/7/", "payments/", "customers/5/payments/"},
	} {
		client, mock := mocked(t, func(c *Config) { c.TrailingSlash = slash })
		seen := answers(t, mock, `{"id":"7"}`, `[]`, `{"id":"8"}`)
		if _, err := client.Payment(t.Context(), "7"); err != nil {
			t.Error(err)
		}
		if _, err := collect(client.Payments(t.Context(), PaymentFilter{})); err != nil {
			t.Error(err)
		}
		if _, err := client.CreatePayment(t.Context(), "5", transfer(t)); err != nil {
			t.Error(err)
		}
		for i, url := range urls(*seen) {
			if path, _, _ := strings.Cut(url, "?"); path != want[i] {
				t.Errorf("form %d: path %s, want %s", slash, path, want[i])
			}
		}
	}
}

// An id from outside never becomes more than one segment of a path.
func TestIDsInPaths(t *testing.T) {
	t.Parallel()
	client, _ := mocked(t)
	bad := []string{"", ".", "..", "a", "1/2", "1?x", "1#x", "1%2f", " 1", "1\n", "-1", "1.0", "１"}
	for _, id := range bad {
		_, err := client.Payment(t.Context(), id)
		wantField(t, err, "id")
		_, err = collect(client.CustomerPayments(t.Context(), id, PaymentFilter{}))
		wantField(t, err, "customerID")
		_, err = client.CreatePayment(t.Context(), id, transfer(t))
		wantField(t, err, "customerID")
		_, err = client.UpdatePayment(t.Context(), id, PaymentUpdate{OurReference: Value("x")})
		wantField(t, err, "id")
		wantField(t, client.DeletePayment(t.Context(), id), "id")
		_, err = client.FindPayment(t.Context(), id, transfer(t))
		wantField(t, err, "customerID")
		_, err = collect(client.PaymentParts(t.Context(), id))
		wantField(t, err, "paymentID")
		_, err = collect(client.InvoicePaymentParts(t.Context(), id))
		wantField(t, err, "invoiceID")
	}
}

func TestTextIDs(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t, func(c *Config) { c.TextIDs = true })
	seen := answers(t, mock, `{"id":"PAY-7é"}`)
	if _, err := client.Payment(t.Context(), "PAY-7é"); err != nil {
		t.Error(err)
	}
	if got := urls(*seen); len(got) != 1 || got[0] != "payments/PAY-7%C3%A9" {
		t.Errorf("asked %v", got)
	}
	for _, id := range []string{"", ".", "..", "a/b", `a\b`, "a?b", "a#b", "a%b", "a b", "a\x00"} {
		_, err := client.Payment(t.Context(), id)
		wantField(t, err, "id")
	}
}

func TestSecretsStayInside(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		return httpmock.NewStringResponse(http.StatusUnauthorized, `{"error":"no such key: key-1"}`), nil
	})
	_, err := client.Payment(t.Context(), "7")
	config := Config{APIKey: "key-1", BaseURL: "https://billing.example.com"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		if text := fmt.Sprintf(verb+verb+verb+verb, err, client, *client, config); strings.Contains(text, "key-1") {
			t.Errorf("%s shows the key: %s", verb, text)
		}
	}
}

// A key source is asked for each request, and what it returned is sealed.
func TestKeySource(t *testing.T) {
	t.Parallel()
	keys := []tenderkit.Secret{"first-key", "second-key", "", "line\nbreak", "never sent"}
	failed := errors.New("no key today")
	mock := httpmock.NewMockTransport()
	var sent []string
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		sent = append(sent, r.Header.Get("Authorization"))
		return httpmock.NewStringResponse(http.StatusUnauthorized, `{"error":"bad `+r.Header.Get("Authorization")+`"}`), nil
	})
	client, err := New(Config{BaseURL: "https://billing.example.com", KeySource: func(context.Context) (tenderkit.Secret, error) {
		key := keys[0]
		if keys = keys[1:]; len(keys) == 0 {
			return key, failed
		}
		return key, nil
	}}, tenderkit.WithHTTPClient(&http.Client{Transport: mock}))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		_, err := client.Payment(t.Context(), "7")
		if !errors.Is(err, payment.ErrUnauthorized) || errors.Is(err, payment.ErrInvalid) || errors.Is(err, failed) != (i == 4) ||
			strings.Contains(fmt.Sprintf("%v %+v", err, err), "-key") {
			t.Errorf("call %d: %v", i, err)
		}
	}
	if want := []string{"Bearer first-key", "Bearer second-key"}; !reflect.DeepEqual(sent, want) {
		t.Errorf("sent %v", sent)
	}
}
