package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

const firstReference = "c3d4e5f6-a7b8-9012-cdef-000000000000" // of many

// billing returns an emulator with a customer for each order of many, and the
// environment of a user.
func billing(t *testing.T, n int, opts ...backendpaytest.Option) (*backendpaytest.Server, map[string]string) {
	t.Helper()
	server := backendpaytest.New(opts...)
	t.Cleanup(server.Close)
	server.AddPaymentType(backendpaytest.PaymentType{Name: "Card"})
	for i := range n {
		server.AddCustomer(backendpaytest.Customer{AccountNumber: fmt.Sprint(1000 + i)})
	}
	return server, map[string]string{"BACKENDPAY_BASE_URL": server.URL, "BACKENDPAY_API_KEY": string(server.Config().APIKey)}
}

func TestBackendpayTwice(t *testing.T) {
	t.Parallel()
	server, env := billing(t, 3)
	args := real(t, many(3), "-to", "backendpay")
	for _, want := range []string{"3 recorded, 0 already", "0 recorded, 3 already"} {
		if got := try(t, env, args...); got.code != 0 || !strings.Contains(got.out, want) || len(server.Payments()) != 3 {
			t.Errorf("exit %d, %d payments\n%s%s", got.code, len(server.Payments()), got.out, got.err)
		}
	}
}

func TestTrialRunIsForgotten(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	args := real(t, many(2))
	if trial := try(t, nil, "-file", args[1], "-currency", "NOK"); trial.code != 0 || !strings.Contains(trial.out, "2 recorded") {
		t.Errorf("exit %d\n%s%s", trial.code, trial.out, trial.err)
	}
	if trial := try(t, nil, args...); trial.code != 1 || !strings.Contains(trial.err, "-store is for a real account") {
		t.Errorf("exit %d\n%s%s", trial.code, trial.out, trial.err)
	}
	if got := try(t, env, args...); got.code != 0 || !strings.Contains(got.out, "2 recorded, 0 already") || len(server.Payments()) != 2 {
		t.Errorf("exit %d, %d payments\n%s%s", got.code, len(server.Payments()), got.out, got.err)
	}
	// An emulator of one's own is not kept either, unless that is wanted.
	got := try(t, env, "-file", args[1], "-currency", "NOK", "-store", args[5]+"2")
	if got.code != 1 || !strings.Contains(got.err, "AllowLoopback") || len(server.Payments()) != 2 {
		t.Errorf("exit %d, %d payments\n%s%s", got.code, len(server.Payments()), got.out, got.err)
	}
}

func TestTwoRunsAtOnce(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	args := real(t, many(40))
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			if got := try(t, env, args...); got.code != 0 || strings.Count(got.out, "recorded\n") != 40 {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
		})
	}
	wait.Wait()
	if n := len(server.Payments()); n != 40 || server.Count(brightpearltest.OpCreateCustomerPayment) != 40 {
		t.Errorf("%d payments", n)
	}
}

func TestUnknownIsTakenUp(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	args := real(t, many(3), "-workers", "1")
	server.Faults().On(server.Is(brightpearltest.OpCreateCustomerPayment), paymenttest.Pass(), paymenttest.DropAfter())
	server.Faults().On(server.Is(brightpearltest.OpCustomerPayments), paymenttest.ServerErrorJSON(500, false))
	first := try(t, env, args...)
	if first.code != 1 || !strings.Contains(first.out, "outcome unknown") || !strings.Contains(first.err, "settle it with -decide c3d4e5f6-a7b8-9012-cdef-000000000001") {
		t.Fatalf("exit %d\n%s%s", first.code, first.out, first.err)
	}
	server.Faults().Clear()
	second := try(t, env, args...)
	if second.code != 0 || !strings.Contains(second.out, "0 recorded, 3 already recorded") {
		t.Errorf("exit %d\n%s%s", second.code, second.out, second.err)
	}
	if creates := server.Count(brightpearltest.OpCreateCustomerPayment); creates != 3 || len(server.Payments()) != 3 {
		t.Errorf("%d writes, %d payments", creates, len(server.Payments()))
	}
}

// What is recorded is not written again with another amount, kind, method or
// order, and the fields are named.
func TestChangedBetweenRuns(t *testing.T) {
	t.Parallel()
	for field, change := range map[string][2]string{
		"Amount": {`"net_amount":1.00`, `"net_amount":2.00`},
		"Kind":   {`"net_amount":1.00`, `"net_amount":-1.00`},
		"Method": {`"payment_type_id":2`, `"payment_type_id":1`},
		"Target": {`"export_ref":"1000"`, `"export_ref":"1001"`},
	} {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			server, env := account(t)
			args := real(t, many(1))
			if got := try(t, env, args...); got.code != 0 {
				t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			args[1] = write(t, "changed.json", strings.Replace(many(1), change[0], change[1], 1))
			for range 2 {
				got := try(t, env, args...)
				if got.code != 1 || !strings.Contains(got.out, "1 in conflict") || !strings.Contains(got.err, "different in "+field) || len(server.Payments()) != 1 {
					t.Errorf("exit %d, %d payments\n%s%s", got.code, len(server.Payments()), got.out, got.err)
				}
			}
		})
	}
}

// A conflict at the vendor stays one: the next run does not write.
func TestConflictIsKept(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	other := strings.Replace(many(1), `"net_amount":1.00`, `"net_amount":7.00`, 1)
	if got := try(t, env, real(t, other)...); got.code != 0 { // by somebody else, with another store
		t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	args := real(t, many(1))
	for range 3 {
		got := try(t, env, args...)
		if got.code != 1 || !strings.Contains(got.out, "1 in conflict") || !strings.Contains(got.err, "different in Amount") {
			t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
		}
	}
	if n := server.Count(brightpearltest.OpCreateCustomerPayment); n != 2 || len(server.Payments()) != 1 {
		t.Errorf("%d writes, %d payments", n, len(server.Payments()))
	}
}

func TestSameReferenceTwiceInADocument(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		second string
		code   int
		out    string
	}{
		"the same payment": {many(1), 0, "1 recorded, 1 already recorded"},
		"another amount":   {strings.Replace(many(1), `"net_amount":1.00`, `"net_amount":2.00`, 1), 1, "1 recorded, 0 already recorded, 0 unknown, 1 in conflict"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, env := account(t)
			document := strings.TrimSuffix(many(1), "]") + "," + strings.TrimPrefix(c.second, "[")
			got := try(t, env, real(t, document)...)
			if got.code != c.code || !strings.Contains(got.out, c.out) || len(server.Payments()) != 1 {
				t.Errorf("exit %d, %d payments\n%s%s", got.code, len(server.Payments()), got.out, got.err)
			}
		})
	}
}

func TestNoTenant(t *testing.T) {
	t.Parallel()
	server := rubitest.New()
	defer server.Close()
	env := map[string]string{"RUBI_API_KEY": string(server.Config().APIKey), "RUBI_BASE_URL": server.URL}
	got := try(t, env, real(t, strings.Replace(many(1), `"payment_type_id":2`, `"payment_type_id":5`, 1), "-to", "rubi", "-currency", "GBP")...)
	if got.code != 1 || !strings.Contains(got.err, "Tenant") || server.Count(rubitest.OpUserPayment) != 0 {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}

// An interrupt lets the payment in hand come to its end, and no other begins.
func TestInterruptedInTheMiddle(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	ctx, interrupt := context.WithCancel(t.Context())
	n := 0
	server.Faults().On(func(r *http.Request) bool {
		if server.Is(brightpearltest.OpCreateCustomerPayment)(r) {
			if n++; n == 2 {
				interrupt()
				time.Sleep(20 * time.Millisecond)
			}
		}
		return false
	}, paymenttest.Pass())
	args := real(t, many(5), "-workers", "1")
	got := tryUntil(ctx, env, args...)
	if got.code != 1 || !strings.Contains(got.err, "interrupted: run it again with the same document and store") || len(server.Payments()) != 2 || strings.Count(got.out, "recorded\n") != 2 {
		t.Errorf("exit %d, %d payments\n%s%s", got.code, len(server.Payments()), got.out, got.err)
	}
	server.Faults().Clear()
	if got := try(t, env, args...); got.code != 0 || !strings.Contains(got.out, "3 recorded, 2 already recorded") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}
