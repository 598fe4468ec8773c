package spektrix_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

func sale(t testing.TB, sum string) payment.Payment {
	t.Helper()
	m, err := payment.ParseMoney(sum, "GBP")
	if err != nil {
		t.Fatal(err)
	}
	return payment.Payment{Reference: "till-4/1001", Kind: payment.Sale, Amount: m, Date: vectorTime, Target: basketID}
}

func TestRecord(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	p := sale(t, "20.4")
	p.Target, p.Method = id, epos
	p.Attributes = []payment.Attribute{{Name: "Receipt Number", Value: "R-1001"}}
	receipt, err := client.Recorder(spektrix.RecorderOptions{ReferenceAttribute: "Reference"}).Record(t.Context(), p)
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

func TestRecordARefund(t *testing.T) {
	t.Parallel()
	client, server := emulator(t)
	id := fill(t, client)
	p := sale(t, "3.00")
	p.Target, p.Kind = id, payment.Refund
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: spektrixtest.TypeRefund, AllowRefund: true})
	if _, err := recorder.Record(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if got := server.Payments(id); len(got) != 1 || !got[0].IsRefund || got[0].Amount.String() != "3.00" {
		t.Errorf("ledger %v", got)
	}
	p.Kind = payment.Sale
	_, err := recorder.Record(t.Context(), p)
	wantField(t, err, "CustomPayment[0].PaymentTypeID")
	p.Kind, p.Method = payment.Refund, epos
	_, err = recorder.Record(t.Context(), p)
	wantField(t, err, "Payment.Kind")
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
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos, ReferenceAttribute: "Reference"})
	for _, c := range []struct {
		field  string
		change func(*payment.Payment)
	}{
		{"Payment.Reference", func(p *payment.Payment) { p.Reference = "" }},
		{"Payment.Kind", func(p *payment.Payment) { p.Kind = payment.Authorization }},
		{"Payment.Kind", func(p *payment.Payment) { p.Kind = payment.Capture }},
		{"Payment.Kind", func(p *payment.Payment) { p.Kind = payment.Void }},
		{"Payment.Kind", func(p *payment.Payment) { p.Kind = payment.Refund }},
		{"Payment.Amount", func(p *payment.Payment) { p.Amount = euros }},
		{"CustomPayment[0].Amount", func(p *payment.Payment) { p.Amount = fine }},
		{"Payment.Link", func(p *payment.Payment) { p.Link = "a" }},
		{"Payment.Reverses", func(p *payment.Payment) { p.Reverses = "a" }},
		{"Payment.Expires", func(p *payment.Payment) { p.Expires = vectorTime.Add(time.Hour) }},
		{"CustomPayment[0].PaymentTypeID", func(p *payment.Payment) { p.Method = "no type" }},
		{"CustomPayment[0].PaymentTypeID", func(p *payment.Payment) { p.Method = "999A" }},
		{"CustomPayment[0].PaymentAttributes[1].Name", func(p *payment.Payment) { p.Attributes = []payment.Attribute{{Name: "Reference"}} }},
		{"CustomPayment[0].PaymentAttributes[1].Name", func(p *payment.Payment) { p.Attributes = []payment.Attribute{{Name: "Till"}} }},
		{"id", func(p *payment.Payment) { p.Target = "" }},
	} {
		p := sale(t, "10.40")
		c.change(&p)
		_, err := recorder.Record(t.Context(), p)
		wantField(t, err, c.field)
	}
	_, err = client.Recorder(spektrix.RecorderOptions{}).Record(t.Context(), sale(t, "1"))
	wantField(t, err, "CustomPayment[0].PaymentTypeID")
}

func TestFindCannotTell(t *testing.T) {
	t.Parallel()
	client, m := newMock(t)
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos})
	p := sale(t, "10.40")
	_, err := recorder.Find(t.Context(), p)
	var e *payment.Error
	if !errors.As(err, &e) || !errors.Is(err, payment.ErrNoLookup) || e.Vendor != "spektrix" || e.Op != "Find" || e.Reference != p.Reference || e.Target != p.Target {
		t.Errorf("err = %v", err)
	}
	p.Kind = payment.Void
	_, err = recorder.Find(t.Context(), p)
	wantField(t, err, "Payment.Kind")
	if len(m.asked) != 0 {
		t.Errorf("%d requests were sent", len(m.asked))
	}
}

// Once never posts a second time, because nothing can be looked up.
func TestOnceUnderEachFault(t *testing.T) {
	t.Parallel()
	for _, fault := range paymenttest.Faults() {
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			client, server := emulatorFor(t, fault)
			id := fill(t, client)
			p := sale(t, "20.40")
			p.Target = id
			server.Faults().On(server.Is(spektrixtest.OpAddCustomPayment), fault)
			_, err := payment.Once(t.Context(), client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos}), p)
			if n := server.Count(spektrixtest.OpAddCustomPayment); n != 1 {
				t.Errorf("%d payments were sent", n)
			}
			if refuses(fault) {
				if !errors.Is(err, payment.ErrRateLimited) {
					t.Errorf("err = %v", err)
				}
				return
			}
			var e *payment.Error
			if !errors.Is(err, payment.ErrOutcomeUnknown) || !errors.As(err, &e) || e.Reference != p.Reference || e.Target != id {
				t.Errorf("err = %v", err)
			}
		})
	}
}

func TestRecordWithADifferentEcho(t *testing.T) {
	t.Parallel()
	client, server := emulator(t, spektrixtest.WithFacts(spektrixtest.Facts{TruncatedEcho: true}))
	id := fill(t, client)
	p := sale(t, "10.40")
	p.Target = id
	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: epos})
	receipt, err := payment.Once(t.Context(), recorder, p)
	var echo *spektrix.EchoError
	if !errors.Is(err, spektrix.ErrEchoDiffers) || !errors.As(err, &echo) || echo.Shown[0].Amount.String() != "10.0" || contains(err, "another payment") {
		t.Fatalf("%v, %v", receipt, err)
	}
	if n := len(server.Payments(id)); n != 1 {
		t.Errorf("%d payments", n)
	}
}
