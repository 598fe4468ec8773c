package spektrixtest

import (
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// paidSale returns a basket that can be confirmed.
func paidSale(t *testing.T, s *Server) string {
	t.Helper()
	id := sale(s)
	post(t, s, "baskets/"+id+"/custom-payments", `{"PaymentTypeId":"`+TypeEPOSSystem+`","Amount":37.00,"PaymentAttributes":[{"Name":"Reference","Value":"R1"}]}`)
	return id
}

func TestConfirmRules(t *testing.T) {
	t.Parallel()
	s, easy := start(t), start(t, WithFacts(Facts{NoDeliveryRule: true}))
	id := s.AddBasket(Basket{CommissionWaived: true, Tickets: []Ticket{{Price: amount("5")}}})
	confirm(t, s, id).refused(t, 400, "the basket has tickets and no delivery")
	send(t, s, "PATCH", "baskets/"+id, `{"ticketDelivery":{"type":1}}`)
	confirm(t, s, id).short(t)
	pay(t, s, id, "5.00")
	if a := confirm(t, s, id); a.status != 200 || len(s.Orders()) != 1 {
		t.Errorf("%d %s", a.status, a.body)
	}
	id = easy.AddBasket(Basket{Tickets: []Ticket{{Price: amount("5")}}})
	pay(t, easy, id, "6.50")
	if a := confirm(t, easy, id); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestConfirmWithFallingTotal(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{FallingTotal: true}))
	id := paidSale(t, s)
	if b := readBasket(t, s, id); b.Total != "0.0" {
		t.Errorf("%+v", b)
	}
	if a := confirm(t, s, id); a.status != 200 || !strings.Contains(a.body, `"total":37.0`) {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestEmptyBasketBecomesEmptyOrder(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := into[seenBasket](t, post(t, s, "baskets", "{}")).ID
	a := confirm(t, s, id)
	if o := s.Orders(); a.status != 200 || len(o) != 1 || len(o[0].Tickets)+len(o[0].Payments) != 0 || o[0].Total.Sign() != 0 {
		t.Errorf("%d %s %+v", a.status, a.body, o)
	}
}

func TestZeroValueRule(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{ValueConfirm: ValueIsInvalid}))
	confirm(t, s, paidSale(t, s)).refused(t, 400, "only orders of zero value can be confirmed")
	if a := confirm(t, s, s.AddBasket(Basket{})); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestConfirmBodies(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := paidSale(t, s)
	for body, message := range map[string]string{
		``:                                  "the body is not a JSON object",
		`{"sendConfirmationEmail":"false"}`: "sendConfirmationEmail has the wrong type",
		`{"payWithDefaultStoredCard":true}`: "there is no stored card",
		`{"payWithStoredCardId":"1A"}`:      "there is no stored card",
		`{"paymentChannel":7}`:              "paymentChannel has the wrong type",
		`{"total":1}`:                       "unknown field total",
		sample(t, "confirm_request_recorded.json"): "there is no stored card",
	} {
		post(t, s, "baskets/"+id+"/confirm", body).refused(t, 400, message)
	}
	a := post(t, s, "baskets/"+id+"/confirm", `{"SendConfirmationEmail":true,"paymentChannel":"Web","payWithStoredCardId":null,"haveStoredCardId":false}`)
	if a.status != 200 || !s.Orders()[0].ConfirmationEmail {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestConfirmAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		answer ConfirmAnswer
		status int
		begins func(basketID, orderID string) string
	}{
		{"order", ConfirmGivesOrder, 200, func(_, orderID string) string { return `{"id":"` + orderID + `","friendlyId":"` }},
		{"basket", ConfirmGivesBasket, 200, func(basketID, _ string) string { return `{"id":"` + basketID + `","customer":null,"total":37.0,` }},
		{"nothing", ConfirmGivesNothing, 204, func(_, _ string) string { return "" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, WithFacts(Facts{ConfirmAnswer: c.answer, SecondConfirm: SecondConfirmSameOrder}))
			id := paidSale(t, s)
			for range 2 {
				a := confirm(t, s, id)
				if a.status != c.status || !strings.HasPrefix(a.body, c.begins(id, s.Orders()[0].ID)) || (a.body == "") != (c.status == 204) {
					t.Errorf("%d %s", a.status, a.body)
				}
			}
		})
	}
}

func TestSecondConfirm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule   SecondConfirm
		status int
		orders int
	}{{SecondConfirmNotFound, 404, 1}, {SecondConfirmInvalid, 400, 1}, {SecondConfirmConflict, 409, 1}, {SecondConfirmSameOrder, 200, 1}, {SecondConfirmNewOrder, 200, 2}} {
		s := start(t, WithFacts(Facts{SecondConfirm: c.rule}))
		confirm(t, s, s.AddBasket(Basket{}))
		id := paidSale(t, s)
		first, second := confirm(t, s, id), confirm(t, s, id)
		if second.status != c.status || len(s.Orders()) != 1+c.orders || len(s.Payments(id)) != 1 {
			t.Errorf("rule %d: %d %s", c.rule, second.status, second.body)
		}
		if c.rule == SecondConfirmSameOrder && second.body != first.body {
			t.Errorf("%s\n%s", first.body, second.body)
		}
		for _, o := range s.Orders()[1:] {
			if o.BasketID != id {
				t.Errorf("%+v", o)
			}
		}
	}
}

func TestConfirmedBasket(t *testing.T) {
	t.Parallel()
	gone, kept := start(t), start(t, WithFacts(Facts{ReadableAfterConfirm: true}))
	id := paidSale(t, gone)
	confirm(t, gone, id)
	get(t, gone, "baskets/"+id).refused(t, 404, "not found")
	pay(t, gone, id, "1").refused(t, 404, "not found")

	id = paidSale(t, kept)
	confirm(t, kept, id)
	if b := readBasket(t, kept, id); b.Total != "37.0" {
		t.Errorf("%+v", b)
	}
	pay(t, kept, id, "1").refused(t, 400, "the basket is confirmed")
	post(t, kept, "baskets/"+id+"/tickets", twoAdults).refused(t, 400, "the basket is confirmed")
	send(t, kept, "PATCH", "baskets/"+id, "{}").refused(t, 400, "the basket is confirmed")
	if len(kept.Payments(id)) != 1 {
		t.Error("a confirmed basket was paid again")
	}
}

// order returns the answer to a read of the one order of a paid sale.
func order(t *testing.T, opts ...Option) (answered, *Server) {
	t.Helper()
	s := start(t, append(opts, WithClock(newClock().Now))...)
	confirm(t, s, paidSale(t, s))
	return get(t, s, "orders/"+s.Orders()[0].ID), s
}

func TestOrderFields(t *testing.T) {
	t.Parallel()
	a, s := order(t)
	tickets, _, _ := strings.Cut(a.body[strings.Index(a.body, `"tickets":`):], `,"deliveries"`)
	a.want(t, 200, `{"id":"`+s.Orders()[0].ID+`","friendlyId":"BB00BB","customer":null,"total":37.0,`+
		`"firstTransactionDate":"2026-05-29T19:00:07","lastTransactionDate":"2026-05-29T19:00:07",`+tickets+`,"deliveries":[{"type":1}],`+
		`"payments":[{"amount":37.0,"method":{"name":"EPOS System"}}],"refunds":[],"charges":[],"membershipSubscriptions":[],`+
		`"giftVouchers":[],"donations":[],"merchandiseItems":[],"printAtHomeDocuments":[]}`)
}

func TestOrderSwitches(t *testing.T) {
	t.Parallel()
	const east = 5*time.Hour + 30*time.Minute
	for _, c := range []struct {
		opts []Option
		want string
	}{
		{[]Option{WithFacts(Facts{Times: TimesWithTicks})}, `"firstTransactionDate":"2026-05-29T19:00:07.2997626"`},
		{[]Option{WithFacts(Facts{Times: TimesWithOffset})}, `"firstTransactionDate":"2026-05-29T19:00:07.2997626+00:00"`},
		{[]Option{WithFacts(Facts{Times: TimesWithOffset, ZoneOffset: east})}, `"lastTransactionDate":"2026-05-30T00:30:07.2997626+05:30"`},
		{[]Option{WithFacts(Facts{ZoneOffset: east})}, `"lastTransactionDate":"2026-05-30T00:30:07"`},
		{[]Option{WithFacts(Facts{OrderAttributes: true})}, `"payments":[{"amount":37.0,"method":{"name":"EPOS System"},"attributes":[{"name":"Reference","value":"R1"}]}]`},
		{[]Option{WithFacts(Facts{CapitalOrderID: true})}, `{"Id":"10`},
	} {
		if a, _ := order(t, c.opts...); a.status != 200 || !strings.Contains(a.body, c.want) {
			t.Errorf("%s\nlacks %s", a.body, c.want)
		}
	}
}

func TestOrderShowsCommission(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := s.AddBasket(Basket{DeliveryType: 3, Tickets: []Ticket{{Price: amount("5")}}, Payments: []Payment{{TypeName: "Cash", Amount: amount("6.5")}}})
	if a := confirm(t, s, id); !strings.Contains(a.body, `"charges":[{"name":"Transaction commission","amount":1.5}]`) ||
		!strings.Contains(a.body, `"payments":[{"amount":6.5,"method":{"name":"Cash"}}]`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	if o := s.Orders()[0]; !o.Commission.Equal(amount("1.5")) || !o.Total.Equal(amount("6.5")) {
		t.Errorf("%+v", o)
	}
}

// TestUnsetAmounts: what a test leaves out counts as 0.
func TestUnsetAmounts(t *testing.T) {
	t.Parallel()
	s := start(t, WithCommission(payment.Amount{}))
	id := s.AddBasket(Basket{DeliveryType: 1, Tickets: []Ticket{{}}, Payments: []Payment{{}}})
	if a := confirm(t, s, id); a.status != 200 || !s.Orders()[0].Total.IsSet() {
		t.Errorf("%d %s", a.status, a.body)
	}
}
