package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/outbox/outboxtest"
)

func none(string) string { return "" }

// output may be read while the program writes.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

func TestFirstRun(t *testing.T) {
	t.Parallel()
	var out output
	if err := run(t.Context(), nil, none, &out); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); !strings.Contains(text, "through SQLite\n3 payments handed over\n") || !strings.HasSuffix(text, "3 recorded\n") {
		t.Error(text)
	}
}

func TestTelemetry(t *testing.T) {
	t.Parallel()
	var out output
	if err := run(t.Context(), []string{"-telemetry"}, none, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"tenderkit.write", "tenderkit.payments", "tenderkit.oldest_unknown", "river.work", "HTTP POST"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is missing", want)
		}
	}
}

// Two processes on one Postgres take the same document; it is recorded once.
// Each serves its health, and River's pages, and ends when it is told to.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	database := outboxtest.Start(t).URL()
	server := brightpearltest.New(brightpearltest.WithCurrencies("NOK"), brightpearltest.WithStaffToken("acme_worker", "worker-token"),
		brightpearltest.WithAccount("acme"), brightpearltest.WithThrottle(1e6, time.Minute))
	defer server.Close()
	for _, code := range []string{"CASH", "CARD", "INVOICE"} {
		server.AddPaymentMethod(brightpearltest.PaymentMethod{Name: code, Code: code})
	}
	env := func(name string) string {
		return map[string]string{
			"DATABASE_URL": database, "BRIGHTPEARL_ACCOUNT": "acme", "BRIGHTPEARL_BASE_URL": server.URL,
			"BRIGHTPEARL_APP_REF": "acme_worker", "BRIGHTPEARL_STAFF_TOKEN": "worker-token",
		}[name]
	}
	ctx, stop := context.WithCancel(t.Context())
	var outs [2]output
	var wg sync.WaitGroup
	for i := range outs {
		wg.Go(func() {
			args := []string{"-file", "sales.json", "-addr", "127.0.0.1:0", "-ui", "-allow-loopback"}
			if err := run(ctx, args, env, &outs[i]); err != nil {
				t.Error(err)
			}
		})
	}
	for i := range outs {
		until(t, &outs[i], "\n3 recorded\n")
		address := regexp.MustCompile(`http://[^/]+`).FindString(outs[i].String())
		if got := get(t, address+"/healthz"); got != "ok\n" {
			t.Errorf("health: %q", got)
		}
		if page := get(t, address+"/river/"); !strings.Contains(page, "<html") {
			t.Errorf("River's page: %.200q", page)
		}
	}
	yesterday := func() bool { return strings.Contains(outs[0].String()+outs[1].String(), "in the account alike") }
	for deadline := time.Now().Add(time.Minute); !yesterday(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("yesterday is not compared:\n%s\n%s", &outs[0], &outs[1])
		}
	}
	stop()
	wg.Wait()
	seen := map[string]int{}
	for _, p := range server.Payments() {
		seen[p.TransactionRef]++
	}
	for reference, n := range seen {
		if n != 1 {
			t.Errorf("%s is recorded %d times", reference, n)
		}
	}
	if len(seen) != 3 {
		t.Errorf("%d payments are recorded", len(seen))
	}
}

func until(t *testing.T, out *output, text string) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !strings.Contains(out.String(), text); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%q does not come:\n%s", text, out)
		}
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// An order that cannot be recorded keeps no other from it, and is told.
func TestABadOrderStopsNoOther(t *testing.T) {
	t.Parallel()
	const good = `{"customer_id":1,"type":"sales","name":"%d","export_ref":"%d","closed_at":"2024-12-03T18:30:00Z","payments":[` +
		`{"payment_guid":"c3d4e5f6-a7b8-9012-cdef-%012d","payment_type_id":2,"net_amount":1.00}]}`
	order := func(i int) string { return fmt.Sprintf(good, i, 1000+i, i) }
	document := filepath.Join(t.TempDir(), "sales.json")
	text := "[" + strings.Join([]string{
		order(1),
		strings.Replace(order(2), "1.00", `"x"`, 1),
		strings.Replace(order(3), `"payment_type_id":2`, `"payment_type_id":99`, 1),
		strings.Replace(order(4), `"closed_at":"2024-12-03T18:30:00Z",`, "", 1),
		strings.Replace(order(5), `"payment_guid":"c3d4e5f6-a7b8-9012-cdef-000000000005",`, "", 1),
		order(6),
	}, ",") + "]"
	if err := os.WriteFile(document, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out output
	err := run(t.Context(), []string{"-file", document}, none, &out)
	if err == nil || !strings.Contains(err.Error(), "left out: 4 orders") || !strings.Contains(out.String(), "2 recorded\n") || strings.Count(out.String(), "is left out: ") != 4 {
		t.Errorf("%v\n%s", err, out.String())
	}
}

// A document is not recorded in an emulator because one variable is missing.
func TestHalfConfigured(t *testing.T) {
	t.Parallel()
	env := func(name string) string { return map[string]string{"BRIGHTPEARL_STAFF_TOKEN": "x"}[name] }
	var out output
	if err := run(t.Context(), []string{"-file", "sales.json"}, env, &out); err == nil || !strings.Contains(err.Error(), "BRIGHTPEARL_ACCOUNT is not set, and BRIGHTPEARL_STAFF_TOKEN is") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

// A payment of one account is never recorded in another.
func TestOtherAccount(t *testing.T) {
	t.Parallel()
	a, err := openAccount(settings{getenv: none, currency: "NOK"}, &telemetry{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	other := a.recorder.Account()
	other.Tenant = "other"
	if r, err := a.find(t.Context(), other); r != nil || err == nil {
		t.Errorf("%v, %v", r, err)
	}
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-workers", "0"}, {"-ui"}, {"-file", "none.json"}, {"-database", t.TempDir()}, {"-x"}} {
		if err := run(t.Context(), args, none, io.Discard); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
}
