package salesdata_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

var closed = time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC)

func TestInDocumentedPayments(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct{ reference, amount, method string }{
		"payment_card.json":    {"c3d4e5f6-a7b8-9012-cdef-123456789012", "318.00 NOK", "2"},
		"payment_cash.json":    {"d4e5f6a7-b8c9-0123-def0-234567890123", "318.00 NOK", "1"},
		"payment_invoice.json": {"e5f6a7b8-c9d0-1234-ef01-345678901234", "2500.00 NOK", "5"},
	} {
		got, err := pay(t, string(document(t, name))).In("NOK", closed)
		if err != nil || got.Validate() != nil {
			t.Fatalf("%s: %v, %v", name, err, got.Validate())
		}
		if got.Reference != want.reference || got.Amount.String() != want.amount || got.Method != want.method ||
			got.Kind != payment.Sale || !got.Date.Equal(closed) || got.Reverses != "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestInAttributes(t *testing.T) {
	t.Parallel()
	got, err := pay(t, string(document(t, "payment_card.json"))).In("NOK", closed)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, a := range got.Attributes {
		list = append(list, a.Name+"="+a.Value)
	}
	want := "account_id=1900|account_description=Card Payments|card_type_name=Visa|psp_ref=PSP-20241203-123456|tip=50.00"
	if joined := strings.Join(list, "|"); joined != want {
		t.Errorf("got  %s\nwant %s", joined, want)
	}
}

func TestInRefundAndCancellation(t *testing.T) {
	t.Parallel()
	p := pay(t, `{"payment_guid":"`+strings.ToUpper(guidA)+`","net_amount":-318.00,"payment_cancel_for_guid":"`+strings.ToUpper(guidB)+`"}`)
	got, err := p.In("NOK", closed)
	if err != nil || got.Kind != payment.Refund || got.Amount.String() != "318.00 NOK" || got.Reference != guidA || got.Reverses != guidB || got.Method != "" {
		t.Errorf("%+v, %v", got, err)
	}
	p = pay(t, `{"payment_guid":"`+guidA+`","amount":63,"tip":3,"change":0,"cashback":0,"rounding":0,"payment_cancel_for_guid":"`+none+`"}`)
	if got, err = p.In("NOK", closed); err != nil || got.Amount.String() != "60 NOK" || got.Reverses != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestInRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		doc      string
		currency payment.Currency
		field    string
	}{
		{`{"net_amount":1}`, "NOK", "Payment.PaymentGUID"},
		{`{"net_amount":1,"payment_guid":"` + none + `"}`, "NOK", "Payment.PaymentGUID"},
		{`{"net_amount":null,"payment_guid":"` + guidA + `"}`, "NOK", "Payment.NetAmount"},
		{`{"amount":1,"payment_guid":"` + guidA + `"}`, "NOK", "Payment.Change"},
		{`{"net_amount":5,"change":5.00,"payment_guid":"` + guidA + `"}`, "NOK", "Payment.NetAmount"},
		{`{"net_amount":5,"payment_guid":"` + guidA + `"}`, "", "currency"},
	} {
		_, err := pay(t, tt.doc).In(tt.currency, closed)
		wantField(t, err, tt.field, "")
	}
}
