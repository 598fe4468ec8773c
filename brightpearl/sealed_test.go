package brightpearl_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

const sentinel = "S3NT1NEL+secret/of=the/test"

// watch collects all that a client tells the outside.
type watch struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *watch) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *watch) options() []tenderkit.Option {
	return []tenderkit.Option{
		tenderkit.WithLogger(slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))),
		tenderkit.WithObserver(func(e tenderkit.Exchange) { w.value(e) }),
		tenderkit.WithTimeout(50 * time.Millisecond), tenderkit.WithRetries(0),
	}
}

// value prints v in every way that a program may.
func (w *watch) value(v any) {
	for _, verb := range []string{"%v\n", "%+v\n", "%#v\n", "%q\n", "%s\n", "%d\n"} {
		fmt.Fprintf(w, verb, v)
	}
	if b, err := json.Marshal(v); err == nil {
		_, _ = w.Write(b)
	}
}

func (w *watch) check(t *testing.T) {
	t.Helper()
	text := w.text.String()
	quoted, err := json.Marshal(sentinel)
	if err != nil || len(text) == 0 {
		t.Fatalf("err %v, %d bytes seen", err, len(text))
	}
	for _, form := range []string{
		sentinel, url.QueryEscape(sentinel), url.PathEscape(sentinel), base64.StdEncoding.EncodeToString([]byte(sentinel)),
		strings.Trim(string(quoted), `"`), strings.ReplaceAll(sentinel, "=", `\u003d`), fmt.Sprintf("%d", []byte(sentinel)),
	} {
		if i := strings.Index(text, form); i >= 0 {
			t.Errorf("the secret shows: …%s", text[max(0, i-200):min(len(text), i+60)])
		}
	}
}

// calls are all operations; each gives its error.
func calls(t *testing.T, c *brightpearl.Client) []func(context.Context) error {
	supplier := brightpearl.SupplierPayment{
		TransactionRef: "s-1", PaymentMethodCode: "SAGEPAY_UK", PaymentType: brightpearl.TypePayment, OrderID: 1,
		CurrencyISOCode: "GBP", AmountPaid: amount(t, "1.00"), PaymentDate: time.Unix(1, 0),
	}
	customer := receipt(t)
	return []func(context.Context) error{
		func(ctx context.Context) error { _, err := c.CreateCustomerPayment(ctx, customer); return err },
		func(ctx context.Context) error { return c.DeleteCustomerPayment(ctx, 1) },
		func(ctx context.Context) error { _, err := c.SalePaymentTotals(ctx, 1); return err },
		func(ctx context.Context) error { _, err := c.PaymentMethods(ctx); return err },
		func(ctx context.Context) error { _, err := c.PaymentMethod(ctx, 1); return err },
		func(ctx context.Context) error { _, err := c.CreateSupplierPayment(ctx, supplier); return err },
		func(ctx context.Context) error {
			_, err := collect(ctx, c, brightpearl.CustomerPaymentFilter{})
			return err
		},
		func(ctx context.Context) error {
			for _, err := range c.SupplierPayments(ctx, brightpearl.SupplierPaymentFilter{}) {
				return err
			}
			return nil
		},
		func(ctx context.Context) error { _, err := c.FindCustomerPayment(ctx, customer); return err },
	}
}

// The emulator echoes a rejected token, as the vendor does; and every fault
// gives its own error.
func TestNothingShowsASecret(t *testing.T) {
	t.Parallel()
	for name, auth := range map[string]brightpearl.Auth{
		"staff":   brightpearl.StaffToken("acme_till", sentinel),
		"account": brightpearl.AccountToken("acme_till", sentinel),
		"signed":  brightpearl.SignedToken("dev", "acme_till", sentinel, sentinel),
		"oauth": brightpearl.OAuth(brightpearl.OAuthConfig{
			DevRef: "dev", AppRef: "app", ClientSecret: sentinel, Token: brightpearl.Token{AccessToken: sentinel},
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, known := range []bool{false, true} {
				var opts []brightpearltest.Option
				if known {
					opts = append(opts, brightpearltest.WithStaffToken("acme_till", sentinel), brightpearltest.WithAccountToken("acme_till", sentinel))
				}
				server := brightpearltest.New(append(opts, brightpearltest.WithThrottle(1e6, 20*time.Millisecond))...)
				t.Cleanup(server.Close)
				config := server.Config()
				config.Auth = auth
				w := &watch{}
				client := connect(t, config, w.options()...)
				w.value(config)
				w.value(client)
				for _, fault := range append(paymenttest.Faults(), paymenttest.Pass()) {
					for _, call := range calls(t, client) {
						server.Faults().Next(fault)
						if err := call(t.Context()); err != nil {
							w.value(err)
						}
						server.Faults().Clear()
					}
				}
				w.check(t)
			}
		})
	}
}
