package spektrix_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// Sentinels that must not come out anywhere.
const (
	secretLogin    = `venue\sentinel+login`
	secretKey      = "sentinel key/+ of the venue"
	secretValue    = "Sentinel Person <p@example.org>"
	secretCustomer = "I-SENTINEL-1"
)

var gateway = paymenttest.ServerErrorHTML(http.StatusBadGateway, false)

// echoes are answers that repeat the credentials and what else was sent.
func echoes(sent string) []paymenttest.Fault {
	told, _ := json.Marshal(map[string]string{
		"message":   secretLogin + " " + sent + " " + base64.StdEncoding.EncodeToString([]byte(secretKey)),
		"errorCode": secretLogin,
	})
	var list []paymenttest.Fault
	for _, status := range []int{400, 401, 403, 404, 429, 500} {
		list = append(list, paymenttest.Answer(status, "application/json", string(told), false))
	}
	return list
}

// output collects what a program would show or store: log, errors, exchanges.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) show(v any) {
	asJSON, _ := json.Marshal(v)
	_, _ = fmt.Fprintf(o, "%v %+v %#v %q %s %d %s\n", v, v, v, v, v, v, asJSON)
	if err, ok := v.(error); ok {
		for err := err; err != nil; err = errors.Unwrap(err) {
			_, _ = fmt.Fprintf(o, "%v %#v\n", err, err)
		}
	}
}

// leaks finds a sentinel in any of the forms in which it may be written.
func (o *output) leaks(sentinels ...string) []string {
	var found []string
	for _, s := range sentinels {
		quoted, _ := json.Marshal(s)
		for _, form := range []string{
			s, url.QueryEscape(s), url.PathEscape(s), strings.Trim(string(quoted), `"`),
			base64.StdEncoding.EncodeToString([]byte(s)), base64.URLEncoding.EncodeToString([]byte(s)),
		} {
			if bytes.Contains(o.buf.Bytes(), []byte(form)) {
				found = append(found, form)
			}
		}
	}
	return found
}

// sealedCalls are all calls, with personal data wherever it can stand.
func sealedCalls(t *testing.T, client *spektrix.Client, id string) []func(context.Context) error {
	p := split(t)
	p[0].PaymentAttributes[0].Value, p[1].PaymentAttributes[0].Value = secretValue, secretValue
	common := sale(t, "20.40")
	common.Target, common.Attributes = id, []payment.Attribute{{Name: "Receipt Number", Value: secretValue}}
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos})
	return []func(context.Context) error{
		func(ctx context.Context) error { _, err := client.CustomPaymentTypes(ctx); return err },
		func(ctx context.Context) error {
			_, err := client.CreateBasket(ctx, spektrix.NewBasket{CustomerID: secretCustomer})
			return err
		},
		func(ctx context.Context) error { _, err := client.Basket(ctx, id); return err },
		func(ctx context.Context) error { _, err := client.WaiveTransactionCommission(ctx, id); return err },
		func(ctx context.Context) error { return client.AddTickets(ctx, id, twoSeats) },
		func(ctx context.Context) error { _, err := client.AddCustomPayment(ctx, id, p[0]); return err },
		func(ctx context.Context) error { _, err := recorder.Record(ctx, common); return err },
		func(ctx context.Context) error { _, err := client.Settle(ctx, id, p...); return err },
		func(ctx context.Context) error {
			_, err := client.Confirm(ctx, id, spektrix.Confirmation{})
			return err
		},
		func(ctx context.Context) error { _, err := client.Order(ctx, id); return err },
	}
}

func TestSealed(t *testing.T) {
	t.Parallel()
	for _, fault := range append(faults(), echoes("")...) {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			server := spektrixtest.New(spektrixtest.WithCredentials(secretLogin, base64.StdEncoding.EncodeToString([]byte(secretKey))))
			t.Cleanup(server.Close)
			filled := fill(t, newClient(t, server.Config()))
			var out output
			client := newClient(t, server.Config(), tenderkit.WithRetries(0), tenderkit.WithTimeout(shortFor(fault)),
				tenderkit.WithLogger(slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))),
				tenderkit.WithObserver(func(e tenderkit.Exchange) { out.show(e) }))
			for _, call := range sealedCalls(t, client, filled) {
				server.Faults().Clear()
				server.Faults().Next(fault)
				out.show(call(t.Context()))
			}
			out.show(client)
			if found := out.leaks(secretLogin, secretKey, secretValue, secretCustomer); len(found) > 0 {
				t.Errorf("shown: %q", found)
			}
		})
	}
}

// shortFor ends delays soon; nothing depends on which calls succeed.
func shortFor(f paymenttest.Fault) time.Duration {
	if f == paymenttest.Delay(time.Minute) {
		return 100 * time.Millisecond
	}
	return 30 * time.Second
}

// A refusal that repeats the personal data of its request is passed on without
// it.
func TestRefusalsAreSealed(t *testing.T) {
	t.Parallel()
	for _, fault := range echoes(secretValue) {
		client, server := emulator(t)
		calls := sealedCalls(t, client, fill(t, client))
		var out output
		for _, call := range calls[5:8] {
			server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), fault)
			out.show(call(t.Context()))
		}
		if found := out.leaks(secretValue); len(found) > 0 || server.Faults().Pending() > 0 {
			t.Errorf("%v: shown: %q", fault, found)
		}
	}
}

func TestARefusedCustomerIsSealed(t *testing.T) {
	t.Parallel()
	for _, fault := range echoes(secretCustomer) {
		client, server := emulator(t)
		server.Faults().Next(fault)
		_, err := client.CreateBasket(t.Context(), spektrix.NewBasket{CustomerID: secretCustomer})
		var e *payment.Error
		if !errors.As(err, &e) || e.Message == "" || strings.Contains(e.Message, secretCustomer) || contains(err, secretCustomer) {
			t.Errorf("%v: shown: %v", fault, err)
		}
	}
}
