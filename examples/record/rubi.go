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

// openRubi opens the installation that RUBI_API_KEY and RUBI_BASE_URL name, or
// an emulator. Rubi accepts invoices and Stripe charges only. An order is the
// uid of a contact: the payment pays for the bookings in the contact's basket.
// A contact whose basket is empty is left out.
func openRubi(getenv func(string) string, currency payment.Currency) (*destination, error) {
	key := getenv("RUBI_API_KEY")
	if key == "" {
		return emulatedRubi(currency)
	}
	config := rubi.Config{APIKey: tenderkit.Secret(key), BaseURL: getenv("RUBI_BASE_URL"), Currency: currency}
	return toRubi(config, "Recording in Rubi.", func() {})
}

// emulatedRubi starts an emulator with a basket for the sample's third order,
// which was paid by invoice.
func emulatedRubi(currency payment.Currency) (*destination, error) {
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
	return toRubi(config, "Recording in a Rubi emulator at "+server.URL+". Set RUBI_API_KEY to use a real installation.", server.Close)
}

func toRubi(config rubi.Config, note string, stop func()) (*destination, error) {
	client, err := rubi.New(config, tenderkit.WithUserAgent("tenderkit-record"))
	if err != nil {
		stop()
		return nil, err
	}
	// The till has no addresses: those at Rubi stay as they are.
	options := rubi.RecorderOptions{Item: rubi.Bookings, Payment: rubi.UserPayment{AllowBlank: true}}
	return &destination{
		vendor: "rubi", note: note, recorder: client.Recorder(options), close: stop,
		resolve: sameName,
		adapt:   adaptRubi,
		leaveOut: func(ctx context.Context, uid string, _ []payment.Payment) (string, error) {
			return withoutBasket(ctx, client, uid)
		},
		finish: func(ctx context.Context, uid string, _ bool) (string, error) {
			left, err := bookings(ctx, client, uid)
			return count(left, "booking") + " left in the basket", err
		},
	}, nil
}

// adaptRubi accepts invoices, and cards that were charged through Stripe.
func adaptRubi(p *payment.Payment, kind salesdata.PaymentType) error {
	charge := p.Attribute("psp_ref")
	switch {
	case kind.Code == "INVOICE":
		p.Method = string(rubi.Invoice)
	case kind.Code == "CARD" && (strings.HasPrefix(charge, "pi_") || strings.HasPrefix(charge, "ch_")):
		p.Method = string(rubi.CardPayment)
		p.Attributes = append(p.Attributes, payment.Attribute{Name: "StripeID", Value: charge})
	case kind.Code == "CARD":
		return errors.New("its psp_ref is not a Stripe charge, and Rubi accepts no other cards")
	default:
		return fmt.Errorf("it was paid by %s, and Rubi accepts invoices and Stripe charges only", kind.Code)
	}
	return nil
}

func withoutBasket(ctx context.Context, client *rubi.Client, uid string) (string, error) {
	left, err := bookings(ctx, client, uid)
	if err != nil || left > 0 {
		return "", err
	}
	return "there is no basket at Rubi", nil
}

// bookings counts what waits in the basket of uid.
func bookings(ctx context.Context, client *rubi.Client, uid string) (int, error) {
	left := 0
	for _, err := range client.UserBasket(ctx, uid, rubi.Bookings) {
		if err != nil {
			return left, err
		}
		left++
	}
	return left, nil
}
