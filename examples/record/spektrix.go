package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// toSpektrix records custom payments. The methods are the custom payment types
// with the names of the till's payment types. An order is a basket. Its payments
// have to pay the basket's total; then it is confirmed.
var toSpektrix = vendor{
	name: "spektrix",
	environment: []variable{
		{"SPEKTRIX_CLIENT_NAME", "the venue's system name"},
		{"SPEKTRIX_LOGIN", "login name of an API user"},
		{"SPEKTRIX_SECRET", "that user's key"},
		{"SPEKTRIX_REFERENCE", "attribute of the payment types that takes the reference, so that a payment can be found"},
		{"SPEKTRIX_BASE_URL", "scheme and host in place of the vendor's"},
	},
	open: func(env environment, currency payment.Currency, opts ...tenderkit.Option) (*destination, error) {
		config := spektrix.Config{
			ClientName: env("SPEKTRIX_CLIENT_NAME"), Login: env("SPEKTRIX_LOGIN"), Secret: tenderkit.Secret(env("SPEKTRIX_SECRET")),
			BaseURL: env("SPEKTRIX_BASE_URL"), Currency: currency,
		}
		options := spektrix.RecorderOptions{ReferenceAttribute: env("SPEKTRIX_REFERENCE")}
		return connectSpektrix(config, options, "Spektrix venue "+config.ClientName, sameName, func() {}, opts)
	},
	emulate: emulateSpektrix,
}

// emulateSpektrix starts an emulator with the till's payment types, and with a
// basket of the right price for each of the sample's orders.
func emulateSpektrix(currency payment.Currency, opts ...tenderkit.Option) (*destination, error) {
	server := spektrixtest.New(spektrixtest.WithCurrency(currency))
	for _, name := range []string{"Cash", "Card", "Vipps", "Gift Card", "Invoice"} {
		server.AddPaymentType(spektrixtest.PaymentType{Name: name})
	}
	baskets := make(map[string]string)
	for _, b := range []struct{ order, price string }{{"2001", "318.00"}, {"2002", "318.00"}, {"2003", "2500.00"}} {
		price, err := payment.ParseAmount(b.price)
		if err != nil {
			server.Close()
			return nil, err
		}
		baskets[b.order] = server.AddBasket(spektrixtest.Basket{
			DeliveryType: 1, CommissionWaived: true, Tickets: []spektrixtest.Ticket{{Instance: spektrixtest.InstanceMatinee, Price: price}},
		})
	}
	inEmulator := func(_ context.Context, order string) (string, error) {
		if baskets[order] == "" {
			return "", errors.New("the emulator has no basket for it")
		}
		return baskets[order], nil
	}
	name := "a Spektrix emulator at " + server.URL
	return connectSpektrix(server.Config(), spektrix.RecorderOptions{}, name, inEmulator, server.Close, opts)
}

func connectSpektrix(
	config spektrix.Config, options spektrix.RecorderOptions, name string,
	resolve func(context.Context, string) (string, error), stop func(), opts []tenderkit.Option,
) (*destination, error) {
	client, err := spektrix.New(config, opts...)
	if err != nil {
		stop()
		return nil, err
	}
	types := &typeNames{client: client}
	return &destination{
		name: name, recorder: client.Recorder(options), close: stop,
		resolve: resolve,
		adapt: func(ctx context.Context, p *payment.Payment, kind salesdata.PaymentType) (string, error) {
			p.Attributes = nil // each venue defines its own attributes
			id, err := types.id(ctx, kind.Name)
			p.Method = id
			return kind.Name, err
		},
		leaveOut: func(ctx context.Context, basket string, payments []payment.Payment) (string, error) {
			return doesNotBalance(ctx, client, basket, payments)
		},
		finish: func(ctx context.Context, o *order, once []payment.OnceOption) error {
			return confirmBasket(ctx, client, o, once)
		},
	}, nil
}

// typeNames holds the ids of the custom payment types, which differ from venue
// to venue.
type typeNames struct {
	client *spektrix.Client
	mu     sync.Mutex
	ids    map[string]string
}

// id returns the id of the type with a name.
func (t *typeNames) id(ctx context.Context, name string) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ids == nil {
		ids := map[string]string{}
		for kind, err := range t.client.CustomPaymentTypes(ctx) {
			if err != nil {
				return "", err
			}
			if !kind.IsRefund {
				ids[kind.Name] = kind.ID
			}
		}
		t.ids = ids
	}
	if t.ids[name] == "" {
		return "", &payment.FieldError{Field: "Payment.Method", Reason: "is not the name of a custom payment type"}
	}
	return t.ids[name], nil
}

// doesNotBalance compares the payments of an order with the basket's total. A
// basket whose payments differ from its total can never be confirmed. A basket
// that is gone was confirmed by somebody else, or it has expired.
func doesNotBalance(ctx context.Context, client *spektrix.Client, id string, payments []payment.Payment) (string, error) {
	basket, err := client.Basket(ctx, id)
	if errors.Is(err, payment.ErrNotFound) {
		return "the basket is gone: it was confirmed, or it has expired", nil
	}
	if err != nil {
		return "", err
	}
	paid, err := sum(payments)
	if err != nil {
		return "", err
	}
	if !paid.Amount().Equal(basket.Total) {
		return fmt.Sprintf("its payments come to %v, the basket to %v", paid, basket.Total), nil
	}
	return "", nil
}

// confirmBasket makes the basket an order, once.
func confirmBasket(ctx context.Context, client *spektrix.Client, o *order, once []payment.OnceOption) error {
	if !o.whole() {
		o.vendor = "not confirmed: not all payments are surely recorded"
		return nil
	}
	confirmed, err := client.Confirm(ctx, o.target, spektrix.Confirmation{}, once...)
	if errors.Is(err, payment.ErrOutcomeUnknown) {
		o.vendor = "not known to be confirmed"
		return fmt.Errorf("%w\nlook for an order of basket %s, and settle it with -decide %s", err, o.target, o.target)
	}
	if err != nil {
		o.vendor = "not confirmed"
		return err
	}
	o.vendor = "confirmed as order " + confirmed.ID
	if confirmed.FriendlyID != "" {
		o.vendor = "confirmed as order " + confirmed.FriendlyID
	}
	return nil
}
