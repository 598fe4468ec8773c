package spektrix_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

const (
	base     = "https://system.spektrix.com/apitesting/api/v3/"
	basketID = "20AEBCDF"
	epos     = spektrixtest.TypeEPOSSystem
	voucher  = spektrixtest.TypeVoucher
)

var sampleConfig = spektrix.Config{
	ClientName: spektrixtest.SampleClientName, Login: spektrixtest.SampleLogin,
	Secret: spektrixtest.SampleSecret, Currency: "GBP",
}

// vectorTime is the time for which the signatures of these tests are known.
var vectorTime = time.Date(2020, 10, 21, 7, 28, 0, 0, time.UTC)

func amount(t testing.TB, s string) payment.Amount {
	t.Helper()
	a, err := payment.ParseAmount(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func fixture(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func compact(t testing.TB, text string) string {
	t.Helper()
	var buf bytes.Buffer
	if err := json.Compact(&buf, []byte(text)); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func newClient(t testing.TB, config spektrix.Config, opts ...tenderkit.Option) *spektrix.Client {
	t.Helper()
	client, err := spektrix.New(config, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// types reads the list to its end.
func types(ctx context.Context, client *spektrix.Client) (list []spektrix.CustomPaymentType, err error) {
	return collect(client.CustomPaymentTypes(ctx))
}

func collect[T any](seq iter.Seq2[T, error]) (list []T, err error) {
	for v, err := range seq {
		if err != nil {
			return list, err
		}
		list = append(list, v)
	}
	return list, nil
}

// wantField checks a refusal by its field, and that nothing was asked.
func wantField(t testing.TB, err error, field string) {
	t.Helper()
	var refused *payment.FieldError
	if !errors.As(err, &refused) || !errors.Is(err, payment.ErrInvalid) {
		t.Fatalf("err = %v, want a FieldError for %s", err, field)
	}
	if refused.Field != field {
		t.Errorf("field = %s, want %s (%s)", refused.Field, field, refused.Reason)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	change := func(f func(*spektrix.Config)) spektrix.Config {
		c := sampleConfig
		f(&c)
		return c
	}
	cases := map[string][]spektrix.Config{
		"Config.Currency": {
			change(func(c *spektrix.Config) { c.Currency = "" }),
			change(func(c *spektrix.Config) { c.Currency = "XAU" }),
			change(func(c *spektrix.Config) { c.Currency = "gbp" }),
		},
	}
	for _, name := range []string{"", "a/b", "a?b", "a#b", "a%b", "a b", "a\tb", "a\x00b", ".", "..", "a\xff"} {
		cases["Config.ClientName"] = append(cases["Config.ClientName"], change(func(c *spektrix.Config) { c.ClientName = name }))
	}
	for _, login := range []string{"", "a:b", "a\r\nb", "a\x00b", "a\x7fb", "a\u0085b", "a\xff"} {
		cases["Config.Login"] = append(cases["Config.Login"], change(func(c *spektrix.Config) { c.Login = login }))
	}
	for _, secret := range []string{"", "====", "AAE", "AAE=\n", "AA\r\nE=", "AAEC-w==", "no base64!", "\r\n"} {
		cases["Config.Secret"] = append(cases["Config.Secret"], change(func(c *spektrix.Config) { c.Secret = tenderkit.Secret(secret) }))
	}
	for _, url := range []string{"system.spektrix.com", "http://system.spektrix.com", "https://u:p@h.example", "https://h.example?a=b",
		"https://h.example#f", "https://h.example/path", "https://bühne.example", "ftp://h.example", "https://", ":"} {
		cases["Config.BaseURL"] = append(cases["Config.BaseURL"], change(func(c *spektrix.Config) { c.BaseURL = url }))
	}
	for field, configs := range cases {
		for i, config := range configs {
			t.Run(fmt.Sprintf("%s/%d", field, i), func(t *testing.T) {
				t.Parallel()
				_, err := spektrix.New(config)
				wantField(t, err, field)
				if s := string(config.Secret); len(s) > 4 && strings.Contains(err.Error(), s) {
					t.Error("the error shows the secret")
				}
			})
		}
	}
}

func TestNewTakes(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]func(*spektrix.Config){
		"a backslash in the login": func(c *spektrix.Config) { c.Login = `venue\till` },
		"loopback without TLS":     func(c *spektrix.Config) { c.BaseURL = "http://127.0.0.1:8080" },
		"a custom domain":          func(c *spektrix.Config) { c.BaseURL = "https://tickets.venue.example/" },
		"another currency":         func(c *spektrix.Config) { c.Currency = "JPY" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := sampleConfig
			f(&c)
			newClient(t, c)
		})
	}
}

func TestClientNameIsLowerCase(t *testing.T) {
	t.Parallel()
	_, m := newMock(t)
	m.json(http.MethodGet, "custom-payment-types", "[]")
	config := sampleConfig
	config.ClientName = "ApiTesting"
	client := newClient(t, config, tenderkit.WithHTTPClient(&http.Client{Transport: m}))
	if _, err := types(t.Context(), client); err != nil {
		t.Error(err)
	}
}

// ids that cannot be one segment of a path; their length is no reason.
var badIDs = []string{"", ".", "..", "a/b", "a?b", "a#b", "a%b", `a\b`, "a b", "a\nb", "a\x00b", "a\xff"}

func TestBadIDsAreRefused(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	p := spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount(t, "1")}
	calls := map[string]func(ctx context.Context, id string) error{
		"Basket": func(ctx context.Context, id string) error { _, err := client.Basket(ctx, id); return err },
		"Waive": func(ctx context.Context, id string) error {
			_, err := client.WaiveTransactionCommission(ctx, id)
			return err
		},
		"Tickets": func(ctx context.Context, id string) error {
			return client.AddTicketsJSON(ctx, id, []byte(`[{"seat":"1"}]`))
		},
		"Add": func(ctx context.Context, id string) error {
			_, err := client.AddCustomPayment(ctx, id, p)
			return err
		},
		"List": func(ctx context.Context, id string) error {
			_, err := collect(client.CustomPayments(ctx, id))
			return err
		},
		"Settle": func(ctx context.Context, id string) error {
			_, err := byReference(client).Settle(ctx, id, nil)
			return err
		},
		"Post": func(ctx context.Context, id string) error {
			_, err := client.WaiveTransactionCommissionByPost(ctx, id)
			return err
		},
		"Confirm": func(ctx context.Context, id string) error {
			_, err := client.Confirm(ctx, id, spektrix.Confirmation{})
			return err
		},
		"Order": func(ctx context.Context, id string) error { _, err := client.Order(ctx, id); return err },
	}
	for name, call := range calls {
		for _, id := range badIDs {
			wantField(t, call(t.Context(), id), "id")
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if err := call(ended, basketID); !errors.Is(err, context.Canceled) || errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(m.asked) != 0 {
		t.Errorf("%d requests were sent", len(m.asked))
	}
}

func TestANilContextIsRefused(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	var none context.Context
	_, err := types(none, client)
	wantField(t, err, "ctx")
	_, err = byReference(client).Settle(none, basketID, nil)
	wantField(t, err, "ctx")
	_, err = client.Confirm(none, basketID, spektrix.Confirmation{})
	wantField(t, err, "ctx")
	if len(m.asked) != 0 {
		t.Errorf("%d requests were sent", len(m.asked))
	}
}

// Every id that is not refused arrives as it is, and its signature is right:
// the emulator knows none of them, and says so.
func TestOddIDsAreSignedAsTheyAreSent(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	odd := []string{"...", "é", "\u00adx", "日本", "a+b", "a=b&c", "a;b", "a,b", "a:b@c", "~!$'()*", `"<>^{|}` + "`", "[1]", strings.Repeat("x", 500)}
	for _, id := range odd {
		if _, err := client.Basket(t.Context(), id); !errors.Is(err, payment.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
		if _, err := client.AddCustomPayment(t.Context(), id, documented(t)); !errors.Is(err, payment.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
	for i, r := range server.Requests() {
		if want := "/" + server.Config().ClientName + "/api/v3/baskets/" + odd[i/2]; strings.TrimSuffix(r.Path, "/custom-payments") != want {
			t.Errorf("arrived as %q, want %q", r.Path, want)
		}
	}
}
