package spektrix_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// What this client has posted, an old copy of the settlement cannot undo.
func TestResumeSettleOfAnOldCopy(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), spektrixtest.Forbidden())
	old, err := client.Settle(t.Context(), id, split(t)...)
	if !errors.Is(err, payment.ErrForbidden) {
		t.Fatal(err)
	}
	if _, err := client.ResumeSettle(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	_, err = client.ResumeSettle(t.Context(), old)
	wantField(t, err, "Settlement.Payments[0]")
	if !slices.Equal(ledger(server, id), bothTypes) {
		t.Errorf("ledger %v", ledger(server, id))
	}
}

// A queue hands the same copy out again: its open payment stands by now.
func TestResumeSettleOfACopyFromBeforeTheLastTry(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), spektrixtest.Forbidden(), paymenttest.DropAfter())
	queued, err := client.Settle(t.Context(), id, split(t)...)
	if !errors.Is(err, payment.ErrForbidden) {
		t.Fatal(err)
	}
	unknown, err := client.ResumeSettle(t.Context(), queued)
	if !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Fatal(err)
	}
	_, err = client.ResumeSettle(t.Context(), queued)
	wantField(t, err, "Settlement.Payments[0].Tries")
	resolve(t, client, server, unknown)
	if !slices.Equal(ledger(server, id), bothTypes) {
		t.Errorf("ledger %v", ledger(server, id))
	}
}

// A settlement cannot be rewritten around what this client has posted.
func TestResumeSettleOfAChangedSettlement(t *testing.T) {
	t.Parallel()
	client, server := emulator(t, spektrixtest.WithFacts(spektrixtest.Facts{FallingTotal: true}))
	id := fill(t, client)
	server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), paymenttest.Pass(), spektrixtest.Forbidden())
	s, err := client.Settle(t.Context(), id, split(t)...)
	if !errors.Is(err, payment.ErrForbidden) {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*spektrix.Settlement){
		"opened":         func(s *spektrix.Settlement) { s.Payments[0].State = spektrix.StateOpen },
		"turned round":   func(s *spektrix.Settlement) { slices.Reverse(s.Payments) },
		"states swapped": func(s *spektrix.Settlement) { p := s.Payments; p[0].Payment, p[1].Payment = p[1].Payment, p[0].Payment },
		"other amounts": func(s *spektrix.Settlement) {
			s.Payments[0].Payment.Amount, s.Payments[1].Payment.Amount = amount(t, "16.60"), amount(t, "20.40")
		},
		"without it":     func(s *spektrix.Settlement) { s.Payments = s.Payments[:0] },
		"another detail": func(s *spektrix.Settlement) { s.Payments[0].Payment.PaymentAttributes = nil },
	} {
		changed := *s
		changed.Payments = slices.Clone(s.Payments)
		change(&changed)
		_, err := client.ResumeSettle(t.Context(), &changed)
		wantField(t, err, "Settlement.Payments[0]")
		if n := server.Count(spektrixtest.OpAddCustomPayment); n != 2 {
			t.Errorf("%s: %d payments were sent", name, n)
		}
	}
}
