package main

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

const recordLine = "record -customer 123 -reference till-1 -date 2024-11-26 -amount 120.50 -method Bank_Transfer"

func TestTwiceRecordsNothingTwice(t *testing.T) {
	t.Parallel()
	server, env := installation(t)
	line := append(words(recordLine), recording(t)...)
	for _, state := range []string{"recorded", "already recorded", "already recorded"} {
		got := try(t, env, line...)
		if got.code != 0 || got.err != "" || !strings.HasSuffix(got.out, "  501     2024-11-26      120.50  Bank Transfer   till-1        "+state+"\n") {
			t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
		}
	}
	got := try(t, env, append(line, "-amount", "120.51")...) // the same reference for something else
	if got.code != 1 || !strings.Contains(got.err, "different in Amount") || server.Creates() != 1 {
		t.Errorf("exit %d, %d payments\n%s%s", got.code, server.Creates(), got.out, got.err)
	}
}

// Programs that share a store record one payment, also at the same moment.
func TestAtTheSameMoment(t *testing.T) {
	t.Parallel()
	server, env := installation(t)
	line := append(words(recordLine), recording(t)...)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() { tryUntil(t.Context(), env, line...) })
	}
	wait.Wait()
	if got := try(t, env, line...); got.code != 0 || !strings.HasSuffix(got.out, "already recorded\n") || server.Creates() != 1 {
		t.Errorf("exit %d, %d payments\n%s%s", got.code, server.Creates(), got.out, got.err)
	}
}

func TestRefund(t *testing.T) {
	t.Parallel()
	server, env := installation(t)
	line := append(words(recordLine+" -amount -7.50 -refund -customer-reference INV_7"), recording(t)...)
	got := try(t, env, line...)
	if got.code != 0 || !strings.HasSuffix(got.out, "  501     2024-11-26       -7.50  Bank Transfer   till-1        recorded\n") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	if p := server.Payments()[0]; p.CustomerReference != "INV 7" || p.PaymentAmount.String() != "-7.50" {
		t.Errorf("payment %+v", p)
	}
}

func TestLostAnswers(t *testing.T) {
	t.Parallel()
	for _, fault := range []paymenttest.Fault{
		paymenttest.DropBefore(), paymenttest.DropAfter(), paymenttest.ResetMidAnswer(), paymenttest.TruncatedJSON(),
		paymenttest.EmptyAnswer(), paymenttest.ServerErrorHTML(502, true), paymenttest.ServerErrorJSON(500, false),
	} {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			server, env := installation(t)
			line := append(words(recordLine), recording(t)...)
			server.Faults().On(server.Is(backendpaytest.OpCreatePayment), fault)
			got := try(t, env, line...)
			if fault.Effect() {
				if got.code != 0 || got.err != "" || !strings.HasSuffix(got.out, "already recorded\n") {
					t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
				}
			} else if got.code != 1 || !strings.Contains(got.err, "outcome unknown") || !strings.Contains(got.err, "run the same command again later") {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			got = try(t, env, line...) // a request that was lost may still arrive
			if (got.code == 0) != fault.Effect() {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			got = try(t, env, append(line, "-settle", "1ms")...)
			if got.code != 0 || server.Creates() != 1 || server.Faults().Pending() != 0 {
				t.Errorf("exit %d, %d payments\n%s%s", got.code, server.Creates(), got.out, got.err)
			}
		})
	}
}

func TestLostAndNotFoundYet(t *testing.T) {
	t.Parallel()
	server, env := installation(t)
	line := append(words(recordLine), recording(t)...)
	server.Faults().On(server.Is(backendpaytest.OpCreatePayment), paymenttest.DropAfter())
	server.Faults().On(server.Is(backendpaytest.OpCustomerPayments), paymenttest.ServerErrorJSON(500, false)) // the look cannot be had
	got := try(t, env, line...)
	if got.code != 1 || !strings.Contains(got.err, "outcome unknown") || server.Creates() != 1 {
		t.Errorf("exit %d, %d payments\n%s%s", got.code, server.Creates(), got.out, got.err)
	}
	if got = try(t, env, line...); got.code != 0 || !strings.HasSuffix(got.out, "already recorded\n") || server.Creates() != 1 {
		t.Errorf("exit %d, %d payments\n%s%s", got.code, server.Creates(), got.out, got.err)
	}
}

// A store outlives an emulator, whose accounts are no accounts.
func TestAStoreIsNotForAnEmulator(t *testing.T) {
	t.Parallel()
	server, env := installation(t)
	path := filepath.Join(t.TempDir(), "store.db")
	got := try(t, env, append(words(recordLine), "-store", path)...)
	if got.code != 1 || !strings.Contains(got.err, "AllowLoopback") || server.Creates() != 0 {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}

func TestCorrect(t *testing.T) {
	t.Parallel()
	server, env := installation(t)
	if got := try(t, env, append(words(recordLine), recording(t)...)...); got.code != 0 {
		t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	server.Faults().On(server.Is(backendpaytest.OpUpdatePayment), paymenttest.DropAfter()) // the client reads it back
	got := try(t, env, words("correct -id 501 -reference till-2 -date 2024-11-27 -amount 99.95 -method Cheque -customer-reference INV_7")...)
	if got.code != 0 || got.err != "" || !strings.HasSuffix(got.out, "  501     2024-11-27       99.95  Cheque          till-2        corrected\n") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	if p := server.Payments()[0]; p.CustomerReference != "INV 7" || p.PaymentAmount.String() != "99.95" {
		t.Errorf("payment %+v", p)
	}
	server.Faults().On(server.Is(backendpaytest.OpUpdatePayment), paymenttest.DropBefore())
	for _, want := range []int{1, 0} { // a correction may be sent again
		if got := try(t, env, words("correct -id 501 -amount -5.00 -refund")...); got.code != want {
			t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
		}
	}
}

func TestTotalsOfACutOffList(t *testing.T) {
	t.Parallel()
	server, env := installation(t)
	if got := try(t, env, append(words(recordLine), recording(t)...)...); got.code != 0 {
		t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	server.Faults().On(server.Is(backendpaytest.OpPayments), paymenttest.Pass(), paymenttest.ServerErrorJSON(500, false))
	got := try(t, env, words("totals -from 2024-11-01 -to 2024-11-30")...)
	if got.code != 1 || strings.Contains(got.out, "total ") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}

func TestChangesGoOnWhereTheyStopped(t *testing.T) {
	t.Parallel()
	var hours atomic.Int64
	server, env := installation(t, backendpaytest.WithClock(func() time.Time {
		return time.Date(2024, 11, 26, 8+int(hours.Load()), 0, 0, 0, time.UTC)
	}))
	path := filepath.Join(t.TempDir(), "cursor")
	changes := func(want ...string) {
		t.Helper()
		got := try(t, env, "changes", "-since", "2024-11-26T00:00:00Z", "-cursor", path)
		_, rest, _ := strings.Cut(got.out, "\n")
		if got.code != 0 || got.err != "" || rest != strings.Join(want, "") {
			t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
		}
	}
	try(t, env, append(words(recordLine), recording(t)...)...)
	hours.Add(1) // further than passes overlap
	changes("  501     2024-11-26      120.50  Bank Transfer   till-1        valid\n")
	changes() // nothing is new
	if err := server.Reverse("501", payment.Date{Year: 2024, Month: time.November, Day: 27}); err != nil {
		t.Fatal(err)
	}
	stored, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	server.Faults().On(server.Is(backendpaytest.OpPayments), paymenttest.Pass(), paymenttest.ServerErrorJSON(500, false))
	if got := try(t, env, "changes", "-cursor", path); got.code != 1 {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != string(stored) {
		t.Errorf("an error moved the cursor from %s to %s (%v)", stored, now, err)
	}
	changes("  501     2024-11-26      120.50  Bank Transfer   till-1        reversed on 2024-11-27\n")
}

func TestOddCursor(t *testing.T) {
	t.Parallel()
	_, env := installation(t)
	path := filepath.Join(t.TempDir(), "cursor")
	if err := os.WriteFile(path, []byte("soon\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{path: "does not hold a time", filepath.Dir(path): "is a directory"} {
		if got := try(t, env, "changes", "-cursor", file, "-since", "2024-11-26T00:00:00Z"); got.code != 1 || !strings.Contains(got.err, want) {
			t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
		}
	}
}
