package spektrix_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

func contains(err error, text string) bool { return err != nil && strings.Contains(err.Error(), text) }

func TestBasket(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodGet, "baskets/"+basketID, fixture(t, "basket.json"))
	b, err := client.Basket(t.Context(), basketID)
	if err != nil {
		t.Fatal(err)
	}
	m.wantAsked(t, http.MethodGet, "baskets/"+basketID, "", "")
	if b.ID != basketID || b.Customer.ID != "I-AK11-1ATK" || b.Hash != "9f2c" || b.Total.String() != "31.0" || b.TotalDiscount.String() != "6.5" {
		t.Errorf("basket %v", b)
	}
	if c := b.TransactionCommission; c.Waived || c.Amount.String() != "1.5" {
		t.Errorf("commission %v", c)
	}
	if len(b.Charges) != 2 || b.Charges[0].Description != "Postage" || b.Charges[0].Total.String() != "0.5" || b.Charges[1].Name != "Levy" {
		t.Errorf("charges %v", b.Charges)
	}
	if string(b.Members.Attribute("Channel")) != `"till 4"` || string(b.Members["somethingNew"]) != "true" || len(b.Members) != 2 {
		t.Errorf("attributes %s", b.Members)
	}
	if b.Empty() || string(b.Raw) != fixture(t, "basket.json") {
		t.Errorf("empty %v, raw %s", b.Empty(), b.Raw)
	}
	checkTicket(t, b.Tickets)
}

func checkTicket(t *testing.T, tickets []spektrix.Ticket) {
	t.Helper()
	if len(tickets) != 2 || tickets[1].Total.String() != "12.0" {
		t.Fatalf("tickets %v", tickets)
	}
	first := tickets[0]
	refs := []string{first.Event.ID, first.Instance.ID, first.Type.ID, first.Band.ID, first.Seat.ID, first.Offer.ID}
	if got := strings.Join(refs, " "); got != "701A 201A 301A 601A 801A " {
		t.Errorf("refs %q", got)
	}
	if first.Barcode != "B1" || first.SeatName != "A1" || first.PlanName != "Stalls" || first.Price.String() != "18.5" {
		t.Errorf("ticket %v", first)
	}
	if string(first.Members.Attribute("Access")) != `"wheelchair"` || string(first.Members["delivered"]) != "false" || tickets[1].Members != nil {
		t.Errorf("members %v", map[string]jsontext.Value(first.Members))
	}
}

func TestBasketEmpty(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`{"total":0}`:                     true,
		`{}`:                              true,
		`{"total":0.01}`:                  false,
		`{"total":0,"tickets":[{}]}`:      false,
		`{"total":0,"donations":[{}]}`:    false,
		`{"total":0,"giftVouchers":[{}]}`: false,
		`{"total":0,"membershipSubscriptions":[{}]}`: false,
		`{"total":0,"merchandiseItems":[{}]}`:        false,
	} {
		var b spektrix.Basket
		if err := json.Unmarshal([]byte(text), &b); err != nil || b.Empty() != want {
			t.Errorf("%s: empty %v, %v", text, b.Empty(), err)
		}
	}
}

func TestABasketOfTheWrongForm(t *testing.T) {
	t.Parallel()
	for body, where := range map[string]string{
		`{"total":1}`:                         "$.id at byte 0",
		`{"id":"a","total":"x"}`:              "$.total at byte 18",
		`{"id":"a","tickets":[{"total":[]}]}`: "$.tickets[0].total at byte 30",
		`[]`:                                  "$ at byte 0",
		``:                                    "$ at byte 0",
		`{"id":"a"`:                           "at byte 9",
		page:                                  "$ at byte 0",
	} {
		client, m := newMock(t)
		m.json(http.MethodGet, "baskets/"+basketID, body)
		m.json(http.MethodPost, "baskets", body)
		_, err := client.Basket(t.Context(), basketID)
		if !errors.Is(err, payment.ErrProtocol) || !contains(err, where) {
			t.Errorf("%q: %v, want %s", body, err, where)
		}
		if _, err = client.CreateBasket(t.Context(), spektrix.NewBasket{}); !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("%q: created: %v", body, err)
		}
	}
}

func TestCreateBasket(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n         spektrix.NewBasket
		body      string
		signature string
	}{
		{spektrix.NewBasket{}, `{}`, "noloaiKknoZErvYbF+yzBIrOrUU="},
		{spektrix.NewBasket{CustomerID: "C1", TicketDelivery: spektrix.TicketDelivery{Type: spektrix.CollectAtVenue}},
			`{"customer":"C1","ticketDelivery":{"type":1}}`, ""},
		{spektrix.NewBasket{WaiveTransactionCommission: true}, `{"WaiveTransactionCommission":true}`, ""},
		{spektrix.NewBasket{TicketDelivery: spektrix.TicketDelivery{Type: spektrix.AgentDelivery, Address: jsontext.Value(`{"town":"Leeds"}`)}},
			`{"ticketDelivery":{"type":3,"address":{"town":"Leeds"}}}`, ""},
	} {
		client, m := newMock(t)
		m.answer(http.MethodPost, "baskets", http.StatusCreated, "application/json", `{"id":"20AEBCDF"}`)
		b, err := client.CreateBasket(t.Context(), c.n)
		if err != nil || b.ID != basketID {
			t.Errorf("%v, %v", b, err)
		}
		m.wantAsked(t, http.MethodPost, "baskets", c.body, c.signature)
	}
}

func TestCreateBasketRefuses(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	delivery := func(kind spektrix.DeliveryType, address string) spektrix.NewBasket {
		return spektrix.NewBasket{TicketDelivery: spektrix.TicketDelivery{Type: kind, Address: jsontext.Value(address)}}
	}
	for _, c := range []struct {
		field string
		n     spektrix.NewBasket
	}{
		{"NewBasket.TicketDelivery.Type", delivery(-1, "")},
		{"NewBasket.TicketDelivery.Type", delivery(0, "{}")},
		{"NewBasket.TicketDelivery.Address", delivery(1, "[]")},
		{"NewBasket.TicketDelivery.Address", delivery(1, "{")},
		{"NewBasket.TicketDelivery.Address", delivery(1, "{\"a\":\"\xff\"}")},
	} {
		_, err := client.CreateBasket(t.Context(), c.n)
		wantField(t, err, c.field)
	}
	for _, id := range badIDs[1:] {
		_, err := client.CreateBasket(t.Context(), spektrix.NewBasket{CustomerID: id})
		wantField(t, err, "NewBasket.CustomerID")
	}
	if len(m.asked) != 0 {
		t.Errorf("%d requests were sent", len(m.asked))
	}
}

func TestWaiveTransactionCommission(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodPatch, "baskets/"+basketID, `{"id":"20AEBCDF","total":29.5,"transactionCommission":{"amount":0,"waived":true}}`)
	b, err := client.WaiveTransactionCommission(t.Context(), basketID)
	if err != nil || !b.TransactionCommission.Waived {
		t.Fatalf("%v, %v", b, err)
	}
	m.wantAsked(t, http.MethodPatch, "baskets/"+basketID, `{"WaiveTransactionCommission":true}`, "zeHkD90zSeddyxREP1KG/a0aUxs=")
}

// A PATCH may answer nothing; the basket is then read.
func TestWaiveWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.answer(http.MethodPatch, "baskets/"+basketID, http.StatusNoContent, "", "")
	m.json(http.MethodGet, "baskets/"+basketID, fixture(t, "basket.json"))
	b, err := client.WaiveTransactionCommission(t.Context(), basketID)
	if err != nil || b.Total.String() != "31.0" || m.last(t).header.Get("Cache-Control") != "no-cache" {
		t.Errorf("%v, %v", b, err)
	}
}

func TestDeliveryTypeIsOpen(t *testing.T) {
	t.Parallel()
	if !spektrix.CollectAtVenue.Known() || !spektrix.AgentDelivery.Known() || spektrix.DeliveryType(2).Known() {
		t.Error("the observed types are 1 and 3")
	}
	if err := (spektrix.NewBasket{TicketDelivery: spektrix.TicketDelivery{Type: 2}}).Validate(); err != nil {
		t.Error(err)
	}
}

func FuzzBasket(f *testing.F) {
	f.Add([]byte(fixture(f, "basket.json")))
	f.Add([]byte(`{"Id":"a","total":1E1,"tickets":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var first, second spektrix.Basket
		if json.Unmarshal(data, &first) != nil {
			return
		}
		stored, err := whole(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(stored, &second); err != nil || second.String() != first.String() || second.Empty() != first.Empty() {
			t.Errorf("%v became %v, %v", first, second, err)
		}
	})
}

// Nothing is concluded from another basket than was asked for. Which of its two
// ids names it is unknown.
func TestAnotherBasket(t *testing.T) {
	t.Parallel()
	for ids, same := range map[string]bool{
		`"id":"20AEBCDF"`: true, `"id":"20aebcdf"`: true, `"id":"7","basketId":"20AEBCDF"`: true, `"id":"7","BasketID":"20AEBCDF"`: true,
		`"id":"7"`: false, `"id":"7","basketId":"8"`: false, `"id":"20AEBCD"`: false, `"id":"7","basketId":{}`: false,
	} {
		client, m := newMock(t)
		m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
		m.json(http.MethodGet, "baskets/"+basketID, `{`+ids+`,"total":10.4}`)
		m.json(http.MethodGet, "baskets/"+basketID+"/custom-payments", "[]")
		m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", `{"name":"EPOS System","amount":10.4,"attributes":[{"name":"Reference","value":"till-4/1001"}]}`)
		m.json(http.MethodPost, "baskets/"+basketID+"/confirm", `{"id":"1A"}`)
		_, settleErr := byReference(client).Settle(t.Context(), basketID, []payment.Payment{sale(t, "10.40")}, brief)
		_, confirmErr := client.Confirm(t.Context(), basketID, spektrix.Confirmation{}, brief)
		for _, err := range []error{settleErr, confirmErr} {
			if same != (err == nil) {
				t.Errorf("%s: %v", ids, err)
			}
		}
		if posts := m.count(http.MethodPost, "baskets/"+basketID+"/custom-payments") + m.count(http.MethodPost, "baskets/"+basketID+"/confirm"); !same && posts > 0 {
			t.Errorf("%s: %d writes", ids, posts)
		}
	}
}
