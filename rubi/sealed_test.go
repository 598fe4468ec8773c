package rubi_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

const (
	sentinel = `S3NT1NEL+key/of="the"test`
	person   = `p3rs0n+"of"/the=t`
)

// watch collects all that a client tells the outside.
type watch struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *watch) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *watch) options() []tenderkit.Option {
	return []tenderkit.Option{
		tenderkit.WithLogger(slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))),
		tenderkit.WithObserver(func(e tenderkit.Exchange) { w.value(e) }),
		tenderkit.WithTimeout(50 * time.Millisecond), tenderkit.WithRetries(0),
	}
}

// print shows v in every way of package fmt, and in slog.
func (w *watch) print(v any) {
	for _, verb := range []string{"%v\n", "%+v\n", "%#v\n", "%q\n", "%s\n", "%d\n", "%x\n"} {
		fmt.Fprintf(w, verb, v)
	}
	slog.New(slog.NewJSONHandler(w, nil)).Info("seen", "value", v)
}

// value shows v as JSON too, which a program may do with an error.
func (w *watch) value(v any) {
	w.print(v)
	if b, err := json.Marshal(v); err == nil {
		_, _ = w.Write(b)
	}
}

func (w *watch) check(t *testing.T, secrets ...string) {
	t.Helper()
	text := w.text.String()
	for _, secret := range secrets {
		quoted, err := json.Marshal(secret)
		if err != nil || len(text) == 0 {
			t.Fatalf("err %v, %d bytes seen", err, len(text))
		}
		inner := strings.Trim(string(quoted), `"`)
		again, _ := json.Marshal(inner)
		for _, form := range []string{
			secret, inner, strings.Trim(string(again), `"`), url.QueryEscape(secret), url.PathEscape(secret),
			base64.StdEncoding.EncodeToString([]byte(secret)), strings.ReplaceAll(secret, "=", `\u003d`), fmt.Sprintf("%x", secret),
		} {
			if i := strings.Index(text, form); i >= 0 {
				t.Errorf("a secret shows: …%s", text[max(0, i-200):min(len(text), i+60)])
			}
		}
	}
}

// private is a payer whose every personal value is a sentinel.
func private() rubi.UserPayment {
	short := person[:5]
	return rubi.UserPayment{
		UID: person, PaymentType: rubi.Invoice, PaymentItems: []string{"a"}, Address1: person, Address2: person, Address3: person, Address4: person,
		County: person, Postcode: person[:15], Country: person, EmailAddress: person + "@x", PONumber: person, MobCountry: short, Mob: person,
	}
}

func calls(c *rubi.Client) []func(context.Context) error {
	p := private()
	request := rubi.CheckoutRequest{Item: rubi.Bookings, Payment: p}
	return []func(context.Context) error{
		func(ctx context.Context) error { _, err := c.UserBasket(ctx, person, rubi.Bookings); return err },
		func(ctx context.Context) error { _, err := c.UserPayment(ctx, p); return err },
		func(ctx context.Context) error {
			_, err := c.Booking(ctx, rubi.Booking{UID: person, EID: "e", BookingPlaces: 1})
			return err
		},
		func(ctx context.Context) error {
			return c.Subscription(ctx, rubi.Subscription{UID: person, SSID: "s", Action: rubi.Add})
		},
		func(ctx context.Context) error {
			return c.BookingUpdate(ctx, rubi.BookingUpdate{UID: person, BookingGUID: "b", UpdateType: "SpecialRequests", UpdateValues: person})
		},
		func(ctx context.Context) error { _, err := c.Call(ctx, "Login", person, person); return err },
		func(ctx context.Context) error { _, err := c.Call(ctx, "Login", person, sentinel); return err },
		func(ctx context.Context) error { _, err := c.Checkout(ctx, request); return err },
	}
}

// report is the one call that sends nothing about a person.
func report(ctx context.Context, c *rubi.Client) error {
	_, err := c.StripeResult(ctx, "T-1", rubi.StripePayment{ID: "pi_1", Status: rubi.Succeeded, Amount: 1})
	return err
}

// echoes are faults whose answer holds the key and the person, as a server
// that quotes what it refuses would.
func echoes(t *testing.T) []paymenttest.Fault {
	t.Helper()
	text, err := json.Marshal("bad key " + sentinel + " of " + person)
	if err != nil {
		t.Fatal(err)
	}
	layered, err := json.Marshal(`{"ResponseCode":400,"ResponseMessage":` + string(text) + `}`)
	if err != nil {
		t.Fatal(err)
	}
	return []paymenttest.Fault{
		rubitest.Refusal("400", "bad key "+sentinel+" of "+person, false), rubitest.Refusal(sentinel, person, false),
		paymenttest.Answer(500, "text/html", "<p>"+sentinel+person+"</p>", false), paymenttest.Answer(200, "application/json", string(layered), false),
		paymenttest.Answer(400, "application/json", `{"Message":`+string(text)+`}`, false), paymenttest.Answer(200, "application/json", `{"ResponseCode":200,"ResponseMessage":`+string(text)+`}`, false),
	}
}

func TestNothingShowsASecret(t *testing.T) {
	t.Parallel()
	server, _ := emulated(t, rubitest.WithAPIKey(sentinel))
	w := &watch{}
	client := connect(t, server.Config(), w.options()...)
	w.value(server.Config())
	w.value(client)
	w.print(*client)
	w.print(client.Recorder(rubi.RecorderOptions{Item: rubi.Bookings, Payment: private()}))
	for _, fault := range append(append(paymenttest.Faults(), echoes(t)...), paymenttest.Pass()) {
		for _, call := range calls(client) {
			server.Faults().Next(fault)
			if err := call(t.Context()); err != nil {
				w.value(err)
			}
			server.Faults().Clear()
		}
	}
	for _, fault := range append(paymenttest.Faults(), rubitest.Refusal("400", "bad key "+sentinel, false)) {
		server.Faults().Next(fault)
		w.value(report(t.Context(), client))
		server.Faults().Clear()
	}
	w.check(t, sentinel, person)
}

// The report of a charge names no contact, but its answer may.
func TestCompleteShowsNoContact(t *testing.T) {
	t.Parallel()
	server, _ := emulated(t, rubitest.WithAPIKey(sentinel))
	server.AddContact(rubitest.Contact{UID: person, EmailAddress: "jo@example.org"})
	server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: person, Value: amount(t, "25.00")})
	w := &watch{}
	client := connect(t, server.Config(), w.options()...)
	p := private()
	p.PaymentType, p.PaymentItems = rubi.CardPayment, nil
	ready, err := client.Checkout(t.Context(), rubi.CheckoutRequest{Item: rubi.Bookings, Payment: p})
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range append(paymenttest.Faults(), echoes(t)...) {
		server.Faults().Next(fault)
		co, err := client.Complete(t.Context(), ready, succeeded(2500))
		server.Faults().Clear()
		w.print(co)
		w.value(err)
		server.Faults().Next(fault)
		_, err = client.Resume(t.Context(), co)
		server.Faults().Clear()
		w.value(err)
	}
	w.check(t, sentinel, person)
}

// The body that an error keeps for programs has lost the key in every layer.
func TestBodiesLoseTheKey(t *testing.T) {
	t.Parallel()
	server, _ := emulated(t, rubitest.WithAPIKey(sentinel))
	w := &watch{}
	client := connect(t, server.Config(), w.options()...)
	for _, fault := range echoes(t) {
		server.Faults().Next(fault)
		_, err := client.UserBasket(t.Context(), person, rubi.Bookings)
		_, _ = w.Write(bodyOf(t, err))
	}
	w.check(t, sentinel)
}

func bodyOf(t *testing.T, err error) []byte {
	t.Helper()
	var e *payment.Error
	if !errors.As(err, &e) || len(e.Body) == 0 {
		t.Fatalf("error %v has no body", err)
	}
	return e.Body
}

func TestPersonalValuesPrintWithoutThePerson(t *testing.T) {
	t.Parallel()
	w := &watch{}
	p := private()
	raw := json.RawMessage(`{"x":"` + person[:6] + `"}`)
	for _, v := range []any{
		p, rubi.CheckoutRequest{Payment: p}, rubi.RecorderOptions{Payment: p}, rubi.Checkout{UID: person}, rubi.Booking{UID: person},
		rubi.Subscription{UID: person}, rubi.BookingUpdate{UID: person, UpdateValues: person},
		rubi.PaymentItem{Address1: person, EmailBody: person, Raw: raw}, rubi.BasketItem{ItemContact: person, Raw: raw},
		rubi.StripeResult{FirstName: person, EmailAddress: person, Raw: raw},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s", "%d"} {
			fmt.Fprintf(w, verb, v)
		}
	}
	log := slog.New(slog.NewJSONHandler(w, nil))
	log.Info("seen", "a", p, "b", rubi.Checkout{UID: person}, "c", rubi.Booking{UID: person}, "d", rubi.Subscription{UID: person},
		"e", rubi.BookingUpdate{UID: person}, "f", rubi.PaymentItem{Mob: person}, "g", rubi.BasketItem{ItemContact: person}, "h", rubi.StripeResult{LastName: person})
	w.check(t, person, person[:6])
}
