package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// outcome is the result of a run of the program.
type outcome struct {
	code     int
	out, err string
}

func try(t testing.TB, env map[string]string, args ...string) outcome {
	t.Helper()
	return tryUntil(t.Context(), env, args...)
}

func tryUntil(ctx context.Context, env map[string]string, args ...string) outcome {
	var out, err bytes.Buffer
	code := run(ctx, args, func(name string) string { return env[name] }, &out, &err)
	return outcome{code, out.String(), err.String()}
}

// account returns an emulator, and the environment of a user with an account there.
func account(t testing.TB, opts ...brightpearltest.Option) (*brightpearltest.Server, map[string]string) {
	t.Helper()
	opts = append([]brightpearltest.Option{brightpearltest.WithCurrencies("NOK"), brightpearltest.WithThrottle(1e6, time.Minute)}, opts...)
	server := brightpearltest.New(opts...)
	t.Cleanup(server.Close)
	for _, code := range []string{"CASH", "CARD", "INVOICE"} {
		server.AddPaymentMethod(brightpearltest.PaymentMethod{Code: code})
	}
	return server, map[string]string{
		"BRIGHTPEARL_ACCOUNT":     server.Config().Account,
		"BRIGHTPEARL_BASE_URL":    server.URL,
		"BRIGHTPEARL_APP_REF":     brightpearltest.SampleAppRef,
		"BRIGHTPEARL_STAFF_TOKEN": brightpearltest.SampleStaffToken,
	}
}

// real returns the flags of a run at an emulator that plays a real account.
func real(t testing.TB, document string, more ...string) []string {
	t.Helper()
	return append([]string{
		"-file", write(t, "sales.json", document), "-currency", "NOK", "-store", filepath.Join(t.TempDir(), "store.db"), "-loopback", "-looks", "1",
	}, more...)
}

func write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// many returns a sales document of n orders with one payment each.
func many(n int) string {
	orders := make([]string, n)
	for i := range orders {
		orders[i] = fmt.Sprintf(`{"customer_id":1,"type":"sales","name":"%d","export_ref":"%d","closed_at":"2024-12-03T18:30:00Z","lines":[],"payments":[`+
			`{"payment_guid":"c3d4e5f6-a7b8-9012-cdef-%012d","payment_type_id":2,"net_amount":%d.00}]}`, i, 1000+i, i, i+1)
	}
	return "[" + strings.Join(orders, ",\n") + "]"
}

const wantSample = `
ORDER         KIND      REFERENCE                                     AMOUNT  METHOD      ID          STATE
order 2001, "Table 5/1": payments 318.00, lines 318.00: balanced
2001          sale      c3d4e5f6-a7b8-9012-cdef-123456789012      318.00 NOK  CARD        100         recorded
order 2001 at the vendor: paid 318.00 NOK, authorized 0.00, captured 0.00

order 2002, "Table 5/2": payments 318.00, lines 318.00: balanced
2002          sale      d4e5f6a7-b8c9-0123-def0-234567890123      318.00 NOK  CASH        101         recorded
order 2002 at the vendor: paid 318.00 NOK, authorized 0.00, captured 0.00

order 2003, "Company party": payments 2500.00, lines 2500.00: balanced
2003          sale      e5f6a7b8-c9d0-1234-ef01-345678901234     2500.00 NOK  INVOICE     102         recorded
order 2003 at the vendor: paid 2500.00 NOK, authorized 0.00, captured 0.00

3 recorded, 0 already recorded, 0 unknown, 0 in conflict, 0 refused, 0 left out
`

func TestWithoutConfiguration(t *testing.T) {
	t.Parallel()
	got := try(t, nil, "-workers", "1")
	note, rest, _ := strings.Cut(got.out, "\n")
	if got.code != 0 || got.err != "" || rest != wantSample {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	if readme, err := os.ReadFile("../../README.md"); err != nil || !strings.Contains(string(readme), "```\n"+strings.TrimSpace(wantSample)+"\n```") {
		t.Errorf("the README does not show this output: %v\n%s", err, rest)
	}
	if !regexp.MustCompile(`^Recording in a Brightpearl emulator at http://127\.0\.0\.1:\d+\. Set BRIGHTPEARL_ACCOUNT .* Nothing is kept\.$`).MatchString(note) {
		t.Errorf("note %q", note)
	}
}

func TestTwiceRecordsNothingTwice(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	args := real(t, string(sampleDocument), "-workers", "1")
	first := try(t, env, args...)
	if first.code != 0 || !strings.Contains(first.out, "3 recorded, 0 already") || !strings.Contains(first.out, "kept in "+args[5]+". It is new: ") {
		t.Fatalf("exit %d\n%s%s", first.code, first.out, first.err)
	}
	second := try(t, env, args...)
	if second.code != 0 || !strings.Contains(second.out, "0 recorded, 3 already recorded, 0 unknown") || !strings.Contains(second.out, "kept in "+args[5]+".\n") {
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
	got := try(t, env, real(t, string(sampleDocument))...)
	if got.code != 0 || !strings.Contains(got.out, "3 already recorded") || len(server.Payments()) != 3 {
		t.Errorf("exit %d, %d payments\n%s%s", got.code, len(server.Payments()), got.out, got.err)
	}
}

func TestListsOfOrdersAndTypes(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	server.AddPaymentMethod(brightpearltest.PaymentMethod{Code: "TILL_CASH"})
	server.AddPaymentMethod(brightpearltest.PaymentMethod{Code: "TILL_CARD"})
	orders := write(t, "orders", "2001 91\n\n2002 92\n2003 93\n")
	types := write(t, "types.json", `[{"id":1,"code":"TILL_CASH","customerId":1},{"id":2,"code":"TILL_CARD","customerId":1}]`)
	got := try(t, env, real(t, string(sampleDocument), "-orders", orders, "-types", types, "-workers", "1")...)
	if got.code != 1 || !strings.Contains(got.out, "2 recorded, 0 already recorded, 0 unknown, 0 in conflict, 1 refused") ||
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
	const (
		p     = `{"payment_guid":"c3d4e5f6-a7b8-9012-cdef-123456789012","payment_type_id":2,"net_amount":1.00}`
		whole = `"name":"A","export_ref":"5","closed_at":"2024-12-03T18:30:00Z"`
	)
	order := func(members, payments string) string {
		return `{"customer_id":1,"type":"sales",` + members + `,"payments":[` + payments + `]}`
	}
	for name, c := range map[string]struct {
		document string
		code     int
		err, out string
	}{
		"broken amount": {`[{"customer_id":1,"type":"sales","payments":[]},{"customer_id":1,"type":"sales","payments":[{"net_amount":"x"}]}]`, 1,
			"$[1].payments[0].net_amount at byte 106", "0 recorded"},
		"a broken order between good ones": {
			"[" + order(whole, p) + `,{"customer_id":1,"type":"sales","export_ref":"7","payments":[{"net_amount":"x"}]},` +
				order(strings.Replace(whole, `"5"`, `"6"`, 1), strings.Replace(p, "c3d4", "c3d5", 1)) + "]",
			1, "sales.json: salesdata: $[1].payments[0].net_amount", "2 recorded",
		},
		"cut off in the middle": {"[" + order(whole, p) + `,{"customer_id":1,`, 1, "not read: 1 order", "1 recorded"},
		"cut off":               {`[{"customer_id":1,`, 1, "sales.json: ", "0 recorded"},
		"no order":              {"[" + order(`"name":"A","closed_at":"2024-12-03T18:30:00Z"`, p) + "]", 1, "no export_ref", "1 refused"},
		"no time":               {"[" + order(`"name":"A","export_ref":"5"`, p) + "]", 1, "no time with a zone", "1 refused"},
		"not a number":          {"[" + order(`"name":"A","export_ref":"A5","closed_at":"2024-12-03T18:30:00Z"`, p) + "]", 1, "Payment.Target", "1 refused"},
		"order zero":            {"[" + order(strings.Replace(whole, `"5"`, `"0"`, 1), p) + "," + order(whole, strings.Replace(p, "c3d4", "c3d5", 1)) + "]", 1, "CustomerPayment.OrderID", "1 recorded, 0 already recorded, 0 unknown, 0 in conflict, 1 refused"},
		"no guid":               {"[" + order(whole, `{"payment_type_id":2,"net_amount":1.00}`) + "]", 1, "Payment.PaymentGUID: is not set", "1 refused"},
		"cancelled":             {"[" + order(`"name":"A","cancelled_at":"2024-12-03T18:30:00Z"`, p) + "]", 1, "not recorded: 1 payment\n", "left out: it is cancelled"},
		"no payments":           {"[" + order(`"name":"A","cancelled_at":"2024-12-03T18:30:00Z"`, "") + "]", 0, "", "left out: it is cancelled"},
		"no lines":              {"[" + order(whole, p) + "]", 0, "", "balance unknown"},
		"off":                   {"[" + order(whole+`,"lines":[]`, p) + "]", 0, "", "off by 1.00"},
		"a bad one between good ones": {
			"[" + order(whole+`,"lines":[]`, p) + "," + order(`"name":"B","export_ref":"X"`, p) + "," +
				order(`"name":"C","export_ref":"6","closed_at":"2024-12-03T18:30:00Z"`, strings.Replace(p, "c3d4", "c3d5", 1)) + "]",
			1, "order X cannot be recorded as it is: ", "2 recorded, 0 already recorded, 0 unknown, 0 in conflict, 1 refused",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, env := account(t)
			got := try(t, env, real(t, c.document)...)
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
		"-store is for a real":      {"-store", "x.db"},
		"-workers":                  {"-workers", "0"},
		"WithPatience.looks":        {"-looks", "0"},
		"WithLease":                 {"-lease", "0s"},
		"-as \"\" is not":           {"-decide", "R"},
		"-by is needed":             {"-decide", "R", "-as", "recorded"},
		"-id is for":                {"-decide", "R", "-as", "not-recorded", "-by", "Jo", "-id", "1"},
		"there is no such file":     {"-entries", "-store", filepath.Join(t.TempDir(), "none.db")},
	} {
		if got := try(t, nil, args...); got.code != 1 || !strings.Contains(got.err, want) || strings.Contains(got.out, "  recorded") {
			t.Errorf("%v: exit %d\n%s%s", args, got.code, got.out, got.err)
		}
	}
	got := try(t, nil, "-h")
	for _, want := range []string{"-currency", "BRIGHTPEARL_STAFF_TOKEN", "SPEKTRIX_SECRET", "RUBI_TENANT", "BACKENDPAY_API_KEY", "-decide"} {
		if got.code != 0 || !strings.Contains(got.err, want) {
			t.Errorf("-h: exit %d, no %s\n%s", got.code, want, got.err)
		}
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
		got := try(t, changed, real(t, string(sampleDocument))...)
		if got.code != 1 || !strings.Contains(got.err, want) || strings.Contains(got.err+got.out, "wrong-token") {
			t.Errorf("%s: exit %d\n%s%s", want, got.code, got.out, got.err)
		}
	}
	if n := len(server.Payments()); n != 0 {
		t.Errorf("%d payments", n)
	}
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := tryUntil(ctx, env, real(t, string(sampleDocument))...); got.code != 1 || len(server.Payments()) != 0 {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}
