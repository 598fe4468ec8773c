package salesdata_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

func TestEncodeGivesBackEveryDocument(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"payment_card.json", "payment_cash.json", "payment_invoice.json", "payment_mds_card.json", "order_root.json", "own_order_mds.json",
	} {
		want := document(t, name)
		o := only(t, string(want))
		got, err := salesdata.MarshalOrder(o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		equalJSON(t, got, want)
	}
}

func TestEncodeKeepsTheDocumentedOrderOfKeys(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"payment_card.json", "payment_cash.json", "payment_invoice.json", "payment_mds_card.json", "order_root.json"} {
		var want bytes.Buffer
		if err := json.Compact(&want, document(t, name)); err != nil {
			t.Fatal(err)
		}
		if got, err := salesdata.MarshalOrder(only(t, want.String())); err != nil || string(got) != want.String() {
			t.Errorf("%s: %v\ngot  %s\nwant %s", name, err, got, want.String())
		}
	}
}

func TestEncodeLinesAsDocumented(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"line_burger.json", "line_cheese.json"} {
		var want bytes.Buffer
		if err := json.Compact(&want, document(t, name)); err != nil {
			t.Fatal(err)
		}
		doc := `{"customer_id":1,"type":"sales","lines":[` + want.String() + `]}`
		if got, err := salesdata.MarshalOrder(only(t, doc)); err != nil || string(got) != doc {
			t.Errorf("%s: %v\ngot  %s\nwant %s", name, err, got, doc)
		}
	}
}

func TestEncodeWholeDocuments(t *testing.T) {
	t.Parallel()
	doc := document(t, "own_orders.json")
	orders := decode(t, string(doc))
	var array, lines bytes.Buffer
	if err := salesdata.Encode(&array, slices.Values(orders)); err != nil {
		t.Fatal(err)
	}
	equalJSON(t, array.Bytes(), doc)
	if err := salesdata.Encode(&lines, slices.Values(orders), salesdata.WithSeparateRecords()); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(lines.String(), "\n"); n != 3 || len(decode(t, lines.String())) != 3 {
		t.Errorf("%d lines", n)
	}
	var empty bytes.Buffer
	if err := salesdata.Encode(&empty, slices.Values([]salesdata.Order{})); err != nil || empty.String() != "[]\n" {
		t.Errorf("no orders: %q, %v", empty.String(), err)
	}
}

// TestEncodeRemembersForms: null, missing, "", numbers as text and text as
// numbers come back as they were.
func TestEncodeRemembersForms(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		`{"net_amount":318.00}`,
		`{"payment_guid":"","account_id":"1900","net_amount":0.0,"tip":null,"soptid":7}`,
		`{"account_id":0,"net_amount":-0.50,"customer_client_card_id":"0"}`,
		`{"payment_guid":"C3D4E5F6-a7b8-9012-cdef-123456789012","net_amount":1,"soptid":"A/1"}`,
		`{"soptid":"187434642","amount":63,"account_num":"1923","payment_cancel_for_guid":"` + none + `"}`,
		`{"net_amount":1,"other":{"a":[1.50,null,"é\n"]},"more":""}`,
		`{"customer_id":"10352","type":"sales","payments":null,"lines":[]}`,
		`{"customer_id":1,"type":"sales","opened":"2024-12-03T18:00:00+0000","closed":null,"cancelled_at":""}`,
		`{"customer_id":1,"type":"sales","lines":[{"quantity":1.000,"parent_solid":12,"comment":""}]}`,
	} {
		got, err := salesdata.MarshalOrder(only(t, doc))
		if err != nil || string(got) != doc {
			t.Errorf("%v\ngot  %s\nwant %s", err, got, doc)
		}
	}
	p := pay(t, `{"net_amount":-0,"tip":1.5E3}`)
	if got, err := salesdata.MarshalPayment(p); err != nil || string(got) != `{"net_amount":0,"tip":1500}` {
		t.Errorf("%s, %v", got, err)
	}
}

func newRoot(t *testing.T) salesdata.Payment {
	return salesdata.Payment{
		Shape: salesdata.Root, PaymentGUID: strings.ToUpper(guidA), PaymentTypeID: 1, AccountID: 1000, AccountDescription: "Cash",
		NetAmount: amount(t, "500.00"), Tip: amount(t, "0"), Rounding: amount(t, "-0.50"), Change: amount(t, "181.50"), Cashback: amount(t, "0"),
	}
}

func newMDS(t *testing.T) salesdata.Payment {
	return salesdata.Payment{
		Shape: salesdata.MDS, PaymentGUID: guidA, PaymentTypeID: 2, AccountID: 35068, AccountNum: "1923", AccountDescription: "Bankkort", SOPTID: "7",
		Amount: amount(t, "63"), Change: amount(t, "0.00"), Rounding: amount(t, "0"), Tip: amount(t, "0"), Cashback: amount(t, "0"),
	}
}

func TestEncodeNewRecords(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]salesdata.Payment{
		`{"payment_guid":"` + guidA + `","payment_type_id":1,"account_id":1000,"account_description":"Cash","net_amount":500.00,"tip":0.0,"rounding":-0.50,` +
			`"change":181.50,"cashback":0.0,"customer_client_card_id":null,"card_type_name":null,"invoice_ref":null,"invoice_customer_client_guid":null,` +
			`"psp_ref":null,"par":null,"payment_cancel_for_guid":null,"soptid":null,"pms_ref":null}`: newRoot(t),
		`{"soptid":7,"payment_type_id":2,"amount":63,"change":0,"rounding":0,"tip":0,"cashback":0,"payment_guid":"` + guidA +
			`","account_id":35068,"account_num":"1923","account_description":"Bankkort"}`: newMDS(t),
	} {
		if got, err := salesdata.MarshalPayment(p); err != nil || string(got) != want {
			t.Errorf("%v\ngot  %s\nwant %s", err, got, want)
		}
	}
}

func TestEncodeNewOrder(t *testing.T) {
	t.Parallel()
	o := salesdata.Order{
		Shape: salesdata.Root, CustomerID: 1, Type: salesdata.OrderSales, Payments: []salesdata.Payment{newRoot(t)},
		ReadyTime: salesdata.NewTime(time.Date(2024, 12, 3, 19, 30, 0, 0, time.FixedZone("", 3600))),
	}
	data, err := salesdata.MarshalOrder(o)
	if err != nil || !strings.Contains(string(data), `"ready_time":"2024-12-03T18:30:00Z"`) || strings.Contains(string(data), `"lines"`) {
		t.Errorf("%s, %v", data, err)
	}
	var back salesdata.Order
	if err := json.Unmarshal(data, &back); err != nil || len(back.Payments) != 1 || len(back.Faults) != 0 {
		t.Errorf("%v, %v", back.Faults, err)
	}
}

func TestEncodeVersions(t *testing.T) {
	t.Parallel()
	p := newRoot(t)
	for v, left := range map[salesdata.Version][]string{
		salesdata.Version10: {"psp_ref", "par", "pms_ref"}, salesdata.Version11: {"pms_ref"}, salesdata.Version12: nil,
	} {
		got, err := salesdata.MarshalPayment(p, salesdata.WithVersion(v))
		if err != nil || strings.Count(string(got), ":") != 18-len(left) {
			t.Errorf("version %d: %s, %v", v, got, err)
		}
		for _, name := range left {
			if strings.Contains(string(got), name) {
				t.Errorf("version %d: %s in %s", v, name, got)
			}
		}
	}
	p.PMSRef = "H-1"
	_, err := salesdata.MarshalPayment(p, salesdata.WithVersion(salesdata.Version11))
	wantField(t, err, "$.pms_ref", "this version")
	o := salesdata.Order{Shape: salesdata.Root, CustomerID: 1, ExternalBenefitSystemIdent: "B"}
	_, err = salesdata.MarshalOrder(o, salesdata.WithVersion(salesdata.Version11))
	wantField(t, err, "$.external_benefit_system_ident", "this version")
	if _, err = salesdata.MarshalOrder(o, salesdata.WithVersion(salesdata.Version111)); err != nil {
		t.Error(err)
	}
}

func TestEncodeLegacyNames(t *testing.T) {
	t.Parallel()
	p := newRoot(t)
	p.InvoiceRef, p.CustomerClientCardID = "INV", 7
	got, err := salesdata.MarshalPayment(p, salesdata.WithLegacyNames())
	if err != nil || !strings.Contains(string(got), `"customerClientCardRef":7`) || !strings.Contains(string(got), `"invoiceRef":"INV"`) {
		t.Errorf("%s, %v", got, err)
	}
	again, err := salesdata.MarshalPayment(pay(t, string(got)))
	if err != nil || !strings.Contains(string(again), `"invoice_ref":"INV"`) {
		t.Errorf("%s, %v", again, err)
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change        func(p *salesdata.Payment)
		mds           bool
		field, reason string
	}{
		"no shape":          {func(p *salesdata.Payment) { p.Shape = 0 }, false, "$[0]", "no shape"},
		"MDS field in root": {func(p *salesdata.Payment) { p.AccountNum = "1" }, false, "$[0].account_num", "not a field of the root shape"},
		"amount in root":    {func(p *salesdata.Payment) { p.Amount = p.NetAmount }, false, "$[0].amount", "not a field of the root shape"},
		"root field in MDS": {func(p *salesdata.Payment) { p.PAR = "x" }, true, "$[0].par", "not a field of the mds shape"},
		"required unset":    {func(p *salesdata.Payment) { p.Tip = payment.Amount{} }, true, "$[0].tip", "is required and not set"},
		"required id unset": {func(p *salesdata.Payment) { p.AccountID = 0 }, true, "$[0].account_id", "is required and not set"},
		"bad GUID":          {func(p *salesdata.Payment) { p.PaymentGUID = "x" }, false, "$[0].payment_guid", "8-4-4-4-12"},
		"not UTF-8":         {func(p *salesdata.Payment) { p.CardTypeName = "\xff" }, false, "$[0].card_type_name", "not UTF-8"},
		"negative id":       {func(p *salesdata.Payment) { p.AccountID = -1 }, false, "$[0].account_id", "negative"},
		"line id in MDS":    {func(p *salesdata.Payment) { p.SOPTID = "A1" }, true, "$[0].soptid", "whole number"},
		"too many digits":   {func(p *salesdata.Payment) { p.Tip = amount(t, strings.Repeat("9", 35)) }, false, "$[0].tip", "34 digits"},
		"cancels itself":    {func(p *salesdata.Payment) { p.PaymentCancelForGUID = guidA }, false, "$[0].payment_cancel_for_guid", "itself"},
		"extra not JSON":    {func(p *salesdata.Payment) { p.Extra = salesdata.Extra{{Name: "x", Raw: "1,2"}} }, false, "$[0].x", "not JSON"},
		"extra is a field":  {func(p *salesdata.Payment) { p.Extra = salesdata.Extra{{Name: "tip", Raw: "1"}} }, false, "$[0].tip", "name of another key"},
		"extra twice": {func(p *salesdata.Payment) { p.Extra = salesdata.Extra{{Name: "x", Raw: "1"}, {Name: "x", Raw: "1"}} }, false,
			"$[0].x", "name of another key"},
	} {
		p := newRoot(t)
		if tt.mds {
			p = newMDS(t)
		}
		tt.change(&p)
		var out bytes.Buffer
		err := salesdata.Encode(&out, slices.Values([]salesdata.Order{{Bare: true, Payments: []salesdata.Payment{p}}}))
		if out.Len() != 0 {
			t.Errorf("%s: %q was written", name, out.String())
		}
		wantField(t, err, tt.field, tt.reason)
	}
}

func TestEncodeRefusesInsideAnOrder(t *testing.T) {
	t.Parallel()
	good := salesdata.Order{Shape: salesdata.Root, CustomerID: 1}
	bad := good
	bad.Lines = []salesdata.Line{{Shape: salesdata.Root}, {Shape: salesdata.Root, LineItemGUID: "x"}}
	var out bytes.Buffer
	err := salesdata.Encode(&out, slices.Values([]salesdata.Order{good, bad}))
	wantField(t, err, "$[1].lines[1].line_item_guid", "8-4-4-4-12")
	err = salesdata.Encode(&out, slices.Values([]salesdata.Order{{Bare: true}}))
	wantField(t, err, "$[0]", "does not hold one payment")
	_, err = salesdata.MarshalOrder(only(t, `{"soid":1}`), salesdata.WithStrict())
	wantField(t, err, "$.id", "is required and not set")
}

// TestEncodeRefusesTooManyShortRecords: Decode would refuse the order.
func TestEncodeRefusesTooManyShortRecords(t *testing.T) {
	t.Parallel()
	o := only(t, `{"soid":1,"customer_id":1,"type":"sales","payments":[],"lines":[{"solid":1}]}`)
	line := o.Lines[0]
	for n, good := range map[int]bool{1024: true, 1262: true, 1263: false, 3000: false} {
		o.Lines = slices.Repeat([]salesdata.Line{line}, n)
		out, err := salesdata.MarshalOrder(o)
		if (err == nil) != good {
			t.Errorf("%d lines: %v", n, err)
		}
		if good {
			if back, err := salesdata.DecodeAll(bytes.NewReader(out)); err != nil || len(back[0].Lines) != n {
				t.Errorf("%d lines: %v", n, err)
			}
			continue
		}
		wantField(t, err, "$.lines[1262]", "too many records for their size")
	}
}
