package main

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the programs have it by their build tag

	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	"github.com/tenderkit/tenderkit/payment/outbox/outboxtest"
)

// killedOrders is how many payments the programs that are killed record:
//
//	go test -run Killed -orders 100 ./examples/record
var killedOrders = flag.Int("orders", 10, "payments that the programs that are killed record")

// Programs are killed again and again, at any point, until they come to their
// end: one alone, and four that work on the same document with the same store.
// Then no vendor has a payment twice, and the store calls every payment unknown
// that is missing. With Postgres, Brightpearl is
// left out unless -orders asks for more.
func TestKilled(t *testing.T) {
	t.Parallel()
	program := build(t)
	for vendor, prepare := range victims() {
		for name, programs := range map[string]int{"one": 1, "four": 4} {
			t.Run(name+" on SQLite "+vendor, func(t *testing.T) {
				t.Parallel()
				killed(t, program, programs, vendor, prepare(t), filepath.Join(t.TempDir(), "store.db"))
			})
		}
	}
	t.Run("four on Postgres", func(t *testing.T) {
		t.Parallel()
		server := outboxtest.Start(t)
		for vendor, prepare := range victims() { // the accounts differ
			if vendor == "brightpearl" && *killedOrders <= 10 {
				continue
			}
			t.Run(vendor, func(t *testing.T) {
				t.Parallel()
				killed(t, program, 4, vendor, prepare(t), server.URL())
			})
		}
	})
}

// A program that is told to end, or whose report nobody reads any more, finishes
// the payments in hand, starts no other, and says how to go on.
func TestTerminated(t *testing.T) {
	t.Parallel()
	program := build(t)
	for name, c := range map[string]struct {
		end  func(*exec.Cmd, io.Closer) error
		want string
	}{
		"SIGTERM":       {func(cmd *exec.Cmd, _ io.Closer) error { return cmd.Process.Signal(syscall.SIGTERM) }, "interrupted: run it again"},
		"a closed pipe": {func(_ *exec.Cmd, out io.Closer) error { return out.Close() }, "the report cannot be written"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, env := billing(t, 2000)
			args := real(t, many(2000), "-to", "backendpay")
			cmd := command(program, args, env)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			var problems strings.Builder
			cmd.Stderr = &problems
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			for len(server.Payments()) < 10 {
				time.Sleep(time.Millisecond)
			}
			if err := c.end(cmd, out); err != nil {
				t.Error(err)
			}
			_, _ = io.Copy(io.Discard, out)
			_ = cmd.Wait()
			if cmd.ProcessState.ExitCode() != 1 || !strings.Contains(problems.String(), c.want) {
				t.Errorf("%v\n%s", cmd.ProcessState, problems.String())
			}
			left := try(t, nil, "-entries", "-store", args[5])
			if n := len(server.Payments()); n == 2000 || !strings.HasSuffix(left.out, "0 entries are not recorded\n") {
				t.Errorf("%d payments\n%s%s", n, left.out, left.err)
			}
		})
	}
}

func killed(t *testing.T, program string, programs int, vendor string, v victim, where string) {
	t.Helper()
	var wait sync.WaitGroup
	for range programs {
		wait.Go(func() { killUntilDone(t, program, v.flags(t, vendor, where, "200ms"), v.env) })
	}
	wait.Wait()
	v.check(t, program, vendor, where)
}

// check compares the vendor's ledger with the store, after a last run that takes
// up what the killed ones held. It has a longer lease than a crowded machine
// takes for a payment.
func (v victim) check(t *testing.T, program, vendor, where string) {
	t.Helper()
	done, last := runFor(t, program, v.flags(t, vendor, where, "20s"), v.env, 2*time.Minute)
	if !done {
		t.Error("the last run did not end")
	}
	defer func() {
		if t.Failed() {
			t.Logf("the last run:\n%s", last)
		}
	}()
	kept, err := store.Open(t.Context(), where, outbox.AllowLoopback())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = kept.Close() }()
	doubts := 0
	for i := range *killedOrders {
		reference := fmt.Sprintf("c3d4e5f6-a7b8-9012-cdef-%012d", i)
		var entry payment.Entry
		for e, err := range kept.Outbox.Entries(t.Context(), outbox.Filter{Reference: reference, Op: "payment", Account: payment.Account{Host: v.host}}) {
			if err != nil {
				t.Fatal(err)
			}
			entry = e.Entry
		}
		n, status := v.ledger(1000+i), entry.Status
		doubt := status == payment.Begun || status == payment.Unknown
		mayDoubt := !v.asked || status == payment.Unknown && entry.Writes >= 3 // killed at three writes: Once writes no more
		if doubt {
			doubts++
		}
		if n > 1 || n == 0 && !doubt || doubt && !mayDoubt || !doubt && status != payment.Recorded {
			t.Errorf("order %d: the vendor has the payment %d times, the store says %q", 1000+i, n, status)
		}
	}
	t.Logf("%d of %d unknown", doubts, *killedOrders)
}

// killUntilDone runs the program until it comes to an end of its own.
func killUntilDone(t *testing.T, program string, args []string, env map[string]string) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	for kills := 0; ; kills++ {
		// Lives grow, so that a slow machine comes to an end and a fast one is
		// killed before it.
		life := time.Duration(5+random.IntN(20+20*kills+kills*kills)) * time.Millisecond
		if done, _ := runFor(t, program, args, env, life); done {
			t.Logf("%d kills, seed %d", kills, seed)
			if kills == 0 {
				t.Error("the program was never killed")
			}
			return
		}
	}
}

func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "record")
	if out, err := exec.Command("go", "build", "-tags", "postgres", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

func command(program string, args []string, env map[string]string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	for name, value := range env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

// runFor runs the program and kills it when its life is over. It reports whether
// the program came to its own end before: a success, or an error that counts
// payments whose outcome is unknown.
func runFor(t *testing.T, program string, args []string, env map[string]string, life time.Duration) (done bool, output string) {
	t.Helper()
	cmd := command(program, args, env)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(life, func() { _ = cmd.Process.Kill() })
	err := cmd.Wait()
	if !timer.Stop() {
		return err == nil, out.String()
	}
	ending := func(text string) bool { return strings.Contains(out.String(), text) }
	if err != nil && !ending("not surely recorded") && !ending("not complete at the vendor") {
		t.Fatalf("the program failed on its own: %v\n%s", err, out.String())
	}
	return true, out.String()
}
