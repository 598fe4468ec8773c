package payment_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	jsonv2 "github.com/go-json-experiment/json"

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

// The form of a Stored is that of its fields, by both packages for JSON.
func TestStoredIsWrittenWhole(t *testing.T) {
	t.Parallel()
	type plainAttribute struct{ Name, Value string }
	for _, attributes := range [][]payment.Attribute{nil, {}, {{Name: "a", Value: "<b>"}}} {
		p := payment.Payment{
			Reference: "r", Kind: payment.Capture, Amount: money(t, "1.20 GBP"), Date: time.Unix(1, 5).UTC(), Expires: time.Unix(2, 0).UTC(),
			Method: "m", Target: "t", Link: "l", Reverses: "v", Attributes: attributes,
		}
		value := reflect.ValueOf(p)
		fields := make([]reflect.StructField, value.NumField())
		for i := range fields {
			fields[i] = value.Type().Field(i)
			if fields[i].Name == "Attributes" {
				fields[i].Type = reflect.TypeFor[[]plainAttribute]()
			}
		}
		want := reflect.New(reflect.StructOf(fields)).Elem()
		for i := range fields {
			if fields[i].Name != "Attributes" {
				want.Field(i).Set(value.Field(i))
				continue
			}
			var plain []plainAttribute
			if attributes != nil {
				plain = []plainAttribute{}
			}
			for _, a := range attributes {
				plain = append(plain, plainAttribute(a))
			}
			want.Field(i).Set(reflect.ValueOf(plain))
		}
		old, err := json.Marshal(payment.Stored(p))
		oldWant, err1 := json.Marshal(want.Interface())
		if string(old) != string(oldWant) || err != nil || err1 != nil {
			t.Errorf("%s, %v, want %s, %v", old, err, oldWant, err1)
		}
		next, err := jsonv2.Marshal(payment.Stored(p))
		nextWant, err1 := jsonv2.Marshal(want.Interface())
		if string(next) != string(nextWant) || err != nil || err1 != nil {
			t.Errorf("%s, %v, want %s, %v", next, err, nextWant, err1)
		}
		var back payment.Stored
		if err := json.Unmarshal(old, &back); err != nil || !reflect.DeepEqual(payment.Payment(back), p) {
			t.Errorf("%s became another payment, %v", old, err)
		}
	}
}
