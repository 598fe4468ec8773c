package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

func TestEveryVendorWithoutConfiguration(t *testing.T) {
	t.Parallel()
	for vendor, c := range map[string]struct {
		code int
		want []string
	}{
		"spektrix": {0, []string{
			"Recording in a Spektrix emulator",
			"2002          sale      d4e5f6a7-b8c9-0123-def0-234567890123      318.00 NOK  Cash                    recorded\n",
			"confirmed as order", "3 recorded, 0 already recorded, 0 unknown, 0 in conflict, 0 refused",
		}},
		"rubi": {1, []string{
			"Recording in a Rubi emulator",
			"2001          sale      c3d4e5f6-a7b8-9012-cdef-123456789012      318.00 NOK                          refused\n",
			"2003          sale      e5f6a7b8-c9d0-1234-ef01-345678901234     2500.00 NOK  Invoice     T-1001      recorded\n",
			"order 2003 at the vendor: 0 bookings left in the basket\n", "1 recorded, 0 already", "2 refused",
		}},
		"backendpay": {0, []string{
			"Recording in a billing system's emulator",
			"2002          sale      d4e5f6a7-b8c9-0123-def0-234567890123      318.00 NOK  Cash        502         recorded\n",
			"at the vendor: 318.00 in 1 payment\n", "3 recorded, 0 already recorded, 0 unknown, 0 in conflict, 0 refused",
		}},
	} {
		t.Run(vendor, func(t *testing.T) {
			t.Parallel()
			got := try(t, nil, "-to", vendor, "-workers", "1")
			for _, part := range c.want {
				if !strings.Contains(got.out, part) {
					t.Errorf("%q is not in\n%s", part, got.out)
				}
			}
			if got.code != c.code || (got.code == 0) != (got.err == "") {
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
func venue(t *testing.T, price string, opts ...spektrixtest.Option) (*spektrixtest.Server, string, map[string]string) {
	t.Helper()
	server := spektrixtest.New(append(opts, spektrixtest.WithCurrency("NOK"))...)
	t.Cleanup(server.Close)
	server.AddPaymentType(spektrixtest.PaymentType{Name: "Card"})
	basket := server.AddBasket(spektrixtest.Basket{DeliveryType: 1, CommissionWaived: true, Tickets: []spektrixtest.Ticket{{Price: amount(t, price)}}})
	return server, basket, map[string]string{
		"SPEKTRIX_CLIENT_NAME": server.Config().ClientName, "SPEKTRIX_LOGIN": spektrixtest.SampleLogin,
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
		price     string
		fault     paymenttest.Fault
		code      int
		out       string
		again     int
		outAgain  string
		payments  int
		confirmed int
	}{
		"balances":    {"1.00", paymenttest.Pass(), 0, "confirmed as order", 0, "1 already recorded", 1, 1},
		"does not":    {"1.01", paymenttest.Pass(), 1, "left out: its payments come to 1.00 NOK, the basket to 1.01", 1, "left out: its payments", 0, 0},
		"lost answer": {"1.00", paymenttest.DropAfter(), 1, "not confirmed: not all payments are surely recorded", 1, "0 recorded, 0 already recorded, 1 unknown", 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, basket, env := venue(t, c.price)
			server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), c.fault)
			args := real(t, many(1), "-to", "spektrix", "-orders", write(t, "orders", "1000 "+basket))
			got := try(t, env, args...)
			if got.code != c.code || !strings.Contains(got.out, c.out) {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			if again := try(t, env, args...); again.code != c.again || !strings.Contains(again.out, c.outAgain) {
				t.Errorf("again: exit %d\n%s%s", again.code, again.out, again.err)
			}
			if n := len(server.Payments(basket)); n != c.payments || len(server.Orders()) != c.confirmed {
				t.Errorf("%d payments, %d orders", n, len(server.Orders()))
			}
			if c.payments == 0 || c.code == 0 {
				return
			}
			// A person looks it up and settles it: the next run confirms the basket.
			decided := try(t, env, "-decide", "c3d4e5f6-a7b8-9012-cdef-000000000000", "-as", "recorded", "-by", "Jo", "-store", args[5])
			if decided.code != 0 || !strings.HasSuffix(decided.out, "now recorded\n") {
				t.Errorf("decide: exit %d\n%s%s", decided.code, decided.out, decided.err)
			}
			if last := try(t, env, args...); last.code != 0 || !strings.Contains(last.out, "confirmed as order") || len(server.Payments(basket)) != 1 {
				t.Errorf("last: exit %d\n%s%s", last.code, last.out, last.err)
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
	env := map[string]string{"RUBI_API_KEY": string(server.Config().APIKey), "RUBI_BASE_URL": server.URL, "RUBI_TENANT": "test"}
	document := strings.Replace(many(1), `"payment_type_id":2`, `"payment_type_id":2,"psp_ref":"pi_123"`, 1)
	args := real(t, document, "-to", "rubi", "-currency", "GBP")
	got := try(t, env, args...)
	if got.code != 0 || !strings.Contains(got.out, "CardPayment") || len(server.Basket("1000")) != 0 {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	// Another document with the same payment, which is recorded: the new booking
	// in the basket is not paid by it.
	server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: "1000", EID: rubitest.SampleEID, Value: amount(t, "1.00")})
	got = try(t, env, "-to", "rubi", "-currency", "GBP", "-file", write(t, "other.json", many(1)), "-store", filepath.Join(t.TempDir(), "other.db"), "-loopback")
	if got.code != 1 || !strings.Contains(got.err, "not a Stripe charge") || len(server.Basket("1000")) != 1 {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	if again := try(t, env, args...); again.code != 0 || !strings.Contains(again.out, "1 already recorded") || len(server.Basket("1000")) != 1 {
		t.Errorf("exit %d\n%s%s", again.code, again.out, again.err)
	}
}

func TestRubiWithoutBasket(t *testing.T) {
	t.Parallel()
	server := rubitest.New(rubitest.WithFacts(rubitest.Facts{BlankAddresses: true}))
	defer server.Close()
	server.AddContact(rubitest.Contact{UID: "1000"})
	env := map[string]string{"RUBI_API_KEY": string(server.Config().APIKey), "RUBI_BASE_URL": server.URL, "RUBI_TENANT": "test"}
	document := strings.Replace(many(1), `"payment_type_id":2`, `"payment_type_id":5`, 1)
	got := try(t, env, real(t, document, "-to", "rubi", "-currency", "GBP")...)
	if got.code != 1 || !strings.Contains(got.out, "order 1000 is left out: there is no basket at Rubi\n") || !strings.Contains(got.out, "0 refused, 1 left out\n") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}
