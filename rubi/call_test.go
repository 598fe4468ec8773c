package rubi

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
)

const base = "https://web-integration-v3.rubicrm.com/api/"

func TestExactRequests(t *testing.T) {
	t.Parallel()
	card := validPayment()
	for _, c := range []struct {
		name, method, file string
		call               func(context.Context, *Client) error
	}{
		{"basket", "UserBasket", "user_basket.request", func(ctx context.Context, c *Client) error {
			_, err := all(c.UserBasket(ctx, testUID, Bookings))
			return err
		}},
		{"the vendor's sample call", "User", "user.request", func(ctx context.Context, c *Client) error {
			_, err := c.Call(ctx, "User", testUID, "UserCompany", `[{"uid":"`+testUID+`"}]`)
			return err
		}},
		{"card", "UserPayment", "user_payment_card.request", func(ctx context.Context, c *Client) error {
			_, err := c.UserPaymentUnchecked(ctx, card)
			return err
		}},
		{"Stripe", "StripeResult", "stripe_result.request", func(ctx context.Context, c *Client) error {
			_, err := c.StripeResult(ctx, "T-1001", StripePayment{ID: "pi_123", Status: Succeeded, Amount: 2500})
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := answering(t, message(`[{"TransactionID":"T-1001"}]`))
			if err := c.call(t.Context(), m.client); err != nil {
				t.Fatal(err)
			}
			want := sent{"POST", base + c.method, formType, sample(t, c.file)}
			if m.sent[0] != want {
				t.Errorf("sent %+v\nwant %+v", m.sent[0], want)
			}
		})
	}
}

func TestElementsAndCounts(t *testing.T) {
	t.Parallel()
	yes := `{"ResponseCode":200,"ResponseMessage":true}`
	for _, c := range []struct {
		want   string
		answer string
		call   func(*Client) error
	}{
		{testUID + "||KEY", message("[]"), func(c *Client) error { _, err := all(c.UserBasket(t.Context(), testUID, AllItems)); return err }},
		{testUID + "|e1|2|KEY", message(`[{"BookingGUID":"b1"},{"BookingGUID":"b2"}]`), func(c *Client) error {
			_, err := c.Booking(t.Context(), Booking{UID: testUID, EID: "e1", BookingPlaces: 2})
			return err
		}},
		{testUID + "|s1|Add|KEY", yes, func(c *Client) error {
			return c.Subscription(t.Context(), Subscription{UID: testUID, SSID: "s1", Action: Add})
		}},
		{testUID + "|s1|Remove|KEY", yes, func(c *Client) error {
			return c.Subscription(t.Context(), Subscription{UID: testUID, SSID: "s1", Action: Remove})
		}},
		{testUID + "|b1|Remove|True|KEY", yes, func(c *Client) error {
			return c.BookingUpdate(t.Context(), BookingUpdate{UID: testUID, BookingGUID: "b1", UpdateType: RemoveBooking})
		}},
		{testUID + "|b1|Remove|1|KEY", yes, func(c *Client) error {
			return c.BookingUpdate(t.Context(), BookingUpdate{UID: testUID, BookingGUID: "b1", UpdateType: RemoveBooking, UpdateValues: "1"})
		}},
		{testUID + "|b1|SpecialRequests|Ham & <eggs>|KEY", yes, func(c *Client) error {
			return c.BookingUpdate(t.Context(), BookingUpdate{UID: testUID, BookingGUID: "b1", UpdateType: "SpecialRequests", UpdateValues: "Ham & <eggs>"})
		}},
		{"KEY", message("[]"), func(c *Client) error { _, err := c.Call(t.Context(), "PortalList"); return err }},
	} {
		m := answering(t, c.answer)
		if err := c.call(m.client); err != nil {
			t.Fatalf("%s: %v", c.want, err)
		}
		if got := strings.Join(m.elements(t, 0), "|"); got != c.want {
			t.Errorf("elements %s, want %s", got, c.want)
		}
	}
}

// An answer without an id of its own for each place is no booking.
func TestBookingsWithoutIDs(t *testing.T) {
	t.Parallel()
	for _, records := range []string{``, `{}`, `{"BookingGUID":"b1"}`, `{"BookingGUID":"b1"},{"BookingGUID":"B1"}`, `{"BookingGUID":"b1"},{"BookingGUID":0}`,
		`{"BookingGUID":"b1"},{"BookingGUID":"null"}`, `{"BookingGUID":"b1"},{"BookingGUID":"00000000-0000-0000-0000-000000000000"}`,
		`{"BookingGUID":"b1"},{"BookingGUID":" "}`, `{"BookingGUID":"b1"},{"BookingGUID":"b2"},{"BookingGUID":"b3"}`} {
		m := answering(t, message("["+records+"]"))
		if _, err := m.client.Booking(t.Context(), Booking{UID: testUID, EID: "e1", BookingPlaces: 2}); !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("%s: %v", records, err)
		}
	}
}

func TestNoHTMLEscapes(t *testing.T) {
	t.Parallel()
	m := answering(t, message("[]"))
	if _, err := m.client.Call(t.Context(), "User", "R&D <x>", "a b"); err != nil {
		t.Fatal(err)
	}
	if want := `=%5B%22R%26D+%3Cx%3E%22%2C%22a+b%22%2C%22KEY%22%5D`; m.sent[0].body != want {
		t.Errorf("body %s, want %s", m.sent[0].body, want)
	}
}

func TestPaymentElementsKeepTheirPlaces(t *testing.T) {
	t.Parallel()
	p := validPayment()
	p.AllowBlank, p.Address1, p.Mob, p.County = true, "", "", ""
	m := answering(t, message(`[{"TransactionID":"T-1"}]`))
	if _, err := m.client.UserPaymentUnchecked(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	want := []string{
		testUID, "CardPayment", `["` + itemA + `","` + itemB + `"]`, "", "", "", "Leeds", "", "LS1 1AA", "United Kingdom",
		"jo@example.org", "", "+44", "", "KEY",
	}
	if got := m.elements(t, 0); !slices.Equal(got, want) {
		t.Errorf("elements %q\nwant     %q", got, want)
	}
}

func TestReplaceableEncoders(t *testing.T) {
	t.Parallel()
	config := Config{
		EncodePaymentItems:   func(guids []string) string { return strings.Join(guids, ",") },
		EncodeStripeResponse: func(p StripePayment) string { return "[" + stripeObject(p) + "]" },
		ParseAmount: func(s string) (payment.Amount, error) {
			return payment.ParseAmount(strings.ReplaceAll(s, ",", ""))
		},
	}
	m := newMock(t, config, reply{200, message(`[{"TransactionID":"T-1","ItemTotal":"1,234.50"}]`)}, reply{200, message("[]")})
	items, err := recordsOf(m.client.UserPaymentUnchecked(t.Context(), validPayment()))
	if err != nil || items[0].ItemTotal.String() != "1234.50" {
		t.Errorf("%v, %v", items, err)
	}
	if got := m.elements(t, 0)[2]; got != itemA+","+itemB {
		t.Errorf("PaymentItems %s", got)
	}
	if _, err := m.client.StripeResult(t.Context(), "T-1", StripePayment{ID: "pi_1", Status: Succeeded, Amount: 1}); err != nil {
		t.Fatal(err)
	}
	if got := m.elements(t, 1)[1]; got != `[{"id":"pi_1","status":"succeeded","amount":1}]` {
		t.Errorf("StripeResponse %s", got)
	}
}

func TestCallGivesTheMessage(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"[{\"ListValue\":\"Kent\"}]"`: `[{"ListValue":"Kent"}]`, `[1]`: `[1]`, `"plain words"`: `"plain words"`,
		`""`: `""`, `null`: `null`, `"1001"`: `1001`,
	} {
		got, err := answering(t, `{"ResponseCode":200,"ResponseMessage":`+text+`}`).client.Call(t.Context(), "PortalList", "County")
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
}

func TestCallRefusesBadInput(t *testing.T) {
	t.Parallel()
	c := silent(t)
	for _, method := range []string{"", "a/b", "../x", "Portal List", "a?b", "é", "A-B"} {
		_, err := c.Call(t.Context(), method)
		wantField(t, err, "method")
	}
	_, err := c.Call(t.Context(), "Login", "a", testKey)
	wantField(t, err, "elements[1]")
	_, err = c.Call(t.Context(), "Login", "a\xff")
	wantField(t, err, "elements[0]")
	_, err = c.Call(t.Context(), "Login", "a\x00")
	wantField(t, err, "elements[0]")
}

func TestContexts(t *testing.T) {
	t.Parallel()
	c := silent(t)
	var none context.Context
	_, err := all(c.UserBasket(none, testUID, Bookings))
	wantField(t, err, "ctx")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.UserPaymentUnchecked(ctx, validPayment())
	wantField(t, err, "ctx")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	good := func(change func(*Config)) Config {
		c := Config{APIKey: testKey}
		change(&c)
		return c
	}
	for field, config := range map[string]Config{
		"Config.APIKey":   good(func(c *Config) { c.APIKey = " \t" }),
		"Config.Currency": good(func(c *Config) { c.Currency = "gbp" }),
		"Config.BaseURL":  good(func(c *Config) { c.BaseURL = "http://rubi.example" }),
	} {
		_, err := New(config)
		wantField(t, err, field)
	}
	for _, url := range []string{"rubi.example", "/api", "https://", "ftp://rubi.example"} {
		_, err := New(Config{APIKey: testKey, BaseURL: url})
		wantField(t, err, "Config.BaseURL")
	}
	for _, config := range []Config{{APIKey: testKey}, {APIKey: testKey, BaseURL: "http://127.0.0.1:1", Currency: "EUR"}} {
		if _, err := New(config); err != nil {
			t.Errorf("%v: %v", config, err)
		}
	}
	if _, err := New(Config{APIKey: testKey, BaseURL: "http://rubi.example"}, tenderkit.WithInsecureHTTP()); err != nil {
		t.Error(err)
	}
}

// wantField asks for a refusal of that field before anything was sent.
func wantField(t *testing.T, err error, field string) {
	t.Helper()
	var f *payment.FieldError
	if !errors.As(err, &f) || f.Field != field || !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("error is %v, want one of %s", err, field)
	}
}
