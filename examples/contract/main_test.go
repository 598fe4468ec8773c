package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// output is what a run of the program came to.
type output struct {
	code           int
	stdout, stderr string
}

func runWith(ctx context.Context, env map[string]string, args ...string) output {
	var stdout, stderr strings.Builder
	code := run(ctx, args, func(name string) string { return env[name] }, &stdout, &stderr)
	return output{code, stdout.String(), stderr.String()}
}

func (o output) want(t *testing.T, code int, texts ...string) {
	t.Helper()
	if o.code != code {
		t.Errorf("exit code %d, want %d", o.code, code)
	}
	for _, text := range texts {
		if !strings.Contains(o.stdout+o.stderr, text) {
			t.Errorf("does not say %q", text)
		}
	}
	if t.Failed() {
		t.Logf("%s\n%s", o.stdout, o.stderr)
	}
}

// liveBrightpearl starts an emulator that stands for a live account, and
// returns its environment.
func liveBrightpearl(t *testing.T, opts ...brightpearltest.Option) (*brightpearltest.Server, map[string]string) {
	opts = append(opts, brightpearltest.WithStaffToken("acme_contract", staffSentinel), brightpearltest.WithThrottle(1e6, 1e9))
	s := brightpearltest.New(opts...)
	t.Cleanup(s.Close)
	return s, map[string]string{
		"BRIGHTPEARL_ACCOUNT": s.Config().Account, "BRIGHTPEARL_BASE_URL": s.URL, "BRIGHTPEARL_APP_REF": "acme_contract", "BRIGHTPEARL_STAFF_TOKEN": staffSentinel,
	}
}

const staffSentinel = "c2VudGluZWw+c3RhZmY/dG9rZW4="

func TestEveryVendorOnItsEmulator(t *testing.T) {
	t.Parallel()
	for _, name := range vendorNames() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			facts, page, tape := filepath.Join(dir, "facts.json"), filepath.Join(dir, "report.md"), filepath.Join(dir, "tape")
			runWith(t.Context(), nil, "-vendor", name, "-facts", facts, "-report", page, "-record", tape).want(t, 0, "An emulator of "+name, " holds")
			if text, err := os.ReadFile(page); err != nil || !strings.Contains(string(text), "| clause |") {
				t.Errorf("no page for people: %v", err)
			}
			runWith(t.Context(), nil, "-vendor", name, "-replay", tape, "-against", facts).want(t, 0, "A recording of "+name, "Nothing has drifted")
			runWith(t.Context(), nil, "-vendor", name, "-as", facts, "-against", facts).want(t, 0, "Nothing has drifted")
			runWith(t.Context(), nil, "-vendor", name, "-against", filepath.Join("testdata", name+".json")).want(t, 0, "Nothing has drifted")
			runWith(t.Context(), nil, "-vendor", name, "-list").want(t, 0, "requests at most")
		})
	}
}

func TestDrift(t *testing.T) {
	t.Parallel()
	target, stop := brightpearltest.Sandbox(brightpearltest.Facts{TextIDs: true})
	t.Cleanup(stop)
	before := filepath.Join(t.TempDir(), "before.json")
	if err := save(settings{facts: before}, paymenttest.Check(t.Context(), target, brightpearltest.Contract())); err != nil {
		t.Fatal(err)
	}
	runWith(t.Context(), nil, "-vendor", "brightpearl", "-against", before).want(t, 2, "fact textIDs: was true, is false", "clause search.ids: was differs, is holds")
	runWith(t.Context(), nil, "-vendor", "brightpearl", "-as", before, "-against", before).want(t, 2, "Nothing has drifted")
}

// A run on an emulator never passes for one on an account because one variable
// is missing.
func TestHalfConfigured(t *testing.T) {
	t.Parallel()
	for _, v := range vendors() {
		for _, name := range v.env[1:] {
			runWith(t.Context(), map[string]string{name: "x"}, "-vendor", v.name).want(t, 1, v.env[0]+" is not set, and "+name+" is")
		}
	}
}

func TestLiveOnlyReads(t *testing.T) {
	t.Parallel()
	s, env := liveBrightpearl(t)
	out := runWith(t.Context(), env, "-vendor", "brightpearl", "-objects", "order=2002", "-pause", "1ns")
	out.want(t, 0, "Live system: brightpearl "+s.Config().Account, "This run only read", "needs to be allowed: write")
	if n := len(s.Payments()); n != 0 {
		t.Errorf("%d payments were written", n)
	}
}

func TestLiveWrites(t *testing.T) {
	t.Parallel()
	s, env := liveBrightpearl(t)
	out := runWith(t.Context(), env, "-vendor", "brightpearl", "-objects", "order=2002,method=SAGEPAY_UK,currency=GBP", "-pause", "1ns",
		"-write", "-delete", "-account", s.Config().Account)
	out.want(t, 0, "search.text-match: records receipts", "needs the sandbox object missing order", "needs to be allowed: bad login")
	if len(s.Payments()) == 0 {
		t.Error("nothing was written")
	}
	for _, p := range s.Payments() {
		if !p.Deleted || !strings.HasPrefix(p.TransactionRef, "contract-") {
			t.Errorf("payment %d with reference %s is left", p.ID, p.TransactionRef)
		}
	}
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	s, env := liveBrightpearl(t)
	wrong := map[string]string{}
	for name, value := range env {
		wrong[name] = value
	}
	wrong["BRIGHTPEARL_STAFF_TOKEN"] = "d3Jvbmc="
	account := s.Config().Account
	for _, test := range []struct {
		name string
		env  map[string]string
		args []string
		want string
	}{
		{"no vendor", nil, nil, "-vendor is needed: spektrix, brightpearl, rubi, backendpay"},
		{"unknown vendor", nil, []string{"-vendor", "acme"}, `there is no vendor "acme"`},
		{"wrong credentials", wrong, []string{"-vendor", "brightpearl", "-write", "-account", account}, "the credentials are refused, nothing was written"},
		{"missing object", env, []string{"-vendor", "brightpearl", "-objects", "method=GOLD"}, `the sandbox object "method" does not exist`},
		{"object that is none", env, []string{"-vendor", "brightpearl", "-objects", "order=x"}, `"order" is not the number of an order`},
		{"unknown object", env, []string{"-vendor", "brightpearl", "-objects", "basket=7"}, `no clause uses a sandbox object "basket"`},
		{"broken object", env, []string{"-vendor", "brightpearl", "-objects", "order"}, "is not name=value"},
		{"write without account", env, []string{"-vendor", "brightpearl", "-write"}, "-write needs -account"},
		{"write to another account", env, []string{"-vendor", "brightpearl", "-write", "-account", "acme"}, "nothing was sent"},
		{"no recording", nil, []string{"-vendor", "brightpearl", "-replay", t.TempDir()}, "holds no recording of brightpearl"},
		{"record and replay", nil, []string{"-vendor", "brightpearl", "-replay", "a", "-record", "b"}, "exclude each other"},
		{"facts of nothing", nil, []string{"-vendor", "brightpearl", "-as", "main.go"}, "not a file of findings"},
		{"live as facts", env, []string{"-vendor", "brightpearl", "-as", "main.go"}, "asks for the live system"},
		{"argument", nil, []string{"-vendor", "brightpearl", "extra"}, `unexpected argument "extra"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			runWith(t.Context(), test.env, append(test.args, "-pause", "1ns")...).want(t, 1, test.want)
		})
	}
	t.Cleanup(func() {
		if n := len(s.Payments()); n != 0 {
			t.Errorf("%d payments were written", n)
		}
	})
}

// A run that is interrupted says what it has written.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	s, env := liveBrightpearl(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stdout, stderr strings.Builder
	interrupt := stopAfter{to: &stdout, cancel: cancel, server: s}
	code := run(ctx, []string{"-vendor", "brightpearl", "-objects", "order=2002,method=SAGEPAY_UK,currency=GBP", "-pause", "1ns", "-write", "-account", s.Config().Account},
		func(name string) string { return env[name] }, &interrupt, &stderr)
	output{code, stdout.String(), stderr.String()}.want(t, 1, "Written and not undone:\n  RECEIPT on order 2002, reference contract-", "the run was interrupted", "context canceled")
}

// stopAfter interrupts the run once a clause is announced and something stands
// in the ledger.
type stopAfter struct {
	to     *strings.Builder
	cancel func()
	server *brightpearltest.Server
}

func (s *stopAfter) Write(p []byte) (int, error) {
	if len(s.server.Payments()) > 0 {
		s.cancel()
	}
	return s.to.Write(p)
}

// A replay that is asked for something else says what.
func TestReplayLacks(t *testing.T) {
	t.Parallel()
	_, env := liveBrightpearl(t)
	dir := t.TempDir()
	runWith(t.Context(), env, "-vendor", "brightpearl", "-pause", "1ns", "-record", dir).want(t, 0)
	label := filepath.Join(dir, "brightpearl.json")
	text, err := os.ReadFile(label)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(label, []byte(strings.Replace(string(text), `"allow"`, `"objects": {"order": "2002"}, "allow"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	runWith(t.Context(), nil, "-vendor", "brightpearl", "-replay", dir).want(t, 1, "does not hold GET https://vendor.example/public-api/account/order-service/order/2002")
}
