package salesdata_test

import (
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// results decodes a document and returns what came, one letter each: g for a
// good order, b for a bad one, e for an error that ends it.
func results(doc string, opts ...salesdata.Option) (letters string, errs []*salesdata.DecodeError) {
	for _, err := range salesdata.Decode(strings.NewReader(doc), opts...) {
		var refused *salesdata.DecodeError
		switch {
		case err == nil:
			letters += "g"
			continue
		case !errors.As(err, &refused):
			return letters + "?", errs
		case refused.Ends:
			letters += "e"
		default:
			letters += "b"
		}
		errs = append(errs, refused)
	}
	return letters, errs
}

// refusedRecords are records that are refused in JSON that is not broken.
var refusedRecords = []string{
	`{"net_amount":"1.00"}`,
	`{"net_amount":1,"payment_guid":"x"}`,
	`{"net_amount":1,"payment_guid":7}`,
	`{"net_amount":1,"payment_cancel_for_guid":"x"}`,
	`{"net_amount":1,"soptid":1.5}`,
	`{"net_amount":1,"amount":1}`,
	`{"net_amount":1e21}`,
	`{"net_amount":1,"payment_guid":"` + guidA + `","payment_cancel_for_guid":"` + guidA + `"}`,
	`{"payments":[{"net_amount":1},{"tip":"1"},{"net_amount":1}],"lines":[{}]}`,
	`{"payments":{"net_amount":1},"lines":[{}]}`,
	`{"payments":[1,{"net_amount":1}],"name":"x"}`,
	`{"lines":[{},[],{}]}`,
	`{"name":1,"name":2,"payments":[{}]}`,
	`{"payments":[],"payments":[{"net_amount":1}],"lines":[]}`,
	`{"x":{"a":1,"a":2},"lines":[]}`,
	`{"colour":1,"size":2,"colour":3}`,
	`{"par":"x","account_num":1}`,
	`{"net_amount":1,"invoice_ref":"a","invoiceRef":"b"}`,
	`{"x":` + strings.Repeat("[", 33) + strings.Repeat("]", 33) + `}`,
	`{"lines":[` + strings.Repeat("{},", 3000) + `{}]}`,
	`7`, `"text"`, `null`, `[]`, `[{"net_amount":1}]`, `true`,
}

// TestOneBadOrderDoesNotEndTheStream, in an array and in a stream of records.
func TestOneBadOrderDoesNotEndTheStream(t *testing.T) {
	t.Parallel()
	for _, bad := range refusedRecords {
		letters, errs := results(`[` + goodOne + `,` + bad + `,` + goodOne + `,` + bad + `]`)
		if letters != "gbgb" || errs[0].Before != 1 || errs[1].Before != 2 ||
			!strings.HasPrefix(errs[0].Path, "$[1]") || !strings.HasPrefix(errs[1].Path, "$[3]") {
			t.Errorf("%.60s in an array: %s %v", bad, letters, errs)
		}
		if strings.HasPrefix(bad, "[") {
			continue // the document would be that array
		}
		if letters, errs = results(bad + "\n" + goodOne + "\n" + bad + "\n" + goodOne); letters != "bgbg" || errs[1].Before != 1 {
			t.Errorf("%.60s in a stream: %s %v", bad, letters, errs)
		}
		if orders, err := salesdata.DecodeAll(strings.NewReader(`[` + goodOne + `,` + bad + `,` + goodOne + `]`)); err == nil || orders != nil {
			t.Errorf("%.60s: DecodeAll returned %d orders, %v", bad, len(orders), err)
		}
	}
}

// TestBrokenTextEndsTheStream: after it nothing can be told from noise.
func TestBrokenTextEndsTheStream(t *testing.T) {
	t.Parallel()
	for _, broken := range []string{
		`{"name":}`, `{"name"`, `{]`, `nul`, `{"name":"` + "\n" + `"}`, "{\"name\":\"\xff\"}", "{\"\xff\":1}", `{"name":"\x"}`, `{"name":01}`,
		`{"name":"` + strings.Repeat("x", 300) + `"}`, `{"x":` + strings.Repeat("[", 20_000),
	} {
		letters, errs := results(`[`+goodOne+`,`+broken+`,`+goodOne+`]`, salesdata.WithMaxRecord(200))
		if letters != "ge" || errs[0].Before != 1 || !strings.HasPrefix(errs[0].Path, "$[1]") {
			t.Errorf("%.40q: %s %v", broken, letters, errs)
		}
	}
	// A record that is not JSON to its end is broken, whatever stands before.
	letters, errs := results(`[` + goodOne + `,{"payments":7,"name":},` + goodOne + `]`)
	if letters != "ge" || errs[0].Path != "$[1].name" || errs[0].Before != 1 {
		t.Errorf("%s %v", letters, errs)
	}
	letters, errs = results(`[` + goodOne + `,{"payments":7,"lines":[{}`)
	if letters != "ge" || errs[0].Path != "$[1].lines" || !errors.Is(errs[0], io.ErrUnexpectedEOF) {
		t.Errorf("%s %v", letters, errs)
	}
	if letters, _ = results(`[` + goodOne + `] x`); letters != "ge" {
		t.Error(letters)
	}
}

// shuffled returns an object of the members in another order.
func shuffled(members []string, r *rand.Rand) string {
	list := append([]string(nil), members...)
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return `{` + strings.Join(list, ",") + `}`
}

// TestWhatARecordIsDependsOnNoOrder: an order with undocumented amounts of its
// own is an order, and a payment with members of an order is a payment.
func TestWhatARecordIsDependsOnNoOrder(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for _, tt := range []struct {
		members []string
		bare    bool
		shape   salesdata.Shape
		listed  string
	}{
		{[]string{`"net_amount":318.00`, `"customer_id":1`, `"type":"sales"`, `"payments":[{` + payable + `}]`, `"lines":[]`}, false, salesdata.Root, "$.net_amount"},
		{[]string{`"net_amount":318.00`, `"payments":[{` + payable + `}]`}, false, salesdata.Root, "$.net_amount"},
		{[]string{`"amount":1`, `"tip":0`, `"change":0`, `"payments":null`}, false, salesdata.Root, "$.amount"},
		{[]string{`"amount":1`, `"tip":0`, `"soid":1`, `"state":"committed"`, `"type":"sales"`}, false, salesdata.MDS, "$.amount"},
		{[]string{`"net_amount":1`, `"customer_id":1`}, false, salesdata.Root, "$.net_amount"},
		{[]string{`"net_amount":1`, `"payment_guid":"` + guidA + `"`, `"customer_id":1`}, true, salesdata.Root, "$.customer_id"},
		{[]string{`"amount":1`, `"payment_guid":"` + guidA + `"`, `"soptid":7`, `"id":"x"`, `"type":"card"`}, true, salesdata.MDS, "$.id"},
		{[]string{`"payment_guid":"` + guidA + `"`, `"customer_id":1`}, true, salesdata.Root, "$.customer_id"},
		{[]string{`"colour":1`, `"size":2`}, false, salesdata.Root, ""},
	} {
		for range 20 {
			doc := shuffled(tt.members, r)
			o := only(t, doc)
			if o.Bare != tt.bare || o.Shape != tt.shape || (tt.listed != "") != (faultAt(o, tt.listed) != "") {
				t.Fatalf("%s: bare %v, %s, %v", doc, o.Bare, o.Shape, o.Faults)
			}
			out, err := salesdata.MarshalOrder(o)
			if err != nil {
				t.Fatalf("%s: %v", doc, err)
			}
			equalJSON(t, out, []byte(doc))
			if !tt.bare && len(o.Payments) == 1 {
				var sum salesdata.Takings
				if err := sum.Add(o); err != nil || sum.Total.String() != "5" {
					t.Fatalf("%s: takings %s, %v", doc, sum.Total, err)
				}
			}
		}
	}
}

// TestPaymentsTakeTheShapeOfTheirOrder: a payment without telling keys has the
// shape of its order, wherever the order shows it, or root.
func TestPaymentsTakeTheShapeOfTheirOrder(t *testing.T) {
	t.Parallel()
	const silent = `{"payment_guid":"` + guidA + `","payment_type_id":2,"tip":1}`
	for doc, want := range map[string]string{
		`{"payments":[` + silent + `],"soid":1}`:                      "mds mds",
		`{"soid":1,"payments":[` + silent + `]}`:                      "mds mds",
		`{"payments":[` + silent + `],"export_ref":"x"}`:              "root root",
		`{"payments":[` + silent + `],"customer_id":1}`:               "root root",
		`{"payments":[` + silent + `,{"amount":1}]}`:                  "mds mds mds",
		`{"payments":[{"amount":1},` + silent + `]}`:                  "mds mds mds",
		`{"payments":[{"net_amount":1},` + silent + `,{"amount":1}]}`: "root root root mds",
		silent:             "root root",
		`{"tip":1,"x":[]}`: "root root",
	} {
		o := only(t, doc)
		got := []string{o.Shape.String()}
		for _, p := range o.Payments {
			got = append(got, p.Shape.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", doc, got, want)
		}
	}
	o := only(t, `{"payments":[`+silent+`],"lines":[],"soid":1}`)
	if faultAt(o, "$.payments[0].amount") != "" || len(o.Faults) == 0 {
		t.Errorf("%v", o.Faults)
	}
	_, err := salesdata.Balance(o, salesdata.BalanceRules{})
	wantField(t, err, "Payment.Amount", "is not set")
}

// TestUnknownMDSKeysKeepTheirNames: names from before version 1.0 are names of
// the root shape only.
func TestUnknownMDSKeysKeepTheirNames(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		`{"soptid":1,"amount":5,"invoice_ref":"A","invoiceRef":"B"}`,
		`{"amount":5,"customer_client_card_ref":7,"customerClientCardRef":8}`,
		`{"amount":5,"invoiceRef":"B","invoiceCustomerClientGuid":"no GUID"}`,
		`{"amount":5,"customer_client_card_id":1,"customerClientCardRef":8}`,
		`{"soid":1,"lines":[{"solid":1,"article_id":1,"articleId":{"a":1},"parentSolid":5,"discountAmount":"x"}]}`,
	} {
		o := only(t, doc)
		out, err := salesdata.MarshalOrder(o)
		if err != nil {
			t.Errorf("%s: %v", doc, err)
			continue
		}
		equalJSON(t, out, []byte(doc))
	}
	p := pay(t, `{"amount":5,"invoiceRef":"B"}`)
	if raw, ok := p.Extra.Get("invoiceRef"); !ok || raw != `"B"` || p.InvoiceRef != "" {
		t.Errorf("%v, %q", p.Extra, p.InvoiceRef)
	}
}

// TestHalfKeysAndValues: a key and its value are listed each, and what follows a
// refused member that is not UTF-8 is not read.
func TestHalfKeysAndValues(t *testing.T) {
	t.Parallel()
	o := only(t, `{"customer_id":1,"type":"sales","x\ud83d":"y\ud83d"}`)
	if len(o.Faults) != 2 || o.Faults[0].Offset != 32 || o.Faults[1].Offset != 42 || len(o.Extra) != 1 {
		t.Errorf("%v", o.Faults)
	}
	if letters, _ := results("[{\"a\":{\"b\":1,\"b\":1},\"x\":\"\xff\"}," + goodOne + `]`); letters != "bg" {
		t.Errorf("a key that stands twice before what is not UTF-8: %s", letters)
	}
	if letters, _ := results("[{\"x\":\"\xff\",\"a\":{\"b\":1,\"b\":1}}," + goodOne + `]`); letters != "e" {
		t.Errorf("after it: %s", letters)
	}
}
