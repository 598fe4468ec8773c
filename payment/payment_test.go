package payment_test

import (
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

func TestKindKnown(t *testing.T) {
	t.Parallel()
	for _, k := range []payment.Kind{payment.Sale, payment.Refund, payment.Authorization, payment.Capture, payment.Void} {
		if !k.Known() {
			t.Errorf("%q is not known", k)
		}
	}
	for _, k := range []payment.Kind{"", "SALE", "chargeback"} {
		if k.Known() {
			t.Errorf("%q is known", k)
		}
	}
}

// sale is the smallest payment that is valid.
func sale(t *testing.T) payment.Payment {
	t.Helper()
	return payment.Payment{
		Reference: "till-7",
		Kind:      payment.Sale,
		Amount:    money(t, "10.40 GBP"),
		Date:      time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC),
	}
}

func TestPaymentValidate(t *testing.T) {
	t.Parallel()
	if err := sale(t).Validate(); err != nil {
		t.Errorf("the smallest payment is refused: %v", err)
	}
	for _, tt := range []struct {
		field string
		spoil func(*payment.Payment)
	}{
		{"Payment.Reference", func(p *payment.Payment) { p.Reference = "" }},
		{"Payment.Kind", func(p *payment.Payment) { p.Kind = "" }},
		{"Payment.Kind", func(p *payment.Payment) { p.Kind = "chargeback" }},
		{"Payment.Amount", func(p *payment.Payment) { p.Amount = payment.Money{} }},
		{"Payment.Amount", func(p *payment.Payment) { p.Amount = money(t, "0.00 GBP") }},
		{"Payment.Amount", func(p *payment.Payment) { p.Amount = money(t, "-10.40 GBP") }},
		{"Payment.Date", func(p *payment.Payment) { p.Date = time.Time{} }},
		{"Payment.Reverses", func(p *payment.Payment) { p.Reverses = p.Reference }},
	} {
		p := sale(t)
		tt.spoil(&p)
		wantField(t, p.Validate(), tt.field, "chargeback")
	}
}

func TestPaymentAttribute(t *testing.T) {
	t.Parallel()
	p := payment.Payment{Attributes: []payment.Attribute{{"card", "visa"}, {"psp", "1"}, {"card", "amex"}}}
	for name, want := range map[string]string{"card": "visa", "psp": "1", "Card": "", "": ""} {
		if got := p.Attribute(name); got != want {
			t.Errorf("attribute %q is %q, want %q", name, got, want)
		}
	}
}
