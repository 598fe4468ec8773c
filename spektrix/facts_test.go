package spektrix_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// sell runs the whole chain, from the types to the order, as a till would: it
// takes the total from the basket.
func sell(t testing.TB, client *spektrix.Client) (spektrix.Order, error) {
	t.Helper()
	basket, err := client.Basket(t.Context(), fill(t, client))
	if err != nil {
		return spektrix.Order{}, err
	}
	both := split(t)
	rest, err := payment.NewMoney(basket.Total.Sub(both[0].Amount.Amount()), "GBP")
	if err != nil {
		t.Fatal(err)
	}
	both[1].Amount = rest
	store := payment.NewMemoryStore()
	options := reference
	options.FreshBaskets = true
	s, err := client.Recorder(options).Settle(t.Context(), basket.ID, both, with(store)...)
	if err != nil {
		return spektrix.Order{}, err
	}
	order, err := client.Confirm(t.Context(), basket.ID, spektrix.Confirmation{SendConfirmationEmail: true, Settlement: &s}, with(store)...)
	if err != nil || order.ID == "" {
		return order, err
	}
	return client.Order(t.Context(), order.ID)
}

// The full flow ends well under each switch of the emulator but those that
// stand for a vendor who refuses it.
func TestTheFlowUnderEachSwitch(t *testing.T) {
	t.Parallel()
	facts := func(f spektrixtest.Facts) []spektrixtest.Option {
		return []spektrixtest.Option{spektrixtest.WithFacts(f)}
	}
	for name, opts := range map[string][]spektrixtest.Option{
		"defaults":                   nil,
		"array answer":               facts(spektrixtest.Facts{PaymentAnswer: spektrixtest.AnswersArray}),
		"all payments, newest last":  facts(spektrixtest.Facts{PaymentAnswer: spektrixtest.AnswersArrayNewestLast}),
		"all payments, newest first": facts(spektrixtest.Facts{PaymentAnswer: spektrixtest.AnswersArrayNewestFirst}),
		"list not allowed":           facts(spektrixtest.Facts{PaymentList: spektrixtest.ListNotAllowed}),
		"no list":                    facts(spektrixtest.Facts{PaymentList: spektrixtest.ListDoesNotExist}),
		"lagging list":               facts(spektrixtest.Facts{PaymentListLag: 2}),
		"list after confirm":         facts(spektrixtest.Facts{ListAfterConfirm: true}),
		"list without attributes":    facts(spektrixtest.Facts{ListWithoutAttributes: true}),
		"stubs in the basket":        facts(spektrixtest.Facts{BasketPayments: spektrixtest.BasketShowsStubs}),
		"no payments in the basket":  facts(spektrixtest.Facts{BasketPayments: spektrixtest.BasketShowsNone}),
		"total without commission":   facts(spektrixtest.Facts{TotalWithoutCommission: true}),
		"falling total":              facts(spektrixtest.Facts{FallingTotal: true}),
		"overpayment refused":        facts(spektrixtest.Facts{RefusesOverpayment: true}),
		"undefined attributes drop":  facts(spektrixtest.Facts{UndefinedAttributes: spektrixtest.DropUndefined}),
		"undefined attributes store": facts(spektrixtest.Facts{UndefinedAttributes: spektrixtest.StoreUndefined}),
		"trimmed values":             facts(spektrixtest.Facts{TrimsValues: true}),
		"short is invalid":           facts(spektrixtest.Facts{ShortConfirm: spektrixtest.ShortIsInvalid}),
		"short is confirmed":         facts(spektrixtest.Facts{ShortConfirm: spektrixtest.ShortIsConfirmed}),
		"created status":             facts(spektrixtest.Facts{CreatedStatus: true}),
		"basket answer":              facts(spektrixtest.Facts{ConfirmAnswer: spektrixtest.ConfirmGivesBasket}),
		"no answer":                  facts(spektrixtest.Facts{ConfirmAnswer: spektrixtest.ConfirmGivesNothing}),
		"same order":                 facts(spektrixtest.Facts{SecondConfirm: spektrixtest.SecondConfirmSameOrder}),
		"second order":               facts(spektrixtest.Facts{SecondConfirm: spektrixtest.SecondConfirmNewOrder}),
		"readable":                   facts(spektrixtest.Facts{ReadableAfterConfirm: true}),
		"order attributes":           facts(spektrixtest.Facts{OrderAttributes: true}),
		"order by basket id":         facts(spektrixtest.Facts{OrderByBasketID: true}),
		"no orders sync":             facts(spektrixtest.Facts{NoOrdersSync: true}),
		"capital id":                 facts(spektrixtest.Facts{CapitalOrderID: true}),
		"ticks":                      facts(spektrixtest.Facts{Times: spektrixtest.TimesWithTicks}),
		"offset":                     facts(spektrixtest.Facts{Times: spektrixtest.TimesWithOffset}),
		"error codes":                facts(spektrixtest.Facts{ErrorCodes: true}),
		"no delivery rule":           facts(spektrixtest.Facts{NoDeliveryRule: true}),
		"no commission":              {spektrixtest.WithCommission(amount(t, "0"))},
		"another name and login":     {spektrixtest.WithClientName("iframedemo"), spektrixtest.WithCredentials(`venue\till`, "c2VjcmV0")},
		"401 empty":                  facts(spektrixtest.Facts{UnauthorizedBody: spektrixtest.UnauthorizedEmpty}),
		"401 html":                   facts(spektrixtest.Facts{UnauthorizedBody: spektrixtest.UnauthorizedHTML}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := emulator(t, opts...)
			order, err := sell(t, client)
			if err != nil {
				t.Fatal(err)
			}
			placed := server.Orders()
			if len(placed) != 1 || !placed[0].ConfirmationEmail || !slices.Equal(ledger(server, placed[0].BasketID), bothTypes) {
				t.Fatalf("orders %v", placed)
			}
			if name == "basket answer" || name == "no answer" {
				if order.ID != "" {
					t.Errorf("order id %q out of nothing", order.ID)
				}
				return
			}
			checkOrder(t, order, placed[0])
		})
	}
}

func checkOrder(t *testing.T, got spektrix.Order, want spektrixtest.Order) {
	t.Helper()
	if got.ID != want.ID || got.FriendlyID != want.FriendlyID || !got.Total.Equal(want.Total) || len(got.Tickets) != 2 {
		t.Errorf("order %v, want %v", got, want)
	}
	if len(got.Payments) != 2 || !got.Payments[0].Amount.Equal(amount(t, "20.40")) || got.Payments[1].Method.Name == "" {
		t.Errorf("payments %v", got.Payments)
	}
	if at := got.FirstTransactionDate.In(time.UTC); at.Unix() != want.At.Unix() {
		t.Errorf("date %v, want %v", at, want.At)
	}
}

// What a refusing vendor leaves the caller with.
func TestTheFlowWhereTheVendorRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts  spektrixtest.Facts
		want   error
		posted int
	}{
		"value is invalid":  {spektrixtest.Facts{ValueConfirm: spektrixtest.ValueIsInvalid}, payment.ErrInvalid, 2},
		"value is conflict": {spektrixtest.Facts{ValueConfirm: spektrixtest.ValueIsConflict}, spektrix.ErrPaymentRequired, 2},
		"echo":              {spektrixtest.Facts{TruncatedEcho: true}, spektrix.ErrEchoDiffers, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, server := emulator(t, spektrixtest.WithFacts(c.facts))
			if _, err := sell(t, client); !errors.Is(err, c.want) {
				t.Errorf("err = %v", err)
			}
			if n := len(ledger(server, server.Baskets()[0].ID)); n != c.posted || len(server.Orders()) != 0 {
				t.Errorf("%d posted, %d orders", n, len(server.Orders()))
			}
		})
	}
}

// An attribute that the type does not define goes out only with permission,
// and its fate shows.
func TestUndefinedAttributes(t *testing.T) {
	t.Parallel()
	for rule, want := range map[spektrixtest.AttributeRule]error{
		spektrixtest.RefuseUndefined: payment.ErrInvalid,
		spektrixtest.DropUndefined:   spektrix.ErrEchoDiffers,
		spektrixtest.StoreUndefined:  nil,
	} {
		client, _ := withFacts(t, spektrixtest.Facts{UndefinedAttributes: rule})
		p := sale(t, "10.40")
		p.Target, p.Attributes = fill(t, client), []payment.Attribute{{Name: "Payment ref", Value: "ABC_123"}}
		recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos, SkipAttributeCheck: true})
		if _, err := recorder.Record(t.Context(), p, attempt()); !errors.Is(err, want) {
			t.Errorf("rule %d: %v, want %v", rule, err, want)
		}
	}
}

// Every attempt has a date of its own, and a date that is off is told.
func TestClocks(t *testing.T) {
	t.Parallel()
	server := spektrixtest.New(spektrixtest.WithClock(func() time.Time { return vectorTime }))
	t.Cleanup(server.Close)
	late := newClient(t, server.Config(), tenderkit.WithClock(func() time.Time { return vectorTime.Add(6 * time.Minute) }))
	_, err := types(t.Context(), late)
	var clock *spektrix.ClockError
	if !errors.As(err, &clock) || clock.Ahead != 6*time.Minute {
		t.Errorf("err = %v", err)
	}
	if right := newClient(t, server.Config(), tenderkit.WithClock(func() time.Time { return vectorTime })); right != nil {
		if _, err := types(t.Context(), right); err != nil {
			t.Error(err)
		}
	}
}

func TestEachAttemptIsSignedAnew(t *testing.T) {
	t.Parallel()
	server := spektrixtest.New(spektrixtest.WithClock(func() time.Time { return vectorTime }))
	t.Cleanup(server.Close)
	ticks := make(chan time.Time, 8)
	for i := range cap(ticks) {
		ticks <- vectorTime.Add(time.Duration(i) * time.Second)
	}
	clock := func() time.Time {
		select {
		case now := <-ticks:
			return now
		default:
			return vectorTime
		}
	}
	client := newClient(t, server.Config(), tenderkit.WithClock(clock), tenderkit.WithBackoff(0, 0), tenderkit.WithRetries(2))
	gateway := paymenttest.ServerErrorHTML(http.StatusBadGateway, false)
	server.Faults().Next(gateway, gateway)
	if _, err := types(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range server.Requests() {
		seen[r.Date] = true
	}
	if len(seen) != 3 {
		t.Errorf("dates %v", seen)
	}
}

// A redirect is not followed: its signature is for another URL.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	server.Redirect(server.URL + "/" + server.Config().ClientName + "/api/v3/baskets/" + id)
	if _, err := client.Basket(t.Context(), id); !errors.Is(err, payment.ErrProtocol) {
		t.Errorf("read: %v", err)
	}
	server.Redirect(server.URL + "/" + server.Config().ClientName + "/api/v3/custom-payment-types")
	if _, err := client.AddCustomPayment(t.Context(), id, documented(t)); !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("write: %v", err)
	}
	if n := server.Count(spektrixtest.OpCustomPaymentTypes); n != 0 {
		t.Errorf("%d requests were led elsewhere", n)
	}
}
