package brightpearltest

import (
	"net/http"
	"sync"
	"testing"
)

func TestDuplicates(t *testing.T) {
	t.Parallel()
	s := start(t)
	create(t, s)
	auth := []string{"paymentType", `"AUTH"`, "amountAuthorized", `1`, "authorizationExpiry", `"2016-06-20"`}
	post(t, s, "customer-payment", receipt(t)).wantCode(t, 400, "SIM-DUP")
	post(t, s, "customer-payment", receipt(t, "paymentMethodCode", `"acme_PAY"`, "orderId", `1`)).wantCode(t, 400, "SIM-DUP")
	post(t, s, "customer-payment", receipt(t, auth...)).wantCode(t, 400, "SIM-DUP")
	create(t, s, "transactionRef", `"ref0001"`)
	create(t, s, "paymentMethodCode", `"OTHER"`)
	create(t, s, "transactionRef", ``)
	create(t, s, "transactionRef", ``)
	post(t, s, "supplier-payment", receipt(t, "transactionCode", ``)).want(t, 200, `{"response":200}`)
	if n := len(s.Payments()); n != 5 {
		t.Errorf("%d payments, want 5", n)
	}
}

func TestDuplicateSwitches(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{DuplicateStatus: 409, DuplicateCode: "SIM-CONFLICT"}))
	s.AddPayment(Payment{TransactionRef: "REF0001", PaymentMethodCode: "acme_pay"})
	post(t, s, "customer-payment", receipt(t)).wantCode(t, 409, "SIM-CONFLICT")
	send(t, s, http.MethodDelete, "customer-payment/100", "", staffHeaders()).want(t, 200, `{}`)
	post(t, s, "customer-payment", receipt(t)).wantCode(t, 409, "SIM-CONFLICT")

	unchecked := start(t, WithFacts(Facts{UncheckedUnknownMethods: true}))
	create(t, unchecked)
	create(t, unchecked)
	create(t, unchecked, "paymentMethodCode", `"SAGEPAY_UK"`)
	post(t, unchecked, "customer-payment", receipt(t, "paymentMethodCode", `"SAGEPAY_UK"`)).wantCode(t, 400, "SIM-DUP")

	free := start(t, WithFacts(Facts{RefsFreedByDelete: true}))
	create(t, free)
	send(t, free, http.MethodDelete, "customer-payment/100", "", staffHeaders()).want(t, 200, `{}`)
	post(t, free, "customer-payment", receipt(t)).want(t, 200, `{"response":101}`)
	post(t, free, "customer-payment", receipt(t)).wantCode(t, 400, "SIM-DUP")
}

// TestSameReferenceFromManyClients shows that one of many simultaneous posts
// wins and that ids stay unique.
func TestSameReferenceFromManyClients(t *testing.T) {
	t.Parallel()
	s := start(t)
	same, other := receipt(t), receipt(t, "transactionRef", ``)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			post(t, s, "customer-payment", same)
			post(t, s, "customer-payment", other)
			s.Payments()
		})
	}
	wg.Wait()
	ids, refs := map[int64]bool{}, 0
	for _, p := range s.Payments() {
		ids[p.ID] = true
		if p.TransactionRef == "REF0001" {
			refs++
		}
	}
	if refs != 1 || len(ids) != 9 {
		t.Errorf("%d payments with the reference, %d ids", refs, len(ids))
	}
}
