package spektrix_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// Here, in confirmfault_test.go and in writefault_test.go every fault strikes
// every step of the flow on real sockets, and what the caller is told is held
// against the ledger.

func TestEachFaultAtEachPayment(t *testing.T) {
	t.Parallel()
	for _, fault := range faults() {
		for step := range 2 {
			t.Run(fmt.Sprintf("%v/payment %d", fault, step+1), func(t *testing.T) {
				t.Parallel()
				client, server := emulatorFor(t, fault)
				id := fill(t, client)
				strikes(server, spektrixtest.OpAddCustomPayment, step+1, fault)
				s, err := client.Settle(t.Context(), id, split(t)...)
				checkStopped(t, s, err, step, fault)
				before := ledger(server, id)
				if want := step + effect(fault); len(before) != want {
					t.Fatalf("ledger %v, want %d payments", before, want)
				}
				checkHeld(t, client, server, id, s)
				resolve(t, client, server, s)
				if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{}); err != nil {
					t.Fatal(err)
				}
				if got := ledger(server, id); !slices.Equal(got, bothTypes) || len(server.Orders()) != 1 {
					t.Errorf("ledger %v, %d orders", got, len(server.Orders()))
				}
			})
		}
	}
}

// checkStopped reads the state from what the caller has: settlement and error.
func checkStopped(t *testing.T, s *spektrix.Settlement, err error, step int, fault paymenttest.Fault) {
	t.Helper()
	var stopped *spektrix.SettleError
	if !errors.As(err, &stopped) || stopped.Settlement != s || stopped.Stopped != step {
		t.Fatalf("err = %v", err)
	}
	want := spektrix.StateUnknown
	if refuses(fault) {
		want = spektrix.StateOpen
	}
	for i, state := range states(s) {
		switch {
		case i < step && state != spektrix.StatePosted, i == step && state != want, i > step && state != spektrix.StateOpen:
			t.Errorf("payment %d is %s", i, state)
		}
	}
	if errors.Is(err, payment.ErrOutcomeUnknown) != (want == spektrix.StateUnknown) {
		t.Errorf("err = %v", err)
	}
	var e *payment.Error
	if !errors.As(err, &e) || e.Target != s.BasketID || e.Op != "AddCustomPayment" {
		t.Errorf("err = %v", err)
	}
}

// checkHeld tries what must not work while a payment is open or unknown.
func checkHeld(t *testing.T, client *spektrix.Client, server *spektrixtest.Server, id string, s *spektrix.Settlement) {
	t.Helper()
	_, err := client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: s})
	wantField(t, err, "Confirmation.Settlement")
	if s.Payments[0].State == spektrix.StateOpen { // nothing was recorded: all is as before
		return
	}
	_, err = client.Confirm(t.Context(), id, spektrix.Confirmation{})
	wantField(t, err, "Confirmation.Settlement")
	_, err = client.Settle(t.Context(), id, split(t)...)
	wantField(t, err, "id")
	if n := server.Count(spektrixtest.OpConfirm); n != 0 {
		t.Errorf("%d confirms were sent", n)
	}
}

// resolve does what a person would: look at the sale, set the state, go on.
func resolve(t *testing.T, client *spektrix.Client, server *spektrixtest.Server, s *spektrix.Settlement) {
	t.Helper()
	posted := ledger(server, s.BasketID)
	for i := range s.Payments {
		if s.Payments[i].State != spektrix.StateUnknown {
			continue
		}
		_, err := client.ResumeSettle(t.Context(), s)
		wantField(t, err, fmt.Sprintf("Settlement.Payments[%d].State", i))
		s.Payments[i].State = spektrix.StateOpen
		if i < len(posted) {
			s.Payments[i].State = spektrix.StatePosted
		}
	}
	done, err := client.ResumeSettle(t.Context(), s)
	if err != nil || !done.Complete() {
		t.Fatalf("resumed: %v, %v", done, err)
	}
}

// A fault before the first payment leaves nothing behind.
func TestEachFaultAtEachRead(t *testing.T) {
	t.Parallel()
	for _, fault := range faults() {
		for _, op := range []string{spektrixtest.OpCustomPaymentTypes, spektrixtest.OpBasket} {
			t.Run(fmt.Sprintf("%v/%s", fault, op), func(t *testing.T) {
				t.Parallel()
				client, server := emulatorFor(t, fault)
				id := fill(t, client)
				strikesRead(server, op, fault)
				s, err := client.Settle(t.Context(), id, split(t)...)
				var e *payment.Error
				if !errors.As(err, &e) || errors.Is(err, payment.ErrOutcomeUnknown) || e.Op != op {
					t.Fatalf("err = %v", err)
				}
				if s.Posted().Sign() != 0 || s.Complete() || server.Count(spektrixtest.OpAddCustomPayment) != 0 {
					t.Errorf("settlement %v", s)
				}
				if s, err = client.Settle(t.Context(), id, split(t)...); err != nil || !s.Complete() {
					t.Fatalf("again: %v, %v", s, err)
				}
				if !slices.Equal(ledger(server, id), bothTypes) {
					t.Errorf("ledger %v", ledger(server, id))
				}
			})
		}
	}
}
