package brightpearltest

import (
	"net/http"
	"testing"
)

// pay stores a payment of an order without a reference.
func pay(t *testing.T, s *Server, order, kind, amount string) {
	t.Helper()
	create(t, s, "transactionRef", ``, "orderId", order, "paymentType", `"`+kind+`"`, "currencyIsoCode", `"GBP"`,
		"amountPaid", amount, "amountAuthorized", amount, "authorizationExpiry", `"2016-06-20"`)
}

func TestDocumentedTotals(t *testing.T) {
	t.Parallel()
	s := start(t)
	pay(t, s, "56", "RECEIPT", `45`)
	pay(t, s, "56", "AUTH", `10.0`)
	pay(t, s, "56", "CAPTURE", `5.00`)
	get(t, s, "sale-payment-total/56-57").want(t, 200, sample(t, "sale_payment_total_documented.json"))
}

func TestTotalsOfAllTypes(t *testing.T) {
	t.Parallel()
	s := start(t)
	pay(t, s, "9", "AUTH", `10`)
	pay(t, s, "9", "VOID", `10.01`)
	pay(t, s, "9", "CAPTURE", `0.1`)
	pay(t, s, "9", "CAPTURE", `0.2`)
	pay(t, s, "9", "RECEIPT", `1`)
	pay(t, s, "9", "PAYMENT", `2.123`)
	get(t, s, "sale-payment-total/9").want(t, 200, `{"response":[{"orderId":9,"paymentCurrency":"GBP",`+
		`"amountPaid":-0.823,"amountAuthorized":-0.01,"amountCaptured":0.30}]}`)
}

func TestTotalsWithoutPayments(t *testing.T) {
	t.Parallel()
	s := start(t)
	pay(t, s, "8", "RECEIPT", `10`)
	send(t, s, http.MethodDelete, "customer-payment/100", "", staffHeaders())
	zeros := `"amountPaid":0.00,"amountAuthorized":0.00,"amountCaptured":0.00}`
	get(t, s, "sale-payment-total/9,8,9").want(t, 200, `{"response":[{"orderId":9,`+zeros+`,{"orderId":8,`+zeros+`]}`)
	get(t, s, "sale-payment-total/").want(t, 200, `{"response":[]}`)
	get(t, s, "sale-payment-total").want(t, 200, `{"response":[]}`)
}

func TestRefusedTotals(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, set := range []string{"x", "1-", "2-1", "0", "-5", "1,,2"} {
		get(t, s, "sale-payment-total/"+set).wantCode(t, 500, "CMNC-018")
	}
	if got := get(t, s, "sale-payment-total/1-200"); got.status != 200 {
		t.Errorf("200 orders: %d", got.status)
	}
	for _, set := range []string{"1-201", "1-200,201", "1-9223372036854775807", "1-150,300-450"} {
		get(t, s, "sale-payment-total/"+set).wantCode(t, 400, "SIM-VAL")
	}
}
