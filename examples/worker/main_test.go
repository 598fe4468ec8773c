package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
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

func TestBadInput(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-workers", "0"}, {"-ui"}, {"-file", "none.json"}, {"-database", t.TempDir()}, {"-x"}} {
		if err := run(t.Context(), args, none, io.Discard); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
}
