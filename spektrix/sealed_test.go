package spektrix_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// Sentinels that must not come out anywhere.
const (
	secretLogin    = `venue\sentinel+login`
	secretKey      = "sentinel key/+ of the venue"
	secretValue    = "Sentinel Person <p@example.org>"
	secretCustomer = "I-SENTINEL-1"
)

// sealed are credentials that the emulator knows and some that it refuses.
func sealed() []paymenttest.Sealed {
	secret := base64.StdEncoding.EncodeToString([]byte(secretKey))
	return []paymenttest.Sealed{
		{Name: "login", Open: exposed(spektrixtest.WithCredentials(secretLogin, secret))},
		{Name: "refused login", Open: exposed()},
	}
}

// exposed stops the clocks, so that the signature of a request is known.
func exposed(opts ...spektrixtest.Option) func(*testing.T, ...tenderkit.Option) paymenttest.Exposed {
	return func(t *testing.T, with ...tenderkit.Option) paymenttest.Exposed {
		now := func() time.Time { return vectorTime }
		server := spektrixtest.New(append(opts, spektrixtest.WithClock(now))...)
		t.Cleanup(server.Close)
		config := server.Config()
		config.Login, config.Secret = secretLogin, tenderkit.Secret(base64.StdEncoding.EncodeToString([]byte(secretKey)))
		client := newClient(t, config, append(with, tenderkit.WithClock(now))...)
		calls := append(calls(t, client, server), lookups(t, client)...)
		return paymenttest.Exposed{
			Script: server.Faults(), Calls: append(calls, personalCalls(t, client, func() string { return fresh(t, server) })...),
			Sentinels: []string{secretLogin, secretKey, signatureOfTypes(server), secretValue, secretCustomer},
			Values:    append(values(t), config, &config, client, *client),
		}
	}
}

// signatureOfTypes is what goes over the wire in place of the key.
func signatureOfTypes(server *spektrixtest.Server) string {
	mac := hmac.New(sha1.New, []byte(secretKey))
	mac.Write([]byte("GET\n" + server.URL + "/" + spektrixtest.SampleClientName + "/api/v3/custom-payment-types\n" + vectorTime.Format(http.TimeFormat)))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// fresh is a basket of 37.00 without payments.
func fresh(t *testing.T, server *spektrixtest.Server) string {
	t.Helper()
	seat := spektrixtest.Ticket{
		Instance: spektrixtest.InstanceMatinee, Type: spektrixtest.TicketAdult, SeatingPlan: spektrixtest.PlanStalls, Price: amount(t, "18.50"),
	}
	return server.AddBasket(spektrixtest.Basket{DeliveryType: 1, CommissionWaived: true, Tickets: []spektrixtest.Ticket{seat, seat}})
}

// calls send the credentials and nothing personal.
func calls(t *testing.T, client *spektrix.Client, server *spektrixtest.Server) []func(context.Context) error {
	t.Helper()
	return []func(context.Context) error{
		func(ctx context.Context) error { _, err := types(ctx, client); return err },
		func(ctx context.Context) error { _, err := client.Basket(ctx, fresh(t, server)); return err },
		func(ctx context.Context) error {
			_, err := client.WaiveTransactionCommission(ctx, fresh(t, server))
			return err
		},
		func(ctx context.Context) error { return client.AddTickets(ctx, fresh(t, server), twoSeats...) },
		func(ctx context.Context) error {
			_, err := client.Confirm(ctx, fresh(t, server), spektrix.Confirmation{}, brief, payment.WithFirstTry())
			return err
		},
		func(ctx context.Context) error { _, err := client.Order(ctx, basketID); return err },
	}
}

// lookups are told personal data and do not send it.
func lookups(t *testing.T, client *spektrix.Client) []func(context.Context) error {
	t.Helper()
	p, recorder := personalPayment(t), byReference(client)
	bad := p
	bad.Kind = payment.Void
	searching := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos, ReferenceAttribute: "Reference", SearchOrders: true})
	ofACustomer := payment.NewAttempt([]byte(`{"Version":1,"Since":"2020-10-21T07:28:00Z","Counted":false,"Before":0,"Customer":"`+secretCustomer+`"}`), nil)
	return []func(context.Context) error{
		func(ctx context.Context) error { _, err := recorder.Find(ctx, p, attempt()); return err },
		func(ctx context.Context) error { _, err := payment.Resume(ctx, recorder, p, brief); return err },
		func(ctx context.Context) error { _, err := recorder.Record(ctx, bad, attempt()); return err },
		func(ctx context.Context) error { _, err := client.Order(ctx, secretValue); return err },
		func(ctx context.Context) error { _, err := searching.Find(ctx, p, ofACustomer); return err },
	}
}

func personalPayment(t *testing.T) payment.Payment {
	t.Helper()
	p := sale(t, "20.40")
	p.Attributes = []payment.Attribute{{Name: "Receipt Number", Value: secretValue}}
	return p
}

// personalCalls send personal data wherever there is a place for it; id gives
// a basket.
func personalCalls(t *testing.T, client *spektrix.Client, id func() string) []func(context.Context) error {
	t.Helper()
	p := personalPayment(t)
	recorder := byReference(client)
	to := func() payment.Payment {
		p := p
		p.Target = id()
		return p
	}
	return []func(context.Context) error{
		func(ctx context.Context) error { _, err := client.CreateBasket(ctx, personalBasket()); return err },
		func(ctx context.Context) error {
			_, err := client.AddCustomPayment(ctx, id(), personalCustomPayment(t))
			return err
		},
		func(ctx context.Context) error { _, err := recorder.Record(ctx, to(), attempt()); return err },
		func(ctx context.Context) error {
			_, err := payment.Once(ctx, recorder, to(), brief, payment.WithFirstTry())
			return err
		},
		func(ctx context.Context) error {
			_, err := recorder.Settle(ctx, id(), personalSplit(t), brief, payment.WithFirstTry())
			return err
		},
		func(ctx context.Context) error {
			guest := adult
			guest.Members = spektrix.Members{"attribute_Guest": jsontext.Value(`"` + secretValue + `"`)}
			return client.AddTickets(ctx, id(), guest)
		},
		func(ctx context.Context) error {
			return client.AddTicketsJSON(ctx, id(), []byte(`[{"instance":"`+adult.Instance+`","attribute_Guest":"`+secretValue+`"}]`))
		},
	}
}

func personalCustomPayment(t *testing.T) spektrix.NewCustomPayment {
	t.Helper()
	return spektrix.NewCustomPayment{
		PaymentTypeID: epos, Amount: amount(t, "20.40"), PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Receipt Number", Value: secretValue}},
	}
}

func personalSplit(t *testing.T) []payment.Payment {
	t.Helper()
	both := split(t)
	both[0].Attributes[0].Value = secretValue
	both[1].Method, both[1].Attributes = epos, []payment.Attribute{{Name: "Receipt Number", Value: secretValue}}
	return both
}

func personalBasket() spektrix.NewBasket {
	return spektrix.NewBasket{
		CustomerID:     secretCustomer,
		TicketDelivery: spektrix.TicketDelivery{Type: spektrix.CollectAtVenue, Address: jsontext.Value(`{"name":"` + secretValue + `"}`)},
	}
}

// values hold personal data in every field that has a place for it.
func values(t *testing.T) []any {
	t.Helper()
	raw := jsontext.Value(`"` + secretValue + `"`)
	p := personalCustomPayment(t)
	added := spektrix.CustomPayment{Name: "EPOS System", Amount: p.Amount, Attributes: p.PaymentAttributes, Raw: raw}
	ticket := spektrix.Ticket{ID: "1A", Total: p.Amount, Members: spektrix.Members{"Name": raw}}
	basket := spektrix.Basket{ID: "2A", Customer: spektrix.Ref{ID: secretCustomer}, Tickets: []spektrix.Ticket{ticket}, Members: ticket.Members, Raw: raw}
	order := spektrix.Order{ID: "3A", Tickets: basket.Tickets, Payments: []spektrix.OrderPayment{{Attributes: p.PaymentAttributes}}, Raw: raw}
	settled := spektrix.SettledPayment{Payment: personalPayment(t), State: spektrix.StateUnknown, Receipt: payment.Receipt{Raw: []byte(raw)}}
	settlement := spektrix.Settlement{BasketID: "2A", Stood: []spektrix.CustomPayment{added}, Payments: []spektrix.SettledPayment{settled}}
	stopped := spektrix.SettleError{Settlement: settlement, Err: payment.ErrOutcomeUnknown}
	echo := spektrix.EchoError{Differs: spektrix.EchoAmount, Shown: []spektrix.CustomPayment{added}}
	return []any{
		echo, &echo, ticket.Members, spektrix.Items{raw}, spektrix.NewTicket{Members: ticket.Members}, spektrix.ChangedOrder{CustomerID: secretCustomer},
		p, &p, p.PaymentAttributes[0], added, &added, ticket, &ticket, basket, &basket, order, &order, settled, &settled, settlement, &settlement,
		order.Payments[0],
		personalBasket(), personalBasket().TicketDelivery, stopped, &stopped, personalPayment(t),
	}
}

// A refusal that repeats personal data loses it, and keeps the rest of its
// text. Here it strikes the write of each flow; the sweep begins with the first
// request.
func TestPersonalDataEchoed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 404, 429, 500} {
		client, server := emulator(t)
		told, _ := json.Marshal(map[string]string{"message": "unknown: " + secretValue + " of " + secretCustomer + "!"})
		fault := paymenttest.Answer(status, "application/json", string(told), false)
		for i, call := range personalCalls(t, client, func() string { return fresh(t, server) }) {
			server.Faults().On(isWrite, fault)
			err := call(t.Context())
			var e *payment.Error
			want := "unknown: [redacted] of " + secretCustomer + "!"
			if i == 0 {
				want = "unknown: [redacted] of [redacted]!"
			}
			if !errors.As(err, &e) || e.Message != want || strings.Contains(err.Error(), secretValue) || server.Faults().Pending() > 0 {
				t.Errorf("call %d, status %d: %v", i, status, err)
			}
		}
	}
}

func isWrite(r *http.Request) bool { return r.Method != http.MethodGet }
