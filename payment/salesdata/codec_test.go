package salesdata_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

func TestEncodePassesOnTheWritersError(t *testing.T) {
	t.Parallel()
	full := errors.New("disk is full")
	if err := salesdata.Encode(failing{full}, slices.Values([]salesdata.Order{})); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	endless := func(yield func(salesdata.Order) bool) {
		for yield(salesdata.Order{Shape: salesdata.Root, CustomerID: 1}) {
		}
	}
	if err := salesdata.Encode(failing{full}, endless); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestSingleRecords(t *testing.T) {
	t.Parallel()
	var p salesdata.Payment
	if err := json.Unmarshal(document(t, "payment_cash.json"), &p); err != nil {
		t.Fatal(err)
	}
	data, err := salesdata.MarshalPayment(p)
	if err != nil {
		t.Fatal(err)
	}
	equalJSON(t, data, document(t, "payment_cash.json"))
	_, _, err = salesdata.UnmarshalPayment([]byte(`{"customer_id":1}`))
	wantField(t, err, "$", "is not a payment")
	_, err = salesdata.UnmarshalOrder([]byte(`{"net_amount":1}`))
	wantField(t, err, "$", "is not an order")
	_, err = salesdata.UnmarshalOrder([]byte(`{"customer_id":1} x`))
	wantField(t, err, "$", "text after the document")
	_, _, err = salesdata.UnmarshalPayment(nil)
	wantField(t, err, "$", "cut off")
}
