package main

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// outcome is the result of a run of the program.
type outcome struct {
	code     int
	out, err string
}

// lease outlasts the slowest exchange of a crowded machine under the race detector.
const lease = 3 * time.Second

func try(t *testing.T, env map[string]string, args ...string) outcome {
	t.Helper()
	return tryUntil(t.Context(), env, args...)
}

func tryUntil(ctx context.Context, env map[string]string, args ...string) outcome {
	var out, err bytes.Buffer
	code := run(ctx, args, func(name string) string { return env[name] }, &out, &err)
	return outcome{code, out.String(), err.String()}
}

// system returns an emulator, and the environment and flags of a user with an
// account there.
func system(t *testing.T, opts ...spektrixtest.Option) (*spektrixtest.Server, map[string]string, []string) {
	t.Helper()
	server := spektrixtest.New(opts...)
	t.Cleanup(server.Close)
	env := map[string]string{
		"SPEKTRIX_CLIENT_NAME": server.Config().ClientName,
		"SPEKTRIX_LOGIN":       spektrixtest.SampleLogin,
		"SPEKTRIX_SECRET":      spektrixtest.SampleSecret,
		"SPEKTRIX_BASE_URL":    server.URL,
	}
	return server, env, []string{
		"-store", filepath.Join(t.TempDir(), "sale.db"), "-sale", "S1", "-lease", lease.String(), "-loopback=true", "-currency=GBP",
		"-instance", spektrixtest.InstanceEvening, "-ticket", spektrixtest.TicketConcession, "-plan", spektrixtest.PlanStalls,
		"-card", spektrixtest.TypeEPOSSystem, "-card-attribute", "Reference=T1/77",
		"-voucher", spektrixtest.TypeVoucher, "-voucher-attribute", "Voucher code=V-1", "-voucher-attribute", "Issued by=Box=Office",
		"-voucher-amount", "10.00",
	}
}

const wantSample = `basket: 2 tickets, 37.0 GBP, commission waived: true
payment 1, sample/card: 19.00 GBP: posted
payment 2, sample/voucher: 18.00 GBP: posted
order BB00BB: 2 tickets, 37.0 GBP
  ticket 1002ASHLGJTGPDKJTCKTTTBGVJNLCMQNQ: 18.5
  ticket 1003AHTBLHBMJKDQTSQMQKBRTBJRCSTRV: 18.5
  paid 19.0 by EPOS System
  paid 18.0 by Sample Voucher
`

func TestWithoutConfiguration(t *testing.T) {
	t.Parallel()
	got := try(t, nil)
	note, rest, _ := strings.Cut(got.out, "\n")
	if got.code != 0 || got.err != "" || rest != wantSample {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	if !regexp.MustCompile(`^Selling in a Spektrix emulator at http://127\.0\.0\.1:\d+\. Set SPEKTRIX_CLIENT_NAME`).MatchString(note) {
		t.Errorf("note %q", note)
	}
}

func TestEmulatorTakesFlags(t *testing.T) {
	t.Parallel()
	got := try(t, nil, "-voucher-attribute", "Voucher code=V-2", "-voucher-amount", "36.99", "-ticket", spektrixtest.TicketAdult)
	if got.code != 0 || !strings.Contains(got.out, "payment 1, sample/card: 0.01 GBP") || !strings.Contains(got.out, "paid 36.99 by Sample Voucher") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}

func TestRealSystem(t *testing.T) {
	t.Parallel()
	server, env, args := system(t)
	got := try(t, env, args...)
	want := "Selling in " + server.Config().ClientName + " at " + server.URL + ". What is known of the sale is kept in " + args[1] + `.
basket: 2 tickets, 31.2 GBP, commission waived: true
payment 1, S1/card: 21.20 GBP: posted
payment 2, S1/voucher: 10.00 GBP: posted
order BB00BB: 2 tickets, 31.2 GBP
`
	if head, _, _ := strings.Cut(got.out, "  ticket"); got.code != 0 || got.err != "" || head != want {
		t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	order := server.Orders()[0]
	if len(order.Payments) != 2 || order.Payments[1].Attributes[1].Value != "Box=Office" || order.ConfirmationEmail || order.Commission.Sign() != 0 {
		t.Errorf("order %+v", order)
	}

	again := try(t, env, args...) // the store says that it is done
	if again.code != 0 || !strings.Contains(again.out, "Going on with sale S1.\n") || !strings.HasSuffix(again.out, "paid 10.0 by Sample Voucher\n") {
		t.Errorf("exit %d\n%s%s", again.code, again.out, again.err)
	}
	if len(server.Baskets()) != 1 || len(server.Orders()) != 1 {
		t.Errorf("%d baskets, %d orders", len(server.Baskets()), len(server.Orders()))
	}
	if info, err := os.Stat(args[1]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
}

func TestNoOrderID(t *testing.T) {
	t.Parallel()
	server, env, args := system(t, spektrixtest.WithFacts(spektrixtest.Facts{ConfirmAnswer: spektrixtest.ConfirmGivesNothing}))
	for range 2 {
		got := try(t, env, args...)
		if got.code != 0 || !strings.HasSuffix(got.out, "confirmed; Spektrix has not returned the order's id\n") {
			t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
		}
	}
	if len(server.Orders()) != 1 {
		t.Errorf("%d orders", len(server.Orders()))
	}
}

func TestBadCommandLines(t *testing.T) {
	t.Parallel()
	server, env, args := system(t)
	without := func(flag string) []string {
		var rest []string
		for i := 0; i < len(args); i++ {
			switch {
			case strings.HasPrefix(args[i], flag+"="):
			case args[i] == flag:
				i++
			default:
				rest = append(rest, args[i])
			}
		}
		return rest
	}
	with := func(more ...string) []string { return append(args[:len(args):len(args)], more...) }
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"argument":       {with("two"), `unexpected argument "two"`},
		"unknown flag":   {with("-what"), "not defined"},
		"no value":       {with("-card-attribute", "Reference"), "want Name=Value"},
		"no amount":      {with("-voucher-amount", "1e1"), "-voucher-amount"},
		"no sale":        {without("-sale"), "-sale is needed"},
		"no currency":    {without("-currency"), "-currency is needed"},
		"no instance":    {without("-instance"), "-instance is needed"},
		"no type":        {without("-card"), "-card is needed"},
		"no split":       {without("-voucher-amount"), "-voucher-amount is needed"},
		"no such money":  {with("-currency", "XXQ"), "Currency"},
		"nowhere":        {with("-store", filepath.Join(t.TempDir(), "no", "sale.db")), "no such file"},
		"too much":       {with("-voucher-amount", "31.20"), "nothing was paid: payments[0]: spektrix: Settle: Payment.Amount: is not positive"},
		"too fine":       {with("-voucher-amount", "10.001"), "more than the 2 decimals"},
		"no such type":   {with("-card", spektrixtest.TypeClosedTill), "nothing was paid"},
		"no such ticket": {with("-ticket", "1A"), "nothing was paid, so run it again"},
	} {
		t.Run(name, func(t *testing.T) {
			got := try(t, env, c.args...)
			if got.code != 1 || !strings.Contains(got.err, c.want) {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
		})
	}
	if got := try(t, env, "-h"); got.code != 0 || !strings.Contains(got.err, "-voucher-attribute") {
		t.Errorf("-h: exit %d\n%s", got.code, got.err)
	}
	if n := server.Count(spektrixtest.OpAddCustomPayment); n != 0 {
		t.Errorf("%d payments were sent", n)
	}
}

func TestBadCredentials(t *testing.T) {
	t.Parallel()
	server, env, args := system(t)
	const wrong = "d3Jvbmctc2VjcmV0"
	for name, c := range map[string]struct{ field, value, want string }{
		"wrong secret":  {"SPEKTRIX_SECRET", wrong, "unauthorized"},
		"no secret":     {"SPEKTRIX_SECRET", "", "Config.Secret"},
		"bad secret":    {"SPEKTRIX_SECRET", wrong + "*", "Config.Secret"},
		"wrong login":   {"SPEKTRIX_LOGIN", "Nobody", "unauthorized"},
		"plain http":    {"SPEKTRIX_BASE_URL", "http://example.com", "Config.BaseURL"},
		"client's name": {"SPEKTRIX_CLIENT_NAME", "a/b", "Config.ClientName"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := maps.Clone(env)
			changed[c.field] = c.value
			got := try(t, changed, args...)
			if got.code != 1 || !strings.Contains(got.err, c.want) {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			for _, secret := range []string{wrong, spektrixtest.SampleSecret} {
				if strings.Contains(got.out+got.err, secret) {
					t.Errorf("the secret is shown:\n%s%s", got.out, got.err)
				}
			}
		})
	}
	if len(server.Baskets()) != 0 {
		t.Errorf("%d baskets", len(server.Baskets()))
	}
}
