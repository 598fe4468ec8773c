package main

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// look settles what is unknown, as a person does who has looked up the sale in
// Spektrix. The ledger shows which payments stand and whether there is an order.
func look(t *testing.T, server *spektrixtest.Server, path string) {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		return
	}
	kept, err := store.Open(t.Context(), path, outbox.AllowLoopback())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = kept.Close() }()
	for e, err := range kept.Outbox.Entries(t.Context(), outbox.Filter{Statuses: []payment.Status{payment.Begun, payment.Unknown}}) {
		if err != nil {
			t.Fatal(err)
		}
		d := payment.Decision{By: "Jo", At: time.Now()}
		p, err := e.Payment()
		if err != nil {
			t.Fatal(err)
		}
		if e.Key.Op == "confirm" {
			if orders := server.Orders(); len(orders) > 0 {
				d.Recorded, d.ID = true, orders[0].ID
			}
		} else {
			for _, standing := range server.Payments(p.Target) {
				d.Recorded = d.Recorded || standing.TypeID == p.Method
			}
		}
		settled, err := kept.Outbox.Settle(t.Context(), e.Entry, d)
		if err == nil && !d.Recorded {
			_, err = payment.Reopen(t.Context(), kept, settled, "Jo")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// The answer to the second payment is lost. The basket shows that it stands.
func TestALostAnswer(t *testing.T) {
	t.Parallel()
	server, env, args := system(t)
	server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), paymenttest.Pass(), paymenttest.DropAfter())
	got := try(t, env, args...)
	if got.code != 0 || got.err != "" || !strings.Contains(got.out, "order BB00BB: 2 tickets, 31.2 GBP\n") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	basket := server.Baskets()[0].ID
	if n := server.Count(spektrixtest.OpAddCustomPayment); n != 2 || len(server.Payments(basket)) != 2 || len(server.Orders()) != 1 {
		t.Errorf("%d writes, %d payments, %d orders", n, len(server.Payments(basket)), len(server.Orders()))
	}
}

// The answer is lost, and Spektrix does not show the payments of a basket: only a
// person can tell.
func TestALostAnswerThatNothingShows(t *testing.T) {
	t.Parallel()
	server, env, args := system(t, spektrixtest.WithFacts(spektrixtest.Facts{PaymentListLag: 1000}))
	server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), paymenttest.Pass(), paymenttest.DropAfter())
	args = append(args, "-looks", "1")
	first := try(t, env, args...)
	if first.code != 1 || !strings.HasSuffix(first.out, "payment 1, S1/card: 21.20 GBP: posted\npayment 2, S1/voucher: 10.00 GBP: unknown\n") {
		t.Fatalf("exit %d\n%s%s", first.code, first.out, first.err)
	}
	basket := server.Baskets()[0].ID
	for _, want := range []string{"stopped at payment 2 of 2 (1 posted, 1 unknown)", "outcome unknown", "look at basket " + basket + " in Spektrix"} {
		if !strings.Contains(first.err, want) {
			t.Errorf("no %q in %s", want, first.err)
		}
	}
	second := try(t, env, args...) // nobody has looked it up yet
	if second.code != 1 || !strings.Contains(second.err, "outcome unknown") {
		t.Errorf("exit %d\n%s%s", second.code, second.out, second.err)
	}
	if n := server.Count(spektrixtest.OpAddCustomPayment); n != 2 || len(server.Payments(basket)) != 2 {
		t.Errorf("%d writes, %d payments", n, len(server.Payments(basket)))
	}
}

// Whatever fails at any step, a person who looks up the sale and a program that
// runs again complete the sale, with nothing twice.
func TestEveryStepUnderEveryFault(t *testing.T) {
	t.Parallel()
	faults := []paymenttest.Fault{
		paymenttest.DropBefore(), paymenttest.DropAfter(), paymenttest.ResetMidAnswer(), paymenttest.TruncatedJSON(),
		paymenttest.ServerErrorHTML(502, true), paymenttest.ServerErrorJSON(500, false), paymenttest.TooManyRequests(""),
	}
	for _, op := range []string{
		spektrixtest.OpCreateBasket, spektrixtest.OpAddTickets, spektrixtest.OpUpdateBasket,
		spektrixtest.OpAddCustomPayment, spektrixtest.OpConfirm,
	} {
		for _, fault := range faults {
			t.Run(op+" "+fault.String(), func(t *testing.T) {
				t.Parallel()
				server, env, args := system(t)
				args = append(args, "-looks", "1")
				server.Faults().On(server.Is(op), fault)
				got := try(t, env, args...)
				if server.Faults().Pending() != 0 || (got.code == 0) != (got.err == "") {
					t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
				}
				for range 3 {
					look(t, server, args[1])
					got = try(t, env, args...)
				}
				if got.code != 0 || len(server.Orders()) != 1 || len(server.Orders()[0].Payments) != 2 {
					t.Errorf("exit %d, orders %+v\n%s%s", got.code, server.Orders(), got.out, got.err)
				}
			})
		}
	}
}

func TestUnknownConfirm(t *testing.T) {
	t.Parallel()
	server, env, args := system(t, spektrixtest.WithFacts(spektrixtest.Facts{SecondConfirm: spektrixtest.SecondConfirmNewOrder}))
	args = append(args, "-looks", "1")
	server.Faults().On(server.Is(spektrixtest.OpConfirm), paymenttest.DropAfter())
	for range 2 {
		got := try(t, env, args...)
		if got.code != 1 || !strings.Contains(got.err, "look for an order of basket") || !strings.Contains(got.err, "-decide "+server.Baskets()[0].ID) {
			t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
		}
	}
	if len(server.Orders()) != 1 || server.Count(spektrixtest.OpConfirm) != 1 {
		t.Errorf("%d orders", len(server.Orders()))
	}
}

// The program is killed at the moment when a payment or the confirmation
// arrives, which takes effect. The next run goes on from there.
func TestKilled(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "sell")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for op, want := range map[string]struct {
		code int
		text string
	}{
		spektrixtest.OpAddCustomPayment: {0, "order BB00BB: 2 tickets"},
		spektrixtest.OpConfirm:          {1, "look for an order of basket"},
	} {
		t.Run(op, func(t *testing.T) {
			t.Parallel()
			server, env, args := system(t)
			args = append(args, "-looks", "1")
			cmd, running := exec.Command(program, args...), make(chan *os.Process, 1)
			for name, value := range env {
				cmd.Env = append(cmd.Env, name+"="+value)
			}
			server.Faults().On(func(r *http.Request) bool {
				if !server.Is(op)(r) {
					return false
				}
				process := <-running
				_ = process.Kill()
				running <- process
				return true
			}, paymenttest.Pass())
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			running <- cmd.Process
			if err := cmd.Wait(); err == nil {
				t.Fatal("it was not killed")
			}
			time.Sleep(lease + 500*time.Millisecond)
			got := try(t, env, args...)
			if got.code != want.code || !strings.Contains(got.out+got.err, want.text) {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			if server.Count(spektrixtest.OpAddCustomPayment) != 2 || server.Count(spektrixtest.OpConfirm) != 1 {
				t.Errorf("sent again: %+v", server.Requests())
			}
		})
	}
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	_, env, args := system(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := tryUntil(ctx, env, args...)
	if got.code != 1 || got.err == "" {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}

func TestAnotherStore(t *testing.T) {
	t.Parallel()
	server, env, args := system(t)
	path := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(path, []byte(strings.Repeat("hello\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := try(t, env, append(args, "-store", path)...); got.code != 1 || !strings.Contains(got.err, "store "+path) {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	if got := try(t, env, append(args, "-loopback=false")...); got.code != 1 || !strings.Contains(got.err, "AllowLoopback") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	if n := server.Count(spektrixtest.OpAddCustomPayment); n != 0 {
		t.Errorf("%d payments were sent", n)
	}
}
