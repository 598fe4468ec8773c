package main

import (
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

func TestEveryVendorWithoutConfiguration(t *testing.T) {
	t.Parallel()
	for vendor, want := range map[string][]string{
		"spektrix": {
			"Recording in a Spektrix emulator",
			"d4e5f6a7-b8c9-0123-def0-234567890123      318.00 NOK  Cash                    recorded, cannot be read back\n",
			"confirmed as order", "3 recorded, 0 already recorded, 0 unknown, 0 refused",
		},
		"rubi": {
			"Recording in a Rubi emulator", "order 2001 is left out: there is no basket at Rubi\n",
			"e5f6a7b8-c9d0-1234-ef01-345678901234     2500.00 NOK  Invoice     T-1001      recorded\n",
			"order 2003 at the vendor: 0 bookings left in the basket\n", "1 recorded, 0 already",
		},
		"backendpay": {
			"Recording in a billing system's emulator",
			"d4e5f6a7-b8c9-0123-def0-234567890123      318.00 NOK  Cash        502         recorded\n",
			"at the vendor: 318.00 in 1 payment\n", "3 recorded, 0 already recorded, 0 unknown, 0 refused",
		},
	} {
		t.Run(vendor, func(t *testing.T) {
			t.Parallel()
			got := try(t, nil, "-to", vendor)
			for _, part := range want {
				if !strings.Contains(got.out, part) {
					t.Errorf("%q is not in\n%s", part, got.out)
				}
			}
			if got.code != 0 || got.err != "" {
				t.Errorf("exit %d\n%s", got.code, got.err)
			}
		})
	}
	if got := try(t, nil, "-to", "paypal"); got.code != 1 || !strings.Contains(got.err, "backendpay, brightpearl, rubi, spektrix") {
		t.Errorf("exit %d\n%s", got.code, got.err)
	}
}

// venue returns a Spektrix emulator, the id of a basket with that price, and the
// environment of a user.
func venue(t *testing.T, price string) (*spektrixtest.Server, string, map[string]string) {
	t.Helper()
	server := spektrixtest.New(spektrixtest.WithCurrency("NOK"))
	t.Cleanup(server.Close)
	server.AddPaymentType(spektrixtest.PaymentType{Name: "Card"})
	basket := server.AddBasket(spektrixtest.Basket{DeliveryType: 1, CommissionWaived: true, Tickets: []spektrixtest.Ticket{{Price: amount(t, price)}}})
	return server, basket, map[string]string{
		"SPEKTRIX_CLIENT_NAME": spektrixtest.SampleClientName, "SPEKTRIX_LOGIN": spektrixtest.SampleLogin,
		"SPEKTRIX_SECRET": spektrixtest.SampleSecret, "SPEKTRIX_BASE_URL": server.URL,
	}
}

func amount(t *testing.T, s string) payment.Amount {
	t.Helper()
	a, err := payment.ParseAmount(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestSpektrixBasket(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		price    string
		fault    paymenttest.Fault
		code     int
		out      string
		payments int
		orders   int
	}{
		"balances":    {"1.00", paymenttest.Pass(), 0, "confirmed as order", 1, 1},
		"does not":    {"1.01", paymenttest.Pass(), 0, "left out: its payments come to 1.00 NOK, the basket to 1.01", 0, 0},
		"lost answer": {"1.00", paymenttest.DropAfter(), 1, "not confirmed: not all payments are surely recorded", 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, basket, env := venue(t, c.price)
			server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), c.fault)
			args := []string{"-to", "spektrix", "-currency", "NOK", "-file", write(t, "sales.json", many(1)), "-orders", write(t, "orders", "1000 "+basket)}
			got := try(t, env, args...)
			if got.code != c.code || !strings.Contains(got.out, c.out) {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			if n := len(server.Payments(basket)); n != c.payments || len(server.Orders()) != c.orders {
				t.Errorf("%d payments, %d orders", n, len(server.Orders()))
			}
			if c.code != 0 {
				return
			}
			if again := try(t, env, args...); again.code != 0 || !strings.Contains(again.out, "left out") || len(server.Payments(basket)) != c.payments {
				t.Errorf("again: exit %d, %d payments\n%s%s", again.code, len(server.Payments(basket)), again.out, again.err)
			}
		})
	}
}

func TestRubiTakesStripeCharges(t *testing.T) {
	t.Parallel()
	server := rubitest.New(rubitest.WithFacts(rubitest.Facts{BlankAddresses: true}))
	defer server.Close()
	server.AddContact(rubitest.Contact{UID: "1000"})
	server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: "1000", EID: rubitest.SampleEID, Value: amount(t, "1.00")})
	env := map[string]string{"RUBI_API_KEY": string(server.Config().APIKey), "RUBI_BASE_URL": server.URL}
	document := strings.Replace(many(1), `"payment_type_id":2`, `"payment_type_id":2,"psp_ref":"pi_123"`, 1)
	got := try(t, env, "-to", "rubi", "-currency", "GBP", "-file", write(t, "sales.json", document))
	if got.code != 0 || !strings.Contains(got.out, "CardPayment") || len(server.Basket("1000")) != 0 {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: "1000", EID: rubitest.SampleEID, Value: amount(t, "1.00")})
	got = try(t, env, "-to", "rubi", "-currency", "GBP", "-file", write(t, "other.json", many(1)))
	if got.code != 1 || !strings.Contains(got.err, "not a Stripe charge") || len(server.Basket("1000")) != 1 {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}
