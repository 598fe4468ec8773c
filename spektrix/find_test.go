package spektrix_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// What stands under a reference is found, whatever else is in the basket.
func TestFind(t *testing.T) {
	t.Parallel()
	entry := func(name, amount, reference string) string {
		return fmt.Sprintf(`{"name":%q,"amount":%s,"attributes":[{"name":"Reference","value":%q}]}`, name, amount, reference)
	}
	ours := entry("EPOS System", "10.40", "till-4/1001")
	for list, c := range map[string]struct {
		found   int
		differs string
		err     error
	}{
		"": {0, "", nil},
		ours + "," + entry("EPOS System", "10.40", "till-4/1002"): {1, "", nil},
		entry("EPOS System", "10.40", "till-4/1002"):              {0, "", nil},
		ours + "," + ours: {2, "", nil},
		entry("Quick Donation", "10.40", "till-4/1001"):                                            {1, "Method", nil},
		entry("EPOS System", "1.20", "till-4/1001"):                                                {1, "", nil}, // Once compares the amount
		entry("EPOS System", "10.40", "TILL-4/1001"):                                               {1, "", nil}, // and the reference
		entry("EPOS System", "10.40", " till-4/1001 "):                                             {1, "", nil},
		`{"name":"EPOS System","amount":10.4,"attributes":[]}`:                                     {0, "", payment.ErrNoLookup},
		`{"name":"EPOS System","amount":9,"attributes":[]}`:                                        {0, "", nil},
		`{"name":"EPOS System","amount":10.4,"attributes":[{"name":"Reference","value":null}]}`:    {0, "", payment.ErrNoLookup}, // shown without it
		`{"name":"EPOS System","amount":10.4,"attributes":[{"name":"Reference","value":"  "}]}`:    {0, "", payment.ErrNoLookup},
		`{"name":"EPOS System","amount":10.4,"attributes":[{"name":"reference","value":"other"}]}`: {0, "", payment.ErrNoLookup},
		`{"name":"EPOS System","amount":9,"attributes":[{"name":"Reference","value":""}]}`:         {0, "", nil},
		`{"name":"Quick Donation","amount":10.40}`:                                                 {0, "", nil},
		`{"name":"EPOS System"}`:                                                                   {0, "", payment.ErrProtocol},
		`{"name":"EPOS System","amount":1,"attributes":[{"name":"Reference","value":[]}]}`:         {0, "", payment.ErrProtocol},
	} {
		client, m := newMock(t)
		m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
		m.json(http.MethodGet, "baskets/"+basketID+"/custom-payments", "["+list+"]")
		found, err := byReference(client).Find(t.Context(), sale(t, "10.40"), attempt())
		if len(found) != c.found || !errors.Is(err, c.err) {
			t.Errorf("%s: %v, %v", list, found, err)
			continue
		}
		for _, r := range found {
			if (c.differs == "") != (len(r.Differs) == 0) || c.differs != "" && r.Differs[0] != c.differs || r.Vendor != "spektrix" || len(r.Raw) == 0 {
				t.Errorf("%s: %v differs in %v", list, r, r.Differs)
			}
		}
		if c.found == 1 && c.differs == "" && list != ours+","+entry("EPOS System", "10.40", "till-4/1002") {
			if _, err := payment.Resume(t.Context(), byReference(client), sale(t, "10.40"), brief); !errors.Is(err, payment.ErrConflict) {
				t.Errorf("%s: %v", list, err)
			}
		}
		if c.found == 2 {
			if _, err := payment.Resume(t.Context(), byReference(client), sale(t, "10.40"), brief); !errors.Is(err, payment.ErrRecordedTwice) {
				t.Errorf("%s: %v", list, err)
			}
		}
	}
}

// One of several values of the attribute is enough.
func TestFindAmongTwoReferences(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
	m.json(http.MethodGet, "baskets/"+basketID+"/custom-payments", `[{"name":"EPOS System","amount":10.4,"attributes":[{"name":"Reference","value":"x"},{"name":"Reference","value":"till-4/1001"}]}]`)
	found, err := byReference(client).Find(t.Context(), sale(t, "10.40"), attempt())
	if err != nil || len(found) != 1 || found[0].Reference != "till-4/1001" {
		t.Errorf("%v, %v", found, err)
	}
}

// A reference that the vendor cuts off is not "none".
func TestFindOfACutReference(t *testing.T) {
	t.Parallel()
	reference := payment.NewReference("till-4", "1001")
	p := sale(t, "10.40")
	p.Reference = reference
	for value, found := range map[string]int{reference[:20]: 1, reference[:35]: 1, reference[:4]: 0, reference[1:]: 0} {
		client, m := newMock(t)
		m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
		m.json(http.MethodGet, "baskets/"+basketID+"/custom-payments", `[{"name":"EPOS System","amount":10.4,"attributes":[{"name":"Reference","value":"`+value+`"}]}]`)
		if got, err := byReference(client).Find(t.Context(), p, attempt()); err != nil || len(got) != found {
			t.Errorf("%s: %v, %v", value, got, err)
		}
	}
}

// A type that was renamed is read again before its payment is judged.
func TestFindOfARenamedType(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	p := sale(t, "10.40")
	p.Target = fill(t, client)
	recorder := byReference(client)
	if _, err := recorder.Record(t.Context(), p, attempt()); err != nil {
		t.Fatal(err)
	}
	server.AddPaymentType(spektrixtest.PaymentType{ID: epos, Name: "Till", Attributes: []spektrixtest.AttributeDefinition{{Name: "Reference"}}})
	second := p
	second.Reference = "till-4/1002"
	if _, err := recorder.Record(t.Context(), second, attempt()); err != nil {
		t.Fatal(err)
	}
	if found, err := recorder.Find(t.Context(), second, attempt()); err != nil || len(found) != 1 || len(found[0].Differs) != 0 {
		t.Errorf("%v, %v", found, err)
	}
}

// Where the basket itself is all there is, what it shows in full counts, and
// what it does not show proves nothing.
func TestFindWithoutAList(t *testing.T) {
	t.Parallel()
	for _, list := range []spektrixtest.PaymentList{spektrixtest.ListNotAllowed, spektrixtest.ListDoesNotExist} {
		for _, shows := range []spektrixtest.BasketPayments{spektrixtest.BasketShowsPayments, spektrixtest.BasketShowsStubs, spektrixtest.BasketShowsNone} {
			client, _ := withFacts(t, spektrixtest.Facts{PaymentList: list, BasketPayments: shows})
			recorder := byReference(client)
			p := sale(t, "10.40")
			p.Target = fill(t, client)
			if found, err := recorder.Find(t.Context(), p, attempt()); err == nil {
				t.Errorf("an empty basket shows %v", found)
			}
			if _, err := recorder.Record(t.Context(), p, attempt()); err != nil {
				t.Fatal(err)
			}
			found, err := recorder.Find(t.Context(), p, attempt())
			if full := shows == spektrixtest.BasketShowsPayments; full != (err == nil) || full && (len(found) != 1 || found[0].Reference != p.Reference) {
				t.Errorf("form %d: %v, %v", shows, found, err)
			}
			p.Reference = "till-4/1002"
			if found, err := recorder.Find(t.Context(), p, attempt()); (shows == spektrixtest.BasketShowsPayments) != (err == nil) || len(found) != 0 {
				t.Errorf("form %d: %v, %v", shows, found, err)
			}
		}
	}
}

// A list without attributes, and a type that lost the attribute, cannot tell.
func TestFindThatCannotTell(t *testing.T) {
	t.Parallel()
	client, _ := withFacts(t, spektrixtest.Facts{ListWithoutAttributes: true})
	p := sale(t, "10.40")
	p.Target = fill(t, client)
	if _, err := byReference(client).Record(t.Context(), p, attempt()); err != nil {
		t.Fatal(err)
	}
	if found, err := byReference(client).Find(t.Context(), p, attempt()); !errors.Is(err, payment.ErrNoLookup) {
		t.Errorf("%v, %v", found, err)
	}
	client, _ = withFacts(t, spektrixtest.Facts{UndefinedAttributes: spektrixtest.DropUndefined})
	p.Target = fill(t, client)
	dropped := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos, ReferenceAttribute: "Till", SkipAttributeCheck: true, SkipEchoCheck: true})
	for range 2 {
		if found, err := dropped.Find(t.Context(), p, attempt()); !errors.Is(err, payment.ErrNoLookup) {
			t.Errorf("%v, %v", found, err)
		}
		if _, err := dropped.Record(t.Context(), p, attempt()); err != nil {
			t.Fatal(err)
		}
	}
}

// Once the basket is gone, its order may show the payment.
func TestFindAfterConfirm(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		facts  spektrixtest.Facts
		search bool
		found  bool
	}{
		"defaults":               {spektrixtest.Facts{}, true, false},
		"attributes, no search":  {spektrixtest.Facts{OrderAttributes: true}, false, false},
		"attributes":             {spektrixtest.Facts{OrderAttributes: true}, true, true},
		"attributes, no sync":    {spektrixtest.Facts{OrderAttributes: true, NoOrdersSync: true}, true, false},
		"by the basket's id":     {spektrixtest.Facts{OrderAttributes: true, OrderByBasketID: true}, false, true},
		"the list stays":         {spektrixtest.Facts{ListAfterConfirm: true}, false, true},
		"the basket stays":       {spektrixtest.Facts{ReadableAfterConfirm: true}, false, true},
		"the basket shows stubs": {spektrixtest.Facts{ReadableAfterConfirm: true, BasketPayments: spektrixtest.BasketShowsStubs}, true, false},
	} {
		client, server := withFacts(t, c.facts)
		options := reference
		options.SearchOrders = c.search
		p := sale(t, "37")
		p.Target, p.Date = fill(t, client), time.Now().Add(-time.Minute)
		recorder := client.Recorder(options)
		if _, err := recorder.Record(t.Context(), p, attempt()); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Confirm(t.Context(), p.Target, spektrix.Confirmation{}, brief, payment.WithFirstTry()); err != nil {
			t.Fatal(err)
		}
		receipt, err := payment.Resume(t.Context(), recorder, p, brief, payment.WithSettle(time.Millisecond))
		if c.found != (err == nil) || c.found && !receipt.AlreadyRecorded || !c.found && !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("%s: %v, %v", name, receipt, err)
		}
		if n := len(server.Payments(p.Target)); n != 1 || len(server.Orders()) != 1 {
			t.Errorf("%s: %d payments", name, n)
		}
		if found, err := recorder.Find(t.Context(), p, attempt()); c.found != (len(found) == 1) || !c.found && err == nil {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
	client, _ := emulator(t)
	if _, err := byReference(client).Find(t.Context(), sale(t, "1"), attempt()); !errors.Is(err, spektrix.ErrBasketGone) || !errors.Is(err, payment.ErrUnavailable) {
		t.Errorf("err = %v", err)
	}
}

// A payment whose answer was lost, and whose basket somebody else has confirmed, is
// found by the customer that Settle has seen.
func TestFindByTheCustomer(t *testing.T) {
	t.Parallel()
	for form, found := range map[spektrixtest.CustomerOrders]bool{spektrixtest.CustomerShowsOrders: true, spektrixtest.CustomerShowsStubs: true, spektrixtest.CustomerShowsNone: false} {
		client, server := withFacts(t, spektrixtest.Facts{OrderAttributes: true, NoOrdersSync: true, CustomerOrders: form})
		id := server.AddBasket(spektrixtest.Basket{CustomerID: "I-AK11-1ATK", Tickets: []spektrixtest.Ticket{{Price: amount(t, "37")}}, DeliveryType: 1, CommissionWaived: true})
		options, store := reference, payment.NewMemoryStore()
		options.SearchOrders = true
		recorder := client.Recorder(options)
		strikes(server, spektrixtest.OpAddCustomPayment, 2, paymenttest.DropAfter())
		strikes(server, spektrixtest.OpCustomPayments, 2, paymenttest.ServerErrorHTML(http.StatusBadGateway, false))
		if _, err := recorder.Settle(t.Context(), id, split(t), payment.WithStore(store), payment.WithFirstTry(), payment.WithPatience(1, time.Millisecond)); !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Fatal(err)
		}
		if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{}, with(payment.NewMemoryStore())...); err != nil {
			t.Fatal(err)
		}
		s, err := recorder.Settle(t.Context(), id, split(t), with(store)...)
		if found != (err == nil) || found != s.Complete() || server.Count(spektrixtest.OpCustomer) == 0 {
			t.Errorf("form %d: %v, %v", form, s, err)
		}
	}
}

// What is read of a customer is told in no error, and what is not a customer's
// orders is not "none".
func TestCustomerAnswers(t *testing.T) {
	t.Parallel()
	for body, found := range map[string]bool{
		`{"id":"I-AK11-1ATK","orders":[{"id":"1A"}]}`: true, `{"Orders":["1A"]}`: true, `{"orders":[{"Id":"1A","lastTransactionDate":"2020-10-21T07:28:00"}]}`: true,
		`{"orders":[{"id":"9A","lastTransactionDate":"2020-10-18T07:28:00"},{"id":"1A"},{"id":"1A"}]}`: true, // an old order is not read, none twice
		`{"orders":[]}`: false, `{}`: false, `{"orders":null}`: false, `{"orders":{}}`: false, `{"orders":[{}]}`: false, `{"orders":[null]}`: false, `{"orders":["a/b"]}`: false,
		`[]`: false, `{"firstName":"Ada","orders":[{"id":`: false, `{"firstName":"Ada","errors":["no"],"orders":[]}`: false,
	} {
		client, m := newMock(t)
		gone := func(path string) {
			m.answer(http.MethodGet, path, http.StatusNotFound, "application/json", `{"message":"not found"}`)
		}
		m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
		gone("baskets/" + basketID)
		gone("baskets/" + basketID + "/custom-payments")
		gone("orders/" + basketID)
		m.RegisterRegexpResponder(http.MethodGet, ordersSync, m.responder(http.StatusNotFound, "application/json", `{}`))
		m.json(http.MethodGet, "customers/I-AK11-1ATK", body)
		m.json(http.MethodGet, "orders/1A", `{"id":"1A","payments":[{"amount":10.4,"method":{"name":"EPOS System"},"attributes":[{"name":"Reference","value":"till-4/1001"}]}]}`)
		options := reference
		options.SearchOrders = true
		begun := payment.NewAttempt([]byte(`{"Version":1,"Since":"2020-10-21T07:28:00Z","Counted":false,"Before":0,"Customer":"I-AK11-1ATK"}`), nil)
		list, err := client.Recorder(options).Find(t.Context(), sale(t, "10.40"), begun)
		if found != (err == nil) || found != (len(list) == 1) || errors.Is(err, payment.ErrInvalid) || err != nil && (contains(err, "Ada") || contains(err, "I-AK11")) {
			t.Errorf("%s: %v, %v", body, list, err)
		}
		var told *payment.Error
		if !found && (!errors.As(err, &told) || len(told.Body) > 0 && told.Op == "Customer") {
			t.Errorf("%s: %v", body, err)
		}
	}
}
