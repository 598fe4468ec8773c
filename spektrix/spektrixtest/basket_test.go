package spektrixtest

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestNewBaskets(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, c := range []struct {
		body             string
		customer         string
		delivery         int
		waived           bool
		refused, message string
	}{
		{body: ``},
		{body: `{}`},
		{body: `{"customer":"7A"}`, customer: "7A"},
		{body: `{"customer":null,"ticketDelivery":null}`},
		{body: `{"ticketDelivery":{"type":3,"address":{"town":"Leeds"}}}`, delivery: 3},
		{body: `{"WAIVETRANSACTIONCOMMISSION":true,"TicketDelivery":{"Type":1}}`, delivery: 1, waived: true},
	} {
		id := into[seenBasket](t, post(t, s, "baskets", c.body)).ID
		b, ok := s.Basket(id)
		if !ok || b.CustomerID != c.customer || b.DeliveryType != c.delivery || b.CommissionWaived != c.waived {
			t.Errorf("%s gives %+v", c.body, b)
		}
	}
}

func TestRefusedBaskets(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := sale(s)
	before, _ := s.Basket(id)
	for body, message := range map[string]string{
		`[]`:                                    "the body is not a JSON object",
		`null`:                                  "the body is not a JSON object",
		`{} {}`:                                 "the body is not a JSON object",
		"{\"customer\":\"\xff\"}":               "the body is not a JSON object",
		`{"customer":7}`:                        "customer has the wrong type",
		`{"customer":" "}`:                      "customer is blank",
		`{"customer":"a","Customer":"a"}`:       "the body is not a JSON object",
		`{"waiveTransactionCommission":"true"}`: "waiveTransactionCommission has the wrong type",
		`{"ticketDelivery":1}`:                  "the body is not a JSON object",
		`{"ticketDelivery":{}}`:                 "ticketDelivery.type is not 1 or 3",
		`{"ticketDelivery":{"type":2}}`:         "ticketDelivery.type is not 1 or 3",
		`{"ticketDelivery":{"type":"1"}}`:       "type has the wrong type",
		`{"ticketDelivery":{"type":1,"x":1}}`:   "unknown field x",
		`{"total":0}`:                           "unknown field total",
	} {
		post(t, s, "baskets", body).refused(t, 400, message)
		send(t, s, "PATCH", "baskets/"+id, body).refused(t, 400, message)
	}
	send(t, s, "PATCH", "baskets/"+id, "").refused(t, 400, "the body is not a JSON object")
	after, _ := s.Basket(id)
	if len(s.Baskets()) != 1 || after.Hash != before.Hash {
		t.Errorf("a refusal had an effect: %+v", s.Baskets())
	}
}

func TestBasketFields(t *testing.T) {
	t.Parallel()
	s := start(t)
	created := post(t, s, "baskets", `{}`)
	created.want(t, 200, `{"id":"`+s.Baskets()[0].ID+`","customer":null,"total":0.0,"totalDiscount":0.0,`+
		`"hash":"`+s.Baskets()[0].Hash+`","customPayments":[],"transactionCommission":{"amount":0.0,"waived":false},"tickets":[],"donations":[],`+
		`"giftVouchers":[],"membershipSubscriptions":[],"merchandiseItems":[],"charges":[]}`)
}

func TestHashChangesWithEveryMutation(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := into[seenBasket](t, post(t, s, "baskets", "")).ID
	seen := map[string]bool{}
	for _, step := range []struct{ method, path, body string }{
		{"GET", "", ""},
		{"POST", "/tickets", twoAdults},
		{"PATCH", "", `{"WaiveTransactionCommission":true}`},
		{"PATCH", "", `{"WaiveTransactionCommission":true}`},
		{"POST", "", `{"WaiveTransactionCommission":false}`},
		{"POST", "/custom-payments", `{"PaymentTypeId":"` + TypeEPOSSystem + `","Amount":1}`},
	} {
		if a := send(t, s, step.method, "baskets/"+id+step.path, step.body); a.status != 200 {
			t.Fatalf("%+v: %d %s", step, a.status, a.body)
		}
		hash := readBasket(t, s, id).Hash
		if seen[hash] || hash == "" {
			t.Errorf("hash %q again after %+v", hash, step)
		}
		if again := readBasket(t, s, id).Hash; again != hash {
			t.Errorf("reading changed the hash")
		}
		seen[hash] = true
	}
}

func TestWaiver(t *testing.T) {
	t.Parallel()
	s := start(t)
	created := into[seenBasket](t, post(t, s, "baskets", `{"WaiveTransactionCommission":true}`)).ID
	patched := into[seenBasket](t, post(t, s, "baskets", `{}`)).ID
	posted := into[seenBasket](t, post(t, s, "baskets", `{}`)).ID
	for _, id := range []string{created, patched, posted} {
		post(t, s, "baskets/"+id+"/tickets", twoAdults)
	}
	send(t, s, "PATCH", "baskets/"+patched, `{"WaiveTransactionCommission":true}`)
	send(t, s, "POST", "baskets/"+posted, `{"waiveTransactionCommission":true}`)
	for _, id := range []string{created, patched, posted} {
		if b := readBasket(t, s, id); b.Total != "37.0" || !b.TransactionCommission.Waived || b.TransactionCommission.Amount != "1.5" {
			t.Errorf("%+v", b)
		}
	}
	send(t, s, "PATCH", "baskets/"+patched, `{"WaiveTransactionCommission":false}`)
	if b := readBasket(t, s, patched); b.Total != "38.5" || b.TransactionCommission.Waived {
		t.Errorf("taken back: %+v", b)
	}
}

func TestTotals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		opts          []Option
		before, after json.Number
	}{
		{"default", nil, "38.5", "38.5"},
		{"without commission", []Option{WithFacts(Facts{TotalWithoutCommission: true})}, "37.0", "37.0"},
		{"falling", []Option{WithFacts(Facts{FallingTotal: true})}, "38.5", "28.1"},
		{"other commission", []Option{WithCommission(amount("0.335"))}, "37.335", "37.335"},
		{"no commission", []Option{WithCommission(amount("0"))}, "37.0", "37.0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, c.opts...)
			id := into[seenBasket](t, post(t, s, "baskets", "")).ID
			post(t, s, "baskets/"+id+"/tickets", twoAdults)
			before := readBasket(t, s, id).Total
			pay(t, s, id, "10.40")
			if after := readBasket(t, s, id).Total; before != c.before || after != c.after {
				t.Errorf("total %s, after the payment %s", before, after)
			}
		})
	}
}

func TestUnknownBasket(t *testing.T) {
	t.Parallel()
	s := start(t)
	get(t, s, "baskets/20AEBCDF").refused(t, 404, "not found")
	send(t, s, "PATCH", "baskets/20AEBCDF", "{}").refused(t, 404, "not found")
	post(t, s, "baskets/20AEBCDF/tickets", twoAdults).refused(t, 404, "not found")
	pay(t, s, "20AEBCDF", "1").refused(t, 404, "not found")
	confirm(t, s, "20AEBCDF").refused(t, 404, "not found")
}

func TestIDs(t *testing.T) {
	t.Parallel()
	s := start(t)
	seen := map[string]bool{}
	for range 300 {
		id := s.AddBasket(Basket{})
		head, tail, ok := strings.Cut(id, "A")
		if len(id) != 33 || !ok || strings.Trim(head, "0123456789") != "" || strings.Trim(tail, consonants) != "" || seen[id] {
			t.Fatalf("id %q", id)
		}
		seen[id] = true
	}
	for n := range 60000 {
		if id := friendlyID(n); len(id) != 6 || seen[id] {
			t.Fatalf("friendly id %q", id)
		} else {
			seen[id] = true
		}
	}
}

func TestLedgerIsACopy(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := sale(s)
	pay(t, s, id, "1.00")
	b, _ := s.Basket(id)
	b.Tickets[0].Seat, b.Payments[0].TypeID = "changed", "changed"
	s.Baskets()[0].Payments[0].TypeID = "changed"
	s.PaymentTypes()[0].Attributes[0].Name = "changed"
	if again, _ := s.Basket(id); again.Tickets[0].Seat != "" || again.Payments[0].TypeID != TypeEPOSSystem {
		t.Errorf("%+v", again)
	}
	if s.PaymentTypes()[0].Attributes[0].Name != "Reference" {
		t.Error("a type was changed from outside")
	}
	if _, ok := s.Basket("1AB"); ok || s.Payments("1AB") != nil {
		t.Error("an unknown basket was found")
	}
}
