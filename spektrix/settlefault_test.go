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

// The tests of this file make every fault strike every step of the flow on
// real sockets, and hold what the caller is told against the ledger.

func faults() []paymenttest.Fault {
	return append(paymenttest.Faults(), spektrixtest.EdgeBlock(), spektrixtest.Forbidden())
}

// refuses reports an answer by which the caller knows that nothing happened.
func refuses(f paymenttest.Fault) bool {
	return slices.Contains([]paymenttest.Fault{
		paymenttest.TooManyRequests(""), paymenttest.TooManyRequests("1"), paymenttest.Throttle(),
		spektrixtest.EdgeBlock(), spektrixtest.Forbidden(),
	}, f)
}

// strikes makes the fault strike the nth request of an operation.
func strikes(server *spektrixtest.Server, op string, n int, f paymenttest.Fault) {
	queue := make([]paymenttest.Fault, n)
	queue[n-1] = f
	server.Faults().On(server.Is(op), queue...)
}

// strikesRead is strikes for the next GET, which net/http sends once more
// when a connection that was used before drops.
func strikesRead(server *spektrixtest.Server, op string, f paymenttest.Fault) {
	strikes(server, op, 1, f)
	if f == paymenttest.DropBefore() || f == paymenttest.DropAfter() {
		strikes(server, op, 1, f)
	}
}

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
				if got := ledger(server, id); !slices.Equal(got, bothTypes) || len(server.Orders()) != 1 {
					t.Errorf("ledger %v, %d orders", got, len(server.Orders()))
				}
			})
		}
	}
}

func effect(f paymenttest.Fault) int {
	if f.Effect() {
		return 1
	}
	return 0
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
	if _, err := client.Confirm(t.Context(), s.BasketID, spektrix.Confirmation{}); err != nil {
		t.Fatal(err)
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

func TestEachFaultAtConfirm(t *testing.T) {
	t.Parallel()
	for _, fault := range faults() {
		for _, readable := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v/readable %v", fault, readable), func(t *testing.T) {
				t.Parallel()
				opts := []spektrixtest.Option{spektrixtest.WithSecondConfirm(spektrixtest.SecondConfirmNewOrder)}
				if readable {
					opts = append(opts, spektrixtest.WithConfirmedBasketsReadable())
				}
				client, server := emulatorFor(t, fault, opts...)
				id := fill(t, client)
				if _, err := client.Settle(t.Context(), id, split(t)...); err != nil {
					t.Fatal(err)
				}
				strikes(server, spektrixtest.OpConfirm, 1, fault)
				_, err := client.Confirm(t.Context(), id, spektrix.Confirmation{})
				if got := len(server.Orders()); got != effect(fault) || server.Count(spektrixtest.OpConfirm) != 1 {
					t.Fatalf("%d orders, %d confirms", got, server.Count(spektrixtest.OpConfirm))
				}
				checkConfirmed(t, client, server, id, fault, err)
			})
		}
	}
}

// checkConfirmed tells the three ends of a confirm from the error alone, and
// goes on from there.
func checkConfirmed(t *testing.T, client *spektrix.Client, server *spektrixtest.Server, id string, fault paymenttest.Fault, err error) {
	t.Helper()
	_, again := client.Confirm(t.Context(), id, spektrix.Confirmation{})
	switch {
	case refuses(fault):
		if err == nil || errors.Is(err, payment.ErrOutcomeUnknown) || again != nil {
			t.Errorf("err = %v, again %v", err, again)
		}
	case fault == paymenttest.EmptyAnswer(): // an empty success is a success
		if err != nil {
			t.Errorf("err = %v", err)
		}
		wantField(t, again, "Confirmation.Repeat")
	default:
		var e *payment.Error
		if !errors.As(err, &e) || !errors.Is(err, payment.ErrOutcomeUnknown) || e.Target != id || e.Op != "Confirm" {
			t.Errorf("err = %v", err)
		}
		wantField(t, again, "Confirmation.Repeat")
		if len(server.Orders()) == 0 { // somebody has looked
			if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{Repeat: true}); err != nil {
				t.Error(err)
			}
		}
	}
	if n := len(server.Orders()); n != 1 || len(server.Payments(id)) != 2 {
		t.Errorf("%d orders, ledger %v", n, ledger(server, id))
	}
}

// The read that Confirm makes first changes nothing.
func TestEachFaultBeforeConfirm(t *testing.T) {
	t.Parallel()
	for _, fault := range faults() {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			client, server := emulatorFor(t, fault)
			id := fill(t, client)
			if _, err := client.Settle(t.Context(), id, split(t)...); err != nil {
				t.Fatal(err)
			}
			strikesRead(server, spektrixtest.OpBasket, fault)
			if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{}); err == nil || errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("err = %v", err)
			}
			if len(server.Orders()) != 0 {
				t.Error("the basket was confirmed")
			}
			if _, err := client.Confirm(t.Context(), id, spektrix.Confirmation{}); err != nil {
				t.Error(err)
			}
		})
	}
}

// The other writes of the flow are never repeated either.
func TestEachFaultAtTheOtherWrites(t *testing.T) {
	t.Parallel()
	for _, fault := range faults() {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			client, server := emulatorFor(t, fault)
			id := fill(t, client)
			calls := map[string]func() error{
				spektrixtest.OpCreateBasket: func() error { _, err := client.CreateBasket(t.Context(), spektrix.NewBasket{}); return err },
				spektrixtest.OpAddTickets:   func() error { return client.AddTickets(t.Context(), id, twoSeats) },
				spektrixtest.OpUpdateBasket: func() error { _, err := client.WaiveTransactionCommission(t.Context(), id); return err },
			}
			for op, call := range calls {
				strikes(server, op, 1, fault)
				err := call()
				if refuses(fault) == errors.Is(err, payment.ErrOutcomeUnknown) && !answerNotNeeded(op, fault) {
					t.Errorf("%s: %v", op, err)
				}
				if n := server.Count(op); n != 2 {
					t.Errorf("%s: %d requests, want that of the filling and one more", op, n)
				}
			}
		})
	}
}

// answerNotNeeded are whole answers that AddTickets does not read, and the
// empty one that a PATCH may give.
func answerNotNeeded(op string, f paymenttest.Fault) bool {
	switch op {
	case spektrixtest.OpAddTickets:
		return f == paymenttest.EmptyAnswer() || f == paymenttest.HTMLAnswer() || f == paymenttest.TruncatedJSON()
	case spektrixtest.OpUpdateBasket:
		return f == paymenttest.EmptyAnswer()
	}
	return false
}
