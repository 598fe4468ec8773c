package main

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/payment"
)

// backend is an installation.
type backend struct {
	note   string // what a user should know before anything happens
	client *backendpay.Client
	demo   [][]string // the commands to run in the emulator if there is none
	close  func()
}

// open opens the installation that the environment names, or an emulator.
func open(getenv func(string) string) (*backend, error) {
	config := backendpay.Config{APIKey: tenderkit.Secret(getenv("BACKENDPAY_API_KEY")), BaseURL: getenv("BACKENDPAY_BASE_URL")}
	if config.APIKey == "" {
		return emulated()
	}
	b := &backend{note: "Working at " + config.BaseURL + ".", close: func() {}}
	return b.connect(config)
}

func (b *backend) connect(config backendpay.Config) (*backend, error) {
	var err error
	if b.client, err = backendpay.New(config, tenderkit.WithUserAgent("tenderkit-payments")); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

// emulated starts an emulator with three payments: a payment, a refund, and a
// cheque that bounced.
func emulated() (*backend, error) {
	server := backendpaytest.New()
	b := &backend{
		note:  "Working in a billing emulator at " + server.URL + ". Set BACKENDPAY_API_KEY and BACKENDPAY_BASE_URL to use a real installation.",
		close: server.Close,
		demo: [][]string{
			{"record", "-customer", "123", "-reference", "till-4711", "-date", "2024-11-26", "-amount", "120.50", "-method", "Bank Transfer"},
			{"correct", "-id", "504", "-method", "Credit Card"},
			{"totals", "-from", "2024-11-25", "-to", "2024-11-26"},
			{"changes", "-since", time.Now().Add(-time.Minute).UTC().Format(time.RFC3339)},
		},
	}
	if err := enter(server); err != nil {
		b.close()
		return nil, err
	}
	return b.connect(server.Config())
}

func enter(server *backendpaytest.Server) error {
	monday := payment.Date{Year: 2024, Month: time.November, Day: 25}
	tuesday := payment.Date{Year: 2024, Month: time.November, Day: 26}
	var failed error
	for _, p := range []struct {
		reference, amount, method string
		date                      payment.Date
	}{
		{"till-4708", "80.00", "Bank Transfer", monday},
		{"till-4709", "-20.00", "Bank Transfer", monday},
		{"till-4710", "60.00", "Cheque", tuesday},
	} {
		amount, err := payment.ParseAmount(p.amount)
		_, err1 := server.AddPayment(backendpaytest.Payment{
			CustomerID: backendpaytest.SampleCustomer, OurReference: p.reference, PaymentAmount: amount, PaymentMethod: p.method, PaymentDate: p.date,
		})
		failed = cmp.Or(failed, err, err1)
	}
	return errors.Join(failed, server.Reverse("503", tuesday))
}

// quoted returns a command as it is typed.
func quoted(args []string) string {
	words := make([]string, len(args))
	for i, arg := range args {
		words[i] = arg
		if strings.Contains(arg, " ") {
			words[i] = `"` + arg + `"`
		}
	}
	return strings.Join(words, " ")
}
