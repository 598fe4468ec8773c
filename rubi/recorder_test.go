package rubi_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

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
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
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

// A reference that is under way for one contact is not one for another.
func TestRecordForAnotherContact(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	server.AddContact(rubitest.Contact{UID: "other", EmailAddress: "al@example.org"})
	theirs := server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: "other", Value: amount(t, "25.00")})
	r := recorderOf(client)
	p := sale(t, "Invoice", "25.00", fill(t, server, "25.00")...)
	on(server, rubitest.OpUserPayment, paymenttest.DropBefore())
	if _, err := r.Record(t.Context(), p); !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Fatalf("error is %v", err)
	}
	other := sale(t, "Invoice", "25.00", theirs)
	other.Target = "other"
	var conflict *payment.ConflictError
	if _, err := r.Record(t.Context(), other); !errors.As(err, &conflict) {
		t.Errorf("recorded: %v", err)
	}
	if _, err := r.Find(t.Context(), other); !errors.As(err, &conflict) {
		t.Errorf("found: %v", err)
	}
	if _, err := r.Record(t.Context(), p); err != nil || len(server.Transactions()) != 1 {
		t.Errorf("ledger %v, %v", server.Transactions(), err)
	}
}
