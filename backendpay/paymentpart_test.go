package backendpay

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

func TestPaymentParts(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	seen := answers(t, mock, sample(t, "payment_parts_own.json"), `[]`)
	list, err := collect(client.PaymentParts(t.Context(), "501"))
	if err != nil || len(list) != 2 {
		t.Fatalf("parts %+v, err %v", list, err)
	}
	if list[0].ID != "9001" || list[0].PaymentPartAmount.String() != "100.00" || list[1].PaymentPartAmount.String() != "20.5" {
		t.Errorf("parts %+v", list)
	}
	if string(list[0].Raw) != `{"id":"9001","paymentPartAmount":"100.00"}` {
		t.Errorf("raw %s", list[0].Raw)
	}
	if got := urls(*seen); got[1] != "payments/501/paymentParts/?idAfter=9002" {
		t.Errorf("asked %v", got)
	}
}

func TestPaymentPartWithoutAmount(t *testing.T) {
	t.Parallel()
	var p PaymentPart
	if err := json.Unmarshal([]byte(`{"id":"1"}`), &p); err != nil || p.PaymentPartAmount.IsSet() {
		t.Errorf("part %+v, err %v", p, err)
	}
	client, mock := mocked(t)
	answers(t, mock, `{"id":"1","paymentPartAmount":[]}`)
	if _, err := client.PaymentPart(t.Context(), "1"); !errors.Is(err, payment.ErrProtocol) {
		t.Errorf("error %v", err)
	}
}
