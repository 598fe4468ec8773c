package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

func readSale(t *testing.T, path string) sale {
	t.Helper()
	text, err := os.ReadFile(path)
	var s sale
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func writeSale(t *testing.T, path string, s sale) {
	t.Helper()
	text, err := json.Marshal(s)
	if err == nil {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// look edits the file as a person does who has looked up the sale in Spektrix.
// The ledger shows which payments stand and whether there is an order.
func look(t *testing.T, server *spektrixtest.Server, path string) {
	t.Helper()
	s := readSale(t, path)
	standing := map[string]bool{}
	for _, p := range server.Payments(s.Settlement.BasketID) {
		standing[p.TypeID] = true
	}
	for i, p := range s.Settlement.Payments {
		if p.State == spektrix.StateUnknown {
			s.Settlement.Payments[i].State = spektrix.StateOpen
			if standing[p.Payment.PaymentTypeID] {
				s.Settlement.Payments[i].State = spektrix.StatePosted
			}
		}
	}
	if s.Step == stepConfirming {
		s.Step = stepSettling
		if len(server.Orders()) > 0 {
			s.Step, s.OrderID = stepConfirmed, server.Orders()[0].ID
		}
	}
	writeSale(t, path, s)
}

func TestALostAnswer(t *testing.T) {
	t.Parallel()
	server, env, args := system(t)
	server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), paymenttest.Pass(), paymenttest.DropAfter())

	first := try(t, env, args...)
	want := "payment 1: 21.20 GBP by EPOS System: posted\npayment 2: 10.00 GBP by " + spektrixtest.TypeVoucher + ": unknown\n"
	if first.code != 1 || !strings.HasSuffix(first.out, want) {
		t.Fatalf("exit %d\n%s%s", first.code, first.out, first.err)
	}
	basket := server.Baskets()[0].ID
	for _, want := range []string{
		"stopped at payment 2 of 2 (1 posted, 1 unknown)", "outcome unknown",
		"look at basket " + basket + " in Spektrix, set the payment's State in " + args[1] + ` to "posted" or "open", and run it again`,
	} {
		if !strings.Contains(first.err, want) {
			t.Errorf("no %q in %s", want, first.err)
		}
	}

	second := try(t, env, args...) // nobody has looked it up yet
	if second.code != 1 || !strings.Contains(second.err, "Settlement.Payments[1].State: is not open or posted") {
		t.Errorf("exit %d\n%s%s", second.code, second.out, second.err)
	}
	look(t, server, args[1])
	third := try(t, env, args...)
	if third.code != 0 || third.err != "" || !strings.Contains(third.out, "order BB00BB: 2 tickets, 31.2 GBP\n") {
		t.Errorf("exit %d\n%s%s", third.code, third.out, third.err)
	}
	if n := server.Count(spektrixtest.OpAddCustomPayment); n != 2 || len(server.Payments(basket)) != 2 || len(server.Orders()) != 1 {
		t.Errorf("%d writes, %d payments, %d orders", n, len(server.Payments(basket)), len(server.Orders()))
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
				server.Faults().On(server.Is(op), fault)
				got := try(t, env, args...)
				if server.Faults().Pending() != 0 || (got.code == 0) != (got.err == "") {
					t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
				}
				for range 3 {
					if _, err := os.Stat(args[1]); err == nil {
						look(t, server, args[1])
					}
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
	server, env, args := system(t, spektrixtest.WithSecondConfirm(spektrixtest.SecondConfirmNewOrder))
	server.Faults().On(server.Is(spektrixtest.OpConfirm), paymenttest.DropAfter())
	for range 2 {
		got := try(t, env, args...)
		if got.code != 1 || !strings.Contains(got.err, "look for an order of basket") || !strings.Contains(got.err, `set Step in `+args[1]+` to "confirmed", or to "settling"`) {
			t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
		}
	}
	if len(server.Orders()) != 1 {
		t.Errorf("%d orders", len(server.Orders()))
	}
}

// A killed program leaves behind what is on disk when a payment arrives.
func TestKilled(t *testing.T) {
	t.Parallel()
	for op, want := range map[string]string{
		spektrixtest.OpAddCustomPayment: "is not open or posted: look the payment up in Spektrix first",
		spektrixtest.OpConfirm:          "an earlier run may have confirmed the basket",
	} {
		t.Run(op, func(t *testing.T) {
			t.Parallel()
			server, env, args := system(t)
			left := make(chan []byte, 2)
			server.Faults().On(func(r *http.Request) bool {
				if server.Is(op)(r) {
					text, _ := os.ReadFile(args[1])
					left <- text
				}
				return false
			}, paymenttest.Pass())
			if got := try(t, env, args...); got.code != 0 || len(left) == 0 {
				t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			if err := os.WriteFile(args[1], <-left, 0o600); err != nil {
				t.Fatal(err)
			}
			got := try(t, env, args...)
			if got.code != 1 || !strings.Contains(got.err, want) {
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
	if got.code != 1 || !strings.Contains(got.err, "nothing was paid") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}

func TestWithoutFile(t *testing.T) {
	t.Parallel()
	server, env, args := system(t)
	venue, err := open(func(name string) string { return env[name] }, parsed(t, args))
	if err != nil {
		t.Fatal(err)
	}
	server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), paymenttest.DropAfter())
	d := &desk{client: venue.client, set: venue.set, sale: &sale{}, out: io.Discard}
	if err := d.settle(t.Context()); err == nil || !strings.Contains(err.Error(), "no -settlement file was given") {
		t.Errorf("%v", err)
	}
}

func parsed(t *testing.T, args []string) settings {
	t.Helper()
	set, err := parse(args, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestOddFiles(t *testing.T) {
	t.Parallel()
	server, env, args := system(t)
	name := "apitesting at " + server.URL
	for text, want := range map[string]string{
		`{"System":"apitesting","Step":"settling","Settlement":{}}`: "is of a sale in apitesting, not in " + name,
		`{"System":"` + name + `","Step":"settling"}`:               "is not the file of a sale",
		`{"System":"` + name + `","Step":"what","Settlement":{}}`:   "is not the file of a sale",
		`{"System":`: "is not the file of a sale",
		`{"System":"` + name + `","Step":"settling","Settlement":{}}`: "is not the file of a sale",
	} {
		if err := os.WriteFile(args[1], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := try(t, env, args...); got.code != 1 || !strings.Contains(got.err, want) {
			t.Errorf("%s: exit %d\n%s%s", text, got.code, got.out, got.err)
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}
