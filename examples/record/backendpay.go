package main

import (
	"context"
	"fmt"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// openBackendpay opens the billing system that BACKENDPAY_BASE_URL and
// BACKENDPAY_API_KEY name, or an emulator. The methods are the names of the
// till's payment types. An order is the account number of a customer.
func openBackendpay(getenv func(string) string, currency payment.Currency) (*destination, error) {
	base := getenv("BACKENDPAY_BASE_URL")
	if base == "" {
		return emulatedBackendpay(currency)
	}
	config := backendpay.Config{BaseURL: base, APIKey: tenderkit.Secret(getenv("BACKENDPAY_API_KEY"))}
	return toBackendpay(config, currency, "Recording in the billing system at "+base+".", func() {})
}

// emulatedBackendpay starts an emulator that knows the sample's orders as
// customers, and the documented payment types.
func emulatedBackendpay(currency payment.Currency) (*destination, error) {
	server := backendpaytest.New()
	for _, name := range []string{"Cash", "Card", "Vipps", "Gift Card", "Invoice"} {
		server.AddPaymentType(backendpaytest.PaymentType{Name: name})
	}
	for _, number := range []string{"2001", "2002", "2003"} {
		server.AddCustomer(backendpaytest.Customer{AccountNumber: number})
	}
	note := "Recording in a billing system's emulator at " + server.URL + ". Set BACKENDPAY_BASE_URL and BACKENDPAY_API_KEY to use a real one."
	return toBackendpay(server.Config(), currency, note, server.Close)
}

func toBackendpay(config backendpay.Config, currency payment.Currency, note string, stop func()) (*destination, error) {
	client, err := backendpay.New(config, tenderkit.WithUserAgent("tenderkit-record"))
	if err != nil {
		stop()
		return nil, err
	}
	return &destination{
		vendor: "backendpay", note: note, close: stop,
		recorder: client.Recorder(backendpay.RecorderOptions{Currency: currency}),
		resolve:  func(ctx context.Context, order string) (string, error) { return customerID(ctx, client, order) },
		adapt:    func(p *payment.Payment, kind salesdata.PaymentType) error { p.Method = kind.Name; return nil },
		leaveOut: nothingLeftOut,
		finish: func(ctx context.Context, target string, _ bool) (string, error) {
			return backendpayTotal(ctx, client, target)
		},
	}, nil
}

// customerID finds a customer by account number, which matches exactly.
func customerID(ctx context.Context, client *backendpay.Client, account string) (string, error) {
	for customer, err := range client.Customers(ctx, backendpay.CustomerFilter{AccountNumber: account}) {
		return customer.ID, err
	}
	return "", fmt.Errorf("no customer has the account number %s", account)
}

// backendpayTotal adds up a customer's payments, refunds included.
func backendpayTotal(ctx context.Context, client *backendpay.Client, customer string) (string, error) {
	total, err := payment.ParseAmount("0.00")
	if err != nil {
		return "", err
	}
	n := 0
	for p, err := range client.CustomerPayments(ctx, customer, backendpay.PaymentFilter{}) {
		if err != nil {
			return "", err
		}
		total = total.Add(p.PaymentAmount)
		n++
	}
	return fmt.Sprintf("%v in %s", total, count(n, "payment")), nil
}
