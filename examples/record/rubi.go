package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

// toRubi pays for the bookings in the baskets of contacts. Rubi accepts
// invoices and Stripe charges only. An order is the uid of a contact. A contact
// whose basket is empty is left out.
var toRubi = vendor{
	name: "rubi",
	environment: []variable{
		{"RUBI_API_KEY", "API key of the installation"},
		{"RUBI_TENANT", "your own name for the installation, the same in every run"},
		{"RUBI_BASE_URL", "scheme and host in place of the vendor's shared host"},
	},
	open: func(env environment, currency payment.Currency, opts ...tenderkit.Option) (*destination, error) {
		config := rubi.Config{APIKey: tenderkit.Secret(env("RUBI_API_KEY")), BaseURL: env("RUBI_BASE_URL"), Currency: currency, Tenant: env("RUBI_TENANT")}
		return connectRubi(config, "Rubi as "+config.Tenant, func() {}, opts)
	},
	emulate: emulateRubi,
}

// emulateRubi starts an emulator with a basket for the sample's third order,
// which was paid by invoice.
func emulateRubi(currency payment.Currency, opts ...tenderkit.Option) (*destination, error) {
	price, err := payment.ParseAmount("2500.00")
	if err != nil {
		return nil, err
	}
	server := rubitest.New(rubitest.WithFacts(rubitest.Facts{BlankAddresses: true}))
	for _, uid := range []string{"2001", "2002", "2003"} {
		server.AddContact(rubitest.Contact{UID: uid})
	}
	server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: "2003", EID: rubitest.SampleEID, Details: "Company party", Value: price})
	config := server.Config()
	config.Currency = currency
	return connectRubi(config, "a Rubi emulator at "+server.URL, server.Close, opts)
}

func connectRubi(config rubi.Config, name string, stop func(), opts []tenderkit.Option) (*destination, error) {
	client, err := rubi.New(config, opts...)
	if err != nil {
		stop()
		return nil, err
	}
	// The till has no addresses: those at Rubi stay as they are.
	options := rubi.RecorderOptions{Item: rubi.Bookings, Payment: rubi.UserPayment{AllowBlank: true}}
	return &destination{
		name: name, recorder: client.Recorder(options), close: stop,
		resolve: sameName,
		adapt:   adaptRubi,
		leaveOut: func(ctx context.Context, uid string, _ []payment.Payment) (string, error) {
			n, err := countBasket(ctx, client, uid)
			if err != nil || n > 0 {
				return "", err
			}
			return "there is no basket at Rubi", nil
		},
		finish: func(ctx context.Context, o *order, _ []payment.OnceOption) error {
			n, err := countBasket(ctx, client, o.target)
			if err == nil {
				o.vendor = count(n, "booking") + " left in the basket"
			}
			return err
		},
	}, nil
}

// adaptRubi accepts invoices, and cards that were charged through Stripe.
func adaptRubi(_ context.Context, p *payment.Payment, kind salesdata.PaymentType) (method string, err error) {
	charge := p.Attribute("psp_ref")
	switch {
	case kind.Code == "INVOICE":
		p.Method = string(rubi.Invoice)
	case kind.Code == "CARD" && (strings.HasPrefix(charge, "pi_") || strings.HasPrefix(charge, "ch_")):
		p.Method = string(rubi.CardPayment)
		p.Attributes = append(p.Attributes, payment.Attribute{Name: "StripeID", Value: charge})
	case kind.Code == "CARD":
		return "", errors.New("its psp_ref is not a Stripe charge, and Rubi accepts no other cards")
	default:
		return "", fmt.Errorf("it was paid by %s, and Rubi accepts invoices and Stripe charges only", kind.Code)
	}
	return p.Method, nil
}

// countBasket returns the number of bookings in a contact's basket.
func countBasket(ctx context.Context, client *rubi.Client, uid string) (n int, err error) {
	for _, err := range client.UserBasket(ctx, uid, rubi.Bookings) {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}
