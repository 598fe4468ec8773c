package spektrix_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

func row(document, decl, name string, test func(*testing.T)) []documentedName {
	return []documentedName{{document, decl, name, test}}
}

// under moves rows to another declaration.
func under(decl string, rows []documentedName) []documentedName {
	for i := range rows {
		rows[i].decl = decl
	}
	return rows
}

// shown makes a row for each member of an answer: read alone, it fills the field
// of its name.
func shown[T any](document, value string, names ...string) (rows []documentedName) {
	for _, name := range names {
		rows = append(rows, documentedName{document, reflect.TypeFor[T]().Name(), name, func(t *testing.T) {
			var v T
			if err := json.Unmarshal([]byte(`{"`+name+`":`+value+`}`), &v); err != nil {
				t.Fatal(err)
			}
			field := reflect.ValueOf(v).FieldByNameFunc(func(field string) bool { return strings.EqualFold(field, name) })
			if !field.IsValid() || field.IsZero() {
				t.Errorf("%s is not read", name)
			}
		}})
	}
	return rows
}

// sent makes a row for each member that a request writes.
func sent(document string, request any, names ...string) (rows []documentedName) {
	for _, name := range names {
		rows = append(rows, documentedName{document, reflect.TypeOf(request).Name(), name, func(t *testing.T) { wantSent(t, request, name) }})
	}
	return rows
}

// wantSent looks for a member in the body that a request or a part of one is sent in.
func wantSent(t *testing.T, request any, name string) {
	t.Helper()
	switch part := request.(type) {
	case spektrix.PaymentAttribute:
		request = spektrix.NewCustomPayment{Amount: amount(t, "1"), PaymentAttributes: []spektrix.PaymentAttribute{part}}
	case spektrix.TicketDelivery:
		request = spektrix.NewBasket{TicketDelivery: part}
	}
	body, err := request.(interface{ Body() ([]byte, error) }).Body()
	if !strings.Contains(string(body), `"`+name+`":`) || err != nil {
		t.Errorf("%s is not sent: %s, %v", name, body, err)
	}
}

func wantMember(t *testing.T, request any, name string) {
	t.Helper()
	text, err := json.Marshal(request)
	var members map[string]any
	if err == nil {
		err = json.Unmarshal(text, &members)
	}
	if _, there := members[name]; !there {
		t.Errorf("%s is not sent: %v, %v", name, slices.Sorted(maps.Keys(members)), err)
	}
}

// sentBy is sent for the body of a request of the whole flow.
func sentBy(document, decl, method, path string, names ...string) (rows []documentedName) {
	for _, name := range names {
		rows = append(rows, documentedName{document, decl, name, func(t *testing.T) {
			client, m := newMock(t)
			m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", fixture(t, "custom-payment-response.json"))
			_, _ = client.AddCustomPayment(t.Context(), basketID, documented(t))
			_, _ = confirmOf(t, client, m, http.StatusOK, "")
			for _, asked := range m.asked {
				if asked.method == method && strings.HasSuffix(asked.url, path) {
					wantMember(t, jsontext.Value(asked.body), name)
					return
				}
			}
			t.Error("nothing was sent")
		}})
	}
	return rows
}

// pathOf makes a row for a path that a call asks for.
func pathOf(document, decl, path string, call func(*testing.T, *spektrix.Client)) []documentedName {
	return row(document, decl, path, func(t *testing.T) {
		client, m := newMock(t)
		m.RegisterNoResponder(m.responder(http.StatusNotFound, "application/json", `{"message":"no such resource"}`))
		call(t, client)
		wantText(t, m.last(t).url, base+path)
	})
}

func venueAttribute(t *testing.T) {
	m := spektrix.Members{"attribute_Channel": []byte(aText)}
	wantText(t, string(m.Attribute("Channel")), aText)
}

// confirmOf confirms an empty basket, which shows its id or those members.
func confirmOf(t *testing.T, client *spektrix.Client, m *mock, status int, answer string, members ...string) (spektrix.Order, error) {
	m.json(http.MethodGet, "baskets/"+basketID, "{"+strings.Join(append(members, beside("id", `"20AEBCDF"`))[:1], ",")+"}")
	m.answer(http.MethodPost, "baskets/"+basketID+"/confirm", status, "application/json", answer)
	return client.Confirm(t.Context(), basketID, spektrix.Confirmation{AllowEmpty: true}, brief, payment.WithFirstTry())
}

// confirmedAs is the order of a confirm with that answer.
func confirmedAs(t *testing.T, answer string) spektrix.Order {
	client, m := newMock(t)
	order, err := confirmOf(t, client, m, http.StatusOK, answer)
	if err != nil {
		t.Error(err)
	}
	return order
}

// refusedAs expects that error of a 409 with the code.
func refusedAs(code string, want error) func(*testing.T) {
	return func(t *testing.T) {
		client, m := newMock(t)
		if _, err := confirmOf(t, client, m, http.StatusConflict, "{"+beside("errorCode", code)+"}"); !errors.Is(err, want) {
			t.Errorf("err = %v", err)
		}
	}
}

// refusal is the error of a 400 with that body.
func refusal(t *testing.T, body string) *payment.Error {
	client, m := newMock(t)
	m.answer(http.MethodGet, "baskets/"+basketID, http.StatusBadRequest, "application/json", body)
	_, err := client.Basket(t.Context(), basketID)
	var told *payment.Error
	if !errors.As(err, &told) {
		t.Fatal(err)
	}
	return told
}

// ordersOf tells how many orders of a customer are read, for a payment whose
// basket is gone.
func ordersOf(t *testing.T, customer string) (read int) {
	client, m := newMock(t)
	m.RegisterNoResponder(m.responder(http.StatusNotFound, "application/json", `{"message":"not found"}`))
	m.json(http.MethodGet, "customers/I-1", customer)
	options := reference
	options.SearchOrders = true
	begun := payment.NewAttempt([]byte(`{"Version":1,"Since":"2020-10-21T07:28:00Z","Counted":false,"Before":0,"Customer":"I-1"}`), nil)
	_, _ = client.Recorder(options).Find(t.Context(), sale(t, "1"), begun)
	for _, asked := range m.asked {
		if asked.url == base+"orders/1A" {
			read++
		}
	}
	return read
}

// beside writes a member that a row needs beside its own, also under the name
// that the mutation list gives it: the row tells of its own name alone.
func beside(name, value string) string {
	return `"` + name + `":` + value + `,"` + name + `X":` + value
}

var oneOrder = beside("values", "[{"+beside("orderId", `"1A"`)+"}]")

// pageTo is a page of one order with that paging.
func pageTo(paging string) string {
	return "{" + oneOrder + "," + beside("paging", "{"+paging+"}") + "}"
}

// queriesOf returns the queries for a list whose every page is that one.
func queriesOf(t *testing.T, answer string) (queries []string) {
	client, m := newMock(t)
	m.RegisterNoResponder(m.responder(http.StatusOK, "application/json", answer))
	for _, err := range client.OrdersSince(t.Context(), vectorTime) {
		if err != nil {
			t.Error(err)
		}
	}
	for _, asked := range m.asked {
		_, query, _ := strings.Cut(asked.url, "?")
		queries = append(queries, strings.ReplaceAll(query, "%3A", ":"))
	}
	return queries
}

// fullPage reads a page of n orders that names itself as the next one.
func fullPage(t *testing.T, n int, limit string) error {
	var orders []string
	for i := range n {
		orders = append(orders, "{"+beside("orderId", fmt.Sprintf(`"%dA"`, i+1))+"}")
	}
	paging := beside("next", `"/x?since=2020-10-21T07:28:00.0000000Z"`)
	if limit != "" {
		paging += "," + limit
	}
	client, m := newMock(t)
	m.RegisterNoResponder(m.responder(http.StatusOK, "application/json", "{"+beside("values", "["+strings.Join(orders, ",")+"]")+","+beside("paging", "{"+paging+"}")+"}"))
	_, err := collect(client.OrdersSince(t.Context(), vectorTime))
	return err
}

func wantText(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func wantCount(t *testing.T, got, want int) {
	t.Helper()
	if got != want {
		t.Errorf("%d, want %d", got, want)
	}
}

func wantRefused(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, payment.ErrProtocol) {
		t.Errorf("err = %v", err)
	}
}

func signedHeader(t *testing.T, name string) string {
	client, m := newMock(t)
	m.json(http.MethodGet, "custom-payment-types", "[]")
	_, _ = types(t.Context(), client)
	return m.last(t).header.Get(name)
}
