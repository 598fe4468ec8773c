package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// openSpektrix opens the venue that SPEKTRIX_CLIENT_NAME, SPEKTRIX_LOGIN,
// SPEKTRIX_SECRET and SPEKTRIX_BASE_URL name, or an emulator. The methods are
// the custom payment types with the names of the till's payment types. An order
// is a basket. Its payments have to pay the basket's total; then it is confirmed.
func openSpektrix(getenv func(string) string, currency payment.Currency) (*destination, error) {
	name := getenv("SPEKTRIX_CLIENT_NAME")
	if name == "" {
		return emulatedSpektrix(currency)
	}
	return toSpektrix(spektrix.Config{
		ClientName: name, Login: getenv("SPEKTRIX_LOGIN"), Secret: tenderkit.Secret(getenv("SPEKTRIX_SECRET")),
		BaseURL: getenv("SPEKTRIX_BASE_URL"), Currency: currency,
	}, "Recording at Spektrix venue "+name+".", sameName, func() {})
}

// emulatedSpektrix starts an emulator with the till's payment types, and with a
// basket of the right price for each of the sample's orders.
func emulatedSpektrix(currency payment.Currency) (*destination, error) {
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
	note := "Recording in a Spektrix emulator at " + server.URL + ". Set SPEKTRIX_CLIENT_NAME and the settings beside it to use a real venue."
	return toSpektrix(server.Config(), note, inEmulator, server.Close)
}

func toSpektrix(config spektrix.Config, note string, resolve func(context.Context, string) (string, error), stop func()) (*destination, error) {
	client, err := spektrix.New(config, tenderkit.WithUserAgent("tenderkit-record"))
	if err != nil {
		stop()
		return nil, err
	}
	return &destination{
		vendor: "spektrix", note: note, recorder: &byTypeName{client.Recorder(spektrix.RecorderOptions{}), client}, close: stop,
		resolve: resolve,
		adapt: func(p *payment.Payment, kind salesdata.PaymentType) error {
			p.Method, p.Attributes = kind.Name, nil // each venue defines its own attributes
			return nil
		},
		leaveOut: func(ctx context.Context, basket string, payments []payment.Payment) (string, error) {
			return doesNotBalance(ctx, client, basket, payments)
		},
		finish: func(ctx context.Context, basket string, whole bool) (string, error) {
			return confirm(ctx, client, basket, whole)
		},
	}, nil
}

// byTypeName is a recorder whose methods are the names of custom payment types.
// Their ids differ from venue to venue.
type byTypeName struct {
	payment.Recorder
	client *spektrix.Client
}

// Record looks up the id of the type and records the payment under it.
func (r *byTypeName) Record(ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	types, err := r.client.CustomPaymentTypes(ctx)
	if err != nil {
		return payment.Receipt{}, err
	}
	for _, t := range types {
		if t.Name == p.Method && !t.IsRefund {
			p.Method = t.ID
			return r.Recorder.Record(ctx, p)
		}
	}
	return payment.Receipt{}, &payment.FieldError{Field: "Payment.Method", Reason: "is not the name of a custom payment type"}
}

const basketGone = "the basket is gone: it was confirmed, or it has expired"

// doesNotBalance compares the payments of an order with the basket's total. A
// basket whose payments differ from its total can never be confirmed. A basket
// that is gone was confirmed by an earlier run or by somebody else, or it has
// expired.
func doesNotBalance(ctx context.Context, client *spektrix.Client, id string, payments []payment.Payment) (string, error) {
	basket, err := client.Basket(ctx, id)
	if errors.Is(err, payment.ErrNotFound) {
		return basketGone, nil
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

func confirm(ctx context.Context, client *spektrix.Client, basket string, whole bool) (string, error) {
	if !whole {
		return "not confirmed: not all payments are surely recorded", nil
	}
	order, err := client.Confirm(ctx, basket, spektrix.Confirmation{})
	if errors.Is(err, payment.ErrNotFound) {
		return basketGone, nil
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("confirmed as order %s", order.FriendlyID), nil
}
