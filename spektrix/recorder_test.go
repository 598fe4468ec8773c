package spektrix_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// attempt is one of a program without a Store.
func attempt() *payment.Attempt { return payment.NewAttempt(nil, nil) }

func TestRecord(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	p := sale(t, "20.4")
	p.Target, p.Method = id, epos
	p.Attributes = []payment.Attribute{{Name: "Receipt Number", Value: "R-1001"}}
	receipt, err := client.Recorder(spektrix.RecorderOptions{ReferenceAttribute: "Reference"}).Record(t.Context(), p, attempt())
	if err != nil {
		t.Fatal(err)
	}
	if receipt.Vendor != "spektrix" || receipt.ID != "" || receipt.Reference != p.Reference || !receipt.Amount.Equal(p.Amount) || receipt.AlreadyRecorded || len(receipt.Raw) == 0 {
		t.Errorf("receipt %v", receipt)
	}
	posted := server.Payments(id)
	if len(posted) != 1 || posted[0].Amount.String() != "20.40" || len(posted[0].Attributes) != 2 || posted[0].Attributes[0].Value != p.Reference {
		t.Errorf("ledger %v", posted)
	}
}

func TestAccount(t *testing.T) {
	t.Parallel()
	config := sampleConfig
	config.ClientName, config.BaseURL = "ApiTesting", "https://Tickets.venue.example:8443"
	want := payment.Account{Vendor: "spektrix", Tenant: "apitesting", Host: "tickets.venue.example:8443"}
	client := newClient(t, config)
	if got := client.Recorder(spektrix.RecorderOptions{}).Account(); got != want {
		t.Errorf("account %v", got)
	}
	if got := client.Confirmer(spektrix.Confirmation{}).Account(); got != want {
		t.Errorf("account %v", got)
	}
	config.BaseURL = ""
	if got := newClient(t, config).Recorder(spektrix.RecorderOptions{}).Account().Host; got != "system.spektrix.com" {
		t.Errorf("host %s", got)
	}
}

func TestRecordARefund(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	p := sale(t, "3.00")
	p.Target, p.Kind = id, payment.Refund
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: spektrixtest.TypeRefund, AllowRefund: true})
	if _, err := recorder.Record(t.Context(), p, attempt()); err != nil {
		t.Fatal(err)
	}
	if got := server.Payments(id); len(got) != 1 || !got[0].IsRefund || got[0].Amount.String() != "3.00" {
		t.Errorf("ledger %v", got)
	}
	p.Kind = payment.Sale
	_, err := recorder.Record(t.Context(), p, attempt())
	wantField(t, err, "CustomPayment.PaymentTypeID")
	p.Kind, p.Method = payment.Refund, epos
	_, err = recorder.Prepare(t.Context(), p)
	wantField(t, err, "Payment.Kind")
}

func TestPrepareFillsInTheType(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	p, err := byReference(client).Prepare(t.Context(), sale(t, "10.400"))
	if err != nil || p.Method != epos || p.Target != basketID {
		t.Errorf("%v, %v", p, err)
	}
	if n := len(server.Requests()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestRecordRefuses(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
	euros, err := payment.ParseMoney("10.40", "EUR")
	if err != nil {
		t.Fatal(err)
	}
	fine, err := payment.ParseMoney("10.401", "GBP")
	if err != nil {
		t.Fatal(err)
	}
	recorder := byReference(client)
	for _, c := range []struct {
		field  string
		change func(*payment.Payment)
	}{
		{"Payment.Reference", func(p *payment.Payment) { p.Reference = "" }},
		{"Payment.Reference", func(p *payment.Payment) { p.Reference = " a" }},
		{"Payment.Reference", func(p *payment.Payment) { p.Reference = " " }},
		{"Payment.Kind", func(p *payment.Payment) { p.Kind = payment.Authorization }},
		{"Payment.Kind", func(p *payment.Payment) { p.Kind = payment.Capture }},
		{"Payment.Kind", func(p *payment.Payment) { p.Kind = payment.Void }},
		{"Payment.Kind", func(p *payment.Payment) { p.Kind = payment.Refund }},
		{"Payment.Amount", func(p *payment.Payment) { p.Amount = euros }},
		{"CustomPayment.Amount", func(p *payment.Payment) { p.Amount = fine }},
		{"Payment.Link", func(p *payment.Payment) { p.Link = "a" }},
		{"Payment.Reverses", func(p *payment.Payment) { p.Reverses = "a" }},
		{"Payment.Expires", func(p *payment.Payment) { p.Expires = vectorTime.Add(time.Hour) }},
		{"CustomPayment.PaymentTypeID", func(p *payment.Payment) { p.Method = "no type" }},
		{"CustomPayment.PaymentTypeID", func(p *payment.Payment) { p.Method = "999A" }},
		{"CustomPayment.PaymentAttributes[1].Name", func(p *payment.Payment) { p.Attributes = []payment.Attribute{{Name: "Reference"}} }},
		{"CustomPayment.PaymentAttributes[1].Name", func(p *payment.Payment) { p.Attributes = []payment.Attribute{{Name: "Till"}} }},
		{"Payment.Target", func(p *payment.Payment) { p.Target = "" }},
		{"Payment.Target", func(p *payment.Payment) { p.Target = "a/b" }},
	} {
		p := sale(t, "10.40")
		c.change(&p)
		if c.field != "Payment.Expires" {
			_, err := recorder.Prepare(t.Context(), p)
			wantField(t, err, c.field)
		}
		_, err := recorder.Record(t.Context(), p, attempt())
		wantField(t, err, c.field)
	}
	_, err = client.Recorder(spektrix.RecorderOptions{}).Prepare(t.Context(), sale(t, "1"))
	wantField(t, err, "CustomPayment.PaymentTypeID")
	if n := m.count(http.MethodPost, "baskets/"+basketID+"/custom-payments"); n != 0 {
		t.Errorf("%d payments were sent", n)
	}
}

// Nothing is sent without a Begin, and none after one that fails.
func TestRecordBegins(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	p := sale(t, "10.40")
	p.Target = fill(t, client)
	held := &payment.HeldError{}
	failing := payment.NewAttempt(nil, func(_ context.Context, checkpoint []byte) error {
		if !strings.Contains(string(checkpoint), `"Version":1`) {
			t.Errorf("checkpoint %s", checkpoint)
		}
		return held
	})
	if _, err := byReference(client).Record(t.Context(), p, failing); !errors.Is(err, held) {
		t.Errorf("err = %v", err)
	}
	for _, old := range []string{`{"Version":2}`, `{}`, `x`, `{"Version":1}`, `{"Version":1,"Since":"2026-01-01T00:00:00Z","More":1}`} {
		_, err := byReference(client).Record(t.Context(), p, payment.NewAttempt([]byte(old), nil))
		var entry *payment.EntryError
		if !errors.As(err, &entry) {
			t.Errorf("%s: %v", old, err)
		}
		if _, err = byReference(client).Find(t.Context(), p, payment.NewAttempt([]byte(old), nil)); !errors.As(err, &entry) {
			t.Errorf("%s: %v", old, err)
		}
	}
	if n := server.Count(spektrixtest.OpAddCustomPayment); n != 0 {
		t.Errorf("%d payments were sent", n)
	}
}

// An answer that differs is a conflict that says that the payment stands. Later
// calls say so too, and nothing is sent again.
func TestOnceWithADifferentEcho(t *testing.T) {
	t.Parallel()
	client, server := withFacts(t, spektrixtest.Facts{TruncatedEcho: true})
	p := sale(t, "10.40")
	p.Target = fill(t, client)
	store := payment.NewMemoryStore()
	for i := range 2 {
		receipt, err := payment.Once(t.Context(), byReference(client), p, with(store)...)
		var conflict *payment.ConflictError
		if !errors.Is(err, payment.ErrConflict) || !errors.As(err, &conflict) || conflict.Got[0].Amount.String() != "10.0 GBP" || !slices.Equal(conflict.Fields, []string{"Amount"}) {
			t.Fatalf("%d: %v, %v, %v", i, receipt, err, conflict)
		}
		var echo *spektrix.EchoError
		if i == 0 && (!errors.As(err, &echo) || echo.Shown[0].Amount.String() != "10.0" || !contains(err, "this payment stands") || contains(err, "another payment")) {
			t.Errorf("err = %v", err)
		}
	}
	if n := len(server.Payments(p.Target)); n != 1 {
		t.Errorf("%d payments", n)
	}
}

// The noise of a binary fraction is no difference.
func TestNoiseIsNoDifference(t *testing.T) {
	t.Parallel()
	for shown, same := range map[string]bool{"120.09999999999999": true, "120.1000000001": true, "120.11": false, "1.20": false, "120.1001": false, "120.10": true} {
		client, m := newMock(t)
		m.json(http.MethodGet, "custom-payment-types", fixture(t, "custom-payment-types.json"))
		one := `{"name":"EPOS System","amount":` + shown + `,"attributes":[{"name":"Reference","value":"till-4/1001"}]}`
		m.json(http.MethodGet, "baskets/"+basketID+"/custom-payments", "["+one+"]")
		m.json(http.MethodPost, "baskets/"+basketID+"/custom-payments", one)
		receipt, err := payment.Resume(t.Context(), byReference(client), sale(t, "120.10"), brief)
		if same != (err == nil) || same && !receipt.Amount.Equal(sale(t, "120.1").Amount) || !same && !errors.Is(err, payment.ErrConflict) {
			t.Errorf("%s: %v, %v", shown, receipt, err)
		}
		if _, err = byReference(client).Record(t.Context(), sale(t, "120.10"), attempt()); same != (err == nil) {
			t.Errorf("%s: %v", shown, err)
		}
	}
}

// With the reference in an attribute, a lost answer is resolved while the basket
// is open, in this run or another, and nothing is posted twice.
func TestOnceUnderEachFault(t *testing.T) {
	t.Parallel()
	for _, fault := range faults() {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			client, server := emulatorFor(t, fault)
			p, store := sale(t, "20.40"), payment.NewMemoryStore()
			p.Target = fill(t, client)
			server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), fault)
			receipt, err := payment.Once(t.Context(), byReference(client), p, with(store)...)
			switch {
			case refuses(fault):
				if err == nil || errors.Is(err, payment.ErrOutcomeUnknown) {
					t.Errorf("err = %v", err)
				}
			case fault.Effect():
				if err != nil || !receipt.AlreadyRecorded {
					t.Errorf("%v, %v", receipt, err)
				}
			default:
				var unresolved *payment.UnresolvedError
				if !errors.As(err, &unresolved) || unresolved.Seen != nil || unresolved.Writes != 1 {
					t.Errorf("err = %v", err)
				}
			}
			if n := server.Count(spektrixtest.OpAddCustomPayment); n != 1 {
				t.Errorf("%d payments were sent", n)
			}
			other := newClient(t, server.Config(), tenderkit.WithRetries(0))
			if _, err := payment.Once(t.Context(), byReference(other), p, with(store, payment.WithSettle(time.Millisecond))...); err != nil {
				t.Error(err)
			}
			if n := len(server.Payments(p.Target)); n != 1 {
				t.Errorf("%d payments", n)
			}
		})
	}
}

// Without an attribute for the reference nothing can be told, but for a basket
// without payments.
func TestFindWithoutAReference(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos})
	p := sale(t, "10.40")
	p.Target = fill(t, client)
	if found, err := recorder.Find(t.Context(), p, attempt()); err != nil || len(found) != 0 {
		t.Errorf("%v, %v", found, err)
	}
	server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), paymenttest.DropAfter())
	store := payment.NewMemoryStore()
	for range 2 {
		_, err := payment.Once(t.Context(), recorder, p, with(store)...)
		var unresolved *payment.UnresolvedError
		if !errors.As(err, &unresolved) || !errors.Is(unresolved.Seen, payment.ErrNoLookup) {
			t.Errorf("err = %v", err)
		}
	}
	_, err := recorder.Find(t.Context(), p, attempt())
	var e *payment.Error
	if !errors.As(err, &e) || !errors.Is(err, payment.ErrNoLookup) || e.Vendor != "spektrix" || e.Op != "Find" || e.Reference != p.Reference || e.Target != p.Target || !contains(err, "ReferenceAttribute") {
		t.Errorf("err = %v", err)
	}
	p.Kind = payment.Void
	_, err = recorder.Find(t.Context(), p, attempt())
	wantField(t, err, "Payment.Kind")
	if n := len(server.Payments(p.Target)); n != 1 {
		t.Errorf("%d payments", n)
	}
}

// Alone in the basket, a lost payment shows by its number.
func TestOnceByCounting(t *testing.T) {
	t.Parallel()
	for _, fault := range []paymenttest.Fault{paymenttest.DropBefore(), paymenttest.DropAfter()} {
		for _, stood := range []int{0, 2} {
			client, server := emulatorFor(t, fault)
			p, store := sale(t, "10.40"), payment.NewMemoryStore()
			p.Target = fill(t, client)
			for range stood {
				if _, err := client.AddCustomPayment(t.Context(), p.Target, spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount(t, "10.40")}); err != nil {
					t.Fatal(err)
				}
			}
			server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), fault)
			recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos, AloneInBasket: true})
			_, err := payment.Once(t.Context(), recorder, p, with(store)...)
			if fault.Effect() != (err == nil) || err != nil && !errors.Is(err, payment.ErrOutcomeUnknown) {
				t.Errorf("%v after %d: %v", fault, stood, err)
			}
			receipt, err := payment.Once(t.Context(), recorder, p, with(store, payment.WithSettle(time.Millisecond))...)
			if n := len(server.Payments(p.Target)); err != nil || n != stood+1 || receipt.AlreadyRecorded != fault.Effect() {
				t.Errorf("%v after %d: %v, %v, %d payments", fault, stood, receipt, err, n)
			}
			if _, err := payment.Once(t.Context(), recorder, sale(t, "10.40"), brief); !errors.Is(err, payment.ErrOutcomeUnknown) { // another basket, which is not there
				t.Errorf("err = %v", err)
			}
		}
	}
}

// A list without attributes cannot be counted: the payment may be there.
func TestCountingWithoutAttributes(t *testing.T) {
	t.Parallel()
	client, server := withFacts(t, spektrixtest.Facts{ListWithoutAttributes: true})
	p, store := sale(t, "10.40"), payment.NewMemoryStore()
	p.Target, p.Attributes = fill(t, client), []payment.Attribute{{Name: "Receipt Number", Value: "R-1001"}}
	server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), paymenttest.DropAfter())
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos, AloneInBasket: true})
	for range 2 {
		if _, err := payment.Once(t.Context(), recorder, p, with(store, payment.WithSettle(time.Millisecond))...); !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("err = %v", err)
		}
	}
	if n := len(server.Payments(p.Target)); n != 1 {
		t.Errorf("%d payments", n)
	}
}

// Without the promise to be alone, "no more than before" is not "none".
func TestNotAloneInTheBasket(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	p, store := sale(t, "10.40"), payment.NewMemoryStore()
	p.Target = fill(t, client)
	if _, err := client.AddCustomPayment(t.Context(), p.Target, spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount(t, "5")}); err != nil {
		t.Fatal(err)
	}
	server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), paymenttest.DropBefore())
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos})
	for range 2 {
		if _, err := payment.Once(t.Context(), recorder, p, with(store, payment.WithSettle(time.Millisecond))...); !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("err = %v", err)
		}
	}
	if n := len(server.Payments(p.Target)); n != 1 {
		t.Errorf("%d payments", n)
	}
}

// What could not be counted before the write is not counted after it.
func TestCountingThatBeganBlind(t *testing.T) {
	t.Parallel()
	client, server := withFacts(t, spektrixtest.Facts{BasketPayments: spektrixtest.BasketShowsNone})
	p, store := sale(t, "10.40"), payment.NewMemoryStore()
	p.Target = fill(t, client)
	if _, err := client.AddCustomPayment(t.Context(), p.Target, spektrix.NewCustomPayment{PaymentTypeID: epos, Amount: amount(t, "10.40")}); err != nil {
		t.Fatal(err)
	}
	server.Faults().On(server.Is(spektrixtest.OpCustomPayments), noBasket)
	server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), paymenttest.DropBefore())
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos, AloneInBasket: true})
	for range 2 {
		if receipt, err := payment.Once(t.Context(), recorder, p, with(store, payment.WithSettle(time.Millisecond))...); !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("%v, %v", receipt, err)
		}
	}
	if n := len(server.Payments(p.Target)); n != 1 {
		t.Errorf("%d payments", n)
	}
}
