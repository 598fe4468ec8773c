package salesdata_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// TestDedupeComparesValues: two deliveries are equal if they are equal in
// value, and only another value is different content.
func TestDedupeComparesValues(t *testing.T) {
	t.Parallel()
	const first = `{"payment_guid":"` + guidA + `","account_id":1900,"net_amount":10.50,"tip":0,"payment_cancel_for_guid":null,"soptid":"7","x":{"a":1.50,"b":[1,null],"c":"é"},"y":2}`
	guid := strings.ToUpper(guidA)
	for _, same := range []string{
		first,
		`{"payment_guid":"` + guid + `","account_id":1900,"net_amount":10.50,"tip":0,"soptid":"7","x":{"a":1.50,"b":[1,null],"c":"é"},"y":2}`,
		`{"y":2.0,"x":{"c":"\u00e9","b":[1.0,null],"a":15e-1},"soptid":7,"tip":0.00,"net_amount":1050E-2,"account_id":"1900","payment_guid":"` + guidA + `"}`,
		`{"payment_guid":"` + guidA + `","account_id":1900.0,"net_amount":10.5,"tip":-0,"soptid":"7","x":{"a":1.5,"b":[1,null],"c":"é","d":null},"y":2,"z":null,"psp_ref":""}`,
		`{"payment_guid":"` + guidA + `","account_id":1900,"net_amount":10.50,"tip":0,"payment_cancel_for_guid":"` + none + `","soptid":"7","x":{"a":1.50,"b":[1,null],"c":"é"},"y":2}`,
	} {
		if repeated, err := deliver(t, first, same); err != nil || repeated != 1 {
			t.Errorf("%s: %d repeated, %v", same, repeated, err)
		}
	}
	for _, other := range []string{
		`"net_amount":10.51`, `"account_id":1901`, `"account_id":-1`, `"tip":null`, `"soptid":"8"`, `"y":3`, `"y":"2"`, `"y":2.0000000000000000001`,
		`"x":{"a":1.50,"b":[null,1],"c":"é"}`, `"x":{"a":1.50,"b":[1,null],"c":"É"}`, `"x":null`, `"psp_ref":"1"`, `"payment_cancel_for_guid":"` + guidB + `"`, `"z":0`,
	} {
		if _, err := deliver(t, first, replaced(first, other)); err == nil {
			t.Errorf("%s is the same content", other)
		}
	}
	if repeated, err := deliver(t, `{`+payable+`,"account_id":{"a":1,"b":2.0}}`, `{"account_id":{"b":2,"a":1},`+payable+`}`); err != nil || repeated != 1 {
		t.Errorf("unread values: %d repeated, %v", repeated, err)
	}
	if _, err := deliver(t, `{`+payable+`,"account_id":-1}`, `{`+payable+`,"account_id":-2}`); err == nil {
		t.Error("other unread values are the same content")
	}
	if repeated, err := deliver(t, `{"payment_guid":"`+guidA+`","amount":null,"tip":1}`, `{"tip":1.0,"payment_guid":"`+guidA+`"}`); err != nil || repeated != 1 {
		t.Errorf("an amount of null: %d repeated, %v", repeated, err)
	}
	if repeated, err := deliver(t, `{`+payable+`,"invoiceRef":"A"}`, `{`+payable+`,"invoice_ref":"A"}`); err != nil || repeated != 1 {
		t.Errorf("an older name: %d repeated, %v", repeated, err)
	}
}

// replaced returns doc with one member of another value.
func replaced(doc, member string) string {
	name, _, _ := strings.Cut(member, ":")
	for _, m := range []string{`"net_amount":10.50`, `"account_id":1900`, `"tip":0`, `"soptid":"7"`, `"y":2`, `"payment_cancel_for_guid":null`,
		`"x":{"a":1.50,"b":[1,null],"c":"é"}`} {
		if strings.HasPrefix(m, name+":") {
			return strings.Replace(doc, m, member, 1)
		}
	}
	return doc[:len(doc)-1] + "," + member + "}"
}

func deliver(t *testing.T, docs ...string) (repeated int, err error) {
	t.Helper()
	var d salesdata.Dedupe
	for _, doc := range docs {
		if _, err := d.Keep("x", only(t, doc)); err != nil {
			return d.Repeated, err
		}
	}
	return d.Repeated, nil
}

// TestLastWins: 6.00 after 5.00 is 6.00, in one order and in two files.
func TestLastWins(t *testing.T) {
	t.Parallel()
	order := func(id, amounts string) string {
		doc := `{"customer_id":1,"type":"sales","payments":[`
		for i, a := range strings.Fields(amounts) {
			if i > 0 {
				doc += ","
			}
			doc += `{"payment_guid":"` + id + `","payment_type_id":2,"net_amount":` + a + `}`
		}
		return doc + `]}`
	}
	upper := strings.ToUpper(guidA)
	for _, tt := range []struct {
		name             string
		docs             []string
		total            string
		replaced, repeat int
	}{
		{"two files", []string{order(guidA, "5.00"), order(guidA, "6.00")}, "6.00", 1, 0},
		{"two files, other case", []string{order(guidA, "5.00"), order(upper, "6.00")}, "6.00", 1, 0},
		{"one order", []string{order(guidA, "5.00 6.00")}, "6.00", 1, 0},
		{"one order, three times", []string{order(guidA, "5.00 6.00 7.00")}, "7.00", 2, 0},
		{"there and back", []string{order(guidA, "5.00"), order(guidA, "6.00 5.00")}, "5.00", 2, 0},
		{"three files", []string{order(guidA, "5.00"), order(guidA, "6.00"), order(guidA, "5.0")}, "5.0", 2, 0},
		{"equal", []string{order(guidA, "5.00"), order(upper, "5.0")}, "5.00", 0, 1},
		{"others stay", []string{order(guidA, "5.00"), order(guidB, "1.00"), order(guidA, "6.00")}, "7.00", 1, 0},
	} {
		d := salesdata.Dedupe{LastWins: true}
		var sum salesdata.Takings
		for _, doc := range tt.docs {
			o, err := d.Keep("x", only(t, doc))
			if err != nil {
				t.Fatal(err)
			}
			if err := sum.Add(o); err != nil {
				t.Fatal(err)
			}
			for _, w := range d.Withdrawn {
				if err := sum.Remove(w); err != nil {
					t.Fatal(err)
				}
			}
		}
		if !sum.Total.Equal(amount(t, tt.total)) || !sum.ByType[2].Equal(amount(t, tt.total)) || d.Replaced != tt.replaced || d.Repeated != tt.repeat {
			t.Errorf("%s: %s, by type %v, %d replaced, %d repeated", tt.name, sum.Total, sum.ByType, d.Replaced, d.Repeated)
		}
	}
}

// TestDedupeSeesCancellations: a payment whose order was cancelled since is not
// the same content, though no member of its own has changed.
func TestDedupeSeesCancellations(t *testing.T) {
	t.Parallel()
	before, after := `{"soid":1,"state":"committed","payments":[{`+mdsPayable+`}]}`, `{"soid":1,"state":"cancelled","payments":[{`+mdsPayable+`}]}`
	if _, err := deliver(t, before, after); err == nil {
		t.Error("a cancellation is the same content")
	}
	d := salesdata.Dedupe{LastWins: true}
	var sum salesdata.Takings
	for _, doc := range []string{before, after} {
		o, err := d.Keep("x", only(t, doc))
		if err != nil {
			t.Fatal(err)
		}
		if err := sum.Add(o); err != nil {
			t.Fatal(err)
		}
		for _, w := range d.Withdrawn {
			if err := sum.Remove(w); err != nil {
				t.Fatal(err)
			}
		}
	}
	if sum.Total.Sign() != 0 || sum.Cancelled != 1 {
		t.Errorf("%s, %d cancelled", sum.Total, sum.Cancelled)
	}
}

// TestBalanceRefusesMixedShapes: an order, its payments and its lines have to be
// of one shape.
func TestBalanceRefusesMixedShapes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ doc, field string }{
		{`{"soid":1,"payments":[{"net_amount":5}],"lines":[{"gross_amount":5}]}`, "Order.Payments[0]"},
		{`{"soid":1,"payments":[{"net_amount":5}],"lines":[{"solid":1,"total_gross_amount":5}]}`, "Order.Payments[0]"},
		{`{"soid":1,"payments":[],"lines":[{"gross_amount":0}]}`, "Order.Lines[0]"},
		{`{"export_ref":"x","payments":[],"lines":[{"solid":1,"total_gross_amount":0}]}`, "Order.Lines[0]"},
		{`{"payments":[{"amount":5,"tip":0,"change":0,"rounding":0,"cashback":0}],"lines":[{"gross_amount":5}]}`, "Order.Lines[0]"},
	} {
		_, err := salesdata.Balance(only(t, tt.doc), salesdata.BalanceRules{})
		wantField(t, err, tt.field, "another shape")
		_, err = salesdata.Balance(only(t, tt.doc), salesdata.BalanceRules{LineTotal: amount(t, "5")})
		wantField(t, err, tt.field, "another shape")
	}
	_, err := salesdata.Balance(salesdata.Order{Payments: []salesdata.Payment{{NetAmount: amount(t, "5")}}, Lines: []salesdata.Line{}}, salesdata.BalanceRules{})
	wantField(t, err, "Order.Payments[0]", "no shape")
}

// TestTakingsDoNotForget: a sum that is too large is refused and changes
// nothing.
func TestTakingsDoNotForget(t *testing.T) {
	t.Parallel()
	p := pay(t, `{"net_amount":5}`)
	if huge, err := payment.NewAmount(decimal.New(9, 59)); err != nil {
		t.Skip("there is no amount as large: ", err)
	} else {
		p.NetAmount = huge
	}
	var sum salesdata.Takings
	o := salesdata.Order{Payments: []salesdata.Payment{p, p}}
	if err := sum.Add(o); err == nil || sum.Total.IsSet() || sum.Orders != 0 {
		t.Errorf("%v, %v, %d orders", err, sum.Total, sum.Orders)
	}
}
