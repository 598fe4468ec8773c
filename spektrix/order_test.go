package spektrix_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

func TestOrder(t *testing.T) {
	t.Parallel()
	const id = "1759AQHDBDQSDDTVTGMMVRMSSSKTGKB"
	client, m := newMock(t)
	m.json(http.MethodGet, "orders/"+id, fixture(t, "order.json"))
	o, err := client.Order(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	m.wantAsked(t, http.MethodGet, "orders/"+id, "", "")
	if o.ID != id || o.FriendlyID != "AB12CD" || o.Total.String() != "31.00" || len(o.Tickets) != 2 || len(o.Deliveries) != 1 {
		t.Errorf("order %v", o)
	}
	if o.FirstTransactionDate.Zoned || o.FirstTransactionDate.Text != "2026-05-29T19:00:00" {
		t.Errorf("first transaction %v", o.FirstTransactionDate)
	}
	if want := time.Date(2024, 1, 31, 22, 45, 56, 299762600, time.UTC); !o.LastTransactionDate.Zoned || !o.LastTransactionDate.Wall.Equal(want) {
		t.Errorf("last transaction %v", o.LastTransactionDate)
	}
	if len(o.Payments) != 2 || o.Payments[0].Method.Name != "EPOS System" || o.Payments[0].Amount.String() != "20.0" || o.Payments[1].Attributes[0].Value != "V1" {
		t.Errorf("payments %v", o.Payments)
	}
	if len(o.Refunds) != 0 || o.Charges[0].Amount.String() != "0.5" || len(o.Donations) != 1 || string(o.Members.Attribute("Channel")) != `"till 4"` {
		t.Errorf("refunds %v, charges %v, attributes %v", o.Refunds, o.Charges, len(o.Members))
	}
	if text := fmt.Sprintf("%+v", o); strings.Contains(text, "till 4") || !strings.Contains(text, "AB12CD") {
		t.Errorf("printed as %s", text)
	}
}

func TestAnOrderOfTheWrongForm(t *testing.T) {
	t.Parallel()
	for body, where := range map[string]string{
		`{"total":1}`: "$.id",
		`{"id":"a","payments":[{},{"amount":true}]}`:                       "$.payments[1].amount",
		`{"id":"a","payments":[{"attributes":[{"name":"a","value":{}}]}]}`: "$.payments[0].attributes[0].value",
		`{"id":"a","total":1,"total":2}`:                                   "$.total",
	} {
		client, m := newMock(t)
		m.json(http.MethodGet, "orders/1A", body)
		if _, err := client.Order(t.Context(), "1A"); !errors.Is(err, payment.ErrProtocol) || !contains(err, where) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func FuzzOrder(f *testing.F) {
	f.Add([]byte(fixture(f, "order.json")))
	f.Add([]byte(`{"id":"a","payments":[{"amount":"1.0"}],"firstTransactionDate":""}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var first, second spektrix.Order
		if json.Unmarshal(data, &first) != nil {
			return
		}
		stored, err := whole(first)
		if err == nil {
			err = json.Unmarshal(stored, &second)
		}
		if err != nil || second.String() != first.String() || second.FirstTransactionDate.Text != first.FirstTransactionDate.Text {
			t.Errorf("%v became %v, %v", first, second, err)
		}
	})
}
