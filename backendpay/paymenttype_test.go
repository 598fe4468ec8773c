package backendpay

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestPaymentType(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	raw := sample(t, "payment_type_own.json")
	answers(t, mock, raw)
	got, err := client.PaymentType(t.Context(), "3")
	want := PaymentType{
		ID: "3", PaymentTypeName: "Bank Transfer", PaymentTypeDisplayName: "Bank transfer", PaymentTypeShortName: "BT",
		PaymentTypeDisplayClass: "bank", PaymentTypeDisplayPosition: "3", Availability: Standard,
		PaymentTypeUseFor: []string{"Payments", "Refunds"}, DisplayOnInvoice: "Always", Raw: json.RawMessage(raw),
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("type %+v, err %v", got, err)
	}
	if string(got.Lookup("paymentTypeTerms")) != "30" || got.Lookup("nothing") != nil {
		t.Errorf("unknown key gave %s", got.Lookup("paymentTypeTerms"))
	}
}

func TestPaymentTypes(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	answers(t, mock, `[{"id":"1","paymentTypeDisplayPosition":"10","availability":"Hidden"}]`, `[]`)
	list, err := collect(client.PaymentTypes(t.Context()))
	if err != nil || len(list) != 1 || list[0].PaymentTypeDisplayPosition != "10" {
		t.Fatalf("types %+v, err %v", list, err)
	}
	if list[0].Availability.Known() || !Headline.Known() || !Historic.Known() {
		t.Error("an unknown availability is known, or a known one is not")
	}
	var odd PaymentType // nothing of it concerns money or identity but the id
	text := `{"id":1,"paymentTypeName":["x"],"paymentTypeDisplayPosition":"first","availability":{},"paymentTypeUseFor":"Payments"}`
	if err := json.Unmarshal([]byte(text), &odd); err != nil || odd.ID != "1" || odd.PaymentTypeName != "" || odd.PaymentTypeDisplayPosition != "" ||
		odd.Availability != "" || !reflect.DeepEqual(odd.PaymentTypeUseFor, []string{"Payments"}) || string(odd.Lookup("paymentTypeDisplayPosition")) != `"first"` {
		t.Errorf("read %+v, err %v", odd, err)
	}
}
