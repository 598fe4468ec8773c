package backendpay_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

const (
	secretKey = `k3y"with\and/slash+plus=`
	personal  = `Ms "Ada" Sentinel/Å`
)

// witness collects everything that a call lets out.
type witness struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (w *witness) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Write(p)
}

// see prints v in every way that a program might.
func (w *witness) see(v any) {
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(w, verb+"\n", v)
	}
	if text, err := json.Marshal(v); err == nil {
		_, _ = w.Write(text)
	}
}

// leaks gives the forms of a sentinel that were let out.
func (w *witness) leaks(sentinel string) (found []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	quoted, _ := json.Marshal(sentinel)
	for _, form := range []string{
		sentinel, strings.Trim(string(quoted), `"`), url.QueryEscape(sentinel), url.PathEscape(sentinel),
		base64.StdEncoding.EncodeToString([]byte(sentinel)), base64.URLEncoding.EncodeToString([]byte(sentinel)),
		fmt.Sprintf("%x", sentinel),
	} {
		if strings.Contains(w.out.String(), form) {
			found = append(found, form)
		}
	}
	return found
}

// No call under any fault lets the key or personal data out, even if the
// vendor writes them into its answer.
func TestSealed(t *testing.T) {
	t.Parallel()
	faults := append(paymenttest.Faults(), echo(t, http.StatusBadRequest), echo(t, http.StatusUnauthorized), echo(t, http.StatusOK))
	for _, fault := range faults {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			w := &witness{}
			server := backendpaytest.New(backendpaytest.WithAPIKey(secretKey))
			t.Cleanup(server.Close)
			seed(t, server, 1)
			client := connect(t, server.Config(), tenderkit.WithTimeout(50*time.Millisecond), tenderkit.WithRetries(0),
				tenderkit.WithLogger(slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))),
				tenderkit.WithObserver(func(e tenderkit.Exchange) { w.see(e) }))
			w.see(server.Config())
			w.see(client)
			w.see(*client)
			for _, call := range append(plainCalls(client), personalCalls(t, client)...) {
				server.Faults().Next(fault)
				if err := call(t.Context()); err != nil {
					w.see(err)
				}
				server.Faults().Clear()
			}
			w.check(t)
		})
	}
}

// echo is an answer that writes back the key, and personal data where some was
// sent: a text that nobody sent cannot be known to be personal.
func echo(t *testing.T, status int) paymenttest.Fault {
	t.Helper()
	text := mustJSON(t, "refused "+secretKey)
	return paymenttest.Answer(status, "application/json", `{"id":"5","paymentAmount":`+string(text)+`,"error":`+string(text)+`}`, false)
}

func TestPersonalDataEchoed(t *testing.T) {
	t.Parallel()
	w := &witness{}
	server, client := emulated(t)
	body := `{"error":` + string(mustJSON(t, "unknown: "+personal+"!")) + `}`
	for _, call := range personalCalls(t, client) {
		server.Faults().Next(paymenttest.Answer(http.StatusBadRequest, "application/json", body, false))
		err := call(t.Context())
		if err == nil || !strings.Contains(err.Error(), "unknown") {
			t.Errorf("error %v", err)
		}
		w.see(err)
	}
	w.check(t)
}

func (w *witness) check(t *testing.T) {
	t.Helper()
	for _, sentinel := range []string{secretKey, personal} {
		if found := w.leaks(sentinel); len(found) > 0 {
			t.Errorf("let out %q", found)
		}
	}
}

// plainCalls send the key and nothing personal.
func plainCalls(client *backendpay.Client) []func(context.Context) error {
	return []func(context.Context) error{
		func(ctx context.Context) error { _, err := client.Payment(ctx, "501"); return err },
		func(ctx context.Context) error { return listed(client.Payments(ctx, backendpay.PaymentFilter{})) },
		func(ctx context.Context) error {
			return listed(client.CustomerPayments(ctx, customer, backendpay.PaymentFilter{}))
		},
		func(ctx context.Context) error { return client.DeletePayment(ctx, "501") },
		func(ctx context.Context) error { return listed(client.PaymentParts(ctx, "501")) },
		func(ctx context.Context) error { return listed(client.PaymentTypes(ctx)) },
		func(ctx context.Context) error { _, err := client.Customer(ctx, customer); return err },
		func(ctx context.Context) error { return listed(client.Changes(ctx, time.Now())) },
	}
}

// personalCalls send personal data wherever there is a place for it.
func personalCalls(t *testing.T, client *backendpay.Client) []func(context.Context) error {
	t.Helper()
	n := transfer(t, "sealed-1")
	n.CustomerReference = personal
	noted := transfer(t, "sealed-2")
	noted.Extra = map[string]json.RawMessage{"note": mustJSON(t, personal)}
	update := backendpay.PaymentUpdate{CustomerReference: backendpay.Value(personal)}
	p := common(t, "sealed-3", payment.Sale)
	p.Attributes = []payment.Attribute{{Name: "customerReference", Value: personal}}
	return []func(context.Context) error{
		func(ctx context.Context) error { _, err := client.CreatePayment(ctx, customer, n); return err },
		func(ctx context.Context) error { _, err := client.CreatePayment(ctx, customer, noted); return err },
		func(ctx context.Context) error { _, err := client.UpdatePayment(ctx, "501", update); return err },
		func(ctx context.Context) error {
			_, err := client.Recorder(backendpay.RecorderOptions{}).Record(ctx, p)
			return err
		},
		func(ctx context.Context) error {
			return listed(client.Customers(ctx, backendpay.CustomerFilter{CRMReference: personal}))
		},
		func(ctx context.Context) error {
			return listed(client.Payments(ctx, backendpay.PaymentFilter{Raw: url.Values{"note": {personal}}}))
		},
	}
}

func listed[T any](seq iter.Seq2[T, error]) error {
	_, err := collect(seq)
	return err
}

func mustJSON(t *testing.T, v any) json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A refused input shows up nowhere either.
func TestRefusalsShowNoValue(t *testing.T) {
	t.Parallel()
	_, client := emulated(t)
	w := &witness{}
	n := transfer(t, "x")
	n.OurReference = personal + "\n"
	_, err := client.CreatePayment(t.Context(), customer, n)
	w.see(err)
	_, err = client.Payment(t.Context(), personal)
	w.see(err)
	if _, err = backendpay.New(backendpay.Config{APIKey: secretKey + " ", BaseURL: "https://h"}); err == nil {
		t.Error("took a key with a blank")
	}
	w.see(err)
	w.check(t)
}

// Values that hold personal data print without it, alone and inside others.
func TestValuesPrintWithoutTheCustomer(t *testing.T) {
	t.Parallel()
	w := &witness{}
	note := mustJSON(t, personal)
	n := transfer(t, "printed-1")
	n.CustomerReference, n.Extra = personal, map[string]json.RawMessage{"note": note}
	for _, v := range []any{
		n, backendpay.PaymentUpdate{CustomerReference: backendpay.Value(personal), Extra: n.Extra},
		backendpay.Payment{CustomerReference: personal, Raw: note}, backendpay.Change{Payment: backendpay.Payment{CustomerReference: personal, Raw: note}},
		backendpay.Customer{ID: "5", Raw: note}, &backendpay.Customer{ID: "5", Raw: note},
		backendpay.CustomerFilter{AccountNumber: personal, CRMReference: personal},
		[]backendpay.Payment{{CustomerReference: personal}}, struct{ P backendpay.Payment }{backendpay.Payment{CustomerReference: personal}},
	} {
		for _, verb := range []string{"%v\n", "%+v\n", "%#v\n", "%s\n", "%q\n", "%d\n", "%x\n"} {
			fmt.Fprintf(w, verb, v)
		}
		slog.New(slog.NewTextHandler(w, nil)).Info("seen", "value", v)
	}
	for _, v := range []slog.LogValuer{
		n, backendpay.PaymentUpdate{CustomerReference: backendpay.Value(personal)}, backendpay.Payment{CustomerReference: personal},
		backendpay.Customer{Raw: note}, backendpay.CustomerFilter{CRMReference: personal},
	} {
		slog.New(slog.NewJSONHandler(w, nil)).Info("seen", "value", v)
	}
	w.check(t)
	if !strings.Contains(w.out.String(), `backendpay.NewPayment{"printed-1" of 2024-11-25 over 120.50}`) {
		t.Error("what is not personal does not show")
	}
}
