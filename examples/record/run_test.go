package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// oneOrder is a sales document of one order with n payments.
func oneOrder(n int) string {
	payments := make([]string, n)
	for i := range payments {
		payments[i] = fmt.Sprintf(`{"payment_guid":"c3d4e5f6-a7b8-9012-cdef-%012d","payment_type_id":2,"net_amount":1.00}`, i)
	}
	return `[{"customer_id":1,"type":"sales","name":"0","export_ref":"1000","closed_at":"2024-12-03T18:30:00Z","lines":[],"payments":[` + strings.Join(payments, ",") + `]}]`
}

func TestOneRequestAPayment(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	got := try(t, env, real(t, many(400), "-workers", "16")...)
	if n := len(server.Requests()); got.code != 0 || len(server.Payments()) != 400 || n > 420 {
		t.Errorf("exit %d, %d payments by %d requests\n%s", got.code, len(server.Payments()), n, got.err)
	}
}

// What cannot be read back is told, and stops nothing.
func TestReadBackIsRefused(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	server.Faults().On(server.Is(brightpearltest.OpSalePaymentTotals), paymenttest.ServerErrorJSON(400, false))
	got := try(t, env, real(t, many(201), "-workers", "16")...)
	if got.code != 1 || !strings.Contains(got.out, "201 recorded") || strings.Count(got.out, "cannot be read") != 200 || strings.Count(got.err, "200 orders at the vendor: ") != 1 {
		t.Errorf("exit %d\n%s", got.code, got.err)
	}
}

// At a vendor that takes few requests a minute, none is wasted, and nobody waits
// without being told: 100,000 payments take a day there.
func TestWaitsAreTold(t *testing.T) {
	t.Parallel()
	server, env := account(t, brightpearltest.WithThrottle(25, 2*time.Second))
	got := try(t, env, real(t, many(60), "-workers", "8")...)
	if got.code != 0 || len(server.Payments()) != 60 || !strings.Contains(got.err, "waiting ") || !strings.Contains(got.err, " of 60 done, about ") {
		t.Errorf("exit %d, %d payments\n%s", got.code, len(server.Payments()), got.err)
	}
	if n := len(server.Requests()); n > 60+5 { // the methods, the totals, the payments
		t.Errorf("%d requests", n)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	got := try(t, nil, "-json", "-to", "rubi")
	lines := strings.Split(strings.TrimSpace(got.out), "\n")
	if got.code != 1 || len(lines) != 5 {
		t.Fatalf("exit %d, %d lines\n%s%s", got.code, len(lines), got.out, got.err)
	}
	var third struct {
		Order    string
		Payments []struct {
			Kind, Reference, State, ID string
			Amount                     payment.Money
		}
	}
	if err := json.Unmarshal([]byte(lines[3]), &third, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	if p := third.Payments[0]; third.Order != "2003" || p.State != "recorded" || p.ID != "T-1001" || p.Amount.String() != "2500.00 NOK" || p.Kind != "sale" {
		t.Errorf("%+v", third)
	}
	if want := `"recorded":1,"refused":2`; !strings.Contains(lines[4], want) {
		t.Errorf("%s", lines[4])
	}
}

func TestDryRun(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	document := strings.Replace(many(3), `"payment_type_id":2`, `"payment_type_id":3`, 1)
	args := real(t, document, "-dry-run")
	got := try(t, env, args...)
	if got.code != 1 || !strings.Contains(got.out, "2 would be recorded, 1 refused, 0 left out\n") || len(server.Payments()) != 0 {
		t.Errorf("exit %d, %d payments\n%s%s", got.code, len(server.Payments()), got.out, got.err)
	}
	if n := server.Count(brightpearltest.OpCreateCustomerPayment); n != 0 {
		t.Errorf("%d writes", n)
	}
	if _, err := os.Stat(args[5]); err == nil {
		t.Error("there is a store now")
	}
}

func TestRefunds(t *testing.T) {
	t.Parallel()
	_, env := account(t)
	got := try(t, env, real(t, strings.Replace(many(1), `"net_amount":1.00`, `"net_amount":-1.00`, 1))...)
	if got.code != 0 || !strings.Contains(got.out, "1000          refund    "+firstReference+"       -1.00 NOK  CARD") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}

// limited is a file on a disk that gets full.
type limited struct{ left int }

func (l *limited) Write(b []byte) (int, error) {
	if l.left -= len(b); l.left < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(b), nil
}

func TestUnwritableReport(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	var problems bytes.Buffer
	args := real(t, many(1000), "-workers", "1")
	code := run(t.Context(), args, func(name string) string { return env[name] }, &limited{600}, &problems)
	if code != 1 || !strings.Contains(problems.String(), "the report cannot be written: no space left") || len(server.Payments()) > 300 {
		t.Errorf("exit %d, %d payments\n%s", code, len(server.Payments()), problems.String())
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := newProgress(&out, "")
	p.done.Store(1812)
	p.total.Store(100_000)
	p.began = time.Now().Add(-540 * time.Second)
	p.wait(42500*time.Millisecond, "for the account's next window")
	p.wait(30*time.Second, "for the account's next window") // ends before: not told again
	if want := "waiting 43 s for the account's next window, 1,812 of 100,000 done, about 8 h left\n"; out.String() != want {
		t.Errorf("%q", out.String())
	}
	out.Reset()
	p.terminal = true
	p.done.Store(50_000)
	p.line("")
	if want := "\r\x1b[K[##########..........] waiting 43 s for the account's next window, 50,000 of 100,000 done, about 9 min left"; out.String() != want {
		t.Errorf("%q", out.String())
	}
	p.clear()
	if !strings.HasSuffix(out.String(), "\r\x1b[K") {
		t.Errorf("%q", out.String())
	}
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%q", got)
		}
	}
}
