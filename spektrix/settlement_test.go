package spektrix_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

func TestSettleErrorTellsTheState(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), paymenttest.Pass(), paymenttest.DropAfter())
	_, err := client.Settle(t.Context(), id, split(t)...)
	const want = "stopped at payment 2 of 2 (1 posted, 1 unknown): spektrix: AddCustomPayment: outcome unknown"
	if !contains(err, want) || !contains(err, "ResumeSettle") {
		t.Errorf("err = %v", err)
	}
	asJSON, jsonErr := json.Marshal(err)
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %q %s %d", err, err, err, err, err, err), string(asJSON)} {
		if strings.Contains(text, "R-1001") || strings.Contains(text, "V-7788") || strings.Contains(text, id) {
			t.Errorf("the error shows details: %s", text)
		}
	}
}

func TestPaymentStateIsClosed(t *testing.T) {
	t.Parallel()
	for _, state := range []spektrix.PaymentState{spektrix.StateOpen, spektrix.StatePosted, spektrix.StateEchoDiffers, spektrix.StateUnknown} {
		if !state.Known() {
			t.Errorf("%q is not known", state)
		}
	}
	if spektrix.PaymentState("").Known() {
		t.Error("the empty state is known")
	}
}

func FuzzSettlement(f *testing.F) {
	f.Add([]byte(`{"BasketID":"1A","Total":37.0,"Payments":[{"Payment":{"PaymentTypeId":"a","Amount":20.40},"State":"posted","Echo":{"amount":20.4}}]}`))
	f.Add([]byte(`{"Payments":[{"State":"?"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var first, second spektrix.Settlement
		if json.Unmarshal(data, &first) != nil {
			return
		}
		stored, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(stored, &second); err != nil || second.Complete() != first.Complete() || second.String() != first.String() {
			t.Errorf("%v became %v, %v", first, second, err)
		}
	})
}
