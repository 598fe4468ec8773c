package brightpearl_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

func sale(t *testing.T) payment.Payment {
	t.Helper()
	money, err := payment.ParseMoney("318.00", "GBP")
	if err != nil {
		t.Fatal(err)
	}
	return payment.Payment{
		Reference: "till-4711", Kind: payment.Sale, Amount: money, Date: time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC),
		Method: "SAGEPAY_UK", Target: "2002",
	}
}

func TestRecordAndFind(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	r := client.Recorder(brightpearl.RecorderOptions{})
	if _, err := r.Find(t.Context(), sale(t)); !errors.Is(err, payment.ErrNotFound) {
		t.Fatalf("err %v", err)
	}
	first, err := r.Record(t.Context(), sale(t))
	if err != nil || first.AlreadyRecorded {
		t.Fatalf("receipt %v, err %v", first, err)
	}
	found, err := r.Find(t.Context(), sale(t))
	if err != nil || found.ID != first.ID || found.Amount.String() != "318.00 GBP" || !found.AlreadyRecorded {
		t.Errorf("found %v, err %v", found, err)
	}
	second, err := r.Record(t.Context(), sale(t))
	if err != nil || second.ID != first.ID || !second.AlreadyRecorded {
		t.Errorf("receipt %v, err %v", second, err)
	}
	if n := len(server.Payments()); n != 1 {
		t.Errorf("%d payments", n)
	}
}

func TestRecordEveryKind(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, brightpearltest.WithFacts(brightpearltest.Facts{SignedAmounts: true}))
	r := client.Recorder(brightpearl.RecorderOptions{})
	kinds := map[payment.Kind]brightpearl.PaymentType{
		payment.Sale: brightpearl.TypeReceipt, payment.Refund: brightpearl.TypePayment, payment.Authorization: brightpearl.TypeAuth,
		payment.Capture: brightpearl.TypeCapture, payment.Void: brightpearl.TypeVoid,
	}
	for kind, want := range kinds {
		p := sale(t)
		p.Kind, p.Reference, p.Link = kind, string(kind), "auth-1"
		if kind == payment.Authorization {
			p.Expires = p.Date.AddDate(0, 0, 7)
		}
		if _, err := r.Record(t.Context(), p); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		if found, err := r.Find(t.Context(), p); err != nil || !found.Amount.Equal(p.Amount) {
			t.Errorf("%s: found %v, err %v", kind, found, err)
		}
		all := server.Payments()
		if got := all[len(all)-1].PaymentType; got != string(want) {
			t.Errorf("%s became %s, want %s", kind, got, want)
		}
	}
}

func TestRecordConflicts(t *testing.T) {
	t.Parallel()
	_, client := emulated(t)
	r := client.Recorder(brightpearl.RecorderOptions{})
	if _, err := r.Record(t.Context(), sale(t)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*payment.Payment){
		"amount": func(p *payment.Payment) { p.Amount, _ = payment.ParseMoney("318.01", "GBP") },
		"order":  func(p *payment.Payment) { p.Target = "2003" },
		"kind":   func(p *payment.Payment) { p.Kind = payment.Refund },
	} {
		p := sale(t)
		change(&p)
		_, err := r.Record(t.Context(), p)
		var conflict *payment.ConflictError
		if !errors.As(err, &conflict) || !errors.Is(err, payment.ErrConflict) || conflict.Got.Amount.String() != "318.00 GBP" {
			t.Errorf("%s: err %v", name, err)
		}
	}
}

func TestRecordRefusals(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	r := client.Recorder(brightpearl.RecorderOptions{})
	for name, c := range map[string]struct {
		field  string
		change func(*payment.Payment)
	}{
		"target":    {"Payment.Target", func(p *payment.Payment) { p.Target = "order 5" }},
		"reference": {"Payment.Reference", func(p *payment.Payment) { p.Reference = "" }},
		"long":      {"CustomerPayment.TransactionRef", func(p *payment.Payment) { p.Reference = strings.Repeat("x", 65) }},
		"method":    {"CustomerPayment.PaymentMethodCode", func(p *payment.Payment) { p.Method = "" }},
		"reverses":  {"Payment.Reverses", func(p *payment.Payment) { p.Kind, p.Reverses = payment.Refund, "other" }},
		"expires":   {"Payment.Expires", func(p *payment.Payment) { p.Expires = p.Date }},
	} {
		p := sale(t)
		c.change(&p)
		for _, do := range []func() error{
			func() error { _, err := r.Record(t.Context(), p); return err },
			func() error { _, err := r.Find(t.Context(), p); return err },
		} {
			var f *payment.FieldError
			if err := do(); !errors.As(err, &f) || f.Field != c.field {
				t.Errorf("%s: err %v", name, err)
			}
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestDefaultMethod(t *testing.T) {
	t.Parallel()
	server, client := emulated(t)
	p := sale(t)
	p.Method = ""
	r := client.Recorder(brightpearl.RecorderOptions{PaymentMethodCode: "SAGEPAY_UK", JournalRef: "till 7", ExchangeRate: amount(t, "1.5")})
	if _, err := r.Record(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	got := server.Payments()[0]
	if got.PaymentMethodCode != "SAGEPAY_UK" || got.JournalRef != "till 7" || got.ExchangeRate.String() != "1.5" {
		t.Errorf("stored %+v", got)
	}
}

func TestOnceFindsALostAnswer(t *testing.T) {
	t.Parallel()
	for _, fault := range paymenttest.Faults() {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			server, client := emulated(t, brightpearltest.WithThrottle(200, 50*time.Millisecond))
			server.Faults().Next(fault)
			r := client.Recorder(brightpearl.RecorderOptions{})
			receipt, err := payment.Once(t.Context(), r, sale(t), payment.WithPatience(2, time.Millisecond))
			if isRefusal(fault) && errors.Is(err, payment.ErrRateLimited) && len(server.Payments()) == 0 {
				return
			}
			if err != nil || receipt.ID == "" || receipt.AlreadyRecorded != fault.Effect() && !isRefusal(fault) {
				t.Errorf("receipt %v, err %v", receipt, err)
			}
			if n := len(server.Payments()); n != 1 {
				t.Errorf("%d payments", n)
			}
		})
	}
}

// Under a method that the account does not know, the vendor does not check the
// reference: a second write could double the payment.
func TestOnceDoesNotRepeatUnderAnUnknownMethod(t *testing.T) {
	t.Parallel()
	server, client := emulated(t, brightpearltest.WithFacts(brightpearltest.Facts{UncheckedUnknownMethods: true}))
	server.Faults().Next(paymenttest.DropBefore())
	p := sale(t)
	p.Method = "MISSPELT"
	_, err := payment.Once(t.Context(), client.Recorder(brightpearl.RecorderOptions{}), p, payment.WithPatience(2, time.Millisecond))
	var unresolved *payment.UnresolvedError
	if !errors.Is(err, payment.ErrOutcomeUnknown) || !errors.As(err, &unresolved) || !errors.Is(unresolved.Seen, payment.ErrNotFound) {
		t.Fatalf("err %v", err)
	}
	if n := server.Count(brightpearltest.OpCreateCustomerPayment); n != 1 || unresolved.Looks != 2 || unresolved.Writes != 1 {
		t.Errorf("%d writes, evidence %+v", n, unresolved)
	}
}
