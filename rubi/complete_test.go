package rubi_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

// opened fills a basket with 25.00 and opens a transaction for it.
func opened(t *testing.T, f rubitest.Facts) (*rubitest.Server, *rubi.Client, rubi.Checkout) {
	t.Helper()
	server, _ := emulated(t, rubitest.WithFacts(f))
	client := connect(t, server.Config(), tenderkit.WithTimeout(200*time.Millisecond))
	fill(t, server, "25.00")
	co, err := client.Checkout(t.Context(), bookings(t, "25.00", ""), fresh()...)
	if minor, _ := co.StripeAmount(); err != nil || minor != 2500 || co.TransactionID == "" {
		t.Fatalf("%v, %v", co, err)
	}
	return server, client, stored(t, co)
}

// wantCharged asks that the money stays in sight.
func wantCharged(t *testing.T, err error) {
	t.Helper()
	var charged *rubi.ChargedError
	if !errors.As(err, &charged) {
		t.Fatalf("error is %v", err)
	}
	want := `charged, not known to be recorded: Stripe "pi_123" over 25.00 GBP for Rubi's transaction "T-1001" (see its Card payment page): `
	if !strings.HasPrefix(charged.Error(), want) || !strings.Contains(err.Error(), want) {
		t.Errorf("text is %q", charged.Error())
	}
	if charged.TransactionID != "T-1001" || charged.StripeID != "pi_123" || !charged.Amount.Equal(pounds(t, "25.00")) {
		t.Errorf("error is %v", charged)
	}
}

// Every fault at the report of a charge: it is found out, or the money stays in
// sight. A clean refusal is reported again; what is unknown is not, until the
// caller promises that the lost request has settled.
func TestLostCharges(t *testing.T) {
	t.Parallel()
	for _, fault := range paymenttest.Faults() {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			server, client, co := opened(t, rubitest.Facts{Repeat: rubitest.RepeatMail})
			on(server, rubitest.OpStripeResult, fault)
			store := payment.NewMemoryStore()
			receipt, err := client.Complete(t.Context(), co, succeeded(2500), first(store)...)
			if fault.Effect() {
				if err != nil || !receipt.AlreadyRecorded || receipt.ID != co.TransactionID {
					t.Errorf("%v, %v", receipt, err)
				}
				once(t, server)
				return
			}
			wantCharged(t, err)
			if errors.Is(err, payment.ErrOutcomeUnknown) == refuses(fault) {
				t.Errorf("error is %v", err)
			}
			more := again(store)
			if !refuses(fault) {
				_, err = client.Complete(t.Context(), co, succeeded(2500), more...)
				wantCharged(t, err)
				more = append(more, payment.WithSettle(time.Millisecond))
			}
			if receipt, err = client.Complete(t.Context(), co, succeeded(2500), more...); err != nil || receipt.AlreadyRecorded {
				t.Errorf("%v, %v", receipt, err)
			}
			if len(server.Transactions()) != 1 || !server.Transactions()[0].Paid || server.Count(rubitest.OpStripeResult) != 2 {
				t.Errorf("ledger %v after %d reports", server.Transactions(), server.Count(rubitest.OpStripeResult))
			}
			once(t, server)
		})
	}
}

// A report that was refused for too many requests was not executed: it is made
// again, also where items leave the basket early and a look tells nothing.
func TestARefusedReportIsMadeAgain(t *testing.T) {
	t.Parallel()
	for _, leave := range []bool{false, true} {
		server, client, co := opened(t, rubitest.Facts{Repeat: rubitest.RepeatMail, CardItemsLeave: leave})
		refusal := rubitest.Refusal("429", "slow down", false)
		on(server, rubitest.OpStripeResult, refusal, refusal)
		store := payment.NewMemoryStore()
		for i := range 3 {
			receipt, err := client.Complete(t.Context(), co, succeeded(2500), first(store)...)
			if i < 2 && (!errors.Is(err, payment.ErrRateLimited) || errors.Is(err, payment.ErrOutcomeUnknown)) || i == 2 && (err != nil || receipt.AlreadyRecorded) {
				t.Errorf("try %d: %v, %v", i, receipt, err)
			}
		}
		once(t, server)
	}
}

// The answer to the transaction is lost: another one is opened, because nothing
// was charged for the first.
func TestLostTransaction(t *testing.T) {
	t.Parallel()
	for _, fault := range []paymenttest.Fault{paymenttest.DropBefore(), paymenttest.DropAfter()} {
		server, client := emulated(t)
		fill(t, server, "25.00")
		on(server, rubitest.OpUserPayment, fault)
		store := payment.NewMemoryStore()
		co, err := client.Checkout(t.Context(), bookings(t, "25.00", ""), first(store)...)
		made := server.Transactions()
		if err != nil || co.TransactionID != made[len(made)-1].ID {
			t.Fatalf("%v, %v", co, err)
		}
		same, err := client.Checkout(t.Context(), bookings(t, "25.00", ""), again(store)...)
		if err != nil || same.TransactionID != co.TransactionID || len(server.Transactions()) != len(made) {
			t.Errorf("another run: %v, %v", same, err)
		}
		if _, err := client.Complete(t.Context(), rubi.Checkout{}, succeeded(2500)); !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("completed without a transaction: %v", err)
		}
		once(t, server)
	}
}

// Where items leave at CardPayment, an empty basket proves nothing.
func TestItemsThatLeaveEarly(t *testing.T) {
	t.Parallel()
	server, client, co := opened(t, rubitest.Facts{CardItemsLeave: true})
	on(server, rubitest.OpStripeResult, paymenttest.DropBefore())
	store := payment.NewMemoryStore()
	for range 2 {
		_, err := client.Complete(t.Context(), co, succeeded(2500), first(store)...)
		wantCharged(t, err)
		var u *payment.UnresolvedError
		if !errors.Is(err, payment.ErrOutcomeUnknown) || !errors.As(err, &u) || !errors.Is(u.Seen, payment.ErrNoLookup) {
			t.Errorf("error is %v", err)
		}
	}
	if n := server.Count(rubitest.OpStripeResult); n != 1 {
		t.Errorf("%d reports", n)
	}
}

func TestCompleteGuards(t *testing.T) {
	t.Parallel()
	server, client, ready := opened(t, rubitest.Facts{Repeat: rubitest.RepeatMail})
	store := payment.NewMemoryStore()
	complete := func(co rubi.Checkout, charge rubi.StripePayment) (payment.Receipt, error) {
		return client.Complete(t.Context(), co, charge, first(store)...)
	}
	pending, nameless, allowed := succeeded(2500), succeeded(2500), succeeded(2500)
	pending.Status, nameless.ID, allowed.Status, allowed.AllowStatus = "requires_action", " ", "processing", true
	blank, invoice := ready, ready
	blank.TransactionID, invoice.PaymentType = "", rubi.Invoice
	for name, c := range map[string]struct {
		co     rubi.Checkout
		charge rubi.StripePayment
		field  string
		money  bool
	}{
		"another amount":  {ready, succeeded(2501), "StripePayment.Amount", true},
		"not charged":     {ready, pending, "StripePayment.Status", false},
		"not paid":        {ready, allowed, "StripePayment.Status", false},
		"no id of Stripe": {ready, nameless, "StripePayment.ID", false},
		"no transaction":  {blank, succeeded(2500), "Checkout.TransactionID", true},
		"an invoice":      {invoice, succeeded(2500), "Checkout.PaymentType", true},
		"nothing":         {rubi.Checkout{}, succeeded(2500), "Checkout.Total", true},
	} {
		_, err := complete(c.co, c.charge)
		var f *payment.FieldError
		var charged *rubi.ChargedError
		if !errors.As(err, &f) || f.Field != c.field || errors.As(err, &charged) != c.money || c.money && charged.StripeID != "pi_123" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := server.Count(rubitest.OpStripeResult); n != 0 {
		t.Fatalf("%d results were sent", n)
	}
	if _, err := complete(ready, succeeded(2500)); err != nil {
		t.Fatal(err)
	}
	if receipt, err := complete(ready, succeeded(2500)); err != nil || !receipt.AlreadyRecorded {
		t.Errorf("again: %v, %v", receipt, err)
	}
	second := succeeded(2500)
	second.ID = "pi_456"
	var charged *rubi.ChargedError
	var conflict *payment.ConflictError
	if _, err := complete(ready, second); !errors.As(err, &conflict) || !errors.As(err, &charged) || charged.StripeID != "pi_456" || fmt.Sprint(conflict.Fields) != "[Attributes[StripeID]]" {
		t.Errorf("a second charge: %v", err)
	}
	if n := server.Count(rubitest.OpStripeResult); n != 1 {
		t.Errorf("%d results were sent", n)
	}
	once(t, server)
}

func TestCompleteWithAnotherAmountAllowed(t *testing.T) {
	t.Parallel()
	server, client, co := opened(t, rubitest.Facts{})
	charge := succeeded(2600)
	charge.AllowOtherTotal = true
	receipt, err := client.Complete(t.Context(), co, charge, fresh()...)
	if err != nil || !receipt.Amount.Equal(pounds(t, "26.00")) || !server.Transactions()[0].Paid {
		t.Errorf("%v, %v", receipt, err)
	}
}

// A program may die around the report: the next one takes it up with what the
// Store says, and Rubi is told once.
func TestCrashAroundTheReport(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]paymenttest.Fault{"before the report": paymenttest.DropBefore(), "after the report": paymenttest.DropAfter()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client, co := opened(t, rubitest.Facts{Repeat: rubitest.RepeatMail})
			on(server, rubitest.OpStripeResult, fault)
			unreadable := paymenttest.ServerErrorHTML(500, false)
			server.Faults().Next(paymenttest.Pass()) // the look before the report
			store := payment.NewMemoryStore()
			on(server, rubitest.OpUserBasket, paymenttest.Pass(), unreadable, unreadable, unreadable, unreadable, unreadable, unreadable, unreadable, unreadable)
			_, err := client.Complete(t.Context(), co, succeeded(2500), first(store)...)
			wantCharged(t, err) // it dies here, knowing nothing
			if !errors.Is(err, payment.ErrOutcomeUnknown) || errors.Is(err, payment.ErrNotFound) || errors.Is(err, payment.ErrUnavailable) {
				t.Errorf("error is %v", err)
			}
			server.Faults().Clear()
			other := connect(t, server.Config())
			receipt, err := other.Complete(t.Context(), co, succeeded(2500), append(again(store), payment.WithSettle(time.Millisecond))...)
			if err != nil || receipt.AlreadyRecorded != fault.Effect() || len(server.Transactions()) != 1 {
				t.Errorf("%v, %v", receipt, err)
			}
			once(t, server)
		})
	}
}

// A checkpoint of another version is refused before anything is sent.
func TestAnotherVersionsCheckpoint(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	p := sale(t, "CardPayment", "25.00", fill(t, server, "25.00")...)
	for _, saved := range []string{"", "{}", `{"version":2,"step":"report"}`, `{"version":1,"step":"dance"}`, `{"version":1`, `[]`} {
		a := payment.NewAttempt([]byte(saved), nil)
		for name, do := range map[string]func() error{
			"Record": func() error { _, err := recorderOf(client).Record(t.Context(), p, a); return err },
			"Find":   func() error { _, err := recorderOf(client).Find(t.Context(), p, a); return err },
		} {
			var f *payment.FieldError
			if err := do(); !errors.As(err, &f) || f.Field != "Attempt.Checkpoint" {
				t.Errorf("%s with %q: %v", name, saved, err)
			}
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}
