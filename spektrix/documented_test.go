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

// documentedName is a name that a document of the vendor writes: a member, a
// query parameter, a header, a path or a word. Its test fails if and only if the
// client does not read or send it under this name.
type documentedName struct {
	document string // which of documents
	decl     string // where the name stands in this package
	name     string
	test     func(*testing.T)
}

// The documents: the guide to custom payments, the endpoint reference, the pages
// on orders/sync and authentication, and the code of working clients, which is
// the only evidence of some members.
const (
	guide     = "custompayments"
	pages     = "reference"
	syncing   = "orderssync"
	signing   = "authentication"
	observed  = "clients"
	anAmount  = `1.50`
	aText     = `"x"`
	aRef      = `{"id":"1A"}`
	aTime     = `"2026-05-29T19:00:00"`
	someItems = `[{"id":"1A"}]`
)

func documentedNames() []documentedName {
	return slices.Concat(
		shown[spektrix.CustomPaymentType](guide, aText, "name", "id"), shown[spektrix.CustomPaymentType](guide, "true", "isRefund"),
		shown[spektrix.CustomPaymentType](guide, `[{}]`, "attributeDefinitions"),
		shown[spektrix.AttributeDefinition](guide, aText, "name", "type"), shown[spektrix.AttributeDefinition](guide, "true", "isRequired"),
		shown[spektrix.CustomPayment](guide, aText, "name"), shown[spektrix.CustomPayment](guide, anAmount, "amount"), shown[spektrix.CustomPayment](guide, `[{}]`, "attributes"),
		under("PaymentAttribute.UnmarshalJSONFrom", shown[spektrix.PaymentAttribute](guide, aText, "name", "value")),
		sent(guide, spektrix.PaymentAttribute{Name: "a", Value: "b"}, "Name", "Value"),
		sent(guide, spektrix.NewBasket{WaiveTransactionCommission: true}, "WaiveTransactionCommission"),
		sentBy(guide, "customPaymentBody", http.MethodPost, "/custom-payments", "PaymentTypeId", "Amount", "PaymentAttributes"),
		pathOf(guide, "Client.readTypes", "custom-payment-types", func(t *testing.T, c *spektrix.Client) { _, _ = types(t.Context(), c) }),

		pathOf(pages, "Client.CreateBasket", "baskets", func(t *testing.T, c *spektrix.Client) { _, _ = c.CreateBasket(t.Context(), spektrix.NewBasket{}) }),
		sent(pages, spektrix.NewBasket{CustomerID: "I-1", TicketDelivery: spektrix.TicketDelivery{Type: 1}}, "customer", "ticketDelivery"),
		sent(observed, spektrix.TicketDelivery{Type: 1, Address: []byte(`{"town":"x"}`)}, "type", "address"),
		sent(pages, spektrix.NewTicket{Instance: "a", Type: "b", Seat: "c", SeatingPlan: "d"}, "instance", "type", "seat", "seatingPlan"),
		sentBy(pages, "confirmBody", http.MethodPost, "/confirm", "sendConfirmationEmail"),
		shown[spektrix.Basket](pages, aText, "id", "hash"), shown[spektrix.Basket](pages, anAmount, "totalDiscount"), shown[spektrix.Basket](pages, aRef, "customer"),
		shown[spektrix.Basket](pages, `{"waived":true}`, "transactionCommission"),
		shown[spektrix.Basket](pages, someItems, "tickets", "customPayments", "donations", "giftVouchers", "membershipSubscriptions", "merchandiseItems", "ticketSubscriptions"),
		shown[spektrix.Basket](observed, anAmount, "total"), shown[spektrix.Basket](observed, `[{}]`, "charges"),
		shown[spektrix.TransactionCommission](observed, anAmount, "amount"), shown[spektrix.TransactionCommission](observed, "true", "waived"),
		shown[spektrix.Charge](observed, aText, "name", "description"), shown[spektrix.Charge](observed, anAmount, "amount", "total"),
		shown[spektrix.Ticket](pages, aText, "id", "barcode", "planId", "planName", "seatName"), shown[spektrix.Ticket](pages, anAmount, "discount", "price", "total"),
		shown[spektrix.Ticket](pages, aRef, "band", "event", "instance", "offer", "seat", "type"),
		shown[spektrix.Ref](pages, aText, "id"),
		shown[spektrix.Order](pages, aText, "id"), shown[spektrix.Order](pages, aRef, "customer"),
		shown[spektrix.Order](pages, anAmount, "total", "totalPaymentCharges", "totalDeliveryCharges", "totalTransactionCharges"),
		shown[spektrix.Order](pages, aTime, "firstTransactionDate", "firstTransactionDateUtc", "lastTransactionDate", "lastTransactionDateUtc"),
		shown[spektrix.Order](pages, someItems, "tickets", "payments", "refunds", "deliveries", "donations", "merchandiseItems", "ticketSubscriptions"),
		shown[spektrix.Order](observed, aText, "friendlyId"), shown[spektrix.Order](observed, `[{}]`, "charges"), shown[spektrix.Order](observed, someItems, "giftVouchers", "membershipSubscriptions"),
		shown[spektrix.OrderPayment](observed, anAmount, "amount"), shown[spektrix.OrderPayment](observed, aText, "method"), shown[spektrix.OrderPayment](pages, `[{}]`, "attributes"),
		shown[spektrix.PaymentMethod](observed, aText, "name"),
		row(pages, "Members.Attribute", "attribute_", venueAttribute),
		row(pages, "orderIDs", "id", func(t *testing.T) { wantText(t, confirmedAs(t, `{"id":"1A"}`).ID, "1A") }),
		row(observed, "orderIDs", "friendlyId", func(t *testing.T) { wantText(t, confirmedAs(t, `{"friendlyId":"AB12CD"}`).FriendlyID, "AB12CD") }),
		row(pages, "conflict", "11", refusedAs("11", spektrix.ErrPaymentRequired)),
		row(pages, "conflict", "18", refusedAs("18", spektrix.ErrMembershipNotRenewable)),
		row(observed, "readMessage", "errorCode", func(t *testing.T) { wantText(t, refusal(t, `{"errorCode":12}`).Code, "12") }),
		row(observed, "readMessage", "message", func(t *testing.T) { wantText(t, refusal(t, `{"message":"no"}`).Message, "no") }),
		row(pages, "customer", "orders", func(t *testing.T) { wantCount(t, ordersOf(t, `{"orders":["1A"]}`), 1) }),
		row(pages, "placedOrder", "id", func(t *testing.T) { wantCount(t, ordersOf(t, `{"orders":[{"id":"1A"}]}`), 1) }),
		row(pages, "placedOrder", "lastTransactionDate", func(t *testing.T) {
			wantCount(t, ordersOf(t, `{"orders":["1A",{"id":"2A","lastTransactionDate":"2020-10-01T00:00:00"}]}`), 1)
		}),

		row(syncing, "Client.OrdersSince", "since", func(t *testing.T) { wantText(t, asksSince(t, `{"values":[]}`)[0], "2020-10-21T07:28:00.0000000Z") }),
		row(syncing, "Client.ordersPage", "since", func(t *testing.T) { wantCount(t, len(asksSince(t, page2)), 2) }),
		row(syncing, "orderPage", "values", func(t *testing.T) { wantCount(t, len(asksSince(t, page2)), 2) }),
		row(syncing, "orderPage", "paging", func(t *testing.T) { wantCount(t, len(asksSince(t, page2)), 2) }),
		row(syncing, "orderPage", "next", func(t *testing.T) { wantCount(t, len(asksSince(t, page2)), 2) }),
		row(syncing, "orderPage", "limit", func(t *testing.T) { wantRefused(t, fullPage(t, 2, `"limit":2`)) }),
		shown[spektrix.ChangedOrder](syncing, aText, "orderId", "orderFriendlyId", "customerId", "customerFriendlyId"),

		row(signing, "signer.RoundTrip", "Date", func(t *testing.T) { wantText(t, signedHeader(t, "Date"), "Wed, 21 Oct 2020 07:28:00 GMT") }),
		row(signing, "signer.RoundTrip", "Authorization", func(t *testing.T) {
			wantText(t, signedHeader(t, "Authorization"), "SpektrixAPI3 TestLogin:z/XgD4Ht+XhSJXBJhEKTxcw0Cr8=")
		}),
	)
}

func TestDocumentedNames(t *testing.T) {
	t.Parallel()
	for _, n := range documentedNames() {
		t.Run(n.document+"/"+n.decl+"/"+n.name, n.test)
	}
}

// The vendor documents one limit: a page of orders/sync has 100 orders. A shorter
// one that names itself is the last, a full one may hide others.
func TestDocumentedLimits(t *testing.T) {
	t.Parallel()
	t.Run(syncing+"/pageSize/pageSize/100/at", func(t *testing.T) {
		if err := fullPage(t, 99, ""); err != nil {
			t.Error(err)
		}
	})
	t.Run(syncing+"/pageSize/pageSize/100/above", func(t *testing.T) { wantRefused(t, fullPage(t, 100, "")) })
}

// The members that no field names are kept: nothing rests on them. Those of a
// request that are not sent are payments and items at a creation, the fields of
// stored cards, promotions, and what agents alone may set.
func TestDocumentedMembersWithoutAField(t *testing.T) {
	t.Parallel()
	kept[spektrix.Basket](t, func(b spektrix.Basket) spektrix.Members { return b.Members },
		"basketId", "defaultCardPaymentFee", "ticketDelivery", "merchandiseDelivery", "ticketDeliveryOptions", "merchandiseDeliveryOptions",
		"promoCode", "offers", "potentialOffers", "multibuyOffers", "disableWebComponents", "agentCustomer", "attribute_Channel")
	kept[spektrix.Ticket](t, func(k spektrix.Ticket) spektrix.Members { return k.Members },
		"delivered", "overriddenPrice", "originalPrice", "priceOverridden", "attribute_Guest")
	kept[spektrix.Order](t, func(o spektrix.Order) spektrix.Members { return o.Members }, "notes", "printAtHomeDocuments", "attribute_Channel")
}

func kept[T any](t *testing.T, members func(T) spektrix.Members, names ...string) {
	t.Helper()
	for _, name := range names {
		var v T
		if err := json.Unmarshal([]byte(`{"`+name+`":"x"}`), &v); err != nil || string(members(v)[name]) != aText {
			t.Errorf("%T: %s is lost: %v", v, name, err)
		}
	}
}

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
		rows = append(rows, documentedName{document, reflect.TypeOf(request).Name(), name, func(t *testing.T) { wantMember(t, request, name) }})
	}
	return rows
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
			till(m)
			m.json(http.MethodPost, "baskets/"+basketID+"/confirm", "")
			m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", fixture(t, "custom-payment-response.json"))
			_, _ = client.AddCustomPayment(t.Context(), basketID, documented(t))
			_, _ = client.Confirm(t.Context(), basketID, spektrix.Confirmation{}, brief, payment.WithFirstTry())
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

// confirmedAs is the order of a confirm with that answer.
func confirmedAs(t *testing.T, answer string) spektrix.Order {
	client, m := newMock(t)
	till(m)
	m.json(http.MethodPost, "baskets/"+basketID+"/confirm", answer)
	order, err := client.Confirm(t.Context(), basketID, spektrix.Confirmation{}, brief, payment.WithFirstTry())
	if err != nil {
		t.Error(err)
	}
	return order
}

// refusedAs expects that error of a 409 with the code.
func refusedAs(code string, want error) func(*testing.T) {
	return func(t *testing.T) {
		client, m := newMock(t)
		till(m)
		m.answer(http.MethodPost, "baskets/"+basketID+"/confirm", http.StatusConflict, "application/json", `{"errorCode":`+code+`}`)
		if _, err := client.Confirm(t.Context(), basketID, spektrix.Confirmation{}, brief, payment.WithFirstTry()); !errors.Is(err, want) {
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
	m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
	m.json(http.MethodGet, "customers/I-1", customer)
	for _, id := range []string{"1A", "2A"} {
		m.json(http.MethodGet, "orders/"+id, `{"id":"1A"}`)
	}
	options := reference
	options.SearchOrders = true
	begun := payment.NewAttempt([]byte(`{"Version":1,"Since":"2020-10-21T07:28:00Z","Counted":false,"Before":0,"Customer":"I-1"}`), nil)
	_, _ = client.Recorder(options).Find(t.Context(), sale(t, "1"), begun)
	return m.count(http.MethodGet, "orders/1A") + m.count(http.MethodGet, "orders/2A")
}

const page2 = `{"values":[{"orderId":"1A"}],"paging":{"next":"/api/v3/orders/sync?since=2"}}`

// asksSince returns what is asked for of a list whose every page is that one.
func asksSince(t *testing.T, answer string) (since []string) {
	client, m := newMock(t)
	m.RegisterNoResponder(m.responder(http.StatusOK, "application/json", answer))
	for _, err := range client.OrdersSince(t.Context(), vectorTime) {
		if err != nil {
			t.Error(err)
		}
	}
	for _, asked := range m.asked {
		_, query, _ := strings.Cut(asked.url, "?since=")
		since = append(since, strings.ReplaceAll(query, "%3A", ":"))
	}
	return since
}

// fullPage reads a page of n orders that names itself as the next one.
func fullPage(t *testing.T, n int, limit string) error {
	var orders []string
	for i := range n {
		orders = append(orders, fmt.Sprintf(`{"orderId":"%dA"}`, i+1))
	}
	if limit != "" {
		limit += ","
	}
	client, m := newMock(t)
	m.RegisterNoResponder(m.responder(http.StatusOK, "application/json",
		`{"paging":{`+limit+`"next":"/api/v3/orders/sync?since=2020-10-21T07:28:00.0000000Z"},"values":[`+strings.Join(orders, ",")+`]}`))
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
