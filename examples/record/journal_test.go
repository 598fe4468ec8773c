package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// many returns a sales document of n orders with one payment each.
func many(n int) string {
	orders := make([]string, n)
	for i := range orders {
		orders[i] = fmt.Sprintf(`{"customer_id":1,"type":"sales","name":"%d","export_ref":"%d","closed_at":"2024-12-03T18:30:00Z","lines":[],"payments":[`+
			`{"payment_guid":"c3d4e5f6-a7b8-9012-cdef-%012d","payment_type_id":2,"net_amount":%d.00}]}`, i, 1000+i, i, i+1)
	}
	return "[" + strings.Join(orders, ",\n") + "]"
}

func TestJournalTakesUpWhatIsUnknown(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	path := filepath.Join(t.TempDir(), "journal")
	args := []string{"-file", write(t, "sales.json", many(3)), "-currency", "NOK", "-journal", path, "-looks", "1"}

	server.Faults().On(server.Is(brightpearltest.OpCreateCustomerPayment), paymenttest.Pass(), paymenttest.DropAfter())
	server.Faults().On(server.Is(brightpearltest.OpCustomerPayments), paymenttest.Pass(), paymenttest.ServerErrorJSON(500, false))
	first := try(t, env, args...)
	if first.code != 1 || !strings.Contains(first.out, "outcome unknown") {
		t.Fatalf("exit %d\n%s%s", first.code, first.out, first.err)
	}
	server.Faults().Clear()
	second := try(t, env, args...)
	if second.code != 0 || strings.Count(second.out, "recorded by an earlier run") != 2 || !strings.Contains(second.out, "already recorded\n") {
		t.Errorf("exit %d\n%s%s", second.code, second.out, second.err)
	}
	creates := server.Count(brightpearltest.OpCreateCustomerPayment)
	if creates != 3 || len(server.Payments()) != 3 {
		t.Errorf("%d writes, %d payments", creates, len(server.Payments()))
	}
	third := try(t, env, args...)
	if third.code != 0 || strings.Count(third.out, "recorded by an earlier run") != 3 {
		t.Errorf("exit %d\n%s%s", third.code, third.out, third.err)
	}
}

func TestJournalRefusesAnotherAmount(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	path := filepath.Join(t.TempDir(), "journal")
	document := many(1)
	if got := try(t, env, "-file", write(t, "a.json", document), "-currency", "NOK", "-journal", path); got.code != 0 {
		t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	changed := strings.Replace(document, `"net_amount":1.00`, `"net_amount":2.00`, 1)
	got := try(t, env, "-file", write(t, "b.json", changed), "-currency", "NOK", "-journal", path)
	if got.code != 1 || !strings.Contains(got.err, "the journal has it with 1.00 NOK") || len(server.Payments()) != 1 {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}

func TestJournalWithTornLine(t *testing.T) {
	t.Parallel()
	_, env := account(t)
	whole := `{"vendor":"brightpearl","reference":"c3d4e5f6-a7b8-9012-cdef-000000000000","target":"1000","amount":{"amount":"1.00","currency":"NOK"},"step":"begun"}` + "\n"
	path := write(t, "journal", whole+`{"vendor":"brightpe`)
	got := try(t, env, "-file", write(t, "sales.json", many(2)), "-currency", "NOK", "-journal", path)
	if got.code != 0 || !strings.Contains(got.out, "2 recorded") {
		t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(text), whole+`{"vendor":"brightpearl",`) || strings.Count(string(text), "\n") != 5 {
		t.Errorf("journal\n%s", text)
	}
}

func TestFileThatIsNotAJournal(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"text": "hello\n", "no reference": "{}\n", "list": "[]\n"} {
		_, env := account(t)
		path := write(t, "journal", text)
		got := try(t, env, "-journal", path)
		if after, _ := os.ReadFile(path); got.code != 1 || !strings.Contains(got.err, "line 1 is not an entry") || string(after) != text {
			t.Errorf("%s: exit %d\n%s%s", name, got.code, got.out, got.err)
		}
	}
	if got := try(t, nil, "-journal", t.TempDir()); got.code != 1 {
		t.Errorf("exit %d", got.code)
	}
}
