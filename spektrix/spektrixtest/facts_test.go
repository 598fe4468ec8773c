package spektrixtest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

const payRef = `{"PaymentTypeId":"` + TypeEPOSSystem + `","Amount":%s,"PaymentAttributes":[{"Name":"Reference","Value":"%s"}]}`

// payAs posts a payment of the till with a reference.
func payAs(t *testing.T, s *Server, basketID, digits, reference string) answered {
	t.Helper()
	return post(t, s, "baskets/"+basketID+"/custom-payments", fmt.Sprintf(payRef, digits, reference))
}

func listed(t *testing.T, s *Server, basketID string) answered {
	t.Helper()
	return get(t, s, "baskets/"+basketID+"/custom-payments")
}

const (
	first  = `{"name":"EPOS System","amount":10.4,"attributes":[{"name":"Reference","value":"A"}]}`
	second = `{"name":"EPOS System","amount":5.0,"attributes":[{"name":"Reference","value":"B"}]}`
)

func TestPaymentAnswers(t *testing.T) {
	t.Parallel()
	for form, want := range map[PaymentAnswer]string{
		AnswersObject: second, AnswersArray: "[" + second + "]",
		AnswersArrayNewestLast: "[" + first + "," + second + "]", AnswersArrayNewestFirst: "[" + second + "," + first + "]",
	} {
		s := start(t, WithFacts(Facts{PaymentAnswer: form}))
		id := sale(s)
		payAs(t, s, id, "10.40", "A")
		payAs(t, s, id, "5", "B").want(t, 200, want)
	}
}

func TestPaymentList(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := sale(s)
	listed(t, s, id).want(t, 200, "[]")
	payAs(t, s, id, "10.40", "A")
	payAs(t, s, id, "5", "B")
	listed(t, s, id).want(t, 200, "["+first+","+second+"]")
	listed(t, s, "20AEBCDF").refused(t, 404, "not found")
	if !s.RemovePayment(id, 0) || s.RemovePayment(id, 1) || s.RemovePayment("20AEBCDF", 0) {
		t.Error("the wrong payment was removed")
	}
	listed(t, s, id).want(t, 200, "["+second+"]")
	payAs(t, s, id, "32", "C")
	confirm(t, s, id)
	listed(t, s, id).refused(t, 404, "not found")
	if s.RemovePayment(id, 0) {
		t.Error("a payment was removed after the confirm")
	}
}

func TestPaymentListFacts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		facts  Facts
		status int
		body   string
	}{
		{Facts{PaymentList: ListNotAllowed}, 405, `{"message":"method not allowed"}`},
		{Facts{PaymentList: ListDoesNotExist}, 404, `{"message":"no such resource"}`},
		{Facts{ListWithoutAttributes: true}, 200, `[{"name":"EPOS System","amount":10.4}]`},
		{Facts{PaymentListLag: 2}, 200, `[]`},
	} {
		s := start(t, WithFacts(c.facts))
		id := sale(s)
		payAs(t, s, id, "10.40", "A")
		listed(t, s, id).want(t, c.status, c.body)
		if c.facts.PaymentListLag > 0 {
			listed(t, s, id).want(t, 200, `[]`)
			listed(t, s, id).want(t, 200, "["+first+"]")
		}
	}
	s := start(t, WithFacts(Facts{ListAfterConfirm: true}))
	id := paidSale(t, s)
	confirm(t, s, id)
	if a := listed(t, s, id); a.status != 200 || !strings.Contains(a.body, `"R1"`) {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestBasketPayments(t *testing.T) {
	t.Parallel()
	for form, want := range map[BasketPayments]string{
		BasketShowsPayments: `"customPayments":[` + first + `],`, BasketShowsStubs: `"customPayments":[{"id":"`, BasketShowsNone: "",
	} {
		s := start(t, WithFacts(Facts{BasketPayments: form}))
		id := sale(s)
		payAs(t, s, id, "10.40", "A")
		a := get(t, s, "baskets/"+id)
		if !strings.Contains(a.body, want) || want == "" && strings.Contains(a.body, "customPayments") {
			t.Errorf("form %d: %s", form, a.body)
		}
	}
}

func TestPaymentsAtCreation(t *testing.T) {
	t.Parallel()
	body := `{"CustomPayments":[` + fmt.Sprintf(payRef, "10.40", "A") + `]}`
	for rule, payments := range map[CreationPayments]int{StoresCreationPayments: 1, IgnoresCreationPayments: 0, RefusesCreationPayments: -1} {
		s := start(t, WithFacts(Facts{CreationPayments: rule}))
		a := post(t, s, "baskets", body)
		if payments < 0 {
			a.refused(t, 400, "a new basket takes no payments")
			continue
		}
		if b := s.Baskets(); len(b) != 1 || len(b[0].Payments) != payments {
			t.Errorf("rule %d: %d %s", rule, a.status, a.body)
		}
	}
	s := start(t)
	post(t, s, "baskets", `{"customPayments":[{"PaymentTypeId":"1AB","Amount":1}]}`).refused(t, 400, "no such active custom payment type")
	post(t, s, "baskets", `{"customPayments":[{"PaymentTypeId":"1AB","Amount":1,"x":1}]}`).refused(t, 400, "unknown field x")
	if len(s.Baskets()) != 0 {
		t.Errorf("%+v", s.Baskets())
	}
}

// The commission of a type does nothing, raises the total, or lessens what the
// payment counts for.
func TestTypeCommissions(t *testing.T) {
	t.Parallel()
	for effect, c := range map[TypeCommission]struct {
		total  json.Number
		status int
	}{NoTypeCommission: {"37.0", 200}, AddsToTotal: {"37.5", 409}, TakesFromAmount: {"37.0", 409}} {
		s := start(t, WithFacts(Facts{TypeCommission: effect}))
		typeID := s.AddPaymentType(PaymentType{Name: "Tap", Commission: amount("0.50")})
		id := sale(s)
		post(t, s, "baskets/"+id+"/custom-payments", `{"PaymentTypeId":"`+typeID+`","Amount":37}`)
		if b := readBasket(t, s, id); b.Total != c.total {
			t.Errorf("effect %d: total %s", effect, b.Total)
		}
		if a := confirm(t, s, id); a.status != c.status {
			t.Errorf("effect %d: %d %s", effect, a.status, a.body)
		}
		if c.status == 409 {
			pay(t, s, id, "0.50")
			if a := confirm(t, s, id); a.status != 200 {
				t.Errorf("effect %d, paid: %d %s", effect, a.status, a.body)
			}
		}
	}
}

// What the total leaves out has to be paid all the same.
func TestTotalWithoutCommissionIsShort(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{TotalWithoutCommission: true}))
	id := s.AddBasket(Basket{DeliveryType: 1, Tickets: []Ticket{{Price: amount("5")}}})
	pay(t, s, id, "5")
	confirm(t, s, id).short(t)
	pay(t, s, id, "1.50")
	if a := confirm(t, s, id); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestTrimmedValues(t *testing.T) {
	t.Parallel()
	for trims, want := range map[bool]string{false: ` A\t`, true: `A`} {
		s := start(t, WithFacts(Facts{TrimsValues: trims}))
		payAs(t, s, sale(s), "1", ` A\t`).want(t, 200, `{"name":"EPOS System","amount":1.0,"attributes":[{"name":"Reference","value":"`+want+`"}]}`)
	}
}

func TestConfirmRefusals(t *testing.T) {
	t.Parallel()
	const shortMessage, valueMessage = "the basket requires payment to complete", "only orders of zero value can be confirmed"
	for _, c := range []struct {
		facts  Facts
		paid   bool
		status int
		body   string
	}{
		{Facts{}, false, 409, `{"message":"` + shortMessage + `","errorCode":11}`},
		{Facts{CodeForm: TextCode}, false, 409, `{"message":"` + shortMessage + `","errorCode":"11"}`},
		{Facts{CodeForm: NoCode}, false, 409, `{"message":"` + shortMessage + `"}`},
		{Facts{ShortConfirm: ShortIsInvalid}, false, 400, `{"message":"the payments do not balance the basket total"}`},
		{Facts{ValueConfirm: ValueIsConflict}, true, 409, `{"message":"` + valueMessage + `","errorCode":11}`},
		{Facts{ValueConfirm: ValueIsInvalid}, true, 400, `{"message":"` + valueMessage + `"}`},
	} {
		s := start(t, WithFacts(c.facts))
		id := sale(s)
		if c.paid {
			id = paidSale(t, s)
		}
		before, _ := s.Basket(id)
		confirm(t, s, id).want(t, c.status, c.body)
		if after, _ := s.Basket(id); after.Hash != before.Hash || after.Confirmed || len(s.Orders()) != 0 {
			t.Errorf("%+v: a refusal had an effect", c.facts)
		}
	}
	s := start(t, WithFacts(Facts{ShortConfirm: ShortIsConfirmed}))
	if a := confirm(t, s, sale(s)); a.status != 200 || len(s.Orders()) != 1 {
		t.Errorf("%d %s", a.status, a.body)
	}
	s = start(t)
	confirm(t, s, s.AddBasket(Basket{MembershipHeld: true})).want(t, 409, `{"message":"the customer has this membership already","errorCode":18}`)
}

func TestOrderByBasketID(t *testing.T) {
	t.Parallel()
	for known, status := range map[bool]int{false: 404, true: 200} {
		s := start(t, WithFacts(Facts{OrderByBasketID: known}))
		id := paidSale(t, s)
		get(t, s, "orders/"+id).refused(t, 404, "not found")
		placed := confirm(t, s, id)
		if a := get(t, s, "orders/"+id); a.status != status || known && a.body != placed.body {
			t.Errorf("%v: %d %s", known, a.status, a.body)
		}
	}
}

func TestOrdersSync(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now))
	for range 101 {
		confirm(t, s, s.AddBasket(Basket{CustomerID: "I-AK11-1ATK"}))
		c.Add(time.Millisecond)
	}
	type page struct {
		Paging struct{ Next string }
		Values []struct{ OrderID, OrderFriendlyID, CustomerID string }
	}
	orders := s.Orders()
	one := into[page](t, get(t, s, "orders/sync?since=2026-05-29T19:00:07"))
	if len(one.Values) != 100 || one.Values[0].OrderID != orders[0].ID || one.Values[0].CustomerID != "I-AK11-1ATK" {
		t.Fatalf("%d orders, %+v", len(one.Values), one.Values[:1])
	}
	next, ok := strings.CutPrefix(one.Paging.Next, "/api/v3/")
	if !ok {
		t.Fatalf("next is %q", one.Paging.Next)
	}
	two := into[page](t, get(t, s, next))
	if len(two.Values) != 2 || two.Values[0] != one.Values[99] || two.Values[1].OrderFriendlyID != orders[100].FriendlyID || two.Paging.Next != "" {
		t.Errorf("%+v", two)
	}
	get(t, s, "orders/sync?since=2027-01-01T00:00:00Z").want(t, 200, `{"paging":{"limit":100},"values":[]}`)
	for _, since := range []string{"", "?since=", "?since=yesterday"} {
		get(t, s, "orders/sync"+since).refused(t, 400, "since is not a time")
	}
	off := start(t, WithFacts(Facts{NoOrdersSync: true}))
	get(t, off, "orders/sync?since=2026-05-29").refused(t, 404, "no such resource")
}

func TestListen(t *testing.T) {
	t.Parallel()
	s, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if _, err := Listen(strings.TrimPrefix(s.URL, "http://")); err == nil {
		t.Error("two emulators share an address")
	}
}

func TestCustomerOrders(t *testing.T) {
	t.Parallel()
	for form, want := range map[CustomerOrders]string{CustomerShowsOrders: `,"orders":[{"id":"`, CustomerShowsStubs: `,"orders":[{"id":"`, CustomerShowsNone: `}`} {
		s := start(t, WithFacts(Facts{CustomerOrders: form}))
		get(t, s, "customers/I-AK11-1ATK").refused(t, 404, "not found")
		id := s.AddBasket(Basket{CustomerID: "I-AK11-1ATK"})
		confirm(t, s, s.AddBasket(Basket{CustomerID: "I-AK11-1ATL"}))
		a := get(t, s, "customers/I-AK11-1ATK")
		if none := form == CustomerShowsNone; a.status != 200 || none == strings.Contains(a.body, `"orders":[]`) {
			t.Errorf("form %d: %d %s", form, a.status, a.body)
		}
		confirm(t, s, id)
		a = get(t, s, "customers/I-AK11-1ATK")
		if full := strings.Contains(a.body, `"payments":[]`); !strings.HasPrefix(a.body, `{"id":"I-AK11-1ATK"`+want) || full != (form == CustomerShowsOrders) || strings.Count(a.body, `"friendlyId"`) > 1 {
			t.Errorf("form %d: %s", form, a.body)
		}
	}
}
