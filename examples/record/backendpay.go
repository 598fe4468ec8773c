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

// toBackendpay records payments of customers. The methods are the names of the
// till's payment types. An order is the account number of a customer.
var toBackendpay = vendor{
	name: "backendpay",
	environment: []variable{
		{"BACKENDPAY_BASE_URL", "scheme and host of the installation"},
		{"BACKENDPAY_API_KEY", "its API key"},
	},
	open: func(env environment, currency payment.Currency, opts ...tenderkit.Option) (*destination, error) {
		config := backendpay.Config{BaseURL: env("BACKENDPAY_BASE_URL"), APIKey: tenderkit.Secret(env("BACKENDPAY_API_KEY"))}
		return connectBackendpay(config, currency, "the billing system at "+config.BaseURL, func() {}, opts)
	},
	emulate: emulateBackendpay,
}

// emulateBackendpay starts an emulator that knows the sample's orders as
// customers, and the documented payment types.
func emulateBackendpay(currency payment.Currency, opts ...tenderkit.Option) (*destination, error) {
	server := backendpaytest.New()
	for _, name := range []string{"Cash", "Card", "Vipps", "Gift Card", "Invoice"} {
		server.AddPaymentType(backendpaytest.PaymentType{Name: name})
	}
	for _, number := range []string{"2001", "2002", "2003"} {
		server.AddCustomer(backendpaytest.Customer{AccountNumber: number})
	}
	return connectBackendpay(server.Config(), currency, "a billing system's emulator at "+server.URL, server.Close, opts)
}

func connectBackendpay(config backendpay.Config, currency payment.Currency, name string, stop func(), opts []tenderkit.Option) (*destination, error) {
	client, err := backendpay.New(config, opts...)
	if err != nil {
		stop()
		return nil, err
	}
	return &destination{
		name: name, close: stop,
		recorder: client.Recorder(backendpay.RecorderOptions{Currency: currency}),
		resolve:  func(ctx context.Context, order string) (string, error) { return customerID(ctx, client, order) },
		adapt: func(_ context.Context, p *payment.Payment, kind salesdata.PaymentType) (string, error) {
			p.Method = kind.Name
			return p.Method, nil
		},
		takesAll: true,
		finish:   func(ctx context.Context, o *order, _ []payment.OnceOption) error { return readCustomer(ctx, client, o) },
	}, nil
}

// customerID finds a customer by account number, which matches exactly.
func customerID(ctx context.Context, client *backendpay.Client, account string) (string, error) {
	for customer, err := range client.Customers(ctx, backendpay.CustomerFilter{AccountNumber: account}) {
		return customer.ID, err
	}
	return "", fmt.Errorf("no customer has the account number %s", account)
}

// readCustomer adds up a customer's payments, refunds included, and looks for
// those of the order.
func readCustomer(ctx context.Context, client *backendpay.Client, o *order) error {
	total, err := payment.ParseAmount("0.00")
	if err != nil {
		return err
	}
	shown := map[string]bool{}
	for p, err := range client.CustomerPayments(ctx, o.target, backendpay.PaymentFilter{}) {
		if err != nil {
			return err
		}
		shown[p.ID] = true
		total = total.Add(p.PaymentAmount)
	}
	o.vendor = fmt.Sprintf("%v in %s", total, count(len(shown), "payment"))
	for _, l := range o.lines {
		if l.id != "" && !shown[l.id] {
			l.note = ", not shown yet"
		}
	}
	return nil
}
