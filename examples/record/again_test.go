package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// ledger checks how often the vendor has each order's payment.
func (v victim) has(t *testing.T, want int) {
	t.Helper()
	for i := range *killedOrders {
		if n := v.ledger(1000 + i); n != want {
			t.Errorf("order %d: %d payments at the vendor, want %d", 1000+i, n, want)
		}
	}
}

// A second and a third run with the same document send no write.
func TestASecondRunAtEachVendor(t *testing.T) {
	t.Parallel()
	for vendor, prepare := range victims() {
		t.Run(vendor, func(t *testing.T) {
			t.Parallel()
			v := prepare(t)
			args := v.flags(t, vendor, filepath.Join(t.TempDir(), "store.db"), "1m")
			for _, want := range []string{"%d recorded, 0 already recorded, 0 unknown", "0 recorded, %d already recorded, 0 unknown", "0 recorded, %d already recorded, 0 unknown"} {
				got := try(t, v.env, args...)
				if want = fmt.Sprintf(want, *killedOrders); got.code != 0 || !strings.Contains(got.out, want) {
					t.Errorf("exit %d, want %q\n%s%s", got.code, want, got.out, got.err)
				}
				v.has(t, 1)
			}
		})
	}
}

// A payment that is recorded is not written again because the document shows it
// otherwise now, with whichever field, at whichever vendor.
func TestChangedAtEachVendor(t *testing.T) {
	t.Parallel()
	for vendor, prepare := range victims() {
		for field, change := range map[string][2]string{
			"amount": {`"net_amount":1.00`, `"net_amount":1.01`},
			"scale":  {`"net_amount":1.00`, `"net_amount":1.001`},
			"kind":   {`"net_amount":1.00`, `"net_amount":-1.00`},
			"none":   {`"net_amount":1.00`, `"net_amount":0.00`},
			"method": {`"payment_type_id":`, `"payment_type_id":1`}, // such as 12
			"order":  {`"export_ref":"1000"`, `"export_ref":"1001"`},
			"day":    {`2024-12-03T`, `2024-12-05T`},
		} {
			t.Run(vendor+"/"+field, func(t *testing.T) {
				t.Parallel()
				v := prepare(t)
				args := v.flags(t, vendor, filepath.Join(t.TempDir(), "store.db"), "1m")
				if got := try(t, v.env, args...); got.code != 0 {
					t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
				}
				changed := strings.Replace(v.document, change[0], change[1], 1)
				for range 2 {
					got := try(t, v.env, append(args, "-file", write(t, "changed.json", changed))...)
					if got.code != 1 {
						t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
					}
					v.has(t, 1)
				}
			})
		}
	}
}

// What was recorded in one account is not taken for recorded in another, even
// with the same store.
func TestAnotherAccountIsAnotherKey(t *testing.T) {
	t.Parallel()
	for vendor, prepare := range victims() {
		t.Run(vendor, func(t *testing.T) {
			t.Parallel()
			where := filepath.Join(t.TempDir(), "store.db")
			for _, v := range []victim{prepare(t), prepare(t)} {
				got := try(t, v.env, v.flags(t, vendor, where, "1m")...)
				if got.code != 0 || !strings.Contains(got.out, fmt.Sprintf("%d recorded, 0 already recorded", *killedOrders)) {
					t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
				}
				v.has(t, 1)
			}
		})
	}
}

// The sample goes to no real account, whichever vendor's variables are set.
func TestSampleIsForNoRealAccount(t *testing.T) {
	t.Parallel()
	for vendor, prepare := range victims() {
		t.Run(vendor, func(t *testing.T) {
			t.Parallel()
			v := prepare(t)
			for _, more := range [][]string{nil, {"-dry-run"}, {"-json"}, {"-ask", "-looks", "1"}, {"-loopback"}} {
				got := try(t, v.env, append([]string{"-to", vendor}, more...)...)
				if !strings.Contains(got.out, "the sample is recorded in no real account") || v.requests() != 0 {
					t.Errorf("%v: exit %d, %d requests\n%s%s", more, got.code, v.requests(), got.out, got.err)
				}
			}
		})
	}
}

// A document is not recorded in an emulator because one variable is missing.
func TestHalfConfigured(t *testing.T) {
	t.Parallel()
	for _, v := range vendors() {
		for _, other := range v.environment[1:] {
			env := map[string]string{other.name: "x"}
			got := try(t, env, "-file", write(t, "sales.json", many(1)), "-currency", "NOK", "-to", v.name)
			if want := v.environment[0].name + " is not set, and " + other.name + " is"; got.code != 1 || !strings.Contains(got.err, want) || got.out != "" {
				t.Errorf("%s: exit %d\n%s%s", other.name, got.code, got.out, got.err)
			}
		}
	}
}

// What the store knows as recorded and the vendor does not show any more is told,
// and not written again.
func TestNoLongerShown(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	args := real(t, many(2))
	if got := try(t, env, args...); got.code != 0 {
		t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	if !server.DeletePayment(100) {
		t.Fatal("there is no payment 100")
	}
	got := try(t, env, args...)
	if got.code != 0 || strings.Count(got.out, "already recorded, no longer shown\n") != 1 || server.Count(brightpearltest.OpCreateCustomerPayment) != 2 {
		t.Errorf("exit %d, %d payments\n%s%s", got.code, len(server.Payments()), got.out, got.err)
	}
}

// An answer that shows another payment than the one that was sent is a conflict,
// and is never written again: not by a later run, and not by one that looks first.
func TestADifferentEchoIsNotWrittenAgain(t *testing.T) {
	t.Parallel()
	type answers struct {
		env    map[string]string
		args   []string
		writes func() int
	}
	for name, prepare := range map[string]func(t *testing.T) answers{
		"backendpay cuts the reference": func(t *testing.T) answers {
			server, env := billing(t, 1, backendpaytest.WithFacts(backendpaytest.Facts{ReferenceLength: 20}))
			return answers{env, real(t, many(1), "-to", "backendpay"), func() int { return server.Count(backendpaytest.OpCreatePayment) }}
		},
		"backendpay answers with another amount": func(t *testing.T) answers {
			server, env := billing(t, 1)
			answer := fmt.Sprintf(`{"id":"7","paymentAmount":"2.00","paymentDate":"2024-12-03","paymentMethod":"Card","ourReference":%q}`, firstReference)
			server.Faults().On(server.Is(backendpaytest.OpCreatePayment), paymenttest.Answer(201, "application/json", answer, true))
			return answers{env, real(t, many(1), "-to", "backendpay"), func() int { return server.Count(backendpaytest.OpCreatePayment) }}
		},
		"Spektrix shows 10.40 as 10.0": func(t *testing.T) answers {
			server, basket, env := venue(t, "10.40", spektrixtest.WithFacts(spektrixtest.Facts{TruncatedEcho: true}))
			document := strings.Replace(many(1), `"net_amount":1.00`, `"net_amount":10.40`, 1)
			args := real(t, document, "-to", "spektrix", "-orders", write(t, "orders", "1000 "+basket))
			return answers{env, args, func() int { return server.Count(spektrixtest.OpAddCustomPayment) }}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := prepare(t)
			for _, more := range [][]string{nil, nil, {"-ask"}} {
				got := try(t, a.env, append(a.args, more...)...)
				if got.code != 1 || !strings.Contains(got.out, "1 in conflict") || !strings.Contains(got.err, "settle it with -decide "+firstReference) || a.writes() != 1 {
					t.Errorf("%v: exit %d, %d writes\n%s%s", more, got.code, a.writes(), got.out, got.err)
				}
			}
		})
	}
}

// A GUID in another case is the same GUID, at every vendor, in one document and
// in the next run.
func TestReferenceInAnotherCase(t *testing.T) {
	t.Parallel()
	for vendor, prepare := range victims() {
		t.Run(vendor, func(t *testing.T) {
			t.Parallel()
			v := prepare(t)
			args := v.flags(t, vendor, filepath.Join(t.TempDir(), "store.db"), "1m")
			for _, document := range []string{v.document, strings.ReplaceAll(v.document, "c3d4e5f6-a7b8-9012-cdef", "C3D4E5F6-A7B8-9012-CDEF")} {
				args = append(args, "-file", write(t, "sales.json", document))
				if got := try(t, v.env, args...); got.code != 0 {
					t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
				}
				v.has(t, 1)
			}
		})
	}
}
