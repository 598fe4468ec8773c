package brightpearltest

import (
	"strings"
	"testing"
)

func TestDocumentedSupplierPosts(t *testing.T) {
	t.Parallel()
	s := start(t)
	post(t, s, "supplier-payment", sample(t, "supplier_payment_documented.json")).want(t, 200, `{"response":200}`)
	post(t, s, "supplier-payment", sample(t, "supplier_receipt_documented.json")).want(t, 200, `{"response":201}`)
	all := s.SupplierPayments()
	if len(all) != 2 || all[0].AmountPaid.String() != "50.00" || all[0].ExchangeRate.String() != "1.445" || all[1].OrderID != 5000 {
		t.Errorf("supplier payments %+v", all)
	}
	if len(s.Payments()) != 0 {
		t.Error("a supplier payment stands among the customers'")
	}
}

func supplier(t *testing.T, replace ...string) string {
	t.Helper()
	return receipt(t, append([]string{"transactionCode", ``}, replace...)...)
}

func TestRefusedSupplierPosts(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, field := range []string{"transactionCode", "amountAuthorized", "authorizationExpiry"} {
		post(t, s, "supplier-payment", supplier(t, field, `"1"`)).wantCode(t, 400, "SIM-VAL")
	}
	for _, kind := range []string{"AUTH", "CAPTURE", "VOID", "receipt"} {
		post(t, s, "supplier-payment", supplier(t, "paymentType", `"`+kind+`"`)).wantCode(t, 400, "SIM-VAL")
	}
	post(t, s, "supplier-payment", supplier(t, "amountPaid", `-1`)).wantCode(t, 400, "SIM-VAL")
	post(t, s, "supplier-payment", supplier(t, "orderId", `true`)).wantCode(t, 500, "CMNU-003")
	post(t, s, "supplier-payment", supplier(t)).want(t, 200, `{"response":200}`)
	post(t, s, "supplier-payment", supplier(t)).wantCode(t, 400, "SIM-DUP")
}

func TestSupplierJournal(t *testing.T) {
	t.Parallel()
	s := start(t)
	body := supplier(t, "paymentMethodCode", `"sagepay_us"`, "journalRef", `"`+strings.Repeat("j", 70)+`"`)
	post(t, s, "supplier-payment", body).want(t, 200, `{"response":200}`)
	if p := s.SupplierPayments()[0]; p.JournalID != 1000 || len(p.JournalRef) != 64 {
		t.Errorf("journal %d, reference of %d", p.JournalID, len(p.JournalRef))
	}
}
