package rubitest

import (
	"strings"
	"testing"
)

const (
	bookingRecord = `{"ItemGUID":"aaaaaaaa-0000-0000-0000-000000000001","Item":"Booking","ItemDetails":"Annual Dinner","ItemContact":"Jo Example",` +
		`"ItemValue":"10.00","ItemTax":"2.00","ItemTaxRate":"20.00","ItemTotal":"12.00","ItemSaving":"0.00","ItemPotentialSaving":"0.00","ItemRateType":"Standard",` +
		`"ItemInfo1":"","ItemInfo2":"","eid":"eeeeeeee-0000-0000-0000-000000000001","NamedGuestOrg":"","NamedGuestName":"","NamedGuestEmail":""}`
	subscriptionRecord = `{"ItemGUID":"bbbbbbbb-0000-0000-0000-000000000002","Item":"Subscription","ItemDetails":"Full Membership","ItemContact":"Jo Example",` +
		`"ItemValue":"85.00","ItemTax":"0.00","ItemTaxRate":"0.00","ItemTotal":"85.00"}`
)

// filled puts one booking and one subscription into the sample contact's
// basket.
func filled(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s := plain(t, opts...)
	call(t, s, OpBooking, SampleUID, SampleEID, "1").accepted(t)
	call(t, s, OpSubscription, SampleUID, SampleSSID, "Add").accepted(t)
	return s
}

func records(list ...string) string {
	return `{"ResponseCode":200,"ResponseMessage":[` + strings.Join(list, ",") + `]}`
}

func TestDocumentedBasketRequest(t *testing.T) {
	t.Parallel()
	s := plain(t, WithAPIKey("KEY"))
	send(t, s, "POST", "/api/UserBasket", formType, sample(t, "userbasket_own.txt")).want(t, 200, records())
}

func TestUserBasket(t *testing.T) {
	t.Parallel()
	s := filled(t)
	s.AddContact(Contact{UID: "other"})
	s.AddItem(Item{Kind: KindBooking, UID: "other"})
	call(t, s, OpUserBasket, SampleUID, "").want(t, 200, records(bookingRecord, subscriptionRecord))
	call(t, s, OpUserBasket, strings.ToUpper(SampleUID), "Bookings").want(t, 200, records(bookingRecord))
	call(t, s, OpUserBasket, SampleUID, "Subscriptions").want(t, 200, records(subscriptionRecord))
	call(t, s, OpUserBasket, "unknown", "").want(t, 200, records())
	for _, item := range []string{"Booking", "bookings", " ", "All"} {
		call(t, s, OpUserBasket, SampleUID, item).refused(t, "400")
	}
	call(t, s, OpUserBasket, " ", "").refused(t, "400")
	call(t, s, OpUserBasket, strings.Repeat("x", 51), "").refused(t, "400")
	if n := len(s.Basket(SampleUID)); n != 2 {
		t.Errorf("%d items", n)
	}
}

func TestShapesOfARecord(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		option Option
		edit   []string // pairs of old and new
	}{
		{"numbers", WithFacts(Facts{Amounts: AmountNumber}), []string{`"85.00"`, `85.00`, `"0.00"`, `0.00`}},
		{"four decimals", WithFacts(Facts{Amounts: AmountFour}), []string{`.00"`, `.0000"`}},
		{"grouped", WithFacts(Facts{Amounts: AmountGrouped}), nil},
		{"blank", WithFacts(Facts{Amounts: AmountBlank}), []string{`"85.00"`, `""`, `"0.00"`, `""`}},
		{"details", WithFacts(Facts{SwappedDetails: true}), []string{`"ItemDetails"`, `"ItemDetail"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want := strings.NewReplacer(c.edit...).Replace(subscriptionRecord)
			call(t, filled(t, c.option), OpUserBasket, SampleUID, "Subscriptions").want(t, 200, records(want))
		})
	}
}

func TestGrouped(t *testing.T) {
	t.Parallel()
	for digits, want := range map[string]string{"1.00": "1.00", "999.50": "999.50", "1234.50": "1,234.50", "1234567.00": "1,234,567.00", "-123.00": "-123.00", "-1234.00": "-1,234.00"} {
		if got := grouped(digits); got != want {
			t.Errorf("grouped(%s) = %s, want %s", digits, got, want)
		}
	}
}

func TestAmountsHaveTwoDecimals(t *testing.T) {
	t.Parallel()
	for digits, want := range map[string]string{"7": "7.00", "7.5": "7.50", "7.125": "7.125"} {
		if got := twoDecimals(amount(digits)); got != want {
			t.Errorf("twoDecimals(%s) = %s, want %s", digits, got, want)
		}
	}
}
