package salesdata_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// TestEncodeWritesRecordsWholeOrNotAtAll: a record that is refused costs none of
// those before it, and what was written is a document.
func TestEncodeWritesRecordsWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	good := salesdata.Order{Shape: salesdata.Root, CustomerID: 1, Name: strings.Repeat("x", 1000)}
	bad := good
	bad.Lines = []salesdata.Line{{Shape: salesdata.Root}, {Shape: salesdata.Root, LineItemGUID: "x"}}
	for _, before := range []int{0, 1, 2, 63, 64, 65, 200} {
		for _, opts := range [][]salesdata.Option{nil, {salesdata.WithSeparateRecords()}} {
			var out bytes.Buffer
			orders := append(slices.Repeat([]salesdata.Order{good}, before), bad, good)
			err := salesdata.Encode(&out, slices.Values(orders), opts...)
			path := "$.lines[1].line_item_guid"
			if opts == nil {
				path = fmt.Sprintf("$[%d].lines[1].line_item_guid", before)
			}
			wantField(t, err, path, "8-4-4-4-12")
			if before == 0 {
				if out.Len() != 0 {
					t.Errorf("%q was written before the first record", out.String())
				}
				continue
			}
			if got := decode(t, out.String()); len(got) != before {
				t.Errorf("%d of %d good records were written", len(got), before)
			}
		}
	}
}

// TestSeparateRecordsHaveOneLine: what came on several lines is written on one.
func TestSeparateRecordsHaveOneLine(t *testing.T) {
	t.Parallel()
	const doc = "{\"customer_id\":1,\"type\":\"sales\",\"table_id\":{\r\n\"a\": 1.50\n},\"x\":{\n \"a\": [1.0,\n\"b\\n\"]},\"payments\":[{\"net_amount\":1,\"y\":[\n]}]}"
	orders := decode(t, doc+doc)
	var out bytes.Buffer
	if err := salesdata.Encode(&out, slices.Values(orders), salesdata.WithSeparateRecords()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != 2 || strings.Contains(out.String(), "\r") {
		t.Fatalf("%d lines: %q", len(lines), out.String())
	}
	for _, line := range lines {
		equalJSON(t, []byte(line), []byte(doc))
	}
	single, err := salesdata.MarshalOrder(orders[0])
	if err != nil || string(single) != lines[0] {
		t.Errorf("%s, %v", single, err)
	}
}

// TestEncodeWritesNothingThatDecodeRefuses: what is written is read back, as
// what it was.
func TestEncodeWritesNothingThatDecodeRefuses(t *testing.T) {
	t.Parallel()
	nested := func(depth int) salesdata.Extra {
		return salesdata.Extra{{Name: "x", Raw: strings.Repeat("[", depth) + strings.Repeat("]", depth)}}
	}
	p := newRoot(t)
	order := salesdata.Order{Shape: salesdata.Root, CustomerID: 1}
	bare := func(e salesdata.Extra) salesdata.Order {
		q := p
		q.Extra = e
		return salesdata.Order{Bare: true, Payments: []salesdata.Payment{q}}
	}
	with := func(change func(*salesdata.Order)) salesdata.Order {
		o := order
		change(&o)
		return o
	}
	paid := func(e salesdata.Extra) salesdata.Order {
		return with(func(o *salesdata.Order) { o.Payments = bare(e).Payments })
	}
	manyPaymentKeys := func(o *salesdata.Order) {
		*o = only(t, `{"customer_id":1}`)
		o.Extra = salesdata.Extra{{Name: "tip", Raw: "1"}, {Name: "amount", Raw: "1"}}
	}
	for name, tt := range map[string]struct {
		order         salesdata.Order
		field, reason string // "" if it is written
	}{
		"depth of an order":            {with(func(o *salesdata.Order) { o.Extra = nested(30) }), "", ""},
		"too deep in an order":         {with(func(o *salesdata.Order) { o.Extra = nested(31) }), "$[0].x", "too deep"},
		"depth of a payment":           {paid(nested(28)), "", ""},
		"too deep in a payment":        {paid(nested(29)), "$[0].payments[0].x", "too deep"},
		"depth of a bare payment":      {bare(nested(30)), "", ""},
		"too deep in a bare payment":   {bare(nested(31)), "$[0].x", "too deep"},
		"too deep in a line":           {with(func(o *salesdata.Order) { o.Lines = []salesdata.Line{{Shape: salesdata.Root, Extra: nested(29)}} }), "$[0].lines[0].x", "too deep"},
		"a record above the limit":     {with(func(o *salesdata.Order) { o.Name = strings.Repeat("x", 4<<20) }), "$[0]", "larger than the limit"},
		"both amounts":                 {bare(salesdata.Extra{{Name: "amount", Raw: "5"}}), "$[0]", "both net_amount and amount"},
		"an array in a payment":        {bare(salesdata.Extra{{Name: "lines", Raw: "[]"}}), "$[0].lines", "an order of the payment"},
		"a key twice in a key":         {bare(salesdata.Extra{{Name: "x", Raw: `{"a":1,"a":1}`}}), "$[0].x", "not JSON"},
		"an order like a payment":      {with(manyPaymentKeys), "$[0]", "read as a payment"},
		"an older name in root":        {bare(salesdata.Extra{{Name: "invoiceRef", Raw: `"A"`}}), "$[0].invoiceRef", "name of another key"},
		"keys of an order in payments": {paid(salesdata.Extra{{Name: "customer_id", Raw: `1`}}), "", ""},
	} {
		var out bytes.Buffer
		err := salesdata.Encode(&out, slices.Values([]salesdata.Order{tt.order}))
		if tt.field != "" {
			wantField(t, err, tt.field, tt.reason)
			if out.Len() > 0 {
				t.Errorf("%s: %.80q was written", name, out.String())
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if back := only(t, out.String()); back.Bare != tt.order.Bare || len(back.Payments) != len(tt.order.Payments) {
			t.Errorf("%s: read back as %v", name, back)
		}
	}
	q := newMDS(t)
	q.Extra = salesdata.Extra{{Name: "invoiceRef", Raw: `"A"`}}
	if _, err := salesdata.MarshalPayment(q); err != nil {
		t.Errorf("an older name in MDS: %v", err)
	}
	if _, err := salesdata.MarshalOrder(with(func(o *salesdata.Order) { o.Extra = nested(31) })); err != nil {
		t.Errorf("a record without an array around it: %v", err)
	}
}
