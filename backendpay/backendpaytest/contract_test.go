package backendpaytest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func sandbox(t *testing.T, facts backendpaytest.Facts) paymenttest.Target {
	t.Helper()
	target, stop := backendpaytest.Sandbox(facts)
	t.Cleanup(stop)
	return target
}

func TestContractRoundTrip(t *testing.T) {
	t.Parallel()
	paymenttest.RoundTrip(t, paymenttest.RoundTripper{
		Clauses: backendpaytest.Contract(), Facts: backendpaytest.FactSheet(),
		Emulator: func(t *testing.T, facts any) paymenttest.Target { return sandbox(t, facts.(backendpaytest.Facts)) },
	})
}

// TestContractOnlyReads runs the contract as it runs on an account that nobody
// has allowed anything for.
func TestContractOnlyReads(t *testing.T) {
	t.Parallel()
	emulator := backendpaytest.New()
	t.Cleanup(emulator.Close)
	target := backendpaytest.Target(emulator.Config())
	target.Pause = 0
	report := paymenttest.Check(t.Context(), target, backendpaytest.Contract())
	if report.Err != nil {
		t.Fatal(report.Err)
	}
	if n := report.Count(paymenttest.Differs); n > 0 {
		t.Errorf("%d clauses differ: %+v", n, report.Results)
	}
	for _, r := range emulator.Requests() {
		if r.Method != "GET" {
			t.Errorf("%s %s was sent", r.Method, r.Path)
		}
	}
	if k := report.Facts["createStatus"]; k.State != paymenttest.NeverTried {
		t.Errorf("createStatus is %s", k)
	}
}

// TestContractUndoes runs the whole contract: it deletes every payment that it
// has made, and every payment type.
func TestContractUndoes(t *testing.T) {
	t.Parallel()
	target := sandbox(t, backendpaytest.Facts{})
	report := paymenttest.Check(t.Context(), target, backendpaytest.Contract())
	if len(report.Written) > 0 {
		t.Errorf("left behind: %+v", report.Written)
	}
	target = sandbox(t, backendpaytest.Facts{})
	target.Allow.Delete = false
	report = paymenttest.Check(t.Context(), target, backendpaytest.Contract())
	if len(report.Written) == 0 {
		t.Error("nothing is reported as left behind, though deleting is not allowed")
	}
}

func TestContractPreflight(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		change func(*paymenttest.Target)
		want   string
	}{
		{"key", func(target *paymenttest.Target) { target.Sign = nil }, "the credentials are refused, nothing was written"},
		{"customer", func(target *paymenttest.Target) { target.Objects[backendpaytest.ObjectCustomer] = "4711" }, "there is no customer 4711"},
		{"payment", func(target *paymenttest.Target) { target.Objects[backendpaytest.ObjectPayment] = "4711" }, "there is no payment 4711"},
		{"invoice", func(target *paymenttest.Target) { target.Objects[backendpaytest.ObjectInvoice] = "4711" }, "there is no invoice 4711"},
		{"method", func(target *paymenttest.Target) { target.Objects[backendpaytest.ObjectMethod] = "Shells" }, "there is no payment type Shells"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			target := sandbox(t, backendpaytest.Facts{})
			test.change(&target)
			report := paymenttest.Check(t.Context(), target, backendpaytest.Contract())
			if report.Err == nil || !strings.Contains(report.Err.Error(), test.want) || len(report.Results)+len(report.Written) > 0 {
				t.Errorf("%v, %d results", report.Err, len(report.Results))
			}
			if test.name == "key" && !errors.Is(report.Err, payment.ErrUnauthorized) {
				t.Errorf("%v does not match ErrUnauthorized", report.Err)
			}
		})
	}
	report := paymenttest.Check(t.Context(), backendpaytest.Target(backendpay.Config{APIKey: "k", BaseURL: "http://billing.example.com"}), backendpaytest.Contract())
	if report.Err == nil || report.Requests > 0 {
		t.Errorf("a wrong configuration: %v after %d requests", report.Err, report.Requests)
	}
}

// TestDoubts wants a clause for each thing that a comment calls inferred or
// unknown.
func TestDoubts(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"..", "."} {
		places, err := paymenttest.Doubts(dir, backendpaytest.Contract())
		if err != nil {
			t.Fatal(err)
		}
		for _, place := range places {
			if !strings.HasPrefix(place, "contract") {
				t.Errorf("%s: something is inferred or unknown, without a clause that settles it", place)
			}
		}
	}
}
