package rubi_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

// Every fault at every step under payment.Once: the ledger never shows a
// payment twice, and what Once says is what happened.
func TestOnceUnderEveryFault(t *testing.T) {
	t.Parallel()
	steps := map[string][]string{
		"Invoice":     {rubitest.OpUserBasket, rubitest.OpUserPayment},
		"CardPayment": {rubitest.OpUserBasket, rubitest.OpUserPayment, rubitest.OpStripeResult},
	}
	for method, calls := range steps {
		for _, call := range calls {
			for _, fault := range paymenttest.Faults() {
				t.Run(fmt.Sprint(method, " ", call, " ", fault), func(t *testing.T) {
					t.Parallel()
					server, _ := emulated(t)
					client := connect(t, server.Config(), tenderkit.WithTimeout(200*time.Millisecond), tenderkit.WithRetries(0))
					p := sale(t, method, "25.00", fill(t, server, "25.00")...)
					on(server, call, fault)
					receipt, err := payment.Once(t.Context(), recorderOf(client), p, payment.WithPatience(2, time.Millisecond))
					wantTruth(t, server, receipt, err)
					if method == "CardPayment" && call == rubitest.OpUserPayment && !refuses(fault) && err != nil {
						t.Errorf("a transaction without a result can be opened again: %v", err)
					}
				})
			}
		}
	}
}

// wantTruth holds the word of Once against the ledger.
func wantTruth(t *testing.T, server *rubitest.Server, receipt payment.Receipt, err error) {
	t.Helper()
	paid := 0
	for _, transaction := range server.Transactions() {
		if transaction.Paid {
			paid++
		}
	}
	switch {
	case paid > 1:
		t.Errorf("paid %d times", paid)
	case err == nil && (paid != 1 || !receipt.Amount.Equal(pounds(t, "25.00"))):
		t.Errorf("recorded as %v, but %d are paid", receipt, paid)
	case err != nil && !errors.Is(err, payment.ErrOutcomeUnknown) && paid != 0:
		t.Errorf("paid in spite of %v", err)
	case err != nil && errors.Is(err, payment.ErrOutcomeUnknown) && paid == 1:
		t.Errorf("could have been found: %v", err)
	}
	once(t, server)
}

// A charge that Rubi did not take note of is reported again with the same ids.
func TestRecordReportsAChargeAgain(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	r := recorderOf(client)
	p := sale(t, "CardPayment", "25.00", fill(t, server, "25.00")...)
	on(server, rubitest.OpStripeResult, paymenttest.DropBefore())
	var charged *rubi.ChargedError
	if _, err := r.Record(t.Context(), p); !errors.As(err, &charged) || !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Fatalf("error is %v", err)
	}
	if _, err := r.Find(t.Context(), p); !errors.Is(err, payment.ErrNotFound) {
		t.Errorf("error is %v", err)
	}
	receipt, err := r.Record(t.Context(), p)
	if err != nil || receipt.ID != charged.TransactionID || len(server.Transactions()) != 1 {
		t.Errorf("%v, %v", receipt, err)
	}
}

// An invoice whose answer was lost is looked up before anything is sent again.
func TestRecordAfterALostInvoice(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	r := recorderOf(client)
	p := sale(t, "Invoice", "25.00", fill(t, server, "25.00")...)
	on(server, rubitest.OpUserPayment, paymenttest.DropAfter())
	if _, err := r.Record(t.Context(), p); !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Fatalf("error is %v", err)
	}
	unreadable := paymenttest.ServerErrorHTML(500, false)
	on(server, rubitest.OpUserBasket, unreadable, unreadable)
	if _, err := r.Record(t.Context(), p); !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("error is %v", err)
	}
	if _, err := recorderOf(client).Find(t.Context(), p); !errors.Is(err, payment.ErrUnavailable) {
		t.Errorf("error is %v", err)
	}
	receipt, err := r.Record(t.Context(), p)
	if err != nil || !receipt.AlreadyRecorded || server.Count(rubitest.OpUserPayment) != 1 {
		t.Errorf("%v after %d submissions, %v", receipt, server.Count(rubitest.OpUserPayment), err)
	}
	once(t, server)
}

// Items that are still in the basket are no leave to submit an invoice again:
// an installation may keep what is paid, and a request may still be on its way.
func TestOnceDoesNotTrustAFullBasket(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]paymenttest.Fault{
		"items stay": paymenttest.DropAfter(), "late effect": paymenttest.LateEffect(500 * time.Millisecond),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, _ := emulated(t, rubitest.WithFacts(rubitest.Facts{ItemsStay: true}))
			client := connect(t, server.Config(), tenderkit.WithTimeout(100*time.Millisecond))
			p := sale(t, "Invoice", "25.00", fill(t, server, "25.00")...)
			on(server, rubitest.OpUserPayment, fault)
			_, err := payment.Once(t.Context(), recorderOf(client), p, payment.WithPatience(2, time.Millisecond))
			var unresolved *payment.UnresolvedError
			if !errors.As(err, &unresolved) || !errors.Is(unresolved.Seen, payment.ErrNotFound) || server.Count(rubitest.OpUserPayment) != 1 {
				t.Errorf("%d submissions, error is %v", server.Count(rubitest.OpUserPayment), err)
			}
		})
	}
}
