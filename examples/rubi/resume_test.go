package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

// entry returns the store's entry of the payment, or nothing.
func (m member) entry(t *testing.T) (p payment.Payment) {
	t.Helper()
	kept, err := store.Open(t.Context(), m.state, outbox.AllowLoopback())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = kept.Close() }()
	for e, err := range kept.Outbox.Entries(t.Context(), outbox.Filter{Op: "payment"}) {
		if err == nil {
			p, err = e.Payment()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func TestCardInTwoRuns(t *testing.T) {
	t.Parallel()
	m := newMember(t)
	for range 2 { // the second asks for the same charge, and submits nothing
		got := m.pay(t, "card")
		want := "  charge 24.00 GBP with Stripe (amount 2400) for transaction T-1001, then run it again with -stripe-id and -stripe-amount\n"
		if got.code != 0 || got.err != "" || !strings.HasSuffix(got.out, want) {
			t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
		}
	}
	if got := m.pay(t, "invoice"); got.code != 1 || !strings.Contains(got.err, "web-1 is a checkout by CardPayment, not by Invoice") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	if got := m.pay(t, "card", "-stripe-id", "pi_123", "-stripe-amount", "2399"); got.code != 1 ||
		!strings.Contains(got.err, "StripePayment.Amount") || !strings.Contains(got.err, "do not charge again") || m.entry(t).Attribute("StripeID") != "" {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	got := m.pay(t, "card", "-stripe-id", "pi_123", "-stripe-amount", "2400")
	want := "card\n  going on with web-1\n  Stripe charge pi_123, amount 2400, for transaction T-1001\n  recorded: CardPayment, 24.00 GBP\n"
	if got.code != 0 || got.err != "" || !strings.HasSuffix(got.out, want) {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	all := m.Transactions()
	if len(all) != 1 || all[0].StripeID != "pi_123" || all[0].Results != 1 {
		t.Errorf("transactions %+v", all)
	}
}

func TestALostAnswerIsFoundInTheBasket(t *testing.T) {
	t.Parallel()
	m := newMember(t)
	m.Faults().On(m.Is(rubitest.OpUserPayment), paymenttest.DropAfter())
	got := m.pay(t, "invoice")
	if got.code != 0 || !strings.HasSuffix(got.out, "  already recorded: Invoice, 24.00 GBP\n") || len(m.Mails()) != 1 {
		t.Errorf("exit %d, %d mails\n%s%s", got.code, len(m.Mails()), got.out, got.err)
	}
}

// The request never arrived. The program cannot know that, so it does not go on.
func TestALostRequest(t *testing.T) {
	t.Parallel()
	m := newMember(t)
	m.Faults().On(m.Is(rubitest.OpUserPayment), paymenttest.DropBefore())
	for range 2 {
		got := m.pay(t, "invoice")
		if got.code != 1 || !strings.Contains(got.err, "not paid so far, but a lost request may still arrive") {
			t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
		}
	}
	if n := m.Count(rubitest.OpUserPayment); n != 1 {
		t.Errorf("%d submissions", n)
	}
	if got := m.pay(t, "invoice", "-settle", "1ms"); got.code != 0 || len(m.Mails()) != 1 {
		t.Errorf("exit %d, %d mails\n%s%s", got.code, len(m.Mails()), got.out, got.err)
	}
}

// The card is charged, and Rubi's answer is lost. The basket shows that Rubi has
// the charge, or the next run reports the same charge again.
func TestChargedUnderFaults(t *testing.T) {
	t.Parallel()
	for _, fault := range []paymenttest.Fault{
		paymenttest.DropBefore(), paymenttest.DropAfter(), paymenttest.ResetMidAnswer(), paymenttest.TruncatedJSON(), paymenttest.EmptyAnswer(),
		paymenttest.ServerErrorHTML(502, true), paymenttest.ServerErrorJSON(500, false), rubitest.Refusal("400", "no", false),
	} {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			m := newMember(t)
			if got := m.pay(t, "card"); got.code != 0 {
				t.Fatalf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			m.Faults().On(m.Is(rubitest.OpStripeResult), fault)
			got := m.pay(t, "card", "-stripe-id", "pi_123", "-stripe-amount", "2400")
			if !fault.Effect() {
				if got.code != 1 || !strings.Contains(got.err, `charged, not known to be recorded: Stripe "pi_123" over 24.00 GBP`) ||
					!strings.Contains(got.err, "do not charge again, run it again as web-1") {
					t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
				}
				got = m.pay(t, "card", "-settle", "1ms")
			}
			if got.code != 0 || got.err != "" || !strings.Contains(got.out, "recorded: CardPayment, 24.00 GBP") || m.Faults().Pending() != 0 {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			if all := m.Transactions(); len(all) != 1 || all[0].Results != 1 || all[0].StripeID != "pi_123" {
				t.Errorf("transactions %+v", all)
			}
		})
	}
}

// A killed program leaves behind what is on disk when the charge is reported.
func TestKilledWhileCharged(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]paymenttest.Fault{"told": paymenttest.Pass(), "not told": paymenttest.DropBefore()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMember(t, rubitest.WithFacts(rubitest.Facts{Repeat: rubitest.RepeatMail}))
			m.pay(t, "card")
			left := make(chan map[string][]byte, 1)
			m.Faults().On(func(r *http.Request) bool {
				if !m.Is(rubitest.OpStripeResult)(r) || len(left) > 0 {
					return false
				}
				left <- m.files(t)
				return true
			}, fault)
			m.pay(t, "card", "-stripe-id", "pi_123", "-stripe-amount", "2400")
			m.restore(t, <-left)
			if p := m.entry(t); p.Attribute("StripeID") != "pi_123" {
				t.Fatalf("left %v", p.Attributes)
			}
			time.Sleep(400 * time.Millisecond) // the lease
			got := m.pay(t, "card", "-settle", "1ms")
			if got.code != 0 || !strings.Contains(got.out, "recorded: CardPayment, 24.00 GBP") {
				t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
			}
			if all := m.Transactions(); len(all) != 1 || all[0].Results != 1 || len(m.Mails()) != 1 {
				t.Errorf("%d mails, transactions %+v", len(m.Mails()), all)
			}
		})
	}
}

func TestBasketThatDoesNotTell(t *testing.T) {
	t.Parallel()
	m := newMember(t, rubitest.WithFacts(rubitest.Facts{CardItemsLeave: true})) // so nothing ever proves the charge
	m.pay(t, "card")
	m.Faults().On(m.Is(rubitest.OpStripeResult), paymenttest.DropAfter())
	for _, more := range [][]string{{"-stripe-id", "pi_123", "-stripe-amount", "2400"}, nil} {
		got := m.pay(t, "card", more...)
		if got.code != 1 || !strings.Contains(got.err, "outcome unknown") || !strings.Contains(got.err, "do not charge again") {
			t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
		}
	}
	if n := m.Count(rubitest.OpStripeResult); n != 1 {
		t.Errorf("%d reports", n)
	}
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := tryUntil(ctx, nil); got.code != 1 || !strings.Contains(got.err, "nothing was submitted") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
}

func TestOddStores(t *testing.T) {
	t.Parallel()
	m := newMember(t)
	if err := os.WriteFile(m.state, []byte(strings.Repeat("hello\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := m.pay(t, "invoice"); got.code != 1 || !strings.Contains(got.err, "store "+m.state) {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	m.state = filepath.Join(t.TempDir(), "other.db")
	if got := m.pay(t, "invoice", "-loopback=false"); got.code != 1 || !strings.Contains(got.err, "AllowLoopback") {
		t.Errorf("exit %d\n%s%s", got.code, got.out, got.err)
	}
	if n := m.Count(rubitest.OpUserPayment); n != 0 {
		t.Errorf("%d submissions", n)
	}
}

// files returns what the database has on disk.
func (m member) files(t *testing.T) map[string][]byte {
	found := map[string][]byte{}
	for _, name := range []string{m.state, m.state + "-wal"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
		}
		found[name] = text
	}
	return found
}

// restore puts a database back as it was.
func (m member) restore(t *testing.T, files map[string][]byte) {
	t.Helper()
	_ = os.Remove(m.state + "-shm")
	for name, text := range files {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
