package spektrix_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

func TestCustomPayments(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodGet, "baskets/"+basketID+"/custom-payments", strings.TrimSuffix(strings.TrimSpace(fixture(t, "custom-payments.json")), "]")+`,{"NAME":7,"Amount":"1.50","state":"new","attributes":[{"name":"Gift aid","value":true},{"name":9,"value":12.50},{"name":"Note","value":null}]}]`)
	list, err := collect(client.CustomPayments(t.Context(), basketID))
	if err != nil || len(list) != 2 {
		t.Fatalf("%v, %v", list, err)
	}
	m.wantAsked(t, http.MethodGet, "baskets/"+basketID+"/custom-payments", "", "qYq8rV7ngOfHNl5vzDurcfWAfZ0=")
	if p := list[0]; p.Name != "EPOS System" || p.Amount.String() != "10.0" || p.Attributes[0].Value != "ABC_123" {
		t.Errorf("first %v", p)
	}
	if p := list[1]; p.Name != "7" || p.Amount.String() != "1.50" || string(p.Members["state"]) != `"new"` || !slices.Equal(p.Attributes, []spektrix.PaymentAttribute{{"Gift aid", "true"}, {"9", "12.50"}, {"Note", ""}}) {
		t.Errorf("second %v", p)
	}
	if h := m.last(t).header.Get("Cache-Control"); h != "no-cache" {
		t.Errorf("Cache-Control = %q", h)
	}
}

// What is not the list never reads as "no payments".
func TestAnAnswerThatIsNotTheList(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		body   string
	}{
		{200, ""}, {200, "null"}, {200, "{}"}, {200, page}, {200, `[{}]`}, {200, `[{"name":"a"}]`}, {200, `[{"amount":1,"amount":2}]`},
		{200, `[{"amount":1,"attributes":[{"name":"a","value":{}}]}]`}, {200, `[{"amount":1}`}, {204, ""}, {206, "[]"},
		{404, `{"message":"not found"}`}, {404, page}, {405, "{}"}, {410, ""}, {302, ""},
	} {
		client, m := newMock(t)
		m.answer(http.MethodGet, "baskets/"+basketID+"/custom-payments", c.status, "application/json", c.body)
		list, err := collect(client.CustomPayments(t.Context(), basketID))
		if len(list) != 0 || !errors.Is(err, payment.ErrProtocol) || errors.Is(err, payment.ErrNotFound) {
			t.Errorf("%d %s: %v, %v", c.status, c.body, list, err)
		}
	}
}

// The documented array is taken as the documented object is.
func TestTheDocumentedArray(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", fixture(t, "custom-payments.json"))
	added, err := client.AddCustomPayment(t.Context(), basketID, documented(t))
	if err != nil || added.Name != "EPOS System" || added.Amount.String() != "10.0" || added.Attributes[0] != documented(t).PaymentAttributes[0] || string(added.Raw) != fixture(t, "custom-payments.json") {
		t.Errorf("%v, %v", added, err)
	}
}

// The vendor documents two forms of the answer to a payment.
func TestEachFormOfTheAnswer(t *testing.T) {
	t.Parallel()
	for _, form := range []spektrixtest.PaymentAnswer{
		spektrixtest.AnswersObject, spektrixtest.AnswersArray, spektrixtest.AnswersArrayNewestLast, spektrixtest.AnswersArrayNewestFirst,
	} {
		client, server := emulator(t, spektrixtest.WithFacts(spektrixtest.Facts{PaymentAnswer: form}))
		id := fill(t, client)
		p := documented(t)
		p.PaymentAttributes[0].Name = "Reference"
		for i := range 3 { // the third is equal to the second
			p.PaymentAttributes[0].Value = fmt.Sprint("R-", min(i, 1))
			added, err := client.AddCustomPayment(t.Context(), id, p)
			if err != nil || added.Attributes[0] != p.PaymentAttributes[0] || len(added.Raw) == 0 {
				t.Errorf("form %d: %v, %v", form, added, err)
			}
		}
		rest, err := byReference(client).Settle(t.Context(), fill(t, client), split(t), with(payment.NewMemoryStore())...)
		if err != nil || !rest.Complete() || len(server.Payments(id)) != 3 {
			t.Errorf("form %d: %v, %v", form, rest, err)
		}
	}
}

// An array of several that does not show the payment, or not one more of them
// than before, tells that something was posted and not what.
func TestAnArrayWithoutThePayment(t *testing.T) {
	t.Parallel()
	const other, ours = `{"name":"EPOS System","amount":5,"attributes":[]}`, `{"name":"EPOS System","amount":18.5,"attributes":[]}`
	for _, c := range []struct {
		before, answer string
		what           spektrix.EchoDifference
	}{
		{"", other + "," + other, spektrix.EchoNotShown},
		{"", other, spektrix.EchoAmount},
		{"", other + "," + ours, ""},
		{ours, other + "," + ours, spektrix.EchoNotShown},
		{ours, ours, ""}, // one element is the new one
		{ours, ours + "," + other + "," + ours, ""},
	} {
		client, m := newMock(t)
		m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
		m.json(http.MethodGet, "baskets/"+basketID+"/custom-payments", "["+c.before+"]")
		m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", "["+c.answer+"]")
		_, err := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos, AloneInBasket: true}).Record(t.Context(), sale(t, "18.5"), attempt())
		var echo *spektrix.EchoError
		if errors.As(err, &echo) != (c.what != "") || echo != nil && (echo.Differs != c.what || len(echo.Shown) == 0 || !echo.Differs.Known()) {
			t.Errorf("%s: %v", c.answer, err)
		}
		if errors.Is(err, payment.ErrOutcomeUnknown) || echo != nil && !errors.Is(err, payment.ErrConflict) {
			t.Errorf("%s: %v", c.answer, err)
		}
	}
}

// A payment of no basket's list is not proof: an empty answer is unknown.
func TestAnEmptyArrayIsUnknown(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", " [ ] ")
	for _, skip := range []bool{false, true} {
		p := documented(t)
		p.SkipEchoCheck = skip
		if _, err := client.AddCustomPayment(t.Context(), basketID, p); !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("err = %v", err)
		}
	}
}

// Zeros at the end are no decimals; white space at the ends of a value may be
// trimmed, so it goes out only with permission.
func TestAmountsAndValuesAsTheyGoOut(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", `{"amount":1}`)
	p := spektrix.NewCustomPayment{PaymentTypeID: "a", Amount: amount(t, "10.400")}
	if _, err := client.AddCustomPayment(t.Context(), basketID, p); err != nil {
		t.Fatal(err)
	}
	m.wantAsked(t, http.MethodPost, "baskets/"+basketID+"/custom-payments", `{"PaymentTypeId":"a","Amount":10.40,"PaymentAttributes":[]}`, "")
	for _, value := range []string{" A", "A\t", " ", "A\u00a0"} {
		p.PaymentAttributes = []spektrix.PaymentAttribute{{Name: "Reference", Value: value}}
		p.AllowOuterBlanks = false
		_, err := client.AddCustomPayment(t.Context(), basketID, p)
		wantField(t, err, "CustomPayment.PaymentAttributes[0].Value")
		p.AllowOuterBlanks = true
		if _, err := client.AddCustomPayment(t.Context(), basketID, p); err != nil {
			t.Error(err)
		}
	}
	yen := sampleConfig
	yen.Currency = "JPY"
	_, err := newClient(t, yen).AddCustomPayment(t.Context(), "..", spektrix.NewCustomPayment{PaymentTypeID: "a", Amount: amount(t, "318.0")})
	wantField(t, err, "id") // and not the amount
}

// A vendor who trims shows another value than was sent.
func TestATrimmedValueIsADifferentEcho(t *testing.T) {
	t.Parallel()
	for trims, want := range map[bool]error{false: nil, true: spektrix.ErrEchoDiffers} {
		client, _ := withFacts(t, spektrixtest.Facts{TrimsValues: trims})
		options := reference
		options.AllowOuterBlanks = true
		p := sale(t, "37")
		p.Target, p.Attributes = fill(t, client), []payment.Attribute{{Name: "Receipt Number", Value: " A"}}
		if _, err := client.Recorder(options).Record(t.Context(), p, attempt()); !errors.Is(err, want) {
			t.Errorf("trims %v: %v", trims, err)
		}
	}
}

// The permissions of a recorder are those of its payments.
func TestRecorderPermissions(t *testing.T) {
	t.Parallel()
	client, server := withFacts(t, spektrixtest.Facts{UndefinedAttributes: spektrixtest.DropUndefined, TrimsValues: true})
	p := sale(t, "10.40")
	p.Target, p.Attributes = fill(t, client), []payment.Attribute{{Name: "Till", Value: "4 "}}
	options := spektrix.RecorderOptions{PaymentTypeID: epos}
	_, err := client.Recorder(options).Prepare(t.Context(), p)
	wantField(t, err, "CustomPayment.PaymentAttributes[0].Value")
	options.AllowOuterBlanks = true
	_, err = client.Recorder(options).Prepare(t.Context(), p)
	wantField(t, err, "CustomPayment.PaymentAttributes[0].Name")
	options.SkipAttributeCheck = true
	if _, err = client.Recorder(options).Record(t.Context(), p, attempt()); !errors.Is(err, spektrix.ErrEchoDiffers) {
		t.Errorf("err = %v", err)
	}
	options.SkipEchoCheck = true
	if _, err = client.Recorder(options).Record(t.Context(), p, attempt()); err != nil || len(server.Payments(p.Target)) != 2 {
		t.Errorf("err = %v", err)
	}
}

func TestCheckPaymentType(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	check := func(id string, attributes ...string) error {
		return client.CheckPaymentType(t.Context(), id, attributes...)
	}
	if err := check(epos, "Reference", "Receipt Number"); err != nil {
		t.Error(err)
	}
	wantField(t, check("999A"), "id")
	wantField(t, check(spektrixtest.TypeClosedTill), "id")
	wantField(t, check(epos, "Reference", "reference"), "attributes[1]")
	other := server.AddPaymentType(spektrixtest.PaymentType{Name: "EPOS System"})
	var twice *spektrix.DuplicateTypeError
	if err := check(epos); !errors.As(err, &twice) || !errors.Is(err, payment.ErrInvalid) || twice.Name != "EPOS System" || len(twice.IDs) != 2 || twice.IDs[1] != other {
		t.Errorf("err = %v", err)
	}
	server.Faults().On(server.Is(spektrixtest.OpCustomPaymentTypes), spektrixtest.Forbidden())
	if err := check(epos); !errors.Is(err, payment.ErrForbidden) {
		t.Errorf("err = %v", err)
	}
}

func TestWaiveByPost(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodPost, "baskets/"+basketID, `{"id":"20AEBCDF","total":29.5,"transactionCommission":{"amount":0,"waived":true}}`)
	b, err := client.WaiveTransactionCommissionByPost(t.Context(), basketID)
	if err != nil || !b.TransactionCommission.Waived {
		t.Fatalf("%v, %v", b, err)
	}
	m.wantAsked(t, http.MethodPost, "baskets/"+basketID, `{"WaiveTransactionCommission":true}`, "")
	live, server := emulator(t)
	if b, err = live.WaiveTransactionCommissionByPost(t.Context(), fresh(t, server)); err != nil || b.Total.String() != "37.0" {
		t.Errorf("%v, %v", b, err)
	}
}

func TestOrdersSince(t *testing.T) {
	t.Parallel()
	var now clock
	server := spektrixtest.New(spektrixtest.WithClock(now.Now))
	t.Cleanup(server.Close)
	client := newClient(t, server.Config(), tenderkit.WithClock(now.Now))
	for range 250 {
		if _, err := client.Confirm(t.Context(), server.AddBasket(spektrixtest.Basket{}), spektrix.Confirmation{AllowEmpty: true}, payment.WithFirstTry()); err != nil {
			t.Fatal(err)
		}
		now.Add(time.Millisecond)
	}
	list, err := collect(client.OrdersSince(t.Context(), vectorTime.In(time.FixedZone("", 7200))))
	if err != nil || len(list) != 250 || server.Count(spektrixtest.OpOrdersSince) != 3 {
		t.Fatalf("%d orders in %d requests, %v", len(list), server.Count(spektrixtest.OpOrdersSince), err)
	}
	for i, o := range server.Orders() {
		if list[i].OrderID != o.ID || list[i].OrderFriendlyID != o.FriendlyID || list[i].CustomerID != "" {
			t.Errorf("order %d: %v", i, list[i])
		}
	}
	for range client.OrdersSince(t.Context(), vectorTime) {
		break
	}
	if n := server.Count(spektrixtest.OpOrdersSince); n != 4 {
		t.Errorf("%d requests: a range that ended read on", n)
	}
}

func TestOrdersSinceAnswers(t *testing.T) {
	t.Parallel()
	documented := fixture(t, "orders-sync.json")
	for body, c := range map[string]struct {
		orders int
		err    error
	}{
		`{"paging":{},"values":[]}`:                                  {0, nil},
		`{"values":[{"orderId":17,"new":1}],"paging":{"next":null}}`: {1, nil},
		documented:        {1, nil}, // the next page repeats it, and names itself
		`{"paging":{}}`:   {0, payment.ErrProtocol},
		`{"values":null}`: {0, payment.ErrProtocol},
		`[]`:              {0, payment.ErrProtocol},
		`{"values":[{"orderId":"a"}],"paging":{"next":"/api/v3/orders/sync"}}`: {0, payment.ErrProtocol},
		`{"values":[{"orderId":"a"}],"paging":{"next":"%zz"}}`:                 {0, payment.ErrProtocol},
		`{"values":[{"orderId":"a","orderId":"b"}],"paging":{}}`:               {0, payment.ErrProtocol},
	} {
		client, m := newMock(t)
		m.RegisterRegexpResponder(http.MethodGet, ordersSync, m.responder(http.StatusOK, "application/json", body))
		list, err := collect(client.OrdersSince(t.Context(), vectorTime))
		if len(list) != c.orders || !errors.Is(err, c.err) {
			t.Errorf("%s: %v, %v", body, list, err)
		}
	}
	client, m := newMock(t)
	m.RegisterRegexpResponder(http.MethodGet, ordersSync, m.responder(http.StatusOK, "application/json", `{"values":[]}`))
	if _, err := collect(client.OrdersSince(t.Context(), vectorTime)); err != nil {
		t.Fatal(err)
	}
	m.wantAsked(t, http.MethodGet, "orders/sync?since=2020-10-21T07%3A28%3A00.0000000Z", "", "")
	m.RegisterRegexpResponder(http.MethodGet, ordersSync, m.responder(http.StatusOK, "application/json", documented))
	list, err := collect(client.OrdersSince(t.Context(), vectorTime))
	want := spektrix.ChangedOrder{
		OrderID: "1759AQHDBDQSDDTVTGMMVRMSSSKTGKB", OrderFriendlyID: "AB12CD", CustomerID: "I-AK11-1ATK", CustomerFriendlyID: "I-AK11-1ATK",
	}
	if err != nil || len(list) != 1 || !reflect.DeepEqual(list[0], want) {
		t.Errorf("%v, %v", list, err)
	}
	m.wantAsked(t, http.MethodGet, "orders/sync?since=2024-06-02T09%3A14%3A52.0000000", "", "")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = collect(client.OrdersSince(ended, vectorTime))
	wantField(t, err, "ctx")
}

// A venue without early access, or a page that is full and names itself, is an
// error and no end of the list.
func TestOrdersSinceThatCannotGoOn(t *testing.T) {
	t.Parallel()
	client, _ := emulator(t, spektrixtest.WithFacts(spektrixtest.Facts{NoOrdersSync: true}))
	if _, err := collect(client.OrdersSince(t.Context(), vectorTime)); !errors.Is(err, payment.ErrProtocol) {
		t.Errorf("err = %v", err)
	}
	var now clock
	server := spektrixtest.New(spektrixtest.WithClock(now.Now))
	t.Cleanup(server.Close)
	client = newClient(t, server.Config(), tenderkit.WithClock(now.Now))
	for range 101 {
		if _, err := client.Confirm(t.Context(), server.AddBasket(spektrixtest.Basket{}), spektrix.Confirmation{AllowEmpty: true}, payment.WithFirstTry()); err != nil {
			t.Fatal(err)
		}
	}
	list, err := collect(client.OrdersSince(t.Context(), vectorTime))
	if len(list) != 100 || !errors.Is(err, payment.ErrProtocol) {
		t.Errorf("%d orders, %v", len(list), err)
	}
}

// Pages that name each other have no end, and pages of nothing new are the end.
func TestOrdersSinceInACircle(t *testing.T) {
	t.Parallel()
	for _, full := range []bool{false, true} {
		client, m := newMock(t)
		limit := map[bool]string{false: "100", true: "1"}[full]
		m.RegisterRegexpResponder(http.MethodGet, ordersSync, func(req *http.Request) (*http.Response, error) {
			name, next := "1A", "b"
			if req.URL.Query().Get("since") == "b" {
				name, next = "2A", "a"
			}
			return m.responder(http.StatusOK, "application/json", `{"values":[{"orderId":"`+name+`"}],"paging":{"limit":`+limit+`,"next":"/x?since=`+next+`"}}`)(req)
		})
		n := 0
		for _, err := range client.OrdersSince(t.Context(), vectorTime) {
			if n++; n > 10 || full && n == 3 != (err != nil) || err != nil && !errors.Is(err, payment.ErrProtocol) {
				t.Fatal(n, err)
			}
		}
		if len(m.asked) != 3 {
			t.Errorf("full %v: %d requests for %d orders", full, len(m.asked), n)
		}
	}
}
