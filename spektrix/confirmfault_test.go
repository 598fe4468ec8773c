package spektrix_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

func TestEachFaultAtConfirm(t *testing.T) {
	t.Parallel()
	for _, fault := range faults() {
		for _, readable := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v/readable %v", fault, readable), func(t *testing.T) {
				t.Parallel()
				opts := []spektrixtest.Option{spektrixtest.WithFacts(spektrixtest.Facts{SecondConfirm: spektrixtest.SecondConfirmNewOrder})}
				if readable {
					opts = append(opts, spektrixtest.WithFacts(spektrixtest.Facts{ReadableAfterConfirm: true}))
				}
				client, server := emulatorFor(t, fault, opts...)
				id := settled(t, client)
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
			id := settled(t, client)
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
