package backendpaytest

import (
	"strings"
	"testing"
)

func TestPaymentTypes(t *testing.T) {
	t.Parallel()
	s := start(t)
	if got := get(t, s, "paymentTypes/").ids(t); got != "1 2 3 4" {
		t.Errorf("types %s", got)
	}
	body := `{"paymentTypeName":"Till","paymentTypeShortName":"TL","paymentTypeDisplayPosition":9,"paymentTypeUseFor":["Payments"],"availability":"Headline"}`
	want := `{"id":"5","paymentTypeName":"Till","paymentTypeDisplayName":null,"paymentTypeShortName":"TL","paymentTypeDisplayClass":null,` +
		`"paymentTypeDisplayPosition":9,"availability":"Headline","paymentTypeUseFor":["Payments"],"paymentTypeUseForPaymentCardProviders":[],` +
		`"paymentTypeCode":null,"displayOnInvoice":null}`
	request(t, s, "POST", "paymentTypes/", body).want(t, 201, want)
	get(t, s, "paymentTypes/5").want(t, 200, want)
	want = strings.Replace(want, `"Headline"`, `"Historic"`, 1)
	request(t, s, "PATCH", "paymentTypes/5", `{"availability":"Historic"}`).want(t, 200, want)
	create(t, s, changed(t, `"Bank Transfer"`, `"Till"`))
	request(t, s, "DELETE", "paymentTypes/5", "").want(t, 204, "")
	create(t, s, changed(t, `"Bank Transfer"`, `"Till"`)).refused(t, 400)
	get(t, s, "paymentTypes/5").refused(t, 404)
	request(t, s, "PATCH", "paymentTypes/5", `{"availability":"Historic"}`).refused(t, 404)
	request(t, s, "DELETE", "paymentTypes/5", "").refused(t, 404)
	if types := s.PaymentTypes(); len(types) != 4 || types[3].Name != "Cheque" || s.Creates() != 1 {
		t.Errorf("types %+v", types)
	}
}

func TestRefusedPaymentTypes(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, body := range []string{``, `{}`, `{"paymentTypeName":""}`, `{"paymentTypeName":"Cheque"}`, `{"paymentTypeName":1}`, `{"availability":"Standard"}`,
		`{"paymentTypeName":"A","availability":"Sometimes"}`, `{"paymentTypeName":"A","paymentTypeUseFor":"Payments"}`, `{"paymentTypeName":"A","paymentTypeUseFor":[1]}`,
		`{"paymentTypeName":"A","paymentTypeDisplayPosition":"1"}`, `{"paymentTypeName":"A","name":"A"}`, `{"paymentTypeName":"A","id":"1"}`} {
		request(t, s, "POST", "paymentTypes/", body).refused(t, 400)
	}
	request(t, s, "PATCH", "paymentTypes/1", `{"paymentTypeName":"Cheque"}`).refused(t, 400)
	if n := len(s.PaymentTypes()); n != 4 {
		t.Errorf("%d types", n)
	}
}
