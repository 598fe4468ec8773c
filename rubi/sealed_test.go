package rubi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"testing"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

const (
	sentinel = `S3NT1NEL+key/of="the"test`
	person   = `p3rs0n+"of"/the=test`
)

// sealed uses all operations with a key that the emulator knows, and with one
// that it refuses. The calls that name nobody have a sweep of their own.
func sealed() []paymenttest.Sealed {
	return []paymenttest.Sealed{
		{Name: "known key", Open: func(t *testing.T, opts ...tenderkit.Option) paymenttest.Exposed {
			return expose(t, rubitest.New(rubitest.WithAPIKey(sentinel)), opts)
		}},
		{Name: "refused key", Open: func(t *testing.T, opts ...tenderkit.Option) paymenttest.Exposed {
			e := expose(t, rubitest.New(), opts)
			e.Calls = e.Calls[:2] // a read and a write: of the others no more is looked at
			return e
		}},
		{Name: "report of a charge", Open: exposeReport},
	}
}

// expose returns a member whose every personal value is a sentinel, with items in
// the basket and an open transaction.
func expose(t *testing.T, server *rubitest.Server, opts []tenderkit.Option) paymenttest.Exposed {
	t.Helper()
	t.Cleanup(server.Close)
	server.AddContact(rubitest.Contact{UID: person, EmailAddress: person + "@x", FirstName: person, LastName: person, Company: person})
	card := private(rubi.CardPayment, booked(server))
	opened, err := connect(t, server.Config()).UserPaymentUnchecked(t.Context(), card)
	if err != nil {
		t.Fatal(err)
	}
	ready := rubi.Checkout{
		Reference: "order-7", UID: person, Item: rubi.Bookings, PaymentType: rubi.CardPayment, PaymentItems: card.PaymentItems,
		Total: pounds(t, "25.00"), TransactionID: opened.TransactionID(),
	}
	config := server.Config()
	config.APIKey = sentinel
	client, err := rubi.New(config, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return paymenttest.Exposed{
		Script: server.Faults(), Sentinels: []string{sentinel, person, person[:15], asSent(t, sentinel), asSent(t, person)},
		Calls:  append(calls(server, client), checkouts(t, server, client, ready)...),
		Values: append(values(t), config, &config, client, *client, ready, client.Recorder(options())),
	}
}

// exposeReport uses the calls that say nothing about a person: they cannot know
// whom an answer names.
func exposeReport(t *testing.T, opts ...tenderkit.Option) paymenttest.Exposed {
	server, _ := emulated(t, rubitest.WithAPIKey(sentinel))
	config := server.Config()
	client, err := rubi.New(config, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return paymenttest.Exposed{
		Script: server.Faults(), Sentinels: []string{sentinel, asSent(t, sentinel)}, Values: []any{config},
		Calls: []func(context.Context) error{
			func(ctx context.Context) error {
				_, err := client.StripeResult(ctx, "T-1", rubi.StripePayment{ID: "pi_1", Status: rubi.Succeeded, Amount: 1})
				return err
			},
			func(ctx context.Context) error { _, err := all(client.PluginEventAttendees(ctx, "e", "b")); return err },
			func(ctx context.Context) error { _, err := all(client.PortalList(ctx, rubi.Counties)); return err },
		},
	}
}

// asSent returns text as it stands in the body of a request.
func asSent(t *testing.T, text string) string {
	t.Helper()
	return url.QueryEscape(quoted(t, text))
}

// booked returns an item of the member's basket, a new one if that is empty.
func booked(server *rubitest.Server) (guid string) {
	if items := server.Basket(person); len(items) > 0 {
		return items[0].GUID
	}
	twentyFive, _ := payment.ParseAmount("25.00") // is one
	return server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: person, Details: person, Contact: person, Value: twentyFive})
}

// private is a payer whose every personal value is a sentinel.
func private(by rubi.PaymentType, guids ...string) rubi.UserPayment {
	return rubi.UserPayment{
		UID: person, PaymentType: by, PaymentItems: guids, Address1: person, Address2: person, Address3: person, Address4: person,
		County: person, Postcode: person[:15], Country: person, EmailAddress: person + "@x", PONumber: person, MobCountry: person[:5], Mob: person,
	}
}

func options() rubi.RecorderOptions {
	return rubi.RecorderOptions{Item: rubi.Bookings, Payment: private("")}
}

// calls are the calls of Rubi; each returns its error.
func calls(server *rubitest.Server, c *rubi.Client) []func(context.Context) error {
	return []func(context.Context) error{
		func(ctx context.Context) error { _, err := all(c.UserBasket(ctx, person, rubi.Bookings)); return err },
		func(ctx context.Context) error {
			_, err := c.UserPaymentUnchecked(ctx, private(rubi.Invoice, booked(server)))
			return err
		},
		func(ctx context.Context) error {
			_, err := c.UserPaymentUnchecked(ctx, private(rubi.Invoice, "gone"))
			return err
		},
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
		func(ctx context.Context) error { _, err := c.Query(ctx, "Directory", person, person); return err },
	}
}

// checkouts are the operations of several calls.
func checkouts(t *testing.T, server *rubitest.Server, c *rubi.Client, ready rubi.Checkout) []func(context.Context) error {
	recorder := c.Recorder(options())
	n := 0
	anew := func() payment.Payment {
		n++
		p := sale(t, "CardPayment", "25.00", booked(server))
		p.Target, p.Reference = person, fmt.Sprint("till-", n)
		return p
	}
	taken := payment.NewAttempt([]byte(`{"version":1,"step":"submit","items":["gone"],"total":{"amount":"25.00","currency":"GBP"}}`), nil)
	return []func(context.Context) error{
		func(ctx context.Context) error {
			request := rubi.CheckoutRequest{Item: rubi.Bookings, Total: pounds(t, "25.00"), Payment: private(rubi.Invoice, booked(server))}
			request.Payment.Reference = "order-8"
			_, err := c.Checkout(ctx, request, fresh()...)
			return err
		},
		func(ctx context.Context) error {
			_, err := c.Complete(ctx, ready, succeeded(2500), fresh()...)
			return err
		},
		func(ctx context.Context) error {
			_, err := c.Complete(ctx, ready, succeeded(2499), fresh()...)
			return err
		},
		func(ctx context.Context) error {
			_, err := recorder.Record(ctx, anew(), payment.NewAttempt(nil, nil))
			return err
		},
		func(ctx context.Context) error { _, err := recorder.Find(ctx, anew(), taken); return err },
		func(ctx context.Context) error {
			_, err := payment.Once(ctx, recorder, anew(), fresh()...)
			return err
		},
		func(ctx context.Context) error {
			_, err := payment.Resume(ctx, recorder, anew(), fresh()...)
			return err
		},
	}
}

// values are what a program may print.
func values(t *testing.T) []any {
	t.Helper()
	raw, err := json.Marshal(map[string]string{"x": person})
	if err != nil {
		t.Fatal(err)
	}
	p := private(rubi.Invoice, "a")
	common := sale(t, "Invoice", "25.00")
	common.Target, common.Attributes = person, []payment.Attribute{{Name: "EmailAddress", Value: person}}
	return []any{
		p, &p, rubi.CheckoutRequest{Payment: p}, options(), rubi.Booking{UID: person}, rubi.Subscription{UID: person},
		rubi.BookingUpdate{UID: person, UpdateValues: person},
		rubi.PaymentItem{Address1: person, EmailBody: person, Mob: person, Raw: raw}, rubi.BasketItem{ItemContact: person, Raw: raw},
		rubi.Submission{Items: []rubi.PaymentItem{{Mob: person, Raw: raw}}}, rubi.EventAttendee{AttendeeLastName: person, BookerEmailAddress: person, Raw: raw},
		rubi.StripeResult{FirstName: person, LastName: person, EmailAddress: person, Raw: raw},
		rubi.Checkout{UID: person, Receipt: payment.Receipt{Raw: raw}},
		[]rubi.UserPayment{p}, map[string]rubi.BasketItem{"a": {ItemContact: person, Raw: raw}}, []*rubi.PaymentItem{{EmailBCC: rubi.EmailList{Values: []string{person}, Raw: raw}}},
		rubi.EmailList{Values: []string{person}, Raw: raw}, [1]rubi.EventAttendee{{BookerFirstName: person}},
		common, payment.Receipt{Vendor: "rubi", Raw: raw},
	}
}

// echoes are answers that hold the key and the person, as a server that quotes
// what it refuses would give.
func echoes() []paymenttest.Fault {
	quoted, _ := json.Marshal("bad key " + sentinel + " of " + person) // text always encodes
	text := string(quoted)
	layered, _ := json.Marshal(`{"ResponseCode":400,"ResponseMessage":` + text + `}`)
	const media = "application/json"
	return []paymenttest.Fault{
		rubitest.Refusal("400", "bad key "+sentinel+" of "+person, false), rubitest.Refusal(sentinel, person, false),
		paymenttest.Answer(500, "text/html", "<p>"+sentinel+person+"</p>", false), paymenttest.Answer(200, media, string(layered), false),
		paymenttest.Answer(400, media, `{"Message":`+text+`}`, false), paymenttest.Answer(200, media, `{"ResponseCode":200,"ResponseMessage":`+text+`}`, false),
	}
}

// The body that an error keeps for programs has lost the key in every layer.
func TestBodiesLoseTheKey(t *testing.T) {
	t.Parallel()
	server, _ := emulated(t, rubitest.WithAPIKey(sentinel))
	client := connect(t, server.Config())
	for _, fault := range echoes() {
		server.Faults().Next(fault)
		_, err := all(client.UserBasket(t.Context(), person, rubi.Bookings))
		body := bodyOf(t, err)
		for _, form := range []string{sentinel, quoted(t, sentinel), quoted(t, quoted(t, sentinel))} {
			if bytes.Contains(body, []byte(form)) {
				t.Errorf("%v: %s", fault, body)
			}
		}
	}
}

// quoted returns text as it stands in one more layer of JSON.
func quoted(t *testing.T, text string) string {
	t.Helper()
	b, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(b[1 : len(b)-1])
}

func bodyOf(t *testing.T, err error) []byte {
	t.Helper()
	var e *payment.Error
	if !errors.As(err, &e) || len(e.Body) == 0 {
		t.Fatalf("error %v has no body", err)
	}
	return e.Body
}
