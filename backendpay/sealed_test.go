package backendpay_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
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

// sealed are a key that the emulator knows and one that it refuses.
func sealed() []paymenttest.Sealed {
	return []paymenttest.Sealed{
		{Name: "key", Open: exposed(backendpaytest.WithAPIKey(secretKey))},
		{Name: "refused key", Open: exposed()},
	}
}

func exposed(opts ...backendpaytest.Option) func(*testing.T, ...tenderkit.Option) paymenttest.Exposed {
	return func(t *testing.T, with ...tenderkit.Option) paymenttest.Exposed {
		server := backendpaytest.New(opts...)
		t.Cleanup(server.Close)
		seed(t, server, 1)
		config := server.Config()
		config.APIKey = secretKey
		client, err := backendpay.New(config, with...)
		if err != nil {
			t.Fatal(err)
		}
		return paymenttest.Exposed{
			Script: server.Faults(), Sentinels: []string{secretKey, personal},
			Calls:  slices.Concat(plainCalls(client), lookups(t, client), personalCalls(t, client), refusedCalls(t, client)),
			Values: append(values(t), config, &config, client, *client),
		}
	}
}

// plainCalls send the key and nothing personal.
func plainCalls(client *backendpay.Client) []func(context.Context) error {
	voucher := backendpay.PaymentTypeFields{PaymentTypeName: backendpay.Value("Voucher")}
	return []func(context.Context) error{
		func(ctx context.Context) error { _, err := client.Payment(ctx, "501"); return err },
		func(ctx context.Context) error { return listed(client.Payments(ctx, backendpay.PaymentFilter{})) },
		func(ctx context.Context) error {
			return listed(client.CustomerPayments(ctx, customer, backendpay.PaymentFilter{}))
		},
		func(ctx context.Context) error { return client.DeletePayment(ctx, "501") },
		func(ctx context.Context) error { _, err := client.PaymentPart(ctx, "1"); return err },
		func(ctx context.Context) error { return listed(client.PaymentParts(ctx, "501")) },
		func(ctx context.Context) error { return listed(client.InvoicePaymentParts(ctx, "77")) },
		func(ctx context.Context) error {
			return listed(client.AllPaymentParts(ctx, backendpay.PaymentPartFilter{}))
		},
		func(ctx context.Context) error { _, err := client.PaymentType(ctx, "1"); return err },
		func(ctx context.Context) error { return listed(client.PaymentTypes(ctx)) },
		func(ctx context.Context) error { _, err := client.CreatePaymentType(ctx, voucher); return err },
		func(ctx context.Context) error { _, err := client.UpdatePaymentType(ctx, "4", voucher); return err },
		func(ctx context.Context) error { return client.DeletePaymentType(ctx, "4") },
		func(ctx context.Context) error { _, err := client.Customer(ctx, customer); return err },
		func(ctx context.Context) error { return listed(client.Changes(ctx, time.Now())) },
	}
}

// lookups are told personal data and do not send it.
func lookups(t *testing.T, client *backendpay.Client) []func(context.Context) error {
	t.Helper()
	n, p := personalPayment(t, "sealed-1")
	recorder, hasty := client.Recorder(backendpay.RecorderOptions{}), payment.WithPatience(1, 1)
	return []func(context.Context) error{
		func(ctx context.Context) error { _, err := client.FindPayment(ctx, customer, n); return err },
		func(ctx context.Context) error { _, err := recorder.Find(ctx, p, nil); return err },
		func(ctx context.Context) error { _, err := payment.Resume(ctx, recorder, p, hasty); return err },
	}
}

// personalPayment is a payment of a person, in the words of both packages.
func personalPayment(t *testing.T, reference string) (backendpay.NewPayment, payment.Payment) {
	t.Helper()
	n, p := transfer(t, reference), common(t, reference, payment.Sale)
	n.CustomerReference, p.Attributes = personal, []payment.Attribute{{Name: "customerReference", Value: personal}}
	return n, p
}

// personalCalls send personal data wherever there is a place for it.
func personalCalls(t *testing.T, client *backendpay.Client) []func(context.Context) error {
	t.Helper()
	n, p := personalPayment(t, "sealed-2")
	noted := transfer(t, "sealed-3")
	noted.Extra = map[string]json.RawMessage{"note": json.RawMessage(`{"by":[` + quoted(personal) + `]}`)}
	update := backendpay.PaymentUpdate{CustomerReference: backendpay.Value(personal)}
	recorder, hasty := client.Recorder(backendpay.RecorderOptions{}), payment.WithPatience(1, 1)
	return []func(context.Context) error{
		func(ctx context.Context) error { _, err := client.CreatePayment(ctx, customer, n); return err },
		func(ctx context.Context) error { _, err := client.CreatePayment(ctx, customer, noted); return err },
		func(ctx context.Context) error { _, err := client.UpdatePayment(ctx, "501", update); return err },
		func(ctx context.Context) error {
			_, err := recorder.Record(ctx, p, payment.NewAttempt(nil, nil))
			return err
		},
		func(ctx context.Context) error {
			_, err := payment.Once(ctx, recorder, p, hasty, payment.WithFirstTry())
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

// refusedCalls are input that is refused before anything is sent.
func refusedCalls(t *testing.T, client *backendpay.Client) []func(context.Context) error {
	t.Helper()
	n := transfer(t, personal+"\n")
	return []func(context.Context) error{
		func(ctx context.Context) error { _, err := client.CreatePayment(ctx, customer, n); return err },
		func(ctx context.Context) error { _, err := client.Payment(ctx, personal); return err },
		func(context.Context) error {
			_, err := backendpay.New(backendpay.Config{APIKey: secretKey + " ", BaseURL: "https://h"})
			return err
		},
	}
}

// values hold personal data in every field that has a place for it.
func values(t *testing.T) []any {
	t.Helper()
	raw := json.RawMessage(quoted(personal))
	n := transfer(t, "printed-1")
	n.CustomerReference, n.Extra = personal, map[string]json.RawMessage{"note": raw}
	shown := backendpay.Payment{CustomerReference: personal, Raw: raw}
	return []any{
		n, backendpay.PaymentUpdate{CustomerReference: backendpay.Value(personal), Extra: n.Extra},
		shown, &shown, backendpay.Change{Payment: shown}, backendpay.Customer{ID: "5", Raw: raw}, &backendpay.Customer{ID: "5", Raw: raw},
		backendpay.PaymentFilter{Raw: url.Values{"note": {personal}}}, backendpay.PaymentPartFilter{Raw: url.Values{"note": {personal}}},
		[]backendpay.Payment{shown}, map[string]*backendpay.Payment{"p": &shown}, []backendpay.NewPayment{n}, struct{ N backendpay.NewPayment }{n},
		[]backendpay.Change{{Payment: shown}}, []backendpay.PaymentUpdate{{CustomerReference: backendpay.Value(personal), Extra: n.Extra}},
		[]backendpay.CustomerFilter{{AccountNumber: personal, Raw: url.Values{"note": {personal}}}}, []backendpay.PaymentFilter{{Raw: url.Values{"note": {personal}}}},
		backendpay.CustomerFilter{AccountNumber: personal, CRMReference: personal, Raw: url.Values{"note": {personal}}},
	}
}

func listed[T any](seq iter.Seq2[T, error]) error {
	_, err := collect(seq)
	return err
}

// quoted returns s as a JSON text.
func quoted(s string) string {
	b, _ := json.Marshal(s) // a string always encodes
	return string(b)
}

// A refusal that repeats personal data loses it, and keeps the rest of its text.
func TestPersonalDataEchoed(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	body := `{"error":` + quoted("unknown: "+personal+"!") + `}`
	for i, call := range personalCalls(t, client) {
		server.Faults().Next(paymenttest.Answer(http.StatusBadRequest, "application/json", body, false))
		err := call(t.Context())
		var told *payment.Error
		if !errors.As(err, &told) || told.Message != "unknown: [redacted]!" || !strings.Contains(err.Error(), told.Message) {
			t.Errorf("call %d: %v", i, err)
		}
	}
}

// Payments inside other values print as they do alone. So does their
// JSON.
func TestValuesPrintInsideOthers(t *testing.T) {
	t.Parallel()
	n := transfer(t, "printed-1")
	n.CustomerReference = personal
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		for _, v := range []any{n, []backendpay.NewPayment{n}, struct{ P backendpay.NewPayment }{n}, map[string]backendpay.NewPayment{"p": n}} {
			text := fmt.Sprintf(verb, v)
			if !strings.Contains(text, `backendpay.NewPayment{"printed-1" of 2024-11-25 over 120.50}`) || strings.Contains(text, "Ada") {
				t.Errorf("%s: %s", verb, text)
			}
		}
	}
}
