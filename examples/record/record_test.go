package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
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

// account returns an emulator, and the environment of a user with an account there.
func account(t *testing.T, opts ...brightpearltest.Option) (*brightpearltest.Server, map[string]string) {
	t.Helper()
	server := brightpearltest.New(append([]brightpearltest.Option{brightpearltest.WithCurrencies("NOK")}, opts...)...)
	t.Cleanup(server.Close)
	for _, code := range []string{"CASH", "CARD", "INVOICE"} {
		server.AddPaymentMethod(brightpearltest.PaymentMethod{Code: code})
	}
	return server, map[string]string{
		"BRIGHTPEARL_ACCOUNT":     brightpearltest.SampleAccount,
		"BRIGHTPEARL_BASE_URL":    server.URL,
		"BRIGHTPEARL_APP_REF":     brightpearltest.SampleAppRef,
		"BRIGHTPEARL_STAFF_TOKEN": brightpearltest.SampleStaffToken,
	}
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const wantSample = `
REFERENCE                                     AMOUNT  METHOD      ID          STATE
order "Table 5/1": payments 318.00, lines 318.00: balanced
c3d4e5f6-a7b8-9012-cdef-123456789012      318.00 NOK  CARD        100         recorded
order 2001 at the vendor: paid 318.00 NOK, authorized 0.00, captured 0.00

order "Table 5/2": payments 318.00, lines 318.00: balanced
d4e5f6a7-b8c9-0123-def0-234567890123      318.00 NOK  CASH        101         recorded
order 2002 at the vendor: paid 318.00 NOK, authorized 0.00, captured 0.00

order "Company party": payments 2500.00, lines 2500.00: balanced
e5f6a7b8-c9d0-1234-ef01-345678901234     2500.00 NOK  INVOICE     102         recorded
order 2003 at the vendor: paid 2500.00 NOK, authorized 0.00, captured 0.00

3 recorded, 0 already recorded, 0 unknown, 0 refused
`

func TestWithoutConfiguration(t *testing.T) {
	t.Parallel()
	got := try(t, nil)
	note, rest, _ := strings.Cut(got.out, "\n")
	if got.code != 0 || got.err != "" || rest != wantSample {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	if !regexp.MustCompile(`^Recording in a Brightpearl emulator at http://127\.0\.0\.1:\d+\. Set BRIGHTPEARL_ACCOUNT`).MatchString(note) {
		t.Errorf("note %q", note)
	}
}

func TestTwiceRecordsNothingTwice(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	if first := try(t, env); first.code != 0 || !strings.Contains(first.out, "3 recorded, 0 already") {
		t.Fatalf("exit %d\n%s%s", first.code, first.out, first.err)
	}
	second := try(t, env)
	if second.code != 0 || !strings.Contains(second.out, "0 recorded, 3 already recorded, 0 unknown") {
		t.Errorf("exit %d\n%s%s", second.code, second.out, second.err)
	}
	if n := len(server.Payments()); n != 3 {
		t.Errorf("%d payments", n)
	}
	cash := server.Payments()[1]
	if cash.AmountPaid.String() != "318.00" || cash.PaymentType != "RECEIPT" || cash.TransactionRef != "d4e5f6a7-b8c9-0123-def0-234567890123" || cash.OrderID != 2002 {
		t.Errorf("cash payment %+v", cash)
	}
}

func TestALostAnswerIsFound(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	isCreate := server.Is(brightpearltest.OpCreateCustomerPayment)
	server.Faults().On(isCreate, paymenttest.DropAfter(), paymenttest.ServerErrorHTML(502, true), paymenttest.TruncatedJSON())
	got := try(t, env)
	if got.code != 0 || !strings.Contains(got.out, "3 already recorded") || len(server.Payments()) != 3 {
		t.Errorf("exit %d, %d payments\n%s%s", got.code, len(server.Payments()), got.out, got.err)
	}
}

func TestListsOfOrdersAndTypes(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	orders := write(t, "orders", "2001 91\n\n2002 92\n2003 93\n")
	types := write(t, "types.json", `[{"id":1,"code":"TILL_CASH","customerId":1},{"id":2,"code":"TILL_CARD","customerId":1}]`)
	got := try(t, env, "-orders", orders, "-types", types)
	if got.code != 1 || !strings.Contains(got.out, "2 recorded, 0 already recorded, 0 unknown, 1 refused") ||
		!strings.Contains(got.err, "payment_type_id 5 is not in the list") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	all := server.Payments()
	if len(all) != 2 || all[0].OrderID != 91 || all[0].PaymentMethodCode != "TILL_CARD" || all[1].PaymentMethodCode != "TILL_CASH" {
		t.Errorf("payments %+v", all)
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	const p = `{"payment_guid":"c3d4e5f6-a7b8-9012-cdef-123456789012","payment_type_id":2,"net_amount":1.00}`
	for name, c := range map[string]struct {
		document string
		args     []string
		code     int
		err, out string
	}{
		"broken amount": {`[{"customer_id":1,"type":"sales","payments":[]},{"customer_id":1,"type":"sales","payments":[{"net_amount":"x"}]}]`, nil, 1,
			"$[1].payments[0].net_amount at byte 106: is text where a number is due (1 orders came before)", "0 recorded"},
		"cut off":      {`[{"customer_id":1,`, nil, 1, "0 orders came before", "0 recorded"},
		"no order":     {`[{"customer_id":1,"type":"sales","name":"A","closed_at":"2024-12-03T18:30:00Z","payments":[` + p + `]}]`, nil, 1, "no export_ref", "1 refused"},
		"no time":      {`[{"customer_id":1,"type":"sales","name":"A","export_ref":"5","payments":[` + p + `]}]`, nil, 1, "no time with a zone", "1 refused"},
		"not a number": {`[{"customer_id":1,"type":"sales","name":"A","export_ref":"A5","closed_at":"2024-12-03T18:30:00Z","payments":[` + p + `]}]`, nil, 1, "Payment.Target", "1 refused"},
		"no guid": {`[{"customer_id":1,"type":"sales","name":"A","export_ref":"5","closed_at":"2024-12-03T18:30:00Z","payments":[{"payment_type_id":2,"net_amount":1.00}]}]`, nil, 1,
			"Payment.PaymentGUID: is not set", "1 refused"},
		"cancelled": {`[{"customer_id":1,"type":"sales","name":"A","cancelled_at":"2024-12-03T18:30:00Z","payments":[` + p + `]}]`, nil, 0, "", "cancelled, left out"},
		"no lines":  {`[{"customer_id":1,"type":"sales","name":"A","export_ref":"5","closed_at":"2024-12-03T18:30:00Z","payments":[` + p + `]}]`, nil, 0, "", "balance unknown"},
		"off":       {`[{"customer_id":1,"type":"sales","name":"A","export_ref":"5","closed_at":"2024-12-03T18:30:00Z","payments":[` + p + `],"lines":[]}]`, nil, 0, "", "off by 1.00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, env := account(t)
			got := try(t, env, append([]string{"-file", write(t, "sales.json", c.document), "-currency", "NOK"}, c.args...)...)
			if got.code != c.code || !strings.Contains(got.err, c.err) || !strings.Contains(got.out, c.out) || c.err == "" && got.err != "" {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
		})
	}
}

func TestBadCommandLines(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"-currency is needed":       {"-file", "x"},
		"currency":                  {"-currency", "XXXX"},
		"no such file":              {"-file", "/nonexistent", "-currency", "NOK"},
		"unexpected argument":       {"sales.json"},
		"not defined":               {"-what"},
		"orders: line 1: want two":  {"-orders", write(t, "one", "x\n")},
		"orders: line 2: 1 is list": {"-orders", write(t, "two", "1 2\n1 3\n")},
		"payment types":             {"-types", write(t, "types", "{}")},
	} {
		if got := try(t, nil, args...); got.code != 1 || !strings.Contains(got.err, want) || strings.Contains(got.out, "recorded") {
			t.Errorf("%v: exit %d\n%s%s", args, got.code, got.out, got.err)
		}
	}
	if got := try(t, nil, "-h"); got.code != 0 || !strings.Contains(got.err, "-currency") {
		t.Errorf("-h: exit %d\n%s", got.code, got.err)
	}
}

func TestBadAccounts(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	for want, change := range map[string]func(map[string]string){
		"unauthorized":   func(e map[string]string) { e["BRIGHTPEARL_STAFF_TOKEN"] = "wrong-token" },
		"Auth.Token":     func(e map[string]string) { e["BRIGHTPEARL_STAFF_TOKEN"] = "" },
		"both":           func(e map[string]string) { e["BRIGHTPEARL_ACCOUNT_TOKEN"] = "other" },
		"Config.BaseURL": func(e map[string]string) { e["BRIGHTPEARL_BASE_URL"] = "http://example.com" },
	} {
		changed := map[string]string{}
		for k, v := range env {
			changed[k] = v
		}
		change(changed)
		if got := try(t, changed); got.code != 1 || !strings.Contains(got.err, want) || strings.Contains(got.err+got.out, "wrong-token") {
			t.Errorf("%s: exit %d\n%s%s", want, got.code, got.out, got.err)
		}
	}
	if n := len(server.Payments()); n != 0 {
		t.Errorf("%d payments", n)
	}
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	_, env := account(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := tryUntil(ctx, env); got.code != 1 || !strings.Contains(got.out, "0 recorded") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}
