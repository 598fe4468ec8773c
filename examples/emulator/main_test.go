package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
	"github.com/tenderkit/tenderkit/spektrix"
)

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

// await waits until the program has printed the text.
func (o *output) await(t *testing.T, text string) {
	t.Helper()
	for range 500 {
		if strings.Contains(o.String(), text) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%q is not in\n%s", text, o)
}

// start runs the program and returns what it prints and its variables. The
// program is interrupted at the end of the test.
func start(t *testing.T, args ...string) (*output, map[string]string) {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	out, done := new(output), make(chan error, 1)
	go func() { done <- run(ctx, append(args, "-addr", "127.0.0.1:0"), out, io.Discard) }()
	t.Cleanup(func() {
		interrupt()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	out.await(t, "Requests:\n")
	env := map[string]string{}
	for line := range strings.Lines(out.String()) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			env[name] = value
		}
	}
	return out, env
}

// What is printed is enough to connect with, and a request is a line.
func TestEveryVendor(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(ctx context.Context, env map[string]string) (op string, err error){
		"spektrix": func(ctx context.Context, env map[string]string) (string, error) {
			c, err := spektrix.New(spektrix.Config{ClientName: env["SPEKTRIX_CLIENT_NAME"], Login: env["SPEKTRIX_LOGIN"], Secret: tenderkit.Secret(env["SPEKTRIX_SECRET"]), Currency: "GBP", BaseURL: env["SPEKTRIX_BASE_URL"]})
			if err != nil {
				return "", err
			}
			for _, err := range c.CustomPaymentTypes(ctx) {
				return "CustomPaymentTypes", err
			}
			return "", nil
		},
		"brightpearl": func(ctx context.Context, env map[string]string) (string, error) {
			auth := brightpearl.StaffToken(env["BRIGHTPEARL_APP_REF"], tenderkit.Secret(env["BRIGHTPEARL_STAFF_TOKEN"]))
			c, err := brightpearl.New(brightpearl.Config{Account: env["BRIGHTPEARL_ACCOUNT"], Auth: auth, BaseURL: env["BRIGHTPEARL_BASE_URL"]})
			if err != nil {
				return "", err
			}
			for _, err := range c.PaymentMethods(ctx) {
				return "PaymentMethods", err
			}
			return "", nil
		},
		"rubi": func(ctx context.Context, env map[string]string) (string, error) {
			c, err := rubi.New(rubi.Config{APIKey: tenderkit.Secret(env["RUBI_API_KEY"]), Tenant: env["RUBI_TENANT"], BaseURL: env["RUBI_BASE_URL"]})
			if err != nil {
				return "", err
			}
			for _, err := range c.UserBasket(ctx, rubitest.SampleUID, rubi.AllItems) {
				return "UserBasket", err
			}
			return "UserBasket", nil
		},
		"backendpay": func(ctx context.Context, env map[string]string) (string, error) {
			c, err := backendpay.New(backendpay.Config{APIKey: tenderkit.Secret(env["BACKENDPAY_API_KEY"]), Tenant: env["BACKENDPAY_TENANT"], BaseURL: env["BACKENDPAY_BASE_URL"]})
			if err != nil {
				return "", err
			}
			for _, err := range c.PaymentTypes(ctx) {
				return "PaymentTypes", err
			}
			return "", nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, env := start(t, "-vendor", name)
			op, err := ask(t.Context(), env)
			if err != nil || op == "" {
				t.Fatal(op, err)
			}
			out.await(t, "\n"+op+" ")
		})
	}
}

func TestAccount(t *testing.T) {
	t.Parallel()
	for vendor, variable := range map[string]string{"spektrix": "SPEKTRIX_CLIENT_NAME", "brightpearl": "BRIGHTPEARL_ACCOUNT"} {
		if _, env := start(t, "-vendor", vendor, "-account", "mine"); env[variable] != "mine" {
			t.Errorf("%s: %v", vendor, env)
		}
	}
}

const findings = `{"vendor":"backendpay","account":"a","host":"h","at":"2026-11-28T00:00:00Z","facts":{"unknownCustomerEmpty":{"state":"seen","value":true}},"verdicts":{}}`

func TestFacts(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "facts.json")
	if err := os.WriteFile(file, []byte(findings), 0o600); err != nil {
		t.Fatal(err)
	}
	for status, args := range map[int][]string{404: nil, 200: {"-facts", file}} {
		_, env := start(t, append(args, "-vendor", "backendpay")...)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, env["BACKENDPAY_BASE_URL"]+"/backend/api/v1/customers/999/payments/", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+env["BACKENDPAY_API_KEY"])
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != status {
			t.Errorf("an unknown customer with %v: status %d, want %d", args, resp.StatusCode, status)
		}
	}
}

func TestRefusedArguments(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "facts.json")
	if err := os.WriteFile(file, []byte(findings), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"-vendor is needed: spektrix":    nil,
		`there is no vendor "x"`:         {"-vendor", "x"},
		`unexpected argument "y"`:        {"-vendor", "rubi", "y"},
		"it is about backendpay, not":    {"-vendor", "rubi", "-facts", file},
		"-account: rubi has no name":     {"-vendor", "rubi", "-account", "mine"},
		"not defined: -port":             {"-port", "1"},
		"address 70000: invalid port":    {"-vendor", "rubi", "-addr", "127.0.0.1:70000"},
		"-account: backendpay has no na": {"-vendor", "backendpay", "-account", "mine"},
	} {
		err := run(t.Context(), args, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %s", args, err, want)
		}
	}
}
