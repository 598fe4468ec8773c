package spektrix_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
)

// documented is the payment of the vendor's documentation.
func documented(t testing.TB) spektrix.NewCustomPayment {
	t.Helper()
	return spektrix.NewCustomPayment{
		PaymentTypeID: epos, Amount: amount(t, "10.40"),
		PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Payment ref", Value: "ABC_123"}},
	}
}

func TestAddCustomPayment(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", fixture(t, "custom-payment-response.json"))
	added, err := client.AddCustomPayment(t.Context(), basketID, documented(t))
	if err != nil {
		t.Fatal(err)
	}
	m.wantAsked(t, http.MethodPost, "baskets/"+basketID+"/custom-payments",
		compact(t, fixture(t, "custom-payment-request.json")), "LB9tNdi1Mimd3iLwSqPVhlk3PBw=")
	if added.Name != "EPOS System" || added.Amount.String() != "10.0" {
		t.Errorf("added %v", added)
	}
	if want := documented(t).PaymentAttributes; !slices.Equal(added.Attributes, want) {
		t.Errorf("attributes %#v", added.Attributes)
	}
	if string(added.Raw) != fixture(t, "custom-payment-response.json") {
		t.Errorf("raw %s", added.Raw)
	}
}

// Amounts go out with the currency's decimals, attributes as a list even if
// there are none, and text without HTML escapes.
func TestCustomPaymentBody(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]spektrix.NewCustomPayment{
		`{"PaymentTypeId":"a","Amount":10.40,"PaymentAttributes":[]}`: {PaymentTypeID: "a", Amount: amount(t, "10.4")},
		`{"PaymentTypeId":"a","Amount":7.00,"PaymentAttributes":[]}`:  {PaymentTypeID: "a", Amount: amount(t, "7")},
		`{"PaymentTypeId":"a","Amount":-7.00,"PaymentAttributes":[]}`: {PaymentTypeID: "a", Amount: amount(t, "-7"), AllowRefund: true},
		`{"PaymentTypeId":"a","Amount":0.10,"PaymentAttributes":[{"Name":"<é>","Value":"a&b\n\""}]}`: {
			PaymentTypeID: "a", Amount: amount(t, "0.1"),
			PaymentAttributes: []spektrix.PaymentAttribute{{Name: "<é>", Value: "a&b\n\""}},
		},
	} {
		client, m := newMock(t)
		m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", `{"amount":1}`)
		if _, err := client.AddCustomPayment(t.Context(), basketID, p); err != nil {
			t.Error(err)
		}
		m.wantAsked(t, http.MethodPost, "baskets/"+basketID+"/custom-payments", want, "")
	}
}

func TestCustomPaymentRefused(t *testing.T) {
	t.Parallel()
	one := amount(t, "1.00")
	with := func(attributes ...spektrix.PaymentAttribute) spektrix.NewCustomPayment {
		return spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: one, PaymentAttributes: attributes}
	}
	type refusal struct {
		field string
		p     spektrix.NewCustomPayment
	}
	cases := []refusal{
		{"Amount", spektrix.NewCustomPayment{PaymentTypeID: epos}},
		{"Amount", spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount(t, "0.00")}},
		{"Amount", spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount(t, "0"), AllowRefund: true}},
		{"Amount", spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount(t, "-1.00")}},
		{"Amount", spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount(t, "1.001")}},
		{"PaymentAttributes[0].Name", with(spektrix.PaymentAttribute{Value: "x"})},
		{"PaymentAttributes[0].Name", with(spektrix.PaymentAttribute{Name: "a\xff"})},
		{"PaymentAttributes[0].Value", with(spektrix.PaymentAttribute{Name: "a", Value: "\xff"})},
		{"PaymentAttributes[1].Name", with(spektrix.PaymentAttribute{Name: "a"}, spektrix.PaymentAttribute{Name: "a"})},
	}
	for _, id := range badIDs {
		cases = append(cases, refusal{"PaymentTypeID", spektrix.NewCustomPayment{PaymentTypeID: id, Amount: one}})
	}
	client, m := newMock(t)
	for _, c := range cases {
		_, err := client.AddCustomPayment(t.Context(), basketID, c.p)
		wantField(t, err, "CustomPayment."+c.field)
	}
	if len(m.asked) != 0 {
		t.Errorf("%d requests were sent", len(m.asked))
	}
}

// An answer that does not show the amount does not show that the payment was
// taken.
func TestAnUnreadableAnswerIsUnknown(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "null", "{}", `{"amount":null}`, `{"amount":"ten"}`, `{"amount":`, "[]", `"ok"`, page} {
		client, m := newMock(t)
		m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", body)
		added, err := client.AddCustomPayment(t.Context(), basketID, documented(t))
		var e *payment.Error
		if added.Amount.IsSet() || !errors.As(err, &e) || !errors.Is(err, payment.ErrOutcomeUnknown) || e.Target != basketID {
			t.Errorf("%q: %v, %v", body, added, err)
		}
		if strings.Contains(fmt.Sprint(err), "ABC_123") {
			t.Errorf("%q: the error shows an attribute: %v", body, err)
		}
	}
}
