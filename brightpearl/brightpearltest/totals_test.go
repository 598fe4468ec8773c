package brightpearltest

import (
	"net/http"
	"strings"
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
	get(t, s, "sale-payment-total/8,9").want(t, 200, `{"response":[{"orderId":8,`+zeros+`,{"orderId":9,`+zeros+`]}`)
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

func TestIDsInAnotherOrder(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, set := range []string{"9,8", "8,8", "5-9,7", "5-9,9"} {
		get(t, s, "sale-payment-total/"+set).wantCode(t, 400, "CMNC-006")
	}
	free := start(t, WithFacts(Facts{UnorderedIDs: true}))
	for _, asked := range []struct {
		s   *Server
		set string
	}{{free, "9,8,9"}, {s, "9.8"}} {
		got := get(t, asked.s, "sale-payment-total/"+asked.set)
		if got.status != 200 || strings.Count(got.body, "orderId") != 2 || strings.Index(got.body, ":9,") > strings.Index(got.body, ":8,") {
			t.Errorf("%s: answer %d %s", asked.set, got.status, got.body)
		}
	}
}

// TestTotalsFollowTheLedger shows that kept totals follow payments and
// deletions.
func TestTotalsFollowTheLedger(t *testing.T) {
	t.Parallel()
	s := start(t)
	paid := func(want string) {
		t.Helper()
		if got := get(t, s, "sale-payment-total/7"); !strings.Contains(got.body, `"amountPaid":`+want+`,`) {
			t.Errorf("totals %s, want %s", got.body, want)
		}
	}
	paid("0.00")
	pay(t, s, "7", "RECEIPT", `1.125`)
	pay(t, s, "7", "RECEIPT", `2`)
	paid("3.125")
	send(t, s, http.MethodDelete, "customer-payment/100", "", staffHeaders())
	paid("2.00")
	s.AddPayment(Payment{OrderID: 7, PaymentType: "RECEIPT", AmountPaid: zero()})
	paid("2.00")
}
