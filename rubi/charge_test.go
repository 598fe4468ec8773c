package rubi_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

// Every fault at the report of a charge: the money stays in sight.
func TestLostCharges(t *testing.T) {
	t.Parallel()
	for _, fault := range paymenttest.Faults() {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			server, _ := emulated(t)
			client := connect(t, server.Config(), tenderkit.WithTimeout(200*time.Millisecond))
			fill(t, server, "25.00")
			co, err := client.Checkout(t.Context(), bookings(""))
			if minor, _ := co.StripeAmount(); err != nil || minor != 2500 {
				t.Fatalf("%v, %v", co, err)
			}
			on(server, rubitest.OpStripeResult, fault)
			co, err = client.Complete(t.Context(), stored(t, co), succeeded(2500))
			wantCharged(t, co, err)
			if errors.Is(err, payment.ErrOutcomeUnknown) == refuses(fault) {
				t.Errorf("error is %v", err)
			}
			co, err = client.Resume(t.Context(), stored(t, co))
			if fault.Effect() {
				if err != nil || co.State != rubi.StateAnswerLost || co.StripeID != "pi_123" {
					t.Errorf("%v, %v", co, err)
				}
			} else {
				wantCharged(t, co, err)
				co, err = client.Complete(t.Context(), stored(t, co), succeeded(2500))
				if err != nil || co.State != rubi.StateRecorded {
					t.Errorf("%v, %v", co, err)
				}
			}
			if len(server.Transactions()) != 1 || !server.Transactions()[0].Paid {
				t.Errorf("ledger %v", server.Transactions())
			}
			once(t, server)
		})
	}
}

func wantCharged(t *testing.T, co rubi.Checkout, err error) {
	t.Helper()
	var charged *rubi.ChargedError
	if co.State != rubi.StateCharged || !errors.As(err, &charged) {
		t.Fatalf("%v, %v", co, err)
	}
	want := `charged, not known to be recorded: Stripe "pi_123" over 25.00 GBP for Rubi's transaction "T-1001": rubi: `
	if !strings.HasPrefix(charged.Error(), want) {
		t.Errorf("text is %q", charged.Error())
	}
	var e *payment.Error
	if !errors.As(err, &e) || e.Reference != "order-7" || e.Target != uid {
		t.Errorf("error is %#v", e)
	}
	if charged.TransactionID != co.TransactionID || charged.StripeID != "pi_123" || !charged.Amount.Equal(pounds(t, "25.00")) {
		t.Errorf("error is %v", charged)
	}
}

func TestLostTransaction(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	fill(t, server, "25.00")
	on(server, rubitest.OpUserPayment, paymenttest.DropAfter())
	lost, err := client.Checkout(t.Context(), bookings(""))
	if lost.State != rubi.StateUnknown || !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Fatalf("%v, %v", lost, err)
	}
	if _, err := client.Complete(t.Context(), lost, succeeded(2500)); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("completed without a transaction: %v", err)
	}
	if _, err := client.Resume(t.Context(), lost); !errors.Is(err, payment.ErrNotFound) {
		t.Errorf("error is %v", err)
	}
	co, err := client.Checkout(t.Context(), bookings(""))
	if err != nil || co.TransactionID == server.Transactions()[0].ID {
		t.Errorf("%v, %v", co, err)
	}
}

// Where items leave at CardPayment, an empty basket proves nothing.
func TestItemsThatLeaveEarly(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, rubitest.WithFacts(rubitest.Facts{CardItemsLeave: true}))
	fill(t, server, "25.00")
	co, err := client.Checkout(t.Context(), bookings(""))
	if err != nil || co.Kept {
		t.Fatalf("%v, %v", co, err)
	}
	on(server, rubitest.OpStripeResult, paymenttest.DropBefore())
	co, err = client.Complete(t.Context(), co, succeeded(2500))
	wantCharged(t, co, err)
	co, err = client.Resume(t.Context(), co)
	wantCharged(t, co, err)
	if !errors.Is(err, payment.ErrNoLookup) || !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("error is %v", err)
	}
}

func TestCompleteGuards(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, rubitest.WithFacts(rubitest.Facts{Repeat: rubitest.RepeatMail}))
	fill(t, server, "25.00")
	ready, err := client.Checkout(t.Context(), bookings(""))
	if err != nil {
		t.Fatal(err)
	}
	var charged *rubi.ChargedError
	co, err := client.Complete(t.Context(), ready, succeeded(2501))
	if !errors.As(err, &charged) || !errors.Is(err, payment.ErrInvalid) || co.State != rubi.StateCharge || !charged.Amount.Equal(pounds(t, "25.01")) {
		t.Errorf("another amount: %v, %v", co, err)
	}
	pending := succeeded(2500)
	pending.Status = "requires_action"
	if _, err = client.Complete(t.Context(), ready, pending); errors.As(err, &charged) || !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("nothing was charged: %v", err)
	}
	if n := server.Count(rubitest.OpStripeResult); n != 0 {
		t.Fatalf("%d results were sent", n)
	}
	done, err := client.Complete(t.Context(), ready, succeeded(2500))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := client.Complete(t.Context(), stored(t, done), succeeded(2500)); err != nil || again.State != rubi.StateRecorded {
		t.Errorf("again: %v, %v", again, err)
	}
	second := succeeded(2500)
	second.ID = "pi_456"
	if _, err := client.Complete(t.Context(), done, second); !errors.Is(err, payment.ErrInvalid) || !errors.As(err, &charged) || charged.StripeID != "pi_456" {
		t.Errorf("a second charge: %v", err)
	}
	if n := server.Count(rubitest.OpStripeResult); n != 1 {
		t.Errorf("%d results were sent", n)
	}
	once(t, server)
}

func TestCompleteWithAnotherAmountAllowed(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	fill(t, server, "25.00")
	co, err := client.Checkout(t.Context(), bookings(""))
	if err != nil {
		t.Fatal(err)
	}
	p := succeeded(2600)
	p.AllowOtherTotal = true
	co, err = client.Complete(t.Context(), co, p)
	if err != nil || !co.Charged.Equal(pounds(t, "26.00")) || !co.Total.Equal(pounds(t, "25.00")) {
		t.Errorf("%v charged, %v", co.Charged, err)
	}
}

// A program that stores the charge before it reports it may die at any point:
// Rubi is told once.
func TestCrashAroundTheReport(t *testing.T) {
	t.Parallel()
	for name, reported := range map[string]bool{"before the report": false, "after the report": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t, rubitest.WithFacts(rubitest.Facts{Repeat: rubitest.RepeatMail}))
			fill(t, server, "25.00")
			co, err := client.Checkout(t.Context(), bookings(""))
			if err != nil {
				t.Fatal(err)
			}
			if co, err = co.WithCharge(succeeded(2500)); err != nil || co.State != rubi.StateCharged {
				t.Fatal(co, err)
			}
			disk := stored(t, co)
			if reported {
				if _, err := client.Complete(t.Context(), co, succeeded(2500)); err != nil {
					t.Fatal(err)
				}
			}
			co, err = client.Resume(t.Context(), disk)
			if reported != (err == nil) || reported != co.State.Done() {
				t.Fatal(co, err)
			}
			if !reported {
				wantCharged(t, co, err)
				co, err = client.Complete(t.Context(), co, succeeded(2500))
			}
			if err != nil || !co.State.Done() || server.Count(rubitest.OpStripeResult) != 1 {
				t.Errorf("%v after %d reports, %v", co, server.Count(rubitest.OpStripeResult), err)
			}
			once(t, server)
		})
	}
}

func TestWithChargeGuards(t *testing.T) {
	t.Parallel()
	ready := rubi.Checkout{
		State: rubi.StateCharge, UID: uid, Item: rubi.Bookings, PaymentType: rubi.CardPayment,
		PaymentItems: []string{"a"}, Total: pounds(t, "25.00"), TransactionID: "T-1",
	}
	unknown, done, blank := ready, ready, ready
	unknown.State, done.State, blank.TransactionID = rubi.StateUnknown, rubi.StateAnswerLost, ""
	charged, err := ready.WithCharge(succeeded(2500))
	if err != nil || charged.StripeID != "pi_123" || !charged.Charged.Equal(ready.Total) {
		t.Fatal(charged, err)
	}
	second, pending := succeeded(2500), succeeded(2500)
	second.ID, pending.Status = "pi_456", "processing"
	for name, c := range map[string]struct {
		co    rubi.Checkout
		p     rubi.StripePayment
		field string
		money bool
	}{
		"another amount":  {ready, succeeded(2501), "StripePayment.Amount", true},
		"not charged":     {ready, pending, "StripePayment.Status", false},
		"second charge":   {charged, second, "StripePayment.ID", true},
		"no transaction":  {blank, succeeded(2500), "Checkout.TransactionID", true},
		"lost answer":     {unknown, succeeded(2500), "Checkout.State", true},
		"no id of Stripe": {ready, rubi.StripePayment{Status: rubi.Succeeded, Amount: 2500}, "StripePayment.ID", false},
	} {
		co, err := c.co.WithCharge(c.p)
		var f *payment.FieldError
		var inSight *rubi.ChargedError
		if !errors.As(err, &f) || f.Field != c.field || errors.As(err, &inSight) != c.money || co.State != c.co.State || co.StripeID != c.co.StripeID {
			t.Errorf("%s: %v, %v", name, co, err)
		}
	}
	if co, err := charged.WithCharge(succeeded(2500)); err != nil || co.State != rubi.StateCharged {
		t.Errorf("the same again: %v, %v", co, err)
	}
	if co, err := done.WithCharge(succeeded(2500)); err != nil || co.State != rubi.StateAnswerLost || co.Charged.IsSet() {
		t.Errorf("completed: %v, %v", co, err)
	}
}
