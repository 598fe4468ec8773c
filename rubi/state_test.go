package rubi_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/rubi"
)

func TestStoredCheckoutsAreChecked(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	good := rubi.Checkout{
		State: rubi.StateCharge, UID: uid, Item: rubi.Bookings, PaymentType: rubi.CardPayment,
		PaymentItems: []string{"a"}, Total: pounds(t, "1.00"), TransactionID: "T-1",
	}
	for field, change := range map[string]func(*rubi.Checkout){
		"Checkout.State":           func(co *rubi.Checkout) { co.State = "" },
		"Checkout.Item":            func(co *rubi.Checkout) { co.Item = "" },
		"Checkout.PaymentType":     func(co *rubi.Checkout) { co.PaymentType = "x" },
		"Checkout.PaymentItems":    func(co *rubi.Checkout) { co.PaymentItems = nil },
		"Checkout.PaymentItems[0]": func(co *rubi.Checkout) { co.PaymentItems = []string{" "} },
		"Checkout.Total":           func(co *rubi.Checkout) { co.Total = payment.Money{} },
		"Checkout.TransactionID":   func(co *rubi.Checkout) { co.TransactionID = "" },
		"uid":                      func(co *rubi.Checkout) { co.UID = "" },
	} {
		co := good
		change(&co)
		_, resumed := client.Resume(t.Context(), co)
		_, completed := client.Complete(t.Context(), co, succeeded(100))
		var f *payment.FieldError
		if !errors.As(resumed, &f) || f.Field != field || !errors.As(completed, &f) || f.Field != field {
			t.Errorf("%s: %v, %v", field, resumed, completed)
		}
	}
	if _, err := client.Complete(t.Context(), good, rubi.StripePayment{Status: rubi.Succeeded, Amount: 100}); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("blank id: %v", err)
	}
	if co, err := client.Resume(t.Context(), good); err != nil || co.State != rubi.StateCharge || len(server.Requests()) != 0 {
		t.Errorf("%v, %v", co, err)
	}
}

// The form of the stored value is part of the interface.
func TestStoredForm(t *testing.T) {
	t.Parallel()
	co := rubi.Checkout{
		State: rubi.StateCharged, UID: "u", Item: rubi.Bookings, PaymentType: rubi.CardPayment, PaymentItems: []string{"a"},
		Total: pounds(t, "25.00"), Reference: "order-7", TransactionID: "T-1", StripeID: "pi_1", Charged: pounds(t, "25.00"), Kept: true,
	}
	const want = `{"state":"charged, not recorded","uid":"u","item":"Bookings","paymentType":"CardPayment","paymentItems":["a"],` +
		`"total":{"amount":"25.00","currency":"GBP"},"reference":"order-7","transactionID":"T-1","stripeID":"pi_1",` +
		`"charged":{"amount":"25.00","currency":"GBP"},"kept":true}`
	if got, err := json.Marshal(co); err != nil || string(got) != want {
		t.Errorf("%s, %v\nwant %s", got, err, want)
	}
}
