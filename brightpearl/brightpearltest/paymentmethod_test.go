package brightpearltest

import "testing"

func TestDocumentedPaymentMethods(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{MethodsWithoutIDs: true}))
	get(t, s, "payment-method/").want(t, 200, sample(t, "payment_methods_documented.json"))
	get(t, s, "payment-method/1").want(t, 200, `{"response":[{"name":"Sage Pay UK","code":"SAGEPAY_UK","isActive":true,`+
		`"bankAccounts":[{"paymentMethodId":1,"currencyIsoCode":"GBP","bankAccountNominalCode":"1200"}],"installedIntegrationId":"1"}]}`)
}

func TestAddPaymentMethod(t *testing.T) {
	t.Parallel()
	s := start(t)
	if id := s.AddPaymentMethod(PaymentMethod{Name: "Points", Code: "puntos"}); id != 3 {
		t.Errorf("id %d, want 3", id)
	}
	if id := s.AddPaymentMethod(PaymentMethod{Name: "Puntos", Code: "PuntoS", Inactive: true}); id != 3 {
		t.Errorf("id %d, want 3: the code is known", id)
	}
	get(t, s, "payment-method/3").want(t, 200,
		`{"response":[{"id":3,"name":"Puntos","code":"PUNTOS","isActive":false,"bankAccounts":[],"installedIntegrationId":"0"}]}`)
	get(t, s, "payment-method/4").wantCode(t, 404, "CMNC-404")
	get(t, s, "payment-method/x").wantCode(t, 404, "CMNC-404")
}
