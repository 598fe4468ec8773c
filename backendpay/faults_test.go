package backendpay_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// Under every fault a create reaches the ledger once or not at all, the error
// tells which it may be, and a lookup tells which it is.
func TestCreateUnderFaults(t *testing.T) {
	t.Parallel()
	for _, fault := range paymenttest.Faults() {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t)
			server.Faults().Next(fault)
			n := transfer(t, "fault-1")
			_, err := client.CreatePayment(t.Context(), customer, n)
			checkLost(t, fault, err)
			want := 0
			if fault.Effect() {
				want = 1
			}
			if server.Count(backendpaytest.OpCreatePayment) != 1 || server.Creates() != want {
				t.Errorf("%d requests, %d payments; want 1 and %d", server.Count(backendpaytest.OpCreatePayment), server.Creates(), want)
			}
			found, err := client.FindPayment(t.Context(), customer, n)
			if fault.Effect() && (err != nil || found.OurReference != "fault-1") || !fault.Effect() && !errors.Is(err, payment.ErrNotFound) {
				t.Errorf("found %+v, err %v", found, err)
			}
		})
	}
}

func checkLost(t *testing.T, fault paymenttest.Fault, err error) {
	t.Helper()
	want := payment.ErrOutcomeUnknown
	if isRefusal(fault) {
		want = payment.ErrRateLimited
	}
	var told *payment.Error
	if !errors.Is(err, want) || !errors.As(err, &told) {
		t.Errorf("error %v, want %v", err, want)
		return
	}
	if told.Reference != "fault-1" || told.Target != customer || told.Attempts != 1 {
		t.Errorf("error of reference %q, target %q, %d attempts", told.Reference, told.Target, told.Attempts)
	}
}

// A lost answer to an update or a deletion is read back.
func TestUpdateAndDeleteUnderFaults(t *testing.T) {
	t.Parallel()
	for _, fault := range paymenttest.Faults() {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t)
			seed(t, server, 1)
			server.Faults().Next(fault)
			_, err := client.UpdatePayment(t.Context(), "501", backendpay.PaymentUpdate{PaymentMethod: backendpay.Value("Bank Transfer")})
			checkDone(t, "update", fault, err)
			if done := server.Payments()[0].PaymentMethod == "Bank Transfer"; done != fault.Effect() {
				t.Errorf("ledger changed: %v", done)
			}
			server.Faults().Next(fault)
			checkDone(t, "deletion", fault, client.DeletePayment(t.Context(), "501"))
			if done := server.Payments()[0].Deleted(); done != fault.Effect() {
				t.Errorf("ledger deleted: %v", done)
			}
			if server.Count(backendpaytest.OpUpdatePayment) != 1 || server.Count(backendpaytest.OpDeletePayment) != 1 {
				t.Errorf("sent again: %v", server.Requests())
			}
		})
	}
}

// So is one to a payment type.
func TestPaymentTypesUnderFaults(t *testing.T) {
	t.Parallel()
	for _, fault := range paymenttest.Faults() {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t)
			before := len(server.PaymentTypes())
			server.Faults().Next(fault)
			_, err := client.CreatePaymentType(t.Context(), backendpay.PaymentTypeFields{PaymentTypeName: backendpay.Value("Voucher")})
			if isRefusal(fault) == errors.Is(err, payment.ErrOutcomeUnknown) || (len(server.PaymentTypes()) > before) != fault.Effect() {
				t.Errorf("creation: error %v, %d types", err, len(server.PaymentTypes()))
			}
			id := server.PaymentTypes()[0].ID
			server.Faults().Next(fault)
			_, err = client.UpdatePaymentType(t.Context(), id, backendpay.PaymentTypeFields{
				PaymentTypeDisplayPosition: backendpay.Value(77), PaymentTypeUseFor: backendpay.Value([]string{"Payments"}),
			})
			checkDone(t, "update", fault, err)
			if done := server.PaymentTypes()[0].DisplayPosition == 77; done != fault.Effect() {
				t.Errorf("ledger changed: %v", done)
			}
			server.Faults().Next(fault)
			checkDone(t, "deletion", fault, client.DeletePaymentType(t.Context(), id))
			if gone := server.PaymentTypes()[0].ID != id; gone != fault.Effect() {
				t.Errorf("ledger deleted: %v", gone)
			}
			for _, op := range []string{backendpaytest.OpCreatePaymentType, backendpaytest.OpUpdatePaymentType, backendpaytest.OpDeletePaymentType} {
				if n := server.Count(op); n != 1 {
					t.Errorf("%s sent %d times", op, n)
				}
			}
		})
	}
}

func checkDone(t *testing.T, what string, fault paymenttest.Fault, err error) {
	t.Helper()
	var want error
	switch {
	case isRefusal(fault):
		want = payment.ErrRateLimited
	case !fault.Effect():
		want = payment.ErrOutcomeUnknown
	}
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
}

// A fault at any page of a list ends in the whole list or in an error.
func TestListUnderFaults(t *testing.T) {
	t.Parallel()
	for _, fault := range paymenttest.Faults() {
		for page := range 3 {
			t.Run(fmt.Sprintf("%v at page %d", fault, page), func(t *testing.T) {
				t.Parallel()
				server, client := emulated(t)
				seed(t, server, 4)
				for range page {
					server.Faults().Next(paymenttest.Pass())
				}
				server.Faults().Next(fault)
				list, err := collect(client.Payments(t.Context(), backendpay.PaymentFilter{PageSize: 2}))
				if err == nil && len(list) != 4 || err != nil && len(list) != 2*page {
					t.Errorf("%d payments, err %v", len(list), err)
				}
				if server.Faults().Pending() != 0 {
					t.Error("the fault never struck")
				}
			})
		}
	}
}

// A create whose context ends while it is under way is not known to have
// failed.
func TestCancelledCreate(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	server.Faults().Next(paymenttest.Delay(time.Minute))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := client.CreatePayment(ctx, customer, transfer(t, "cancelled-1"))
	if !errors.Is(err, payment.ErrOutcomeUnknown) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	_, err = client.CreatePayment(ended, customer, transfer(t, "never-sent"))
	if !errors.Is(err, payment.ErrInvalid) || errors.Is(err, payment.ErrOutcomeUnknown) || server.Creates() != 1 {
		t.Errorf("error %v, %d payments", err, server.Creates())
	}
}
