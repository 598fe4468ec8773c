package spektrix_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// sideOf returns what a side holds, one line a record, and the error that ended it.
func sideOf(side iter.Seq2[reconcile.Record, error]) (lines []string, err error) {
	for r, err := range side {
		if err != nil {
			return lines, err
		}
		lines = append(lines, fmt.Sprintf("%s %q %s %v %v %q %q %q; %s", r.ID, r.Reference, r.Kind, r.Amount, r.Date, r.Method, r.Target, r.Reverses, r.Source))
	}
	return lines, nil
}

const typesAnswer = `[{"name":"EPOS System","id":"1A","isRefund":false,"attributeDefinitions":[]},{"name":"EPOS Refund","id":"2A","isRefund":true,"attributeDefinitions":[]}]`

// An order that is listed twice is read once.
func TestOrderRecordsOfAnswers(t *testing.T) {
	t.Parallel()
	client, mock := newMock(t)
	mock.json("GET", "custom-payment-types", typesAnswer)
	mock.RegisterRegexpResponder("GET", ordersSync, mock.responder(200, "application/json",
		`{"paging":{"limit":100},"values":[{"orderId":"1AB","orderFriendlyId":"AB12CD"},{"orderId":"2AB"},{"orderId":"1AB"}]}`))
	mock.json("GET", "orders/1AB", `{"id":"1AB","friendlyId":"AB12CD","firstTransactionDate":"2026-05-04T23:30:00","lastTransactionDate":"2026-05-06T09:00:00",`+
		`"payments":[{"amount":10.399999999999999,"method":{"name":"EPOS System"},"attributes":[{"name":"Reference","value":"R1"}]},{"amount":20,"method":"Web Card"},{"amount":3,"method":{"name":"EPOS Refund"}}],`+
		`"refunds":[{"amount":-2.5,"method":{"name":"EPOS System"}}]}`)
	mock.json("GET", "orders/2AB", `{"id":"2AB","payments":[{"method":{"name":"EPOS System"}}]}`)
	all, err := sideOf(client.OrderRecords(t.Context(), vectorTime, spektrix.RecordOptions{ReferenceAttribute: "Reference"}))
	if !errors.Is(err, payment.ErrProtocol) || !slices.Equal(all, []string{
		`1AB "R1" sale 10.40 GBP 2026-05-04 "EPOS System" "" ""; order AB12CD`,
		`1AB "" sale 20 GBP 2026-05-04 "Web Card" "" ""; order AB12CD`,
		`1AB "" refund 3 GBP 2026-05-04 "EPOS Refund" "" ""; order AB12CD`,
		`1AB "" refund 2.5 GBP 2026-05-06 "EPOS System" "" ""; order AB12CD`,
	}) {
		t.Errorf("%v\n%s", err, strings.Join(all, "\n"))
	}
	mock.json("GET", "orders/2AB", `{"id":"2AB"}`)
	some := spektrix.RecordOptions{Types: []string{"EPOS System"}, From: payment.Date{Year: 2026, Month: 5, Day: 5}, To: payment.Date{Year: 2026, Month: 5, Day: 6}}
	if got, err := sideOf(client.OrderRecords(t.Context(), vectorTime, some)); err != nil || len(got) != 1 || !strings.HasPrefix(got[0], `1AB "" refund 2.5`) {
		t.Errorf("%v, %v", got, err)
	}
	for _, broken := range []string{"orders/1AB", "custom-payment-types"} {
		mock.answer("GET", broken, 404, "application/json", `"gone"`)
		if got, err := sideOf(client.OrderRecords(t.Context(), vectorTime, some)); err == nil || len(got) > 0 {
			t.Errorf("%s fails: %v, %v", broken, got, err)
		}
	}
}

// Open baskets by their ids, and the order that one of them has become.
func TestRecordsOfEmulator(t *testing.T) {
	t.Parallel()
	client, server := withFacts(t, spektrixtest.Facts{OrderAttributes: true})
	open, _ := settled(t, client)
	order, err := sell(t, client)
	if err != nil {
		t.Fatal(err)
	}
	confirmed := server.Orders()[0].BasketID
	o := spektrix.RecordOptions{ReferenceAttribute: "Reference", Types: []string{"EPOS System"}}
	got, err := sideOf(reconcile.Join(
		client.BasketRecords(t.Context(), o, open, confirmed, open),
		client.OrderRecords(t.Context(), time.Now().Add(-time.Hour), o),
	))
	day := payment.DateOf(order.FirstTransactionDate.Wall)
	if err != nil || !slices.Equal(got, []string{
		fmt.Sprintf(`%s "till-4/1001/card" sale 20.4 GBP %s "EPOS System" %q ""; basket %s`, "", payment.Date{}, open, open),
		fmt.Sprintf(`%s "till-4/1001/card" sale 20.4 GBP %s "EPOS System" "" ""; order %s`, order.ID, day, order.FriendlyID),
	}) {
		t.Errorf("%v\n%s", err, strings.Join(got, "\n"))
	}
	if got, err := sideOf(client.BasketRecords(t.Context(), o, "no/basket")); !errors.Is(err, payment.ErrInvalid) || len(got) > 0 {
		t.Errorf("%v, %v", got, err)
	}
	client, _ = withFacts(t, spektrixtest.Facts{NoOrdersSync: true})
	if got, err := sideOf(client.OrderRecords(t.Context(), time.Now(), o)); err == nil || len(got) > 0 {
		t.Errorf("a venue without the list: %v, %v", got, err)
	}
	client, _ = withFacts(t, spektrixtest.Facts{PaymentList: spektrixtest.ListDoesNotExist, BasketPayments: spektrixtest.BasketShowsNone})
	if got, err := sideOf(client.BasketRecords(t.Context(), o, fill(t, client))); err == nil || len(got) > 0 {
		t.Errorf("a venue that shows no payments: %v, %v", got, err)
	}
}
