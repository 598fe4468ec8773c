package salesdata_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// TestDecodeRefuses holds every refusal: the place is given by path and by the
// text that stands at the byte offset.
func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	good := `{"customer_id":1,"type":"sales"}`
	for _, tt := range []struct{ doc, path, at, reason string }{
		// the document
		{``, "$", "", "cut off"},
		{`hello`, "$", "hello", "is not JSON"},
		{`[` + good, "$[1]", "", "cut off"},
		{`[` + good + `,{"customer_id":1,"payments":[{"amount":0},{"tip"`, "$[1].payments[1].tip", "", "cut off"},
		{`[` + good + `,{"customer_id":1,"payments":[{"amount":0},{"tip": 1.`, "$[1].payments[1].tip", "", "cut off"},
		{`[` + good + `,{"customer_id":1.5,"payments":[{"tip":0},{"tip"`, "$[1].payments[1].tip", "", "cut off"},
		{"[" + good + ",{\"name\":\"a\xe2\x82", "$[1].name", "", "cut off"},
		{`[` + good + `,{"name":"\u00`, "$[1].name", "", "cut off"},
		{`[` + good + `] {}`, "$[1]", "{}", "text after the document"},
		{good + `]`, "$", "]", "is not JSON"},
		{`[` + good + ` ` + good + `]`, "$[1]", good, "is not JSON"},
		{"[" + good + ",{\"name\":\"a\xffb\"}]", "$[1].name", "\xffb", "not UTF-8"},
		{`[{"name":"a` + "\n" + `b"}]`, "$[0].name", "\nb", "is not JSON"},
		{`{"x":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, "$.x" + strings.Repeat("[0]", 31), strings.Repeat("[", 9), "nesting"},
		{`[{"name":"` + strings.Repeat("x", 300) + `"}]`, "$[0]", `{"name`, "larger than the limit"},
		{`[{"a":1],{}]`, "$[0]", `],{}`, "is not JSON"},
		// forms
		{`[` + good + `,7]`, "$[1]", "7]", "is a number, not an object"},
		{`[[]]`, "$[0]", "[]]", "is an array, not an object"},
		{`"text"`, "$", `"text`, "is text, not an object"},
		{`null`, "$", "null", "is null, not an object"},
		{`{"payments":{}}`, "$.payments", "{}}", "is an object, not an array"},
		{`{"lines":[1]}`, "$.lines[0]", "1]", "is a number, not an object"},
		{`{"payments":[[]]}`, "$.payments[0]", "[]]", "is an array, not an object"},
		{`{"name":1,"name":1}`, "$.name", `"name":1}`, "the same key twice"},
		{`{"name":1,"n\u0061me":1}`, "$.name", `"n\u`, "the same key twice"},
		{`{"colour":1,"colour":1}`, "$.colour", `"colour":1}`, "the same key twice"},
		{`{"x":{"a":1,"a":2}}`, "$.x.a", `"a":2`, "the same key twice"},
		{`{"payments":[],"payments":[]}`, "$.payments", `"payments":[]}`, "the same key twice"},
		{`{"invoiceRef":"a","invoiceRef":"a"}`, "$.invoiceRef", `"invoiceRef":"a"}`, "the same key twice"},
		// shapes
		{`{"net_amount":1,"amount":2}`, "$", "2}", "both net_amount and amount"},
		{`{"par":"x","account_num":1}`, "$", "{", "keys of both shapes"},
		{`{"net_amount":1,"invoice_ref":"a","invoiceRef":"b"}`, "$.invoiceRef", `"b"`, "differs"},
		// money
		{`{"net_amount":"1.00"}`, "$.net_amount", `"1.00"`, "is text, not a number"},
		{`{"net_amount":true}`, "$.net_amount", "true", "is a boolean, not a number"},
		{`{"net_amount":[1]}`, "$.net_amount", "[1]", "is an array, not a number"},
		{`{"net_amount":1e21}`, "$.net_amount", "1e21", "exponent within ±20"},
		{`{"net_amount":1e-21}`, "$.net_amount", "1e-21", "exponent within ±20"},
		{`{"net_amount":` + strings.Repeat("9", 35) + `}`, "$.net_amount", "999", "34 digits"},
		{`{"net_amount":` + strings.Repeat("9", 20) + `e20}`, "$.net_amount", "999", "34 digits"},
		{`{"net_amount":` + strings.Repeat("9", 20) + `e0000020}`, "$.net_amount", "999", "34 digits"},
		// ids
		{`{"net_amount":1,"soptid":" "}`, "$.soptid", `" "`, "blank"},
		{`{"net_amount":1,"soptid":1.5}`, "$.soptid", "1.5", "whole number"},
		{`{"amount":1,"soptid":"A1"}`, "$.soptid", `"A1"`, "whole number"},
		// GUIDs
		{`{"net_amount":1,"payment_guid":"c3d4e5f6a7b89012cdef123456789012"}`, "$.payment_guid", `"c3d4`, "8-4-4-4-12"},
		{`{"net_amount":1,"payment_guid":"{c3d4e5f6-a7b8-9012-cdef-12345678901}"}`, "$.payment_guid", `"{c3`, "8-4-4-4-12"},
		{`{"net_amount":1,"payment_guid":"g3d4e5f6-a7b8-9012-cdef-123456789012"}`, "$.payment_guid", `"g3`, "8-4-4-4-12"},
		{`{"net_amount":1,"payment_guid":7}`, "$.payment_guid", "7", "is a number, not a GUID"},
		{`{"net_amount":1,"payment_guid":"` + guidA + `","payment_cancel_for_guid":"` + strings.ToUpper(guidA) + `"}`,
			"$.payment_cancel_for_guid", `"C3D4`, "cancels itself"},
		// what a cancellation rests on
		{`{"cancelled_at":1733251200}`, "$.cancelled_at", "1733", "is a number, not a time"},
		{`{"cancelled_at":true}`, "$.cancelled_at", "true", "is a boolean, not a time"},
		{`{"soid":1,"state":{}}`, "$.state", "{}", "is an object, not text"},
		// what identity and the sums of lines rest on
		{`{"soid":1,"id":[]}`, "$.id", "[]", "is an array, not a GUID"},
		{`{"lines":[{},{"parent_solid":false}]}`, "$.lines[1].parent_solid", "false", "is a boolean, not an id"},
		{`{"lines":[{"gross_amount":"1.00"}]}`, "$.lines[0].gross_amount", `"1.00"`, "is text, not a number"},
		{`{"net_amount":1,"soptid":-1}`, "$.soptid", "-1", "whole number"},
		{`{"amount":1,"soptid":"1e3"}`, "$.soptid", `"1e3"`, "whole number"},
	} {
		orders, err := salesdata.DecodeAll(strings.NewReader(tt.doc), salesdata.WithMaxRecord(300))
		var refused *salesdata.DecodeError
		if !errors.As(err, &refused) || orders != nil {
			t.Errorf("%s: %v, %v", tt.doc, orders, err)
			continue
		}
		wantField(t, err, tt.path, tt.reason)
		if !strings.HasPrefix(tt.doc[refused.Offset:], tt.at) || (tt.at == "" && int(refused.Offset) != len(tt.doc)) {
			t.Errorf("%s: offset %d, want that of %q", tt.doc, refused.Offset, tt.at)
		}
		if cut := strings.Contains(tt.reason, "cut off"); cut != errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: io.ErrUnexpectedEOF is %v", tt.doc, !cut)
		}
	}
}

func TestDecodeErrorSaysHowFarItCame(t *testing.T) {
	t.Parallel()
	const doc = `[{"net_amount":1},{"net_amount":2},{"net_amount":"secret"}]`
	good := 0
	for _, err := range salesdata.Decode(strings.NewReader(doc)) {
		if err == nil {
			good++
			continue
		}
		want := "salesdata: $[2].net_amount at byte 49: is text, not a number (orders before it: 2)"
		if err.Error() != want || !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	if good != 2 {
		t.Errorf("%d orders before the error", good)
	}
}

// TestDecodeLists holds what is listed and not refused, except in strict mode.
func TestDecodeLists(t *testing.T) {
	t.Parallel()
	id := `"payment_guid":"` + guidA + `",`
	for _, tt := range []struct{ doc, path, reason string }{
		{`{` + id + `"net_amount":null}`, "$.net_amount", "is not set"},
		{`{` + id + `"par":"x"}`, "$.net_amount", "is not set"},
		{`{"net_amount":1}`, "$.payment_guid", "no identity"},
		{`{"net_amount":1,"payment_guid":"` + none + `"}`, "$.payment_guid", "GUID of zeros"},
		{`{` + id + `"net_amount":5,"tip":-1,"card_type_name":"Visa"}`, "$.tip", "is negative"},
		{`{` + id + `"net_amount":5,"change":-1}`, "$.change", "is negative"},
		{`{` + id + `"net_amount":5,"cashback":-1}`, "$.cashback", "is negative"},
		{`{` + id + `"net_amount":5,"change":5.01}`, "$.change", "is larger than the amount"},
		{`{` + id + `"net_amount":5,"tip":1}`, "$.tip", "shows no card"},
		{`{"customer_id":1}`, "$.type", "is required and not set"},
		{`{"customer_id":1,"type":""}`, "$.type", "is required and not set"},
		{`{"customer_id":1,"type":"gift"}`, "$.type", "documented words"},
		{`{` + id + `"net_amount":1,"amount_due":1,"card_ident_string":null}`, "$.card_ident_string", "not a field of the root shape"},
	} {
		o := only(t, tt.doc)
		if len(o.Faults) != 1 || o.Faults[0].Path != tt.path || !strings.Contains(o.Faults[0].Reason, tt.reason) {
			t.Errorf("%s: %v", tt.doc, o.Faults)
		}
		_, err := salesdata.DecodeAll(strings.NewReader(tt.doc), salesdata.WithStrict())
		wantField(t, err, tt.path, tt.reason)
	}
}

func TestDecodeListsMissingMDSFields(t *testing.T) {
	t.Parallel()
	o := only(t, `{"soid":1,"state":"parked","payments":[{"amount":null}],"lines":[{"solid":1}]}`)
	reasons := map[string]string{}
	for _, f := range o.Faults {
		reasons[f.Path] = f.Reason
	}
	for _, path := range []string{"$.id", "$.customer_id", "$.closed", "$.payments[0].amount", "$.payments[0].soptid", "$.payments[0].tip", "$.lines[0].tax_pct_value"} {
		if reasons[path] != "is required and not set" {
			t.Errorf("%s: %q", path, reasons[path])
		}
	}
	if reasons["$.state"] == "" || o.State != "parked" {
		t.Error("an unknown state was not kept and listed")
	}
	if o.Payments[0].Amount.IsSet() {
		t.Error("a missing amount was read as a number")
	}
}

func TestDecodeMoneyAsTextOnRequest(t *testing.T) {
	t.Parallel()
	const doc = `{"net_amount":"1.50"}`
	p := pay(t, doc, salesdata.WithMoneyText())
	out, err := salesdata.MarshalPayment(p)
	if err != nil || p.NetAmount.String() != "1.50" || string(out) != doc {
		t.Errorf("%s, %s, %v", p.NetAmount, out, err)
	}
}
