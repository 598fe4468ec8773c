package spektrix_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// An answer that differs stops the flow, even though the payment stands.
func TestSettleStopsAtADifferentEcho(t *testing.T) {
	t.Parallel()
	client, server := emulator(t, spektrixtest.WithFacts(spektrixtest.Facts{TruncatedEcho: true}))
	id := fill(t, client)
	s, err := client.Settle(t.Context(), id, split(t)...)
	var stopped *spektrix.SettleError
	if !errors.As(err, &stopped) || !errors.Is(err, spektrix.ErrEchoDiffers) || !errors.Is(err, payment.ErrConflict) || errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Fatalf("err = %v", err)
	}
	if stopped.Settlement != s || stopped.Stopped != 0 || !slices.Equal(states(s), []spektrix.PaymentState{spektrix.StateEchoDiffers, spektrix.StateOpen}) {
		t.Errorf("settlement %v", s)
	}
	if s.Payments[0].Echo.Amount.String() != "20.0" || !strings.Contains(err.Error(), "the amount differs") {
		t.Errorf("echo %v, err %v", s.Payments[0].Echo, err)
	}
	if !slices.Equal(ledger(server, id), bothTypes[:1]) {
		t.Errorf("ledger %v", ledger(server, id))
	}
	_, err = client.Confirm(t.Context(), id, spektrix.Confirmation{})
	wantField(t, err, "Confirmation.Settlement")
	s.Payments[0].State = spektrix.StatePosted // somebody has looked
	s.Payments[1].Payment.SkipEchoCheck = true
	if s, err = client.ResumeSettle(t.Context(), s); err != nil || !s.Complete() {
		t.Errorf("resumed: %v, %v", s, err)
	}
}

func TestEchoDifferences(t *testing.T) {
	t.Parallel()
	for answer, what := range map[string]string{
		`{"name":"EPOS System","amount":10.40,"attributes":[{"name":"Reference","value":"A"},{"name":"x","value":"y"}]}`: "",
		`{"name":"EPOS System","amount":10.41,"attributes":[{"name":"Reference","value":"A"}]}`:                          "the amount differs",
		`{"name":"EPOS system","amount":10.40,"attributes":[{"name":"Reference","value":"A"}]}`:                          "the payment type differs",
		`{"name":"EPOS System","amount":10.40,"attributes":[{"name":"Reference","value":"B"}]}`:                          "an attribute differs (the one with index 0)",
		`{"name":"EPOS System","amount":10.40}`:                                                                          "an attribute differs (the one with index 0)",
	} {
		client, m := newMock(t)
		m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
		till(m)
		m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", answer)
		_, err := client.Settle(t.Context(), basketID, spektrix.NewCustomPayment{
			PaymentTypeID: epos, Amount: amount(t, "10.40"), PaymentAttributes: []spektrix.PaymentAttribute{{Name: "Reference", Value: "A"}},
		})
		if (what == "") != (err == nil) || err != nil && !contains(err, what) {
			t.Errorf("%s: %v, want %q", answer, err, what)
		}
	}
}
