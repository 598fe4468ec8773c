package rubi_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
)

func recorderOf(client *rubi.Client) payment.Recorder {
	return client.Recorder(rubi.RecorderOptions{Item: rubi.Bookings, Payment: payer()})
}

// sale is a payment of these items by that method.
func sale(t *testing.T, method, total string, guids ...string) payment.Payment {
	t.Helper()
	p := payment.Payment{
		Reference: "till-7-4711", Kind: payment.Sale, Amount: pounds(t, total), Date: time.Unix(1700000000, 0), Method: method, Target: uid,
	}
	for _, guid := range guids {
		p.Attributes = append(p.Attributes, payment.Attribute{Name: "ItemGUID", Value: guid})
	}
	if method == "CardPayment" {
		p.Attributes = append(p.Attributes, payment.Attribute{Name: "StripeID", Value: "pi_123"})
	}
	return p
}

func TestRecordAndFind(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"Invoice", "CardPayment"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t)
			r := recorderOf(client)
			p := sale(t, method, "25.00", fill(t, server, "25.00")...)
			if _, err := r.Find(t.Context(), p); !errors.Is(err, payment.ErrNotFound) {
				t.Errorf("before: %v", err)
			}
			receipt, err := r.Record(t.Context(), p)
			if err != nil || receipt.AlreadyRecorded || receipt.ID != "T-1001" || receipt.Vendor != "rubi" || !receipt.Amount.Equal(p.Amount) || len(receipt.Raw) < 10 {
				t.Errorf("receipt %v, %v", receipt, err)
			}
			for _, again := range []func(context.Context, payment.Payment) (payment.Receipt, error){r.Find, r.Record} {
				if receipt, err = again(t.Context(), p); err != nil || !receipt.AlreadyRecorded || receipt.Reference != p.Reference {
					t.Errorf("again: %v, %v", receipt, err)
				}
			}
			// A recorder that has not submitted it cannot tell.
			if _, err := recorderOf(client).Find(t.Context(), p); !errors.Is(err, payment.ErrNoLookup) {
				t.Errorf("elsewhere: %v", err)
			}
			if _, err := recorderOf(client).Record(t.Context(), p); !errors.Is(err, payment.ErrNotFound) {
				t.Errorf("a second time: %v", err)
			}
			p.Amount = pounds(t, "26.00")
			if _, err := r.Record(t.Context(), p); !errors.Is(err, payment.ErrConflict) {
				t.Errorf("another payment: %v", err)
			}
			if len(server.Transactions()) != 1 {
				t.Errorf("ledger %v", server.Transactions())
			}
			once(t, server)
		})
	}
}

func TestFindWithoutItemsCannotTell(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	fill(t, server, "25.00")
	_, err := recorderOf(client).Find(t.Context(), sale(t, "Invoice", "25.00"))
	var e *payment.Error
	if !errors.Is(err, payment.ErrNoLookup) || !errors.As(err, &e) || e.Vendor != "rubi" || e.Op != "Find" || e.Reference != "till-7-4711" {
		t.Errorf("error is %v", err)
	}
}

func TestRecorderAttributes(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	server.AddItem(rubitest.Item{Kind: rubitest.KindSubscription, UID: uid, Value: amount(t, "85.00")})
	p := sale(t, "", "85.00")
	p.Attributes = []payment.Attribute{
		{Name: "Item", Value: "Subscriptions"}, {Name: "PONumber", Value: "PO-1"}, {Name: "EmailAddress", Value: "al@example.org"}, {Name: "till", Value: "7"},
	}
	options := rubi.RecorderOptions{Item: rubi.Bookings, Payment: payer()}
	options.Payment.PaymentType = rubi.Invoice
	if _, err := client.Recorder(options).Record(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if made := server.Transactions()[0]; made.PONumber != "PO-1" || made.EmailAddress != "al@example.org" || made.Type != "Invoice" {
		t.Errorf("ledger %+v", made)
	}
}

func TestRecorderRefusals(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	guids := fill(t, server, "25.00")
	for field, change := range map[string]func(*payment.Payment){
		"Payment.Kind":           func(p *payment.Payment) { p.Kind = payment.Refund },
		"Payment.Reverses":       func(p *payment.Payment) { p.Reverses = "x" },
		"Payment.Link":           func(p *payment.Payment) { p.Link = "x" },
		"Payment.Target":         func(p *payment.Payment) { p.Target = " " },
		"Payment.Method":         func(p *payment.Payment) { p.Method = "Confirm" },
		"Payment.Attributes":     func(p *payment.Payment) { p.Method = "CardPayment" },
		"Payment.Reference":      func(p *payment.Payment) { p.Reference = "" },
		"CheckoutRequest.Item":   func(p *payment.Payment) { p.Attributes = []payment.Attribute{{Name: "Item", Value: "Cake"}} },
		"CheckoutRequest.Total":  func(p *payment.Payment) { p.Amount = mustMoney(t, "25.00", "EUR") },
		"UserPayment.Mob":        func(p *payment.Payment) { p.Attributes = []payment.Attribute{{Name: "Mob", Value: ""}} },
		"UserPayment.MobCountry": func(p *payment.Payment) { p.Attributes = []payment.Attribute{{Name: "MobCountry", Value: "+44 (0)"}} },
	} {
		p := sale(t, "Invoice", "25.00", guids...)
		change(&p)
		_, recorded := recorderOf(client).Record(t.Context(), p)
		_, found := recorderOf(client).Find(t.Context(), p)
		var f *payment.FieldError
		if !errors.As(recorded, &f) || f.Field != field || !errors.As(found, &f) || f.Field != field {
			t.Errorf("%s: %v, %v", field, recorded, found)
		}
	}
	both := sale(t, "CardPayment", "25.00", guids...)
	both.Method = "Invoice"
	if _, err := recorderOf(client).Record(t.Context(), both); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("an invoice with a charge: %v", err)
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := recorderOf(client).Record(ended, sale(t, "Invoice", "25.00", guids...)); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
	var none context.Context
	if _, err := recorderOf(client).Record(none, sale(t, "Invoice", "25.00", guids...)); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("nil context: %v", err)
	}
	if _, err := recorderOf(client).Record(t.Context(), sale(t, "Invoice", "24.00", guids...)); !errors.Is(err, payment.ErrInvalid) || len(server.Transactions()) != 0 {
		t.Errorf("another sum: %v", err)
	}
}

func mustMoney(t *testing.T, s string, c payment.Currency) payment.Money {
	t.Helper()
	m, err := payment.ParseMoney(s, c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Every fault at every step under payment.Once: the ledger never shows a
// payment twice, and what Once says is what happened.
func TestOnceUnderEveryFault(t *testing.T) {
	t.Parallel()
	steps := map[string][]string{
		"Invoice":     {rubitest.UserBasket, rubitest.UserPayment},
		"CardPayment": {rubitest.UserBasket, rubitest.UserPayment, rubitest.StripeResult},
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
					if method == "CardPayment" && call == rubitest.UserPayment && !refuses(fault) && err != nil {
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
	on(server, rubitest.StripeResult, paymenttest.DropBefore())
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
	on(server, rubitest.UserPayment, paymenttest.DropAfter())
	if _, err := r.Record(t.Context(), p); !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Fatalf("error is %v", err)
	}
	unreadable := paymenttest.ServerErrorHTML(500, false)
	on(server, rubitest.UserBasket, unreadable, unreadable)
	if _, err := r.Record(t.Context(), p); !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("error is %v", err)
	}
	if _, err := recorderOf(client).Find(t.Context(), p); !errors.Is(err, payment.ErrUnavailable) {
		t.Errorf("error is %v", err)
	}
	receipt, err := r.Record(t.Context(), p)
	if err != nil || !receipt.AlreadyRecorded || server.Count(rubitest.UserPayment) != 1 {
		t.Errorf("%v after %d submissions, %v", receipt, server.Count(rubitest.UserPayment), err)
	}
	once(t, server)
}

func TestManyRecordTheSame(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	r := recorderOf(client)
	p := sale(t, "Invoice", "25.00", fill(t, server, "25.00")...)
	var fresh int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			receipt, err := r.Record(t.Context(), p)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if !receipt.AlreadyRecorded {
				fresh++
			}
		})
	}
	wg.Wait()
	if fresh != 1 || len(server.Transactions()) != 1 {
		t.Errorf("%d fresh, ledger %v", fresh, server.Transactions())
	}
	once(t, server)
}

// The recorder forgets its oldest references, and then no longer claims to know.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	r := recorderOf(client)
	p := sale(t, "Invoice", "25.00", fill(t, server, "25.00")...)
	if _, err := r.Record(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	other := sale(t, "Invoice", "1.00")
	for i := range 1024 {
		other.Reference = fmt.Sprint(i)
		if duplicates, err := r.(payment.Deduplicator).RefusesDuplicates(t.Context(), other); duplicates || err != nil {
			t.Fatal(duplicates, err)
		}
	}
	if _, err := r.Find(t.Context(), p); !errors.Is(err, payment.ErrNoLookup) {
		t.Errorf("error is %v", err)
	}
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
			server, _ := emulated(t, rubitest.WithItemsStaying())
			client := connect(t, server.Config(), tenderkit.WithTimeout(100*time.Millisecond))
			p := sale(t, "Invoice", "25.00", fill(t, server, "25.00")...)
			on(server, rubitest.UserPayment, fault)
			_, err := payment.Once(t.Context(), recorderOf(client), p, payment.WithPatience(2, time.Millisecond))
			var unresolved *payment.UnresolvedError
			if !errors.As(err, &unresolved) || !errors.Is(unresolved.Seen, payment.ErrNotFound) || server.Count(rubitest.UserPayment) != 1 {
				t.Errorf("%d submissions, error is %v", server.Count(rubitest.UserPayment), err)
			}
		})
	}
}
