package rubi_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

// A card payment whose submission is lost is submitted again, because nothing
// is charged before the report. Whatever strikes the requests after that, once
// or from then on, an unknown outcome is never one that some sentinel calls
// clear.
func TestOnceAfterALostSubmission(t *testing.T) {
	t.Parallel()
	for _, lost := range []paymenttest.Fault{paymenttest.DropBefore(), paymenttest.DropAfter()} {
		for after := range 7 { // look, look, look, basket, submission, basket, report
			for _, fault := range []paymenttest.Fault{
				paymenttest.DropBefore(), paymenttest.DropAfter(), paymenttest.TruncatedJSON(), paymenttest.TooManyRequests(""),
				paymenttest.ServerErrorHTML(502, false), rubitest.Refusal("400", "no", false), rubitest.Refusal("500", "oops", true),
			} {
				t.Run(fmt.Sprintf("%v, then %v at %d", lost, fault, after), func(t *testing.T) {
					t.Parallel()
					script := append([]paymenttest.Fault{paymenttest.Pass(), lost}, make([]paymenttest.Fault, after)...)
					onceStruck(t, append(script, fault)...)
					onceStruck(t, append(script, slices.Repeat([]paymenttest.Fault{fault}, 20)...)...)
				})
			}
		}
	}
}

// onceStruck pays by card under a script that begins with a lost submission.
func onceStruck(t *testing.T, script ...paymenttest.Fault) {
	t.Helper()
	server, _ := emulated(t)
	client := connect(t, server.Config(), tenderkit.WithRetries(0))
	p := sale(t, "CardPayment", "25.00", fill(t, server, "25.00")...)
	server.Faults().Next(script...)
	receipt, err := payment.Once(t.Context(), recorderOf(client), p, payment.WithPatience(2, time.Millisecond))
	if struck := server.Faults().Struck(); len(struck) < 2 {
		t.Errorf("only %v struck", struck)
	}
	wantOneMeaning(t, server, receipt, err)
}

// wantOneMeaning holds the word of Once against the ledger: recorded, not
// recorded, or unknown and nothing else.
func wantOneMeaning(t *testing.T, server *rubitest.Server, receipt payment.Receipt, err error) {
	t.Helper()
	paid := len(entries(t, server))
	switch {
	case paid > 1:
		t.Errorf("paid %d times", paid)
	case err == nil && (paid != 1 || !receipt.Amount.Equal(pounds(t, "25.00"))):
		t.Errorf("recorded as %v, but %d are paid", receipt, paid)
	case err != nil && !errors.Is(err, payment.ErrOutcomeUnknown):
		t.Errorf("a lost submission ended as %v", err)
	}
	for _, clear := range []error{payment.ErrInvalid, payment.ErrUnavailable, payment.ErrRateLimited, payment.ErrNotFound, payment.ErrConflict, payment.ErrProtocol} {
		if errors.Is(err, clear) {
			t.Errorf("the outcome is unknown and %q at once: %v", clear, err)
		}
	}
	once(t, server)
}

// A basket that cannot be read after a lost answer is one for Find, and no word
// about the payment for Record; both keep what the vendor said.
func TestUnreadableBasketAfterALostAnswer(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"Invoice", "CardPayment"} {
		server, client := emulated(t)
		r := recorderOf(client)
		p := sale(t, method, "25.00", fill(t, server, "25.00")...)
		on(server, rubitest.OpUserPayment, paymenttest.DropBefore())
		if _, err := r.Record(t.Context(), p); !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Fatalf("error is %v", err)
		}
		refusal := rubitest.Refusal("500", "oops", false)
		on(server, rubitest.OpUserBasket, refusal, refusal)
		_, err := r.Find(t.Context(), p)
		if !errors.Is(err, payment.ErrUnavailable) || errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("found: %v", err)
		}
		_, err = r.Record(t.Context(), p)
		var e *payment.Error
		if !errors.Is(err, payment.ErrOutcomeUnknown) || errors.Is(err, payment.ErrUnavailable) || !errors.As(err, &e) {
			t.Fatalf("recorded: %v", err)
		}
		if e.Op != "Resume" || e.Reference != p.Reference || e.Target != uid || e.Code != "500" || e.Message != "oops" || e.Attempts != 1 {
			t.Errorf("recorded: %v for %q", e, e.Target)
		}
	}
}

// A look that the caller ended can be told from one that the vendor failed.
func TestEndedLookAfterALostAnswer(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	on(server, rubitest.OpUserPayment, paymenttest.DropBefore())
	fill(t, server, "25.00")
	co, err := client.Checkout(t.Context(), bookings("Invoice"))
	if !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Fatalf("error is %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	same, err := client.Resume(ctx, co)
	if !errors.Is(err, payment.ErrOutcomeUnknown) || !errors.Is(err, ctx.Err()) || same.State != co.State {
		t.Errorf("%v, %v", same, err)
	}
}
