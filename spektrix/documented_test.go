package spektrix_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"

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
	aRef      = `"1A"`
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
		shown[spektrix.Basket](pages, "{"+beside("waived", "true")+"}", "transactionCommission"),
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
		row(pages, "Client.basketNow", "basketId", func(t *testing.T) {
			client, m := newMock(t)
			if _, err := confirmOf(t, client, m, http.StatusOK, "", beside("id", `"7"`)+`,"basketId":"20AEBCDF"`); err != nil {
				t.Error(err)
			}
		}),
		row(pages, "orderIDs", "id", func(t *testing.T) { wantText(t, confirmedAs(t, `{"id":"1A"}`).ID, "1A") }),
		row(observed, "orderIDs", "friendlyId", func(t *testing.T) { wantText(t, confirmedAs(t, `{"friendlyId":"AB12CD"}`).FriendlyID, "AB12CD") }),
		row(pages, "conflict", "11", refusedAs("11", spektrix.ErrPaymentRequired)),
		row(pages, "conflict", "18", refusedAs("18", spektrix.ErrMembershipNotRenewable)),
		row(observed, "readMessage", "errorCode", func(t *testing.T) { wantText(t, refusal(t, `{"errorCode":12}`).Code, "12") }),
		row(observed, "readMessage", "message", func(t *testing.T) { wantText(t, refusal(t, `{"message":"no"}`).Message, "no") }),
		row(pages, "customer", "orders", func(t *testing.T) { wantCount(t, ordersOf(t, `{"orders":["1A"]}`), 1) }),
		row(pages, "placedOrder", "id", func(t *testing.T) { wantCount(t, ordersOf(t, "{"+beside("orders", `[{"id":"1A"}]`)+"}"), 1) }),
		row(pages, "placedOrder", "lastTransactionDate", func(t *testing.T) {
			old := "{" + beside("id", `"1A"`) + `,"lastTransactionDate":"2020-10-01T00:00:00"}`
			wantCount(t, ordersOf(t, "{"+beside("orders", "["+old+"]")+"}"), 0)
		}),

		row(syncing, "Client.OrdersSince", "since", func(t *testing.T) {
			wantText(t, queriesOf(t, "{"+oneOrder+"}")[0], "since=2020-10-21T07:28:00.0000000Z")
		}),
		row(syncing, "Client.ordersPage", "since", func(t *testing.T) { wantCount(t, len(queriesOf(t, pageTo(beside("next", `"/x?since=2"`)))), 2) }),
		row(syncing, "orderPage", "values", func(t *testing.T) { wantCount(t, len(queriesOf(t, `{"values":[]}`)), 1) }),
		row(syncing, "orderPage", "paging", func(t *testing.T) {
			wantCount(t, len(queriesOf(t, "{"+oneOrder+`,"paging":{`+beside("next", `"/x?since=2&sinceX=2"`)+"}}")), 2)
		}),
		row(syncing, "orderPage", "next", func(t *testing.T) { wantCount(t, len(queriesOf(t, pageTo(`"next":"/x?since=2&sinceX=2"`))), 2) }),
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
