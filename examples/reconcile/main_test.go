package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	"github.com/tenderkit/tenderkit/payment/reconcile"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// try runs the program and returns its exit code and what it printed.
func try(t *testing.T, env map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, log bytes.Buffer
	code = run(t.Context(), args, func(name string) string { return env[name] }, &out, &log)
	return code, out.String(), log.String()
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const dayOutput = `the sales document day.json against an emulator of Brightpearl, 2024-12-03
1 missing in Brightpearl, 1 differs, 1 more than once, 11 agree

                        DAY         REFERENCE                             METHOD  TARGET  TILL    BRIGHTPEARL
missing in Brightpearl  2024-12-03  bc922ec2-238e-5bd8-9438-6fb53691eef1  CARD    2003    164.00
differs                 2024-12-03  fe2537b2-b710-586c-886c-8a1348f8ef77  CARD    2005    240.50  204.50       amount: 204.50 NOK, not 240.50 NOK
more than once          2024-12-03  8c4c79e9-be35-519d-8b6b-2da5bb003686  CARD    2006            212.00

  TOTALS         DAY    METHOD     TILL      BRIGHTPEARL      DIFFERENCE
     NOK                        5373.50  13      5385.50  13      +12.00
     NOK  2024-12-03      CARD  2045.50   7      2057.50   7      +12.00
     NOK  2024-12-03      CASH   594.00   2       594.00   2
     NOK  2024-12-03  GIFTCARD   100.00   1       100.00   1
     NOK  2024-12-03   INVOICE  2500.00   1      2500.00   1
     NOK  2024-12-03     VIPPS   134.00   2       134.00   2
`

// trimmed leaves blanks at the ends of lines out.
func trimmed(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return b.String()
}

func TestDay(t *testing.T) {
	t.Parallel()
	code, out, log := try(t, nil)
	if code != differ || trimmed(out) != dayOutput || log != "" {
		t.Errorf("exit %d\n%s%s\nwant\n%s", code, trimmed(out), log, dayOutput)
	}
	findings, _, _ := strings.Cut(dayOutput, "\n\n  TOTALS")
	if readme, err := os.ReadFile("../../README.md"); err != nil || !strings.Contains(string(readme), "```\n"+findings+"\n```") {
		t.Errorf("the README does not show these findings: %v\n%s", err, findings)
	}
}

// What is missing is recorded after it was shown; nothing else is touched.
func TestResolveDay(t *testing.T) {
	t.Parallel()
	where := filepath.Join(t.TempDir(), "store.db")
	for name, args := range map[string][]string{"in memory": {"-resolve"}, "in SQLite": {"-resolve", "-store", where}} {
		code, out, log := try(t, nil, args...)
		const want = `
1 missing payment can be recorded in an emulator of Brightpearl:
  bc922ec2-238e-5bd8-9438-6fb53691eef1 sale of 164.00 NOK for 2003

  bc922ec2-238e-5bd8-9438-6fb53691eef1 recorded as 113

Compared again: 1 differs, 1 more than once, 12 agree
`
		if code != differ || !strings.HasSuffix(out, want) || log != "" {
			t.Errorf("%s: exit %d\n%s%s", name, code, out, log)
		}
	}
	s, err := store.OpenExisting(t.Context(), where, outbox.AllowLoopback())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	n := 0
	for l, err := range s.Outbox.Entries(t.Context(), outbox.Filter{}) {
		if n++; err != nil || l.Status != payment.Recorded || l.Key.Reference != "bc922ec2-238e-5bd8-9438-6fb53691eef1" {
			t.Errorf("%v, %v", l.Entry, err)
		}
	}
	if n != 1 {
		t.Errorf("%d entries", n)
	}
}

const left = `reference,amount,date,method,target
R1,10.40,2026-05-04,Cheque,123
R2,5,2026-05-04,Cheque,123
R3,7.50,2026-05-04,Cheque,123
r3,7.50,2026-05-04,Cheque,123
R4,1,2026-05-04,Cheque,123
R6,2,2026-05-03,Cheque,123
R5,3,2026-05-04,,123
`

// billing starts a billing system that has some of the payments of left.
func billing(t *testing.T) (*backendpaytest.Server, map[string]string) {
	t.Helper()
	server := backendpaytest.New()
	t.Cleanup(server.Close)
	for _, p := range [...]struct{ reference, amount string }{{"R1", "10.40"}, {"R4", "1.10"}} {
		amount, err := payment.ParseAmount(p.amount)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := server.AddPayment(backendpaytest.Payment{
			CustomerID: backendpaytest.SampleCustomer, OurReference: p.reference, PaymentAmount: amount,
			PaymentDate: payment.Date{Year: 2026, Month: 5, Day: 4}, PaymentMethod: "Cheque",
		}); err != nil {
			t.Fatal(err)
		}
	}
	return server, map[string]string{"BACKENDPAY_BASE_URL": server.URL, "BACKENDPAY_API_KEY": backendpaytest.SampleAPIKey}
}

// A lasting Store keeps no emulator's payments: nothing is sent, and the program
// says why.
func TestResolveNeedsAStoreOfThatAccount(t *testing.T) {
	t.Parallel()
	server, env := billing(t)
	where := filepath.Join(t.TempDir(), "store.db")
	code, out, log := try(t, env, "-left", "csv:"+write(t, "left.csv", left), "-right", "backendpay", "-currency", "GBP", "-from", "2026-05-04", "-resolve", "-store", where)
	if code != differ || log != "" || !strings.Contains(out, "R2 not recorded: Account.Host: ") || strings.Contains(out, "Compared again") {
		t.Errorf("exit %d\n%s%s", code, out, log)
	}
	if n := len(server.Payments()); n != 2 {
		t.Errorf("%d payments", n)
	}
}

// A CSV file against a billing system. R2 is recorded. R3 and r3 are the same
// reference there, so a person has to decide; R4 differs; R5 names no method, so
// the vendor refuses it.
func TestResolve(t *testing.T) {
	t.Parallel()
	server, env := billing(t)
	set, err := parse([]string{"-left", "csv:" + write(t, "left.csv", left), "-right", "backendpay", "-currency", "GBP", "-from", "2026-05-04"}, &bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := open(t.Context(), &set, func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.close() }()
	p.store, p.patience = payment.NewMemoryStore(), []payment.OnceOption{payment.WithPatience(1, 0)}
	found, err := p.compare(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := found.summary(), "3 missing in Billing, 1 differs, 1 more than once, 1 agrees"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	var out bytes.Buffer
	handed, err := p.resolve(t.Context(), found, &out)
	if err != nil || handed != 1 {
		t.Errorf("%d handed over, %v\n%s", handed, err, out.String())
	}
	for _, want := range []string{"R2 sale of 5 GBP for 123\n", "R2 recorded as 503\n", "R5 not recorded: backendpay: Prepare: "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
	if strings.Contains(strings.ToUpper(out.String()), "R3") || strings.Contains(out.String(), "R4") || strings.Contains(out.String(), "R6") {
		t.Errorf("touched what is ambiguous:\n%s", out.String())
	}
	if n := len(server.Payments()); n != 3 {
		t.Errorf("%d payments", n)
	}
	// Somebody deletes R2: the Store holds it as recorded, so nothing is written.
	if err := server.Delete("503"); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if found, err = p.compare(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	if handed, err := p.resolve(t.Context(), found, &out); err != nil || handed != 0 || !strings.Contains(out.String(), "R2 not recorded: the Store holds it as recorded") {
		t.Errorf("%d, %v\n%s", handed, err, out.String())
	}
	if n := server.Creates(); n != 1 {
		t.Errorf("%d creates", n)
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "page.html")
	code, out, log := try(t, nil, "-csv", "-html", file)
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if code != differ || err != nil || len(rows) != 15 || !slices.Equal(rows[0], header) || rows[1][0] != "missing" || rows[2][8] != "-36.00" || log != "" {
		t.Errorf("exit %d, %v: %v\n%s", code, err, rows, log)
	}
	page, err := os.ReadFile(file)
	if err != nil || bytes.Count(page, []byte("<tr class=")) != 14+1 || !bytes.Contains(page, []byte("3 differences")) || bytes.Contains(page, []byte("http")) && !bytes.Contains(page, []byte("http-equiv")) {
		t.Errorf("%v\n%s", err, page)
	}
	code, out, _ = try(t, nil, "-json")
	var report struct {
		Clean    bool
		Counts   map[reconcile.Verdict]int
		Totals   []struct{ Currency, Left, Right, Difference string }
		Findings []struct {
			Verdict     reconcile.Verdict
			Left, Right []struct{ Reference, Amount string }
		}
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != differ || report.Clean || report.Counts[reconcile.Matched] != 11 ||
		report.Totals[0].Difference != "+12.00" || len(report.Findings) != 14 || report.Findings[0].Left[0].Amount != "164.00" {
		t.Errorf("exit %d, %v: %+v", code, err, report)
	}
	code, out, _ = try(t, nil, "-all")
	if code != differ || strings.Count(out, "\nagrees") != 11 {
		t.Errorf("exit %d\n%s", code, out)
	}
}

// A spreadsheet takes a text that begins with = for a formula, and a terminal an
// escape for a command. A browser must not see a tag.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	file := write(t, "a.csv", "reference,amount,method\n\"=HYPERLINK(\"\"x\"\")\",1,\"<script>alert(1)</script>\"\n\"\x1b[2J\",2,\"-1\"\n")
	page := filepath.Join(t.TempDir(), "page.html")
	code, out, log := try(t, nil, "-left", "csv:"+file, "-right", "csv:"+file+"?method=method&amount=amount", "-currency", "GBP", "-csv", "-html", page)
	if code != differ || !strings.Contains(out, "'=HYPERLINK") || strings.Contains(out, "\n=") || !strings.Contains(out, ",'-1,") {
		t.Errorf("exit %d\n%q%s", code, out, log)
	}
	html, err := os.ReadFile(page)
	if err != nil || bytes.Contains(html, []byte("<script>alert")) || !bytes.Contains(html, []byte("&lt;script&gt;alert(1)&lt;/script&gt;")) {
		t.Errorf("%v\n%s", err, html)
	}
	_, out, _ = try(t, nil, "-left", "csv:"+file, "-right", "csv:"+file, "-currency", "GBP", "-all")
	if strings.Contains(out, "\x1b") {
		t.Errorf("%q", out)
	}
}

func TestAgree(t *testing.T) {
	t.Parallel()
	file := write(t, "a.csv", "Ref;Sum;Day\nR1;10,40;04.05.2026\nR2;-1;05.05.2026\n")
	other := write(t, "b.csv", "reference,amount,currency,date\nR1,10.4,EUR,2026-05-04\n")
	spec := "csv:" + file + "?reference=Ref&amount=Sum&date=Day&comma=;&decimal=comma&layout=02.01.2006"
	code, out, log := try(t, nil, "-left", spec, "-right", "csv:"+other, "-currency", "EUR", "-to", "2026-05-04")
	if code != agree || log != "" || !strings.Contains(out, "1 agrees\n") {
		t.Errorf("exit %d\n%s%s", code, out, log)
	}
	if code, out, _ := try(t, nil, "-left", spec, "-right", spec, "-currency", "EUR", "-from", "2020-01-01"); code != agree || !strings.Contains(out, "no payments") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

// An outbox against a venue's orders, by rule: the orders show no attributes.
func TestOutboxAgainstSpektrix(t *testing.T) {
	t.Parallel()
	venue := spektrixtest.New()
	t.Cleanup(venue.Close)
	where := filepath.Join(t.TempDir(), "store.db")
	s, err := store.Open(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	sale := payment.Payment{
		Reference: "R1", Kind: payment.Sale, Amount: payment.MustParseMoney("10.40", "GBP"), Date: time.Now().UTC(), Method: "EPOS System", Target: "1AB",
	}
	payload, err := json.Marshal(payment.Stored(sale))
	if err != nil {
		t.Fatal(err)
	}
	key := payment.Key{Account: payment.Account{Vendor: "spektrix", Tenant: "venue", Host: "example.com"}, Op: "payment", Reference: "R1"}
	e, err := s.Claim(t.Context(), key, payload, time.Minute)
	if err == nil {
		_, err = s.Save(t.Context(), e, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	config := venue.Config()
	env := map[string]string{
		"SPEKTRIX_CLIENT_NAME": config.ClientName, "SPEKTRIX_LOGIN": config.Login, "SPEKTRIX_SECRET": string(config.Secret), "SPEKTRIX_BASE_URL": venue.URL,
	}
	code, out, log := try(t, env, "-left", "outbox:"+where, "-right", "spektrix", "-currency", "GBP", "-match", "method", "-days", "1")
	if code != differ || !strings.Contains(out, "1 missing in Spektrix\n") || log != "" {
		t.Errorf("exit %d\n%s%s", code, out, log)
	}
}

func TestWrongArguments(t *testing.T) {
	t.Parallel()
	file := write(t, "a.csv", "amount\nx\n")
	for want, args := range map[string][]string{
		"unexpected argument":                    {"x"},
		"-csv and -json":                         {"-csv", "-json"},
		"-left and -right go together":           {"-left", "csv:" + file},
		"-resolve needs -store":                  {"-left", "csv:" + file, "-right", "csv:" + file, "-resolve"},
		"is not date, method, target or account": {"-compare", "colour"},
		"unknown time zone":                      {"-zone", "Atlantis"},
		"-from: date: is not a day":              {"-from", "4 May"},
		"rubi: is not sales:FILE":                {"-left", "rubi", "-right", "csv:" + file},
		"-currency is needed":                    {"-left", "sales:" + file, "-right", "csv:" + file},
		"no such file":                           {"-left", "outbox:" + file + "x", "-right", "csv:" + file},
		"amount: is not a decimal number":        {"-left", "csv:" + file, "-right", "csv:" + file, "-currency", "GBP"},
		"comma=ab is not known":                  {"-left", "csv:" + file + "?comma=ab", "-right", "csv:" + file},
		"brightpearl: Config.Account: is empty":  {"-left", "brightpearl", "-right", "csv:" + file},
		"spektrix: Config.ClientName: is empty":  {"-left", "spektrix", "-right", "csv:" + file},
		"backendpay: Config.APIKey: is empty":    {"-left", "backendpay", "-right", "csv:" + file},
	} {
		code, out, log := try(t, nil, args...)
		if code != failed || !strings.Contains(log, want) || out != "" {
			t.Errorf("%v: exit %d\n%s%s\nwant %s", args, code, out, log, want)
		}
	}
	if code, _, log := try(t, nil, "-h"); code != agree || !strings.Contains(log, "-resolve") {
		t.Errorf("exit %d\n%s", code, fmt.Sprint(log))
	}
}
