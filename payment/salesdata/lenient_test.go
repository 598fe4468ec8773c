package salesdata_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

const (
	goodOne = `{"customer_id":1,"type":"sales"}`
	payable = `"payment_guid":"` + guidA + `","net_amount":5`
)

// little are members on which neither money nor identity rests, in forms that
// no page documents. Each is listed; unread tells those that have no place in
// the Go field.
var little = []struct {
	member string // of the record that in names
	in     string // "order", "mds", "payment", "mds payment", "line", "mds line"
	reason string // "" if nothing is listed
	unread bool
}{
	{`"account_id":1900.0`, "payment", "", false},
	{`"account_id":"1900.00"`, "payment", "", false},
	{`"payment_type_id":2.0`, "mds payment", "", false},
	{`"soptid":187434642.0`, "mds payment", "", false},
	{`"account_id":1900.5`, "payment", "is not a whole number", true},
	{`"account_id":-1`, "payment", "is not a whole number", true},
	{`"account_id":1e3`, "payment", "is not a whole number", true},
	{`"account_id":"+1"`, "payment", "is not a whole number", true},
	{`"account_id":" "`, "payment", "is not a whole number", true},
	{`"account_id":"007"`, "payment", "has a leading zero", true},
	{`"account_id":9223372036854775808`, "payment", "does not fit 64 bits", true},
	{`"account_id":true`, "payment", "is a boolean, not an id", true},
	{`"account_id":{"id": 1900}`, "payment", "is an object, not an id", true},
	{`"payment_type_id":"card"`, "payment", "is not a whole number", true},
	{`"customer_client_card_id":[1]`, "payment", "is an array, not an id", true},
	{`"customer_client_card_ref":-7`, "mds payment", "is not a whole number", true},
	{`"account_num":-1`, "mds payment", "is not a whole number", false},
	{`"account_num":" "`, "mds payment", "is blank", false},
	{`"account_description":7`, "payment", "is a number, not text", false},
	{`"account_description":1.50`, "payment", "is a number, not text", false},
	{`"card_type_name":false`, "payment", "is a boolean, not text", true},
	{`"psp_ref":7e2`, "payment", "is a number, not text", false},
	{`"invoice_ref":["a","b"]`, "payment", "is an array, not text", true},
	{`"invoice_customer_client_guid":"7"`, "payment", "is not a GUID", false},
	{`"invoice_customer_client_guid":7`, "payment", "is a number, not a GUID", false},
	{`"invoiceCustomerClientGuid":"7"`, "payment", "is not a GUID", false},
	{`"customerClientCardRef":-1`, "payment", "is not a whole number", true},
	{`"account_description":"half \ud83d"`, "payment", "half a surrogate pair", false},
	{`"table_id":-1`, "order", "is not a whole number", true},
	{`"table_id":0.5`, "order", "is not a whole number", true},
	{`"terminal_id":""`, "order", "", false},
	{`"revenue_unit_id":{}`, "order", "is an object, not an id", true},
	{`"name":5`, "order", "is a number, not text", false},
	{`"name":null`, "order", "", false},
	{`"order_channel":"gift"`, "order", "", false},
	{`"receipt_type":{}`, "order", "is an object, not text", true},
	{`"closed_at":"2026-05-04 18:30:00"`, "order", "is not a date or time", false},
	{`"closed_at":"yesterday"`, "order", "is not a date or time", false},
	{`"closed_at":"0000-00-00"`, "order", "is a date of zeros", false},
	{`"closed_at":"0001-01-01T00:00:00"`, "order", "is a date of zeros", false},
	{`"cancelled_at":"0000-00-00 00:00:00"`, "order", "is a date of zeros", false},
	{`"closed_at":1733251200`, "order", "is a number, not a time", true},
	{`"ready_time":"3.12.2024"`, "order", "is not a date or time", false},
	{`"opened":"2024-02-30T10:00:00Z"`, "order", "is not a date or time", false},
	{`"created_at":[]`, "order", "is an array, not a time", true},
	{`"closed_business_date":"2024-12-03T00:00:00"`, "mds", "is not a date or time", true},
	{`"closed_business_date":"2024-12-03 00:00:00"`, "mds", "is not a date or time", true},
	{`"closed_business_date":20241203`, "mds", "is a number, not a date", true},
	{`"state":"parked"`, "mds", "is not one of the documented words", false},
	{`"state":2`, "mds", "is a number, not text", false},
	{`"soguid":"x"`, "mds", "is not a GUID", false},
	{`"closed_by_user_id":17`, "mds", "is a number, not a GUID", false},
	{`"short_key":1.5`, "mds", "is not a whole number", false},
	{`"receipt_num":true`, "mds", "is a boolean, not an id", true},
	{`"article_id":-1`, "line", "is not a whole number", true},
	{`"quantity":"2"`, "line", "is text, not a number", true},
	{`"discount_pct":"10%"`, "line", "is text, not a number", true},
	{`"line_added_time":"x"`, "line", "is not a date or time", false},
	{`"line_item_guid":"x"`, "line", "is not a GUID", false},
	{`"comment":{"text":"No onions"}`, "line", "is an object, not text", true},
	{`"parent_solid":-1`, "line", "is not a whole number", false},
	{`"parent_solid":"A1"`, "mds line", "is not a whole number", false},
	{`"tax_pct_value":"15%"`, "mds line", "is text, not a number", true},
	{`"solid":-1`, "mds line", "is not a whole number", true},
}

// around puts a member into a record within an order, and returns the path of
// the record.
func around(member, in string) (doc, path string) {
	switch in {
	case "order":
		return `{"customer_id":1,"type":"sales",` + member + `,"payments":[{` + payable + `}]}`, "$[1]"
	case "mds":
		return `{"soid":1,"customer_id":1,"type":"sales",` + member + `,"payments":[{` + mdsPayable + `}]}`, "$[1]"
	case "payment":
		return `{"customer_id":1,"type":"sales","payments":[{` + payable + `,` + member + `}]}`, "$[1].payments[0]"
	case "mds payment":
		return `{"soid":1,"customer_id":1,"type":"sales","payments":[{` + mdsPayable + `,` + member + `}]}`, "$[1].payments[0]"
	case "line":
		return `{"customer_id":1,"type":"sales","payments":[],"lines":[{"gross_amount":1,` + member + `}]}`, "$[1].lines[0]"
	}
	return `{"soid":1,"customer_id":1,"type":"sales","payments":[],"lines":[{"total_gross_amount":1,` + member + `}]}`, "$[1].lines[0]"
}

const mdsPayable = `"payment_guid":"` + guidA + `","amount":5,"tip":0,"change":0,"rounding":0,"cashback":0`

// TestLittleThingsNeverCostTheRecord: the record and the file are read, the
// member is listed and written again as it was, and strict mode refuses it.
func TestLittleThingsNeverCostTheRecord(t *testing.T) {
	t.Parallel()
	for _, tt := range little {
		doc, path := around(tt.member, tt.in)
		key, raw, _ := strings.Cut(tt.member, ":")
		key = strings.Trim(key, `"`)
		orders, err := salesdata.DecodeAll(strings.NewReader(`[` + goodOne + `,` + doc + `,` + goodOne + `]`))
		if err != nil || len(orders) != 3 {
			t.Errorf("%s: %v", tt.member, err)
			continue
		}
		o := orders[1]
		if listed := faultAt(o, path+"."+key); !strings.Contains(listed, tt.reason) || (tt.reason == "") != (listed == "") {
			t.Errorf("%s: listed %q, want %q", tt.member, listed, tt.reason)
		}
		if unread := unreadOf(o); (len(unread) > 0) != tt.unread || tt.unread && unread[0].Raw != raw {
			t.Errorf("%s: unread %v", tt.member, unread)
		}
		if older := strings.ToLower(key) != key; !older {
			out, err := salesdata.MarshalOrder(o)
			if err != nil {
				t.Errorf("%s: %v", tt.member, err)
				continue
			}
			equalJSON(t, out, []byte(doc))
			if strings.HasPrefix(tt.in, "mds") {
				continue // required fields are missing there
			}
			_, err = salesdata.UnmarshalOrder([]byte(doc), salesdata.WithStrict())
			if tt.reason != "" {
				wantField(t, err, strings.Replace(path, "[1]", "", 1)+"."+key, tt.reason)
			} else if err != nil {
				t.Errorf("%s in strict mode: %v", tt.member, err)
			}
		}
	}
}

// faultAt returns the reasons that are listed for a path.
func faultAt(o salesdata.Order, path string) string {
	var reasons []string
	for _, f := range o.Faults {
		if f.Path == path && !strings.Contains(f.Reason, "older name") && f.Reason != "is required and not set" {
			reasons = append(reasons, f.Reason)
		}
	}
	return strings.Join(reasons, "|")
}

func unreadOf(o salesdata.Order) salesdata.Extra {
	list := o.Unread()
	for _, p := range o.Payments {
		list = append(list, p.Unread()...)
	}
	for _, l := range o.Lines {
		list = append(list, l.Unread()...)
	}
	return list
}

// TestUnreadValues: the fields stay unset, and what a program sets there is
// written in place of what was read.
func TestUnreadValues(t *testing.T) {
	t.Parallel()
	p := pay(t, `{`+payable+`,"account_id":-1,"payment_type_id":1900.0,"account_description":7}`)
	if p.AccountID != 0 || p.PaymentTypeID != 1900 || p.AccountDescription != "7" {
		t.Errorf("%d, %d, %q", p.AccountID, p.PaymentTypeID, p.AccountDescription)
	}
	got, err := p.In("NOK", closed)
	if err != nil || got.Amount.String() != "5 NOK" || got.Method != "1900" || got.Attribute("account_id") != "" {
		t.Errorf("%+v, %v", got, err)
	}
	p.AccountID, p.AccountDescription = 1000, "Cash"
	out, err := salesdata.MarshalPayment(p)
	if want := `{"payment_guid":"` + guidA + `","payment_type_id":1900.0,"account_id":1000,"account_description":"Cash","net_amount":5}`; err != nil || string(out) != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, out, want)
	}
	p.Shape = salesdata.MDS
	if _, err := salesdata.MarshalPayment(pay(t, `{`+payable+`,"customer_client_card_id":-1}`)); err != nil {
		t.Error(err)
	}
	moved := pay(t, `{`+payable+`,"tip":0,"account_id":-1}`)
	if _, lost, err := moved.Convert(salesdata.MDS, salesdata.BalanceRules{}); err != nil || !slices.Equal(lost, []string{"account_id"}) {
		t.Errorf("lost %v, %v", lost, err)
	}
}

// TestOddTimes: a time that cannot be read is no instant, and an order that was
// cancelled at a time of zeros was not cancelled.
func TestOddTimes(t *testing.T) {
	t.Parallel()
	o := only(t, `{"customer_id":1,"type":"sales","closed_at":"2026-05-04 18:30:00","cancelled_at":"0001-01-01T00:00:00"}`)
	if _, ok := o.ClosedAt.Instant(); ok || o.ClosedAt.String() != "2026-05-04 18:30:00" || !o.ClosedAt.Wall().IsZero() || o.ClosedAt.IsZero() {
		t.Errorf("%v, %v", o.ClosedAt, o.ClosedAt.Wall())
	}
	if o.Cancelled() {
		t.Error("a time of zeros cancelled the order")
	}
	if o := only(t, `{"customer_id":1,"cancelled_at":"4 May"}`); !o.Cancelled() || len(o.Faults) != 2 {
		t.Errorf("cancelled %v, %v", o.Cancelled(), o.Faults)
	}
	made := salesdata.Order{Shape: salesdata.Root, CustomerID: 1, ReadyTime: o.ClosedAt}
	_, err := salesdata.MarshalOrder(made)
	wantField(t, err, "$.ready_time", "documented form")
}

// TestHalfSurrogates: half a pair is read as U+FFFD wherever it stands, listed,
// and written again as it was.
func TestHalfSurrogates(t *testing.T) {
	t.Parallel()
	const doc = `{"net_amount":1,"payment_guid":"` + guidA + `","psp_ref":"a\ud83db","x":{"deep":["\udc00"]}}`
	p, faults, err := salesdata.UnmarshalPayment([]byte(doc))
	if err != nil || p.PSPRef != "a\ufffdb" || len(faults) != 2 || faults[0].Path != "$.psp_ref" || faults[1].Path != "$.x" {
		t.Fatalf("%q, %v, %v", p.PSPRef, faults, err)
	}
	out, err := salesdata.MarshalPayment(p)
	if err != nil || !strings.Contains(string(out), `"a\ud83db"`) || !strings.Contains(string(out), `["\udc00"]`) {
		t.Errorf("%s, %v", out, err)
	}
	if p, faults, err = salesdata.UnmarshalPayment([]byte(`{"net_amount":1,"payment_guid":"` + guidA + `","k\ud83d":1}`)); err != nil || len(faults) != 1 || p.Extra[0].Name != "k\ufffd" {
		t.Errorf("%v, %v, %v", p.Extra, faults, err)
	}
	if p := pay(t, `{"net_amount":1,"psp_ref":"\ud83d\ude00"}`); p.PSPRef != "\U0001f600" {
		t.Errorf("a whole pair became %q", p.PSPRef)
	}
}

// TestVendorsOwnNamesThatNoTableHas: the customer client's page names a field
// that payments do not have.
func TestVendorsOwnNamesThatNoTableHas(t *testing.T) {
	t.Parallel()
	o := only(t, `{"customer_id":1,"type":"sales","payments":[{`+payable+`,"customer_client_id":"x"}]}`)
	if raw, ok := o.Payments[0].Extra.Get("customer_client_id"); !ok || raw != `"x"` || faultAt(o, "$.payments[0].customer_client_id") == "" {
		t.Errorf("%v, %v", o.Payments[0].Extra, o.Faults)
	}
}
