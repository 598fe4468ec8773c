package spektrix_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// Here, in confirmfault_test.go and in writefault_test.go every fault strikes
// every step of the flow on real sockets, and what the caller is told is
// compared with the ledger.

func TestEachFaultAtEachPayment(t *testing.T) {
	t.Parallel()
	for _, fault := range faults() {
		for step := range 2 {
			t.Run(fmt.Sprintf("%v/payment %d", fault, step+1), func(t *testing.T) {
				t.Parallel()
				client, server := emulatorFor(t, fault)
				id, store := fill(t, client), payment.NewMemoryStore()
				strikes(server, spektrixtest.OpAddCustomPayment, step+1, fault)
				s, err := byReference(client).Settle(t.Context(), id, split(t), with(store)...)
				if fault.Effect() { // found
					if err != nil || !s.Complete() {
						t.Fatalf("%v, %v", s, err)
					}
				} else {
					checkStopped(t, s, err, step, fault)
					if got := ledger(server, id); len(got) != step {
						t.Fatalf("ledger %v", got)
					}
					_, err = client.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, brief)
					wantField(t, err, "Confirmation.Settlement")
				}
				other := newClient(t, server.Config(), tenderkit.WithRetries(0))
				s, err = byReference(other).Settle(t.Context(), id, split(t), with(store, payment.WithSettle(time.Millisecond))...)
				if err != nil || !s.Complete() {
					t.Fatalf("again: %v, %v", s, err)
				}
				if _, err := other.Confirm(t.Context(), id, spektrix.Confirmation{Settlement: &s}, with(store)...); err != nil {
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
func checkStopped(t *testing.T, s spektrix.Settlement, err error, step int, fault paymenttest.Fault) {
	t.Helper()
	var stopped *spektrix.SettleError
	if !errors.As(err, &stopped) || stopped.Stopped != step || !slices.Equal(states(stopped.Settlement), states(s)) {
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
	if !errors.As(err, &e) || e.Target != s.BasketID || e.Op != "AddCustomPayment" || e.Reference != s.Payments[step].Payment.Reference {
		t.Errorf("err = %v", err)
	}
}

// A fault before the first payment leaves nothing behind.
func TestEachFaultAtEachRead(t *testing.T) {
	t.Parallel()
	for _, fault := range faults() {
		for _, op := range []string{spektrixtest.OpCustomPaymentTypes, spektrixtest.OpBasket, spektrixtest.OpCustomPayments} {
			t.Run(fmt.Sprintf("%v/%s", fault, op), func(t *testing.T) {
				t.Parallel()
				client, server := emulatorFor(t, fault)
				id, store := fill(t, client), payment.NewMemoryStore()
				strikesRead(server, op, fault)
				s, err := byReference(client).Settle(t.Context(), id, split(t), with(store)...)
				var e *payment.Error
				if !errors.As(err, &e) || errors.Is(err, payment.ErrOutcomeUnknown) || e.Op != op {
					t.Fatalf("err = %v", err)
				}
				if s.Complete() || server.Count(spektrixtest.OpAddCustomPayment) != 0 {
					t.Errorf("settlement %v", s)
				}
				if s, err = byReference(client).Settle(t.Context(), id, split(t), with(store)...); err != nil || !s.Complete() {
					t.Fatalf("again: %v, %v", s, err)
				}
				if !slices.Equal(ledger(server, id), bothTypes) {
					t.Errorf("ledger %v", ledger(server, id))
				}
			})
		}
	}
}
