package payment_test

import (
	"encoding/json"
	"reflect"
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
		{"Payment.Expires", func(p *payment.Payment) { p.Expires = p.Date }},
		{"Payment.Expires", func(p *payment.Payment) { p.Kind, p.Expires = payment.Void, p.Date }},
		{"Payment.Reverses", func(p *payment.Payment) { p.Reverses = p.Reference }},
		{"Payment.Date", func(p *payment.Payment) { p.Date = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }},
		{"Payment.Date", func(p *payment.Payment) { p.Date = time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC) }},
		{"Payment.Date", func(p *payment.Payment) { p.Date = p.Date.In(time.FixedZone("", 24*3600)) }},
		{"Payment.Date", func(p *payment.Payment) { p.Date = p.Date.In(time.FixedZone("LMT", 19*60+32)) }},
		{"Payment.Expires", func(p *payment.Payment) {
			p.Kind, p.Expires = payment.Authorization, time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
		}},
		{"Payment.Reference", func(p *payment.Payment) { p.Reference = "\xff" }},
		{"Payment.Target", func(p *payment.Payment) { p.Target = "a\xffb" }},
		{"Payment.Method", func(p *payment.Payment) { p.Method = "\xc3" }},
		{"Payment.Link", func(p *payment.Payment) { p.Link = "\xed\xa0\x80" }},
		{"Payment.Attributes[1]", func(p *payment.Payment) { p.Attributes = []payment.Attribute{{}, {Value: "\xff"}} }},
	} {
		p := sale(t)
		tt.spoil(&p)
		wantField(t, p.Validate(), tt.field, "chargeback")
	}
}

// A queue or a journal stores payments and receipts as JSON.
func TestPaymentJSON(t *testing.T) {
	t.Parallel()
	full := sale(t)
	full.Kind, full.Expires, full.Method, full.Target, full.Link = payment.Authorization, full.Date.AddDate(0, 0, 7), "CARD", "2002", "a1"
	full.Reverses, full.Attributes = "till-6", []payment.Attribute{{Name: "psp", Value: "<1>"}}
	for _, want := range []payment.Payment{{}, sale(t), full} {
		wantRoundTrip(t, payment.Stored(want))
	}
	for _, want := range []payment.Receipt{
		{}, {Vendor: "v", ID: "1", Reference: "r", Amount: money(t, "10.40 GBP"), AlreadyRecorded: true, Differs: []string{"Method"}},
	} {
		wantRoundTrip(t, want)
	}
}

func wantRoundTrip[T any](t *testing.T, want T) {
	t.Helper()
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got T
	if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%s is read back as %+v, %v", text, got, err)
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
