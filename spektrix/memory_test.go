package spektrix_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// What a client remembers of a basket keeps a program from paying it twice,
// however the program goes on.

// Many goroutines settle and confirm one basket: each happens once.
func TestSettleAndConfirmFromManyGoroutines(t *testing.T) {
	t.Parallel()
	client, server := emulator(t, spektrixtest.WithSecondConfirm(spektrixtest.SecondConfirmNewOrder))
	id := fill(t, client)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := client.Settle(t.Context(), id, split(t)...); err != nil && !errors.Is(err, payment.ErrInvalid) {
				t.Errorf("settle: %v", err)
			}
			if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{}); err != nil && !errors.Is(err, payment.ErrInvalid) && !errors.Is(err, payment.ErrNotFound) {
				t.Errorf("confirm: %v", err)
			}
		})
	}
	wg.Wait()
	_, _ = client.Confirm(t.Context(), id, spektrix.Confirmation{}) // if all that came after Settle found it busy
	if !slices.Equal(ledger(server, id), bothTypes) || len(server.Orders()) != 1 {
		t.Errorf("ledger %v, %d orders", ledger(server, id), len(server.Orders()))
	}
}

// panicking gives a client whose observer panics after a call of op.
func panicking(t *testing.T, server *spektrixtest.Server, op string) *spektrix.Client {
	t.Helper()
	var done atomic.Bool
	return newClient(t, server.Config(), tenderkit.WithRetries(0), tenderkit.WithObserver(func(_ context.Context, e tenderkit.Exchange) {
		if e.Op == op && done.CompareAndSwap(false, true) {
			panic("observer")
		}
	}))
}

func wantPanic(t *testing.T, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	f()
}

// A server that recovers from a panic in a handler tries again.
func TestAPanicAfterAPaymentIsNotForgotten(t *testing.T) {
	t.Parallel()
	server := spektrixtest.New()
	t.Cleanup(server.Close)
	client := panicking(t, server, spektrixtest.OpAddCustomPayment)
	id := fill(t, client)
	wantPanic(t, func() { _, _ = client.Settle(t.Context(), id, split(t)...) })
	s, err := client.Settle(t.Context(), id, split(t)...)
	wantField(t, err, "id")
	if !slices.Equal(states(s), []spektrix.PaymentState{spektrix.StateUnknown, spektrix.StateOpen}) {
		t.Errorf("remembered %v", s)
	}
	_, err = client.Confirm(t.Context(), id, spektrix.Confirmation{})
	wantField(t, err, "Confirmation.Settlement")
	if !slices.Equal(ledger(server, id), bothTypes[:1]) {
		t.Errorf("ledger %v", ledger(server, id))
	}
}

func TestAPanicAfterAConfirmIsNotForgotten(t *testing.T) {
	t.Parallel()
	server := spektrixtest.New(spektrixtest.WithSecondConfirm(spektrixtest.SecondConfirmNewOrder), spektrixtest.WithConfirmedBasketsReadable())
	t.Cleanup(server.Close)
	client := panicking(t, server, spektrixtest.OpConfirm)
	id := settled(t, client)
	wantPanic(t, func() { _, _ = client.Confirm(t.Context(), id, spektrix.Confirmation{}) })
	_, err := client.Confirm(t.Context(), id, spektrix.Confirmation{})
	wantField(t, err, "Confirmation.Repeat")
	if n := len(server.Orders()); n != 1 {
		t.Errorf("%d orders", n)
	}
}

// A context that ends between two payments leaves the second one open.
func TestAContextEndsBetweenPayments(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	server := spektrixtest.New()
	t.Cleanup(server.Close)
	client := newClient(t, server.Config(), tenderkit.WithObserver(func(_ context.Context, e tenderkit.Exchange) {
		if e.Op == spektrixtest.OpAddCustomPayment {
			cancel()
		}
	}))
	id := fill(t, client)
	s, err := client.Settle(ctx, id, split(t)...)
	wantField(t, err, "ctx")
	if !errors.Is(err, context.Canceled) || !slices.Equal(states(s), []spektrix.PaymentState{spektrix.StatePosted, spektrix.StateOpen}) {
		t.Errorf("%v, %v", s, err)
	}
	if s, err = client.ResumeSettle(t.Context(), s); err != nil || !s.Complete() || !slices.Equal(ledger(server, id), bothTypes) {
		t.Errorf("%v, %v, ledger %v", s, err, ledger(server, id))
	}
}

// cancelsAt ends a context when a request for op has reached the emulator,
// which takes its effect.
func cancelsAt(t *testing.T, server *spektrixtest.Server, op string) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	server.Faults().On(func(r *http.Request) bool {
		hit := server.Is(op)(r)
		if hit {
			cancel()
		}
		return hit
	}, paymenttest.Delay(time.Minute))
	return ctx
}

// One that ends while a request is under way leaves its outcome unknown.
func TestAContextEndsWithinAWrite(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	s, err := client.Settle(cancelsAt(t, server, spektrixtest.OpAddCustomPayment), id, split(t)...)
	if !errors.Is(err, payment.ErrOutcomeUnknown) || !errors.Is(err, context.Canceled) || s.Payments[0].State != spektrix.StateUnknown {
		t.Fatalf("%v, %v", s, err)
	}
	resolve(t, client, server, s)
	if !slices.Equal(ledger(server, id), bothTypes) {
		t.Errorf("ledger %v", ledger(server, id))
	}
	if _, err := client.Confirm(cancelsAt(t, server, spektrixtest.OpConfirm), id, spektrix.Confirmation{}); !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("err = %v", err)
	}
	_, err = client.Confirm(t.Context(), id, spektrix.Confirmation{})
	wantField(t, err, "Confirmation.Repeat")
}

// Neither the caller's payments nor the settlement that was given back are what
// the client remembers.
func TestTheMemoryIsTheClientsOwn(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), paymenttest.DropAfter())
	payments := split(t)
	s, err := client.Settle(t.Context(), id, payments...)
	if !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Fatal(err)
	}
	payments[0].PaymentAttributes[0].Value = "other"
	s.Payments[0].State, s.Payments[1].State = spektrix.StatePosted, spektrix.StatePosted
	_, err = client.Confirm(t.Context(), id, spektrix.Confirmation{})
	wantField(t, err, "Confirmation.Settlement")
	remembered, err := client.Settle(t.Context(), id, split(t)...)
	wantField(t, err, "id")
	if p := remembered.Payments[0]; p.State != spektrix.StateUnknown || p.Payment.PaymentAttributes[0].Value != "R-1001" {
		t.Errorf("remembered %v with %q", p, p.Payment.PaymentAttributes[0].Value)
	}
}
