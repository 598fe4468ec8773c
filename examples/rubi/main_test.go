package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
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

// member is an emulator whose member has two places at 12.00 in the basket, and
// the environment and flags of a program that pays for them.
type member struct {
	*rubitest.Server
	env   map[string]string
	state string
}

func newMember(t *testing.T, opts ...rubitest.Option) member {
	t.Helper()
	server := rubitest.New(opts...)
	t.Cleanup(server.Close)
	for range 2 {
		server.AddItem(rubitest.Item{
			Kind: rubitest.KindBooking, UID: rubitest.SampleUID, EID: rubitest.SampleEID, Details: "Dinner",
			Value: amount(t, "10.00"), Tax: amount(t, "2.00"),
		})
	}
	env := map[string]string{"RUBI_API_KEY": rubitest.SampleAPIKey, "RUBI_BASE_URL": server.URL, "RUBI_TENANT": "sample"}
	return member{server, env, filepath.Join(t.TempDir(), "store.db")}
}

// pay runs the program.
func (m member) pay(t *testing.T, by string, more ...string) outcome {
	t.Helper()
	return try(t, m.env, append([]string{"-by", by, "-contact", contact(t, ""), "-store", m.state, "-reference", "web-1", "-loopback=true", "-lease=300ms", "-looks=1"}, more...)...)
}

func amount(t *testing.T, text string) payment.Amount {
	t.Helper()
	a, err := payment.ParseAmount(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// contact writes the sample contact to a file, or another text.
func contact(t *testing.T, text string) string {
	t.Helper()
	if text == "" {
		text = `{"UID":"` + rubitest.SampleUID + `","Address1":"1 High St","Address4":"Leeds","County":"West Yorkshire","Postcode":"LS1 1AA",
			"Country":"United Kingdom","EmailAddress":"jo@example.org","MobCountry":"+44","Mob":"07700900000"}`
	}
	path := filepath.Join(t.TempDir(), "jo.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const wantSample = `Stripe is simulated too: no card is charged.
invoice
  Annual Dinner: 12.00
  Annual Dinner: 12.00
  recorded: Invoice, 24.00 GBP
card
  Annual Dinner: 12.00
  Annual Dinner: 12.00
  Stripe charge pi_simulated_T-1002, amount 2400, for transaction T-1002
  recorded: CardPayment, 24.00 GBP
free
  Open Evening: 0.00
  recorded: Confirm, 0.00 GBP
`

func TestWithoutConfiguration(t *testing.T) {
	t.Parallel()
	got := try(t, nil)
	note, rest, _ := strings.Cut(got.out, "\n")
	if got.code != 0 || got.err != "" || rest != wantSample {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	if !regexp.MustCompile(`^Paying in a Rubi emulator at http://127\.0\.0\.1:\d+\. Set RUBI_API_KEY`).MatchString(note) {
		t.Errorf("note %q", note)
	}
}

func TestInvoiceAndTwice(t *testing.T) {
	t.Parallel()
	m := newMember(t)
	want := "Paying in " + m.URL + ". What is known of the checkout is kept in " + m.state + ".\ninvoice\n  Dinner: 12.00\n  Dinner: 12.00\n  recorded: Invoice, 24.00 GBP\n"
	if got := m.pay(t, "invoice"); got.code != 0 || got.err != "" || got.out != want {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	want = "Paying in " + m.URL + ". What is known of the checkout is kept in " + m.state + ".\ninvoice\n  going on with web-1\n  already recorded: Invoice, 24.00 GBP\n"
	if got := m.pay(t, "invoice"); got.code != 0 || got.err != "" || got.out != want {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	if n := m.Count(rubitest.OpUserPayment); n != 1 || len(m.Mails()) != 1 {
		t.Errorf("%d submissions, %d mails", n, len(m.Mails()))
	}
	if info, err := os.Stat(m.state); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
}

func TestFree(t *testing.T) {
	t.Parallel()
	m := newMember(t)
	got := m.pay(t, "free") // there is something to pay
	if got.code != 1 || !strings.Contains(got.err, "not known to be paid: rubi: Prepare: Payment.Method: is Confirm") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	m.AddItem(rubitest.Item{Kind: rubitest.KindSubscription, UID: rubitest.SampleUID, Details: "Trial"})
	got = m.pay(t, "free", "-item", "Subscriptions")
	if got.code != 0 || !strings.HasSuffix(got.out, "free\n  Trial: 0.00\n  recorded: Confirm, 0.00 GBP\n") || len(m.Basket(rubitest.SampleUID)) != 2 {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}

func TestBadCommandLines(t *testing.T) {
	t.Parallel()
	m := newMember(t)
	args := []string{"-by", "card", "-contact", contact(t, ""), "-store", m.state, "-reference", "web-1", "-loopback=true", "-lease=300ms", "-looks=1"}
	with := func(more ...string) []string {
		return append(append(args[:len(args):len(args)], "-reference", rand.Text()), more...)
	}
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"argument":      {with("two"), `unexpected argument "two"`},
		"unknown flag":  {with("-what"), "not defined"},
		"by":            {with("-by", "cash"), "-by is not"},
		"reference":     {[]string{"-reference", "web-1"}, "-by is needed to say how"},
		"no reference":  {args[:4], "-reference are needed"},
		"nothing":       {nil, "-by, -contact and -reference are needed"},
		"half a charge": {with("-stripe-id", "pi_1"), "belong together"},
		"other half":    {with("-stripe-amount", "1"), "belong together"},
		"no time":       {with("-settle", "-1s"), "-settle is negative"},
		"early charge":  {with("-stripe-id", "pi_1", "-stripe-amount", "2400"), "the store has none as "},
		"no contact":    {with("-contact", "/nonexistent"), "no such file"},
		"misspelt":      {with("-contact", contact(t, `{"Uid":"1","Adress1":"x"}`)), `unknown field "Adress1"`},
		"no address":    {with("-contact", contact(t, `{"UID":"`+rubitest.SampleUID+`"}`)), "Address1"},
		"item":          {with("-item", "Everything"), "nothing was submitted: rubi: UserBasket"},
		"currency":      {with("-currency", "XXQ"), "Config.Currency"},
		"empty basket":  {with("-item", "Subscriptions"), "nothing was submitted: there is nothing in the basket"},
		"nowhere":       {with("-store", filepath.Join(t.TempDir(), "no", "x")), "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			got := try(t, m.env, c.args...)
			if got.code != 1 || !strings.Contains(got.err, c.want) {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
		})
	}
	if got := try(t, m.env, "-h"); got.code != 0 || !strings.Contains(got.err, "-stripe-amount") {
		t.Errorf("-h: exit %d\n%s", got.code, got.err)
	}
	if n := m.Count(rubitest.OpStripeResult); n != 0 {
		t.Errorf("%d charges were reported", n)
	}
}

func TestBadCredentials(t *testing.T) {
	t.Parallel()
	m := newMember(t)
	const wrong = "wrong-key-of-somebody"
	for name, c := range map[string]struct{ field, value, want string }{
		"wrong key":  {"RUBI_API_KEY", wrong, "unauthorized"},
		"blank key":  {"RUBI_API_KEY", " ", "Config.APIKey"},
		"no tenant":  {"RUBI_TENANT", "", "RUBI_TENANT is needed"},
		"plain http": {"RUBI_BASE_URL", "http://example.com", "Config.BaseURL"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := m
			changed.env = maps.Clone(m.env)
			changed.env[c.field] = c.value
			got := changed.pay(t, "invoice")
			if got.code != 1 || !strings.Contains(got.err, c.want) {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			for _, secret := range []string{wrong, rubitest.SampleAPIKey, rubitest.SampleUID, "jo@example.org"} {
				if strings.Contains(got.out+got.err, secret) {
					t.Errorf("%q is shown:\n%s%s", secret, got.out, got.err)
				}
			}
		})
	}
	if len(m.Transactions()) != 0 {
		t.Errorf("transactions %+v", m.Transactions())
	}
}
