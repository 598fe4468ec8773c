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
					receipt, err := payment.Once(t.Context(), recorderOf(client), p, fresh()...)
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

// An attempt that did not report the charge can be made again, with the same
// transaction.
func TestRecordReportsAChargeAgain(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	r := recorderOf(client)
	p, err := r.Prepare(t.Context(), sale(t, "CardPayment", "25.00", fill(t, server, "25.00")...))
	if err != nil {
		t.Fatal(err)
	}
	on(server, rubitest.OpStripeResult, paymenttest.DropBefore())
	a := payment.NewAttempt(nil, nil)
	var charged *rubi.ChargedError
	if _, err := r.Record(t.Context(), p, a); !errors.As(err, &charged) || !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Fatalf("error is %v", err)
	}
	if found, err := r.Find(t.Context(), p, a); err != nil || len(found) != 0 {
		t.Errorf("%v, %v", found, err)
	}
	receipt, err := r.Record(t.Context(), p, a)
	if err != nil || receipt.ID != charged.TransactionID || len(server.Transactions()) != 1 {
		t.Errorf("%v, %v", receipt, err)
	}
}

// Each write has its own Begin, and nothing is sent without it.
func TestNothingIsSentWithoutBegin(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	for method, writes := range map[string]int{"Invoice": 1, "CardPayment": 2} {
		for n := range writes + 1 {
			server, client := emulated(t)
			r := recorderOf(client)
			p, err := r.Prepare(t.Context(), sale(t, method, "25.00", fill(t, server, "25.00")...))
			if err != nil {
				t.Fatal(err)
			}
			saves := 0
			_, err = r.Record(t.Context(), p, payment.NewAttempt(nil, func(context.Context, []byte) error {
				if saves++; saves > n {
					return full
				}
				return nil
			}))
			sent := server.Count(rubitest.OpUserPayment) + server.Count(rubitest.OpStripeResult)
			if sent != n || (n == writes) != (err == nil) || n < writes && !errors.Is(err, full) {
				t.Errorf("%s: %d writes after %d saves, %v", method, sent, n, err)
			}
		}
	}
}

// A refused card payment may be corrected: its transaction is not used for
// another sum.
func TestACorrectedCardPayment(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	guids := fill(t, server, "25.00", "5.00")
	on(server, rubitest.OpStripeResult, rubitest.Refusal("400", "no", false))
	store := payment.NewMemoryStore()
	if _, err := payment.Once(t.Context(), recorderOf(client), sale(t, "CardPayment", "25.00", guids[0]), first(store)...); !errors.Is(err, payment.ErrInvalid) {
		t.Fatalf("error is %v", err)
	}
	receipt, err := payment.Once(t.Context(), recorderOf(client), sale(t, "CardPayment", "30.00", guids...), first(store)...)
	made := server.Transactions()
	if err != nil || receipt.ID != "T-1002" || len(made) != 2 || made[0].Paid || made[1].Total.String() != "30.00" {
		t.Errorf("%v, %v", receipt, err)
	}
	once(t, server)
}

// An invoice whose answer was lost is looked up before anything is sent again.
func TestRecordAfterALostInvoice(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, rubitest.WithFacts(rubitest.Facts{PaidAgain: true}))
	p := sale(t, "Invoice", "25.00", fill(t, server, "25.00")...)
	on(server, rubitest.OpUserPayment, paymenttest.DropAfter())
	unreadable := slices.Repeat([]paymenttest.Fault{paymenttest.ServerErrorHTML(500, false)}, 8)
	on(server, rubitest.OpUserBasket, append([]paymenttest.Fault{paymenttest.Pass()}, unreadable...)...)
	store := payment.NewMemoryStore()
	_, err := payment.Once(t.Context(), recorderOf(client), p, first(store)...)
	var u *payment.UnresolvedError
	if !errors.As(err, &u) || !errors.Is(u.Seen, payment.ErrUnavailable) || errors.Is(err, payment.ErrUnavailable) {
		t.Fatalf("error is %v", err)
	}
	server.Faults().Clear()
	receipt, err := payment.Once(t.Context(), recorderOf(client), p, first(store)...)
	if err != nil || !receipt.AlreadyRecorded || server.Count(rubitest.OpUserPayment) != 1 {
		t.Errorf("%v after %d submissions, %v", receipt, server.Count(rubitest.OpUserPayment), err)
	}
	once(t, server)
}

// An invoice that stands with another total is a conflict, and not written again.
func TestAnInvoiceOverAnotherTotal(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	guids := fill(t, server, "25.00")
	body := `{"ResponseCode":200,"ResponseMessage":[{"TransactionID":"T-9","ItemGUID":"` + guids[0] + `","ItemTotal":"2.50"}]}`
	on(server, rubitest.OpUserPayment, paymenttest.Answer(200, "application/json", body, true))
	store := payment.NewMemoryStore()
	for range 2 {
		_, err := payment.Once(t.Context(), recorderOf(client), sale(t, "Invoice", "25.00", guids...), first(store)...)
		var conflict *payment.ConflictError
		if !errors.As(err, &conflict) || len(conflict.Got) != 1 || !conflict.Got[0].Amount.Equal(pounds(t, "2.50")) || !slices.Equal(conflict.Fields, []string{"Amount"}) {
			t.Errorf("error is %v", err)
		}
	}
	if n := server.Count(rubitest.OpUserPayment); n != 1 {
		t.Errorf("%d submissions", n)
	}
}

// Items that are still in the basket are not a reason to submit an invoice
// again: an installation may keep what is paid, and a request may still be on
// its way.
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
			_, err := payment.Once(t.Context(), recorderOf(client), p, fresh()...)
			var unresolved *payment.UnresolvedError
			if !errors.As(err, &unresolved) || unresolved.Seen != nil || server.Count(rubitest.OpUserPayment) != 1 {
				t.Errorf("%d submissions, error is %v", server.Count(rubitest.OpUserPayment), err)
			}
		})
	}
}

// A submission that was refused is no evidence: items that leave the basket
// later were paid or removed by somebody else.
func TestARefusedSubmissionProvesNothing(t *testing.T) {
	t.Parallel()
	for method, call := range map[string]string{"Invoice": rubitest.OpUserPayment, "CardPayment": rubitest.OpStripeResult} {
		server, client := emulated(t)
		guids := fill(t, server, "25.00")
		on(server, call, rubitest.Refusal("400", "no", false))
		store := payment.NewMemoryStore()
		if _, err := payment.Once(t.Context(), recorderOf(client), sale(t, method, "25.00", guids...), first(store)...); !errors.Is(err, payment.ErrInvalid) {
			t.Fatalf("error is %v", err)
		}
		if err := client.BookingUpdate(t.Context(), rubi.BookingUpdate{UID: uid, BookingGUID: guids[0], UpdateType: rubi.RemoveBooking}); err != nil {
			t.Fatal(err)
		}
		for _, next := range []string{method, "Invoice"} {
			receipt, err := payment.Once(t.Context(), recorderOf(client), sale(t, next, "25.00", guids...), again(store)...)
			if !errors.Is(err, payment.ErrNoLookup) || receipt.ID != "" {
				t.Errorf("%s, then %s: %v, %v", method, next, receipt, err)
			}
		}
		if paid := entries(t, server); len(paid) != 0 {
			t.Errorf("ledger %v", paid)
		}
	}
}
