package main

import (
	"bytes"
	"context"
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
)

// outcome is the result of a run of the program.
type outcome struct {
	code     int
	out, err string
}

func try(t *testing.T, env map[string]string, args ...string) outcome {
	t.Helper()
	return tryUntil(t.Context(), env, args...)
}

func tryUntil(ctx context.Context, env map[string]string, args ...string) outcome {
	var out, err bytes.Buffer
	code := run(ctx, args, func(name string) string { return env[name] }, &out, &err)
	return outcome{code, out.String(), err.String()}
}

// installation returns an emulator, and the environment of a user with a key.
func installation(t *testing.T, opts ...backendpaytest.Option) (*backendpaytest.Server, map[string]string) {
	t.Helper()
	server := backendpaytest.New(opts...)
	t.Cleanup(server.Close)
	return server, map[string]string{"BACKENDPAY_API_KEY": backendpaytest.SampleAPIKey, "BACKENDPAY_BASE_URL": server.URL}
}

// recording returns the flags of the command record for an emulator that
// outlives the run, with a store of their own.
func recording(t *testing.T) []string {
	t.Helper()
	return []string{"-loopback", "-looks", "1", "-lease", "3s", "-store", filepath.Join(t.TempDir(), "store.db")}
}

// words splits a command line. An underscore stands for a blank.
func words(line string) []string {
	list := strings.Fields(line)
	for i, word := range list {
		list[i] = strings.ReplaceAll(word, "_", " ")
	}
	return list
}

const wantSample = `
$ backendpay record -customer 123 -reference till-4711 -date 2024-11-26 -amount 120.50 -method "Bank Transfer"
  504     2024-11-26      120.50  Bank Transfer   till-4711     recorded

$ backendpay correct -id 504 -method "Credit Card"
  504     2024-11-26      120.50  Credit Card     till-4711     corrected

$ backendpay totals -from 2024-11-25 -to 2024-11-26
2024-11-25
  501     2024-11-25       80.00  Bank Transfer   till-4708
  502     2024-11-25      -20.00  Bank Transfer   till-4709
  total                    60.00  Bank Transfer
2024-11-26
  504     2024-11-26      120.50  Credit Card     till-4711
  total                   120.50  Credit Card
all days
  total                    60.00  Bank Transfer
  total                   120.50  Credit Card

$ backendpay changes -since TIME
  501     2024-11-25       80.00  Bank Transfer   till-4708     valid
  502     2024-11-25      -20.00  Bank Transfer   till-4709     valid
  503     2024-11-26       60.00  Cheque          till-4710     reversed on 2024-11-26
  504     2024-11-26      120.50  Credit Card     till-4711     valid
next time: -since TIME
`

func TestWithoutConfiguration(t *testing.T) {
	t.Parallel()
	got := try(t, nil)
	note, rest, _ := strings.Cut(got.out, "\n")
	rest = regexp.MustCompile(`-since [0-9-]+T[0-9:.]+Z`).ReplaceAllString(rest, "-since TIME")
	if got.code != 0 || got.err != "" || rest != wantSample {
		t.Errorf("exit %d\n%s%s", got.code, rest, got.err)
	}
	if !regexp.MustCompile(`^Working in a billing emulator at http://127\.0\.0\.1:\d+\. Set BACKENDPAY_API_KEY`).MatchString(note) {
		t.Errorf("note %q", note)
	}
}

func TestOneCommandInTheEmulator(t *testing.T) {
	t.Parallel()
	got := try(t, nil, words("totals -from 2024-11-25 -to 2024-11-25")...)
	if got.code != 0 || got.err != "" || !strings.HasSuffix(got.out, "all days\n  total                    60.00  Bank Transfer\n") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}

func TestTotalsOfOneCustomer(t *testing.T) {
	t.Parallel()
	server, env := installation(t)
	other, kept := server.AddCustomer(backendpaytest.Customer{}), recording(t)
	for _, line := range []string{
		"-customer 123 -reference A -amount 0.10", "-customer 123 -reference B -amount 0.20",
		"-customer " + other + " -reference C -amount 5.00", "-customer 123 -reference D -amount -0.30 -refund",
	} {
		if got := try(t, env, append(words("record -date 2024-11-25 -method Cheque "+line), kept...)...); got.code != 0 {
			t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
		}
	}
	for customer, want := range map[string]string{"": "5.00", "123": "0.00", other: "5.00"} {
		args := words("totals -from 2024-11-01 -to 2024-11-30")
		if customer != "" {
			args = append(args, "-customer", customer)
		}
		got := try(t, env, args...)
		if got.code != 0 || !strings.HasSuffix(got.out, "all days\n  total                     "+want+"  Cheque\n") {
			t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
		}
	}
}

func TestBadCommandLines(t *testing.T) {
	t.Parallel()
	server, env := installation(t)
	const good = "record -customer 123 -reference A -date 2024-11-25 -method Cheque -amount 1.00"
	for line, want := range map[string]string{
		"":                                       "no command",
		"delete":                                 `unknown command "delete"`,
		"record":                                 "-customer is needed",
		good + " more":                           `unexpected argument "more"`,
		good + " -what":                          "not defined",
		good + " -amount 1,00":                   "invalid value",
		good + " -amount -1.00":                  "Payment.Amount",
		good + " -amount 1.00 -refund":           "Payment.Amount",
		good + " -currency gbp":                  "currency",
		good + " -settle -1s":                    "-settle is negative",
		good + " -date 25.11.24":                 "invalid value",
		good + " -customer C1":                   "Payment.Target",
		good + " -method Barter":                 "status 400",
		"correct -method x":                      "-id is needed",
		"correct -id 501":                        "PaymentUpdate",
		"correct -id 501 -amount x":              "invalid value",
		"correct -id 999 -method Cheque":         "not found",
		"totals -from 2024-11-25":                "-to is needed",
		"totals -from 2024-11-25 -to 2024-11-24": "MaxDate",
		"changes":                                "-since is needed",
		"changes -since yesterday":               "invalid value",
		"changes -since 2024-11-25T00:00:00Z x":  "unexpected argument",
	} {
		args := words(line)
		if strings.HasPrefix(line, good) { // the last one of a flag counts
			args = append([]string{"record"}, append(recording(t), args[1:]...)...)
		}
		if got := try(t, env, args...); got.code != 1 || !strings.Contains(got.err, want) {
			t.Errorf("%s: exit %d\n%s%s", line, got.code, got.out, got.err)
		}
	}
	for line, want := range map[string]string{"-h": "usage: backendpay", "help": "usage: backendpay", "record -h": "-customer-reference"} {
		if got := try(t, env, words(line)...); got.code != 0 || !strings.Contains(got.err, want) {
			t.Errorf("%s: exit %d\n%s", line, got.code, got.err)
		}
	}
	if server.Creates() != 0 {
		t.Errorf("%d payments", server.Creates())
	}
}

func TestBadCredentials(t *testing.T) {
	t.Parallel()
	_, env := installation(t)
	const wrong = "wrong-key-of-somebody"
	for name, c := range map[string]struct{ field, value, want string }{
		"wrong key":  {"BACKENDPAY_API_KEY", wrong, "unauthorized"},
		"two lines":  {"BACKENDPAY_API_KEY", wrong + "\n" + wrong, "Config.APIKey"},
		"no host":    {"BACKENDPAY_BASE_URL", "", "Config.BaseURL"},
		"plain http": {"BACKENDPAY_BASE_URL", "http://example.com", "Config.BaseURL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := maps.Clone(env)
			changed[c.field] = c.value
			got := try(t, changed, words("totals -from 2024-11-25 -to 2024-11-25")...)
			if got.code != 1 || !strings.Contains(got.err, c.want) || strings.Contains(got.out+got.err, wrong) || strings.Contains(got.out+got.err, backendpaytest.SampleAPIKey) {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
		})
	}
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := tryUntil(ctx, nil); got.code != 1 || got.err == "" {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}
