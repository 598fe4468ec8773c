package rubi_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

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
		for after := range 6 { // look, look, basket, submission, basket, report
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
	receipt, err := payment.Once(t.Context(), recorderOf(client), p, fresh()...)
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

// A basket that cannot be read after a lost answer is an error of the look, and
// no word about the payment; it keeps what the vendor said.
func TestUnreadableBasketAfterALostAnswer(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"Invoice", "CardPayment"} {
		for _, fault := range []paymenttest.Fault{rubitest.Refusal("500", "oops", false), rubitest.Refusal("404", "oops", false), paymenttest.Answer(404, "text/html", "no", false), paymenttest.EmptyAnswer()} {
			server, client := emulated(t)
			r := recorderOf(client)
			p, err := r.Prepare(t.Context(), sale(t, method, "25.00", fill(t, server, "25.00")...))
			if err != nil {
				t.Fatal(err)
			}
			on(server, rubitest.OpUserPayment, paymenttest.DropBefore())
			a := payment.NewAttempt(nil, nil)
			if _, err := r.Record(t.Context(), p, a); !errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Fatalf("error is %v", err)
			}
			on(server, rubitest.OpUserBasket, slices.Repeat([]paymenttest.Fault{fault}, 4)...)
			found, err := r.Find(t.Context(), p, a)
			var e *payment.Error
			if err == nil || errors.Is(err, payment.ErrOutcomeUnknown) || errors.Is(err, payment.ErrNotFound) || !errors.As(err, &e) || len(found) != 0 {
				t.Fatalf("found: %v, %v", found, err)
			}
			if e.Op != "Find" || e.Reference != p.Reference || e.Target != uid {
				t.Errorf("found: %v for %q", e, e.Target)
			}
		}
	}
}

// A look that the caller ended can be told from one that the vendor failed.
func TestEndedLookAfterALostAnswer(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	on(server, rubitest.OpUserPayment, paymenttest.DropBefore())
	p := sale(t, "Invoice", "25.00", fill(t, server, "25.00")...)
	ctx, cancel := context.WithCancel(t.Context())
	cancelling := payment.WithObserver(func(_ context.Context, e payment.Event) {
		if e.Step == payment.StepLook {
			cancel()
		}
	})
	_, err := payment.Once(ctx, recorderOf(client), p, append(fresh(), cancelling)...)
	var u *payment.UnresolvedError
	if !errors.As(err, &u) || !errors.Is(u.Seen, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

// What cannot be read of the other items of a basket costs no look.
func TestLookAmongOddItems(t *testing.T) {
	t.Parallel()
	for _, odd := range []string{`"ItemTotal":{}`, `"ItemTotal":["12.50"]`, `"ItemTotal":"lots"`, `"ItemTotal":null,"eid":{}`, `"BookingGUID":[],"TransactionID":{},"bid":[]`} {
		for _, fault := range []paymenttest.Fault{paymenttest.DropBefore(), paymenttest.DropAfter()} {
			server, client := emulated(t)
			p := sale(t, "Invoice", "25.00", fill(t, server, "25.00")...)
			on(server, rubitest.OpUserPayment, fault)
			body := `{"ResponseCode":200,"ResponseMessage":[{"ItemGUID":"another",` + odd + `}`
			if !fault.Effect() {
				body += `,{"ItemGUID":"` + p.Attribute("ItemGUID") + `"}`
			}
			look := paymenttest.Answer(200, "application/json", body+`]}`, false)
			on(server, rubitest.OpUserBasket, paymenttest.Pass(), look, look)
			receipt, err := payment.Once(t.Context(), recorderOf(client), p, fresh()...)
			var u *payment.UnresolvedError
			if fault.Effect() && (err != nil || !receipt.AlreadyRecorded) || !fault.Effect() && (!errors.As(err, &u) || u.Seen != nil) {
				t.Errorf("%s: %v, %v", odd, receipt, err)
			}
		}
	}
}

// A look that is answered with another success than 200 shows nothing.
func TestLookUnderAnotherSuccess(t *testing.T) {
	t.Parallel()
	for _, status := range []int{201, 202, 203, 204, 206, 207} {
		server, client := emulated(t)
		p := sale(t, "Invoice", "25.00", fill(t, server, "25.00")...)
		on(server, rubitest.OpUserPayment, paymenttest.DropBefore())
		body := `{"ResponseCode":200,"ResponseMessage":[]}`
		on(server, rubitest.OpUserBasket, paymenttest.Pass(), paymenttest.Answer(status, "application/json", body, false), paymenttest.Answer(status, "application/json", body, false))
		_, err := payment.Once(t.Context(), recorderOf(client), p, fresh()...)
		var u *payment.UnresolvedError
		if !errors.As(err, &u) || !errors.Is(u.Seen, payment.ErrProtocol) {
			t.Errorf("%d: %v", status, err)
		}
	}
}
