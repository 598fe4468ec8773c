package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/examples/internal/environ"
	"github.com/tenderkit/tenderkit/payment"
)

// account is where payments are recorded.
type account struct {
	name     string
	client   *brightpearl.Client
	recorder payment.Recorder
	emulated bool
	close    func()
}

// openAccount connects to the account of the environment, or to an emulator.
func openAccount(set settings, t *telemetry) (*account, error) {
	a := &account{name: "Brightpearl account " + set.getenv("BRIGHTPEARL_ACCOUNT"), close: func() {}}
	config := brightpearl.Config{
		Account: set.getenv("BRIGHTPEARL_ACCOUNT"), Datacenter: set.getenv("BRIGHTPEARL_DATACENTER"), BaseURL: set.getenv("BRIGHTPEARL_BASE_URL"),
		Auth: brightpearl.StaffToken(set.getenv("BRIGHTPEARL_APP_REF"), tenderkit.Secret(set.getenv("BRIGHTPEARL_STAFF_TOKEN"))),
	}
	if set.file != "" {
		names := []string{"BRIGHTPEARL_ACCOUNT", "BRIGHTPEARL_DATACENTER", "BRIGHTPEARL_BASE_URL", "BRIGHTPEARL_APP_REF", "BRIGHTPEARL_STAFF_TOKEN"}
		if err := environ.Check(set.getenv, names...); err != nil {
			return nil, err
		}
	}
	if config.Account == "" {
		server := emulate(set.currency)
		config, a.close, a.emulated = server.Config(), server.Close, true
		a.name = "a Brightpearl emulator at " + server.URL
	}
	client, err := brightpearl.New(config, t.client()...)
	if err != nil {
		a.close()
		return nil, err
	}
	a.client, a.recorder = client, client.Recorder(brightpearl.RecorderOptions{})
	return a, nil
}

// emulate starts an emulator that knows the documented payment types as methods.
func emulate(currency payment.Currency) *brightpearltest.Server {
	server := brightpearltest.New(brightpearltest.WithCurrencies(string(currency)), brightpearltest.WithThrottle(1e6, time.Minute))
	for _, code := range []string{"CASH", "CARD", "VIPPS", "GIFTCARD", "INVOICE"} {
		server.AddPaymentMethod(brightpearltest.PaymentMethod{
			Name: code, Code: code, BankAccounts: []brightpearltest.BankAccount{{Currency: string(currency), NominalCode: "1200"}},
		})
	}
	return server
}

// find returns the recorder of an account that an entry names.
func (a *account) find(_ context.Context, of payment.Account) (payment.Recorder, error) {
	if of != a.recorder.Account() {
		return nil, fmt.Errorf("this program records in %v", a.recorder.Account())
	}
	return a.recorder, nil
}

// client returns options by which each exchange is a span.
func (t *telemetry) client() []tenderkit.Option {
	if t.tracer == nil {
		return nil
	}
	transport := otelhttp.NewTransport(http.DefaultTransport.(*http.Transport).Clone(), otelhttp.WithTracerProvider(t.traces), otelhttp.WithMeterProvider(t.meters))
	return []tenderkit.Option{tenderkit.WithHTTPClient(&http.Client{Transport: transport})}
}
