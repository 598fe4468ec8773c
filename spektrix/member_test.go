package spektrix_test

import (
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

func TestTime(t *testing.T) {
	t.Parallel()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text  string
		zoned bool
		in    time.Time // in London
	}{
		{`"2026-05-29T19:00:00"`, false, time.Date(2026, 5, 29, 18, 0, 0, 0, time.UTC)},
		{`"2024-06-01T00:00:00.0000000"`, false, time.Date(2024, 5, 31, 23, 0, 0, 0, time.UTC)},
		{`"2024-01-31T22:45:56.2997626+00:00"`, true, time.Date(2024, 1, 31, 22, 45, 56, 299762600, time.UTC)},
		{`"2024-06-01T00:00:00Z"`, true, time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)},
		{`"2024-06-01"`, false, time.Date(2024, 5, 31, 23, 0, 0, 0, time.UTC)},
		{`"soon"`, false, time.Time{}},
		{`null`, false, time.Time{}},
	} {
		var got spektrix.Time
		if err := json.Unmarshal([]byte(c.text), &got); err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got.Zoned != c.zoned || !got.In(london).Equal(c.in) {
			t.Errorf("%s: zoned %v, %v", c.text, got.Zoned, got.In(london))
		}
		if back, err := json.Marshal(got); err != nil || string(back) != c.text {
			t.Errorf("%s: written as %s, %v", c.text, back, err)
		}
	}
}

func TestTimeInNoLocationIsUTC(t *testing.T) {
	t.Parallel()
	var got spektrix.Time
	if err := json.Unmarshal([]byte(`"2026-05-29T19:00:00"`), &got); err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2026, 5, 29, 19, 0, 0, 0, time.UTC); !got.In(nil).Equal(want) {
		t.Errorf("In(nil) = %v", got.In(nil))
	}
}

// What is no text is no time; nobody needs it, so it costs nothing.
func TestTimeThatIsNoText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`17`, `{}`, `[1]`, `true`, `"0000-00-00"`} {
		var got spektrix.Time
		if err := json.Unmarshal([]byte(text), &got); err != nil || !got.Wall.IsZero() || got.Text == "" {
			t.Errorf("%s was read as %v, %v", text, got, err)
		}
	}
}

// What nobody needs never costs the answer; what money or identity rests on is
// never guessed.
func TestTolerance(t *testing.T) {
	t.Parallel()
	for members, reads := range map[string]bool{
		`"customer":"I-1"`: true, `"customer":17`: true, `"customer":[]`: true, `"hash":{}`: true, `"charges":{}`: true, `"charges":"none"`: true,
		`"charges":[{"amount":"ten"}]`: true, `"transactionCommission":"1.50"`: true, `"customPayments":[{"id":"1A"}]`: true, `"customPayments":"x"`: true,
		`"donations":{"id":"1"}`: true, `"totalDiscount":null`: true, `"tickets":null`: true, `"attribute_a":"\ud83d"`: true, "\"attribute_a\":\"\xff\"": true,
		`"tickets":[{"event":"71AG","instance":{"id":7},"barcode":17,"planId":null,"seatName":{}}]`: true,
		`"tickets":["801A",7,null,{"id":"802A"}]`:                                                   true,
		`"total":2`: false, `"Total":2`: false, `"TOTAL":1`: false, `"id":"b"`: false, `"hash":1,"hash":1`: false, `"tickets":[{"id":1,"id":2}]`: false,
		`"x":{"a":1,"a":1}`: false, `"tickets":{}`: false, `"tickets":[{"total":"a"}]`: false,
	} {
		client, m := newMock(t)
		m.json(http.MethodGet, "baskets/"+basketID, "\ufeff"+`{"id":20,"total":1.00,`+members+`}`)
		b, err := client.Basket(t.Context(), basketID)
		if reads != (err == nil) || reads && (b.ID != "20" || b.Total.String() != "1.00") || !reads && !errors.Is(err, payment.ErrProtocol) {
			t.Errorf("%s: %v, %v", members, b, err)
		}
	}
}

func TestStubs(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodGet, "orders/1A", `{"Id":"1A","customer":"I-1","payments":[{"method":"Voucher","amount":1},{"method":{"NAME":"Cash"},"amount":"2"}],
		"donations":{"id":1},"Attribute_Till":4,"tickets":[{"event":"71AG"}],"firstTransactionDateUtc":"2026-05-29T18:00:00","totalPaymentCharges":0.5}`)
	o, err := client.Order(t.Context(), "1A")
	if err != nil {
		t.Fatal(err)
	}
	if o.Customer.ID != "I-1" || o.Payments[0].Method.Name != "Voucher" || o.Payments[1].Method.Name != "Cash" || o.Tickets[0].Event.ID != "71AG" {
		t.Errorf("stubs of %v", o)
	}
	if len(o.Donations) != 1 || string(o.Donations[0]) != `{"id":1}` || string(o.Members.Attribute("Till")) != "4" || o.Members.Attribute("till") != nil {
		t.Errorf("items or attributes of %v", o)
	}
	if !o.FirstTransactionDateUTC.In(nil).Equal(time.Date(2026, 5, 29, 18, 0, 0, 0, time.UTC)) || o.TotalPaymentCharges.String() != "0.5" {
		t.Errorf("date or charges of %v", o)
	}
}

// Every documented or observed member has its field: none is left among the
// unknown ones, and all come back as they were.
func TestEachMemberHasAField(t *testing.T) {
	t.Parallel()
	const ticket = `{"id":"1","barcode":"2","seatName":"3","planId":"4","planName":"5","price":6.0,"discount":7.0,"total":8.0,
		"event":{"id":"9"},"instance":{"id":"10"},"type":{"id":"11"},"band":{"id":"12"},"offer":{"id":"13"},"seat":{"id":"14"}}`
	const charge = `{"name":"1","description":"2","amount":3.0,"total":4.0}`
	const paid = `{"name":"1","amount":2.0,"attributes":[{"name":"3","value":"4"}]}`
	const taken = `{"amount":1.0,"method":{"name":"2"},"attributes":[]}`
	const items = `"donations":[1],"giftVouchers":[2],"membershipSubscriptions":[3],"merchandiseItems":[4],"ticketSubscriptions":[5]`
	sameMembers(t, `{"id":"1","customer":{"id":"2"},"total":3.0,"totalDiscount":4.0,"hash":"5","transactionCommission":{"amount":6.0,"waived":true},
		"tickets":[`+ticket+`],"charges":[`+charge+`],"customPayments":[`+paid+`],`+items+`}`, func(b spektrix.Basket) []spektrix.Members {
		return []spektrix.Members{b.Members, b.Tickets[0].Members, b.CustomPayments[0].Members}
	})
	sameMembers(t, `{"id":"1","friendlyId":"2","customer":{"id":"3"},"total":4.0,"totalPaymentCharges":5.0,"totalDeliveryCharges":6.0,
		"totalTransactionCharges":7.0,"firstTransactionDate":"8","firstTransactionDateUtc":"9","lastTransactionDate":"10","lastTransactionDateUtc":"11",
		"tickets":[],"charges":[],"payments":[`+taken+`],"refunds":[`+taken+`],"deliveries":[6],`+items+`}`, func(o spektrix.Order) []spektrix.Members {
		return []spektrix.Members{o.Members, o.Payments[0].Members, o.Refunds[0].Members}
	})
	sameMembers(t, `{"name":"1","id":"2","isRefund":true,"attributeDefinitions":[{"name":"3","isRequired":true,"type":"4"}]}`, func(c spektrix.CustomPaymentType) []spektrix.Members {
		return []spektrix.Members{c.Members}
	})
	sameMembers(t, `{"orderId":"1","orderFriendlyId":"2","customerId":"3","customerFriendlyId":"4"}`, func(o spektrix.ChangedOrder) []spektrix.Members {
		return []spektrix.Members{o.Members}
	})
}

func sameMembers[T any](t *testing.T, text string, unknown func(T) []spektrix.Members) {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	for i, m := range unknown(v) {
		if len(m) > 0 {
			t.Errorf("%T: members without a field at %d: %v", v, i, slices.Sorted(maps.Keys(m)))
		}
	}
	back, err := whole(v)
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := errors.Join(json.Unmarshal([]byte(strings.ToLower(text)), &want), json.Unmarshal([]byte(strings.ToLower(string(back))), &got)); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%T became %s, %v", v, back, err)
	}
}

func FuzzTime(f *testing.F) {
	f.Add(`"2026-05-29T19:00:00"`)
	f.Add(`"2024-01-31T22:45:56.2997626+00:00"`)
	f.Add(`""`)
	f.Fuzz(func(t *testing.T, text string) {
		var first, second spektrix.Time
		if json.Unmarshal([]byte(text), &first) != nil {
			return
		}
		back, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(back, &second); err != nil || second.Text != first.Text || !second.Wall.Equal(first.Wall) {
			t.Errorf("%q became %q, %v", first.Text, second.Text, err)
		}
	})
}
