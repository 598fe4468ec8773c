package spektrix_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// A lost confirm is never sent a second time by itself: a basket that is gone
// may have expired, one that is there may be confirmed.
func TestEachFaultAtConfirm(t *testing.T) {
	t.Parallel()
	for _, fault := range faults() {
		for _, readable := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v/readable %v", fault, readable), func(t *testing.T) {
				t.Parallel()
				client, server := emulatorFor(t, fault, spektrixtest.WithFacts(spektrixtest.Facts{
					SecondConfirm: spektrixtest.SecondConfirmNewOrder, ReadableAfterConfirm: readable,
				}))
				id, s := settled(t, client)
				store := payment.NewMemoryStore()
				strikes(server, spektrixtest.OpConfirm, 1, fault)
				confirm := func(opts ...payment.OnceOption) error {
					_, err := client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, with(store, opts...)...)
					return err
				}
				err := confirm()
				if got := len(server.Orders()); got != effect(fault) || server.Count(spektrixtest.OpConfirm) != 1 {
					t.Fatalf("%d orders, %d confirms", got, server.Count(spektrixtest.OpConfirm))
				}
				again := confirm(payment.WithSettle(time.Millisecond))
				switch {
				case refuses(fault):
					if err == nil || errors.Is(err, payment.ErrOutcomeUnknown) || again != nil {
						t.Errorf("err = %v, again %v", err, again)
					}
				case fault == paymenttest.EmptyAnswer(): // an empty success is a success
					if err != nil || again != nil {
						t.Errorf("err = %v, again %v", err, again)
					}
				default:
					var e *payment.Error
					if !errors.As(err, &e) || !errors.Is(err, payment.ErrOutcomeUnknown) || e.Target != id || e.Op != "Confirm" || !errors.Is(again, payment.ErrOutcomeUnknown) {
						t.Errorf("err = %v, again %v", err, again)
					}
				}
				if n := len(server.Orders()); n > 1 || refuses(fault) && n != 1 || server.Count(spektrixtest.OpConfirm) > 2 || len(server.Payments(id)) != 2 {
					t.Errorf("%d orders, %d confirms, ledger %v", n, server.Count(spektrixtest.OpConfirm), ledger(server, id))
				}
			})
		}
	}
}

// What the caller knows of the venue, or what its orders show, settles it.
func TestALostConfirmIsFound(t *testing.T) {
	t.Parallel()
	for _, fault := range []paymenttest.Fault{paymenttest.DropBefore(), paymenttest.DropAfter(), paymenttest.ServerErrorHTML(502, true)} {
		for name, c := range map[string]struct {
			facts spektrixtest.Facts
			conf  spektrix.Confirmation
			lost  bool // and written again, if it had no effect
			found bool
		}{
			"gone when confirmed": {spektrixtest.Facts{}, spektrix.Confirmation{ConfirmedIsGone: true}, true, false},
			"by the orders":       {spektrixtest.Facts{OrderAttributes: true}, spektrix.Confirmation{SearchOrders: true, ReferenceAttribute: "Reference"}, false, true},
			"by the orders, readable": {spektrixtest.Facts{OrderAttributes: true, ReadableAfterConfirm: true},
				spektrix.Confirmation{SearchOrders: true, ReferenceAttribute: "Reference"}, false, true},
			"by the basket's id":      {spektrixtest.Facts{OrderByBasketID: true}, spektrix.Confirmation{}, false, true},
			"no attributes in orders": {spektrixtest.Facts{}, spektrix.Confirmation{SearchOrders: true, ReferenceAttribute: "Reference"}, false, false},
			"no orders/sync": {spektrixtest.Facts{OrderAttributes: true, NoOrdersSync: true},
				spektrix.Confirmation{SearchOrders: true, ReferenceAttribute: "Reference"}, false, false},
		} {
			client, server := emulatorFor(t, fault, spektrixtest.WithFacts(c.facts))
			id, s := settled(t, client)
			store := payment.NewMemoryStore()
			strikes(server, spektrixtest.OpConfirm, 1, fault)
			c.conf.Settlement = &s
			order, err := client.Confirm(t.Context(), id, c.conf, with(store, payment.WithSettle(time.Millisecond))...)
			switch done := fault.Effect() && c.found || !fault.Effect() && c.lost; {
			case done != (err == nil), !done && !errors.Is(err, payment.ErrOutcomeUnknown):
				t.Errorf("%v, %s: %v, %v", fault, name, order, err)
			case done && order.ID != server.Orders()[0].ID:
				t.Errorf("%v, %s: order %v", fault, name, order)
			}
			if n := len(server.Orders()); n > 1 {
				t.Errorf("%v, %s: %d orders", fault, name, n)
			}
		}
	}
}

// Where orders/sync is not to be had, the customer of the basket names the order,
// in this run or in another.
func TestALostConfirmIsFoundByTheCustomer(t *testing.T) {
	t.Parallel()
	conf := spektrix.Confirmation{SearchOrders: true, ReferenceAttribute: "Reference"}
	for name, c := range map[string]struct {
		facts    spektrixtest.Facts
		customer string
		found    bool
	}{
		"full":        {spektrixtest.Facts{OrderAttributes: true, NoOrdersSync: true}, "I-AK11-1ATK", true},
		"stubs":       {spektrixtest.Facts{OrderAttributes: true, NoOrdersSync: true, CustomerOrders: spektrixtest.CustomerShowsStubs}, "I-AK11-1ATK", true},
		"none":        {spektrixtest.Facts{OrderAttributes: true, NoOrdersSync: true, CustomerOrders: spektrixtest.CustomerShowsNone}, "I-AK11-1ATK", false},
		"no customer": {spektrixtest.Facts{OrderAttributes: true, NoOrdersSync: true}, "", false},
		"attributes":  {spektrixtest.Facts{NoOrdersSync: true}, "I-AK11-1ATK", false},
		"sync":        {spektrixtest.Facts{OrderAttributes: true}, "I-AK11-1ATK", true},
	} {
		client, server := withFacts(t, c.facts)
		for range 2 { // the first order of the customer is another one
			id := server.AddBasket(spektrixtest.Basket{CustomerID: c.customer, Tickets: []spektrixtest.Ticket{{Price: amount(t, "37")}}, DeliveryType: 1, CommissionWaived: true})
			both := split(t)
			both[0].Reference, both[1].Reference = id, id+"/2"
			store := payment.NewMemoryStore()
			s, err := byReference(client).Settle(t.Context(), id, both, with(store)...)
			if err != nil {
				t.Fatal(name, err)
			}
			conf.Settlement = &s
			server.Faults().On(server.Is(spektrixtest.OpConfirm), paymenttest.DropAfter())
			for run := range 2 { // the second knows what the Store knows
				order, err := newClient(t, server.Config()).Confirm(t.Context(), id, conf, with(store, payment.WithSettle(time.Millisecond))...)
				orders := server.Orders()
				if c.found != (err == nil) || c.found && order.ID != orders[len(orders)-1].ID || !c.found && !errors.Is(err, payment.ErrOutcomeUnknown) {
					t.Errorf("%s, run %d: %v, %v", name, run, order, err)
				}
			}
		}
		if read := server.Count(spektrixtest.OpCustomer); (c.customer == "" || !c.facts.NoOrdersSync) == (read > 0) {
			t.Errorf("%s: the customer was read %d times", name, read)
		}
	}
}

// A clock that is ahead of the vendor's does not pass over the order.
func TestALostConfirmIsFoundByAClockAhead(t *testing.T) {
	t.Parallel()
	server := spektrixtest.New(spektrixtest.WithFacts(spektrixtest.Facts{OrderAttributes: true}), spektrixtest.WithClock(func() time.Time { return vectorTime }))
	t.Cleanup(server.Close)
	client := newClient(t, server.Config(), tenderkit.WithRetries(0), tenderkit.WithClock(func() time.Time { return vectorTime.Add(4 * time.Minute) }))
	id, store, p := fill(t, client), payment.NewMemoryStore(), sale(t, "37")
	p.Target = id
	s, err := byReference(client).Settle(t.Context(), id, []payment.Payment{p}, with(store)...)
	if err != nil {
		t.Fatal(err)
	}
	server.Faults().On(server.Is(spektrixtest.OpConfirm), paymenttest.DropAfter())
	order, err := client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s, SearchOrders: true, ReferenceAttribute: "Reference"}, with(store)...)
	if err != nil || order.ID != server.Orders()[0].ID {
		t.Errorf("%v, %v", order, err)
	}
	options := reference
	options.SearchOrders = true
	p.Date = vectorTime.Add(4 * time.Minute)
	if found, err := client.Recorder(options).Find(t.Context(), p, attempt()); err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
}

// The read that Confirm makes first changes nothing.
func TestEachFaultBeforeConfirm(t *testing.T) {
	t.Parallel()
	for _, fault := range faults() {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			client, server := emulatorFor(t, fault)
			id, s := settled(t, client)
			store := payment.NewMemoryStore()
			strikesRead(server, spektrixtest.OpBasket, fault)
			conf := spektrix.Confirmation{Settlement: &s}
			// The memory is not sure of a basket that it has not seen, but for a word.
			if _, err := client.Confirm(t.Context(), id, conf, with(store)...); err == nil || errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("err = %v", err)
			}
			if len(server.Orders()) != 0 {
				t.Error("the basket was confirmed")
			}
			if _, err := client.Confirm(t.Context(), id, conf, with(store)...); err != nil {
				t.Error(err)
			}
		})
	}
}

// Whatever is concluded from is asked of the vendor, not of a cache on the way, and
// a 404 of a hop is no word that something is gone.
func TestLooksAskCachesNotToAnswer(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.RegisterNoResponder(m.responder(http.StatusNotFound, "application/json", `{"message":"not found"}`))
	till(m)
	m.json(http.MethodPost, "baskets/"+basketID+"/confirm", `{"id":"20AEBCDF"}`)
	options := reference
	options.SearchOrders = true
	_, _ = client.Recorder(options).Settle(t.Context(), basketID, []payment.Payment{sale(t, "10.40")}, brief)
	_, _ = client.Confirm(t.Context(), basketID, spektrix.Confirmation{}, brief)
	m.RegisterResponder(http.MethodGet, base+"baskets/"+basketID, nil)
	_, _ = client.Recorder(options).Find(t.Context(), sale(t, "10.40"), attempt())
	seen := map[string]bool{}
	for _, asked := range m.asked {
		if asked.method != http.MethodGet {
			continue
		}
		seen[strings.TrimPrefix(asked.url, base)] = true
		if asked.header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s may come from a cache", asked.url)
		}
	}
	if len(seen) < 5 {
		t.Errorf("asked %v", seen)
	}
}

func TestNotFoundOfAHop(t *testing.T) {
	t.Parallel()
	for body, gone := range map[string]bool{`{"message":"not found"}`: true, `"No basket"`: true, "": true, "default backend - 404": false, page: false} {
		client, m := newMock(t)
		m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
		for _, path := range []string{"baskets/" + basketID, "baskets/" + basketID + "/custom-payments", "orders/" + basketID} {
			m.answer(http.MethodGet, path, http.StatusNotFound, "text/plain", body)
		}
		_, confirmErr := client.Confirm(t.Context(), basketID, spektrix.Confirmation{}, brief)
		_, findErr := byReference(client).Find(t.Context(), sale(t, "10.40"), attempt())
		_, recordsErr := collect(client.BasketRecords(t.Context(), spektrix.RecordOptions{}, basketID))
		if contains(confirmErr, "the basket is gone") != gone || errors.Is(findErr, spektrix.ErrBasketGone) != gone || (recordsErr == nil) != gone {
			t.Errorf("%q: %v; %v; %v", body, confirmErr, findErr, recordsErr)
		}
	}
}
