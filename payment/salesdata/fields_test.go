package salesdata_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// documented lists every field of the vendor's tables: the shapes that have it
// (r, m, or rm), its kind, whether the MDS shape requires it (*), the version
// that brought it, and the Go field.
var documented = map[string]string{
	"payment": `
payment_guid rm guid * 1.0 PaymentGUID
payment_type_id rm id * 1.0 PaymentTypeID
account_id rm id * 1.0 AccountID
account_description rm text * 1.0 AccountDescription
net_amount r money - 1.0 NetAmount
tip rm money * 1.0 Tip
rounding rm money * 1.0 Rounding
change rm money * 1.0 Change
cashback rm money * 1.0 Cashback
customer_client_card_id r id - 1.0 CustomerClientCardID
card_type_name rm text - 1.0 CardTypeName
invoice_ref rm text - 1.0 InvoiceRef
invoice_customer_client_guid rm guid - 1.0 InvoiceCustomerClientGUID
psp_ref rm text - 1.1 PSPRef
par r text - 1.1 PAR
payment_cancel_for_guid rm guid - 1.0 PaymentCancelForGUID
soptid rm code * 1.0 SOPTID
pms_ref r text - 1.2 PMSRef
amount m money * - Amount
account_num m code * - AccountNum
card_ident_string m text - - CardIdentString
customer_client_card_ref m id - - CustomerClientCardRef`,
	"order": `
customer_id rm id * 1.0 CustomerID
name rm text - 1.0 Name
type rm type * 1.0 Type
revenue_unit_id rm id - 1.0 RevenueUnitID
revenue_unit_name rm text - 1.0 RevenueUnitName
order_type_id rm id - 1.1 OrderTypeID
order_channel rm text - 1.1 OrderChannel
table_id rm id - 1.0 TableID
terminal_id rm id * 1.0 TerminalID
export_ref r text - 1.0 ExportRef
ready_time r time - 1.0 ReadyTime
discount_reason_id r id - 1.0 DiscountReasonID
refund_username r text - 1.0 RefundUsername
webshop_store_name r text - 1.0 WebshopStoreName
receipt_type rm text * 1.0 ReceiptType
external_benefit_system_ident r text - 1.1.1 ExternalBenefitSystemIdent
opened rm time * 1.0 Opened
closed rm time * 1.0 Closed
created_at r time - 1.0 CreatedAt
closed_at r time - 1.0 ClosedAt
cancelled_at r time - 1.0 CancelledAt
id m guid * - ID
soid m id * - SOID
soguid m guid * - SOGUID
short_key m code - - ShortKey
receipt_num m code * - ReceiptNum
state m state * - State
closed_business_date m day * - ClosedBusinessDate
closed_by_user_id m guid * - ClosedByUserID
closed_by_username m text - - ClosedByUsername
order_type_name m text - - OrderTypeName
order_source_name m text - - OrderSourceName
delivery_type m text - - DeliveryType`,
	"line": `
article_id rm id * 1.0 ArticleID
article_name rm text * 1.0 ArticleName
quantity rm money * 1.0 Quantity
net_amount rm money * 1.0 NetAmount
gross_amount rm money * 1.0 GrossAmount
discount_amount rm money - 1.0 DiscountAmount
discount_pct rm money - 1.0 DiscountPct
price_group_id rm id - 1.0 PriceGroupID
price_group_name rm text - 1.0 PriceGroupName
account_id rm id - 1.0 AccountID
line_item_guid rm guid - 1.0 LineItemGUID
line_added_time rm time - 1.0 LineAddedTime
parent_solid rm code - 1.0 ParentSOLID
comment rm text - 1.0 Comment
solid m id * - SOLID
article_ext_num m code - - ArticleExtNum
tax_pct_value m money * - TaxPctValue
base_net_amount m money - - BaseNetAmount
base_gross_amount m money - - BaseGrossAmount
total_net_amount m money - - TotalNetAmount
total_gross_amount m money - - TotalGrossAmount
cost_price m money - - CostPrice`,
}

type documentedField struct{ name, shapes, kind, required, since, field string }

func documentedFields(record string) (list []documentedField) {
	for _, row := range strings.Split(strings.TrimSpace(documented[record]), "\n") {
		f := strings.Fields(row)
		list = append(list, documentedField{f[0], f[1], f[2], f[3], f[4], f[5]})
	}
	return list
}

// sample returns a value of a kind and what the Go field then prints. No two
// are equal, so that no field can stand in for another.
func sample(kind string, n int) (json, printed string) {
	switch kind {
	case "guid":
		json = fmt.Sprintf(`"c3d4e5f6-a7b8-9012-cdef-%012d"`, n)
	case "id", "code":
		json = fmt.Sprint(1000 + n)
	case "money":
		json = fmt.Sprintf("%d.50", n)
	case "time":
		json = fmt.Sprintf(`"2024-12-03T18:%02d:00Z"`, n)
	case "day":
		json = fmt.Sprintf(`"2024-12-%02d"`, n%28+1)
	case "type":
		json = `"deposit"`
	case "state":
		json = `"committed"`
	default:
		json = fmt.Sprintf(`"text %d"`, n)
	}
	return json, strings.Trim(json, `"`)
}

// full returns a document of one record with every field of a shape.
func full(record, shape string, skip string) string {
	var members []string
	for i, f := range documentedFields(record) {
		if json, _ := sample(f.kind, i); strings.Contains(f.shapes, shape) && f.name != skip {
			members = append(members, `"`+f.name+`":`+json)
		}
	}
	doc := `{` + strings.Join(members, ",") + `}`
	if record == "line" {
		soid := ""
		if shape == "m" {
			soid = strings.TrimSuffix(full("order", "m", ""), "}")[1:] + ","
		} else {
			soid = `"customer_id":1,"type":"sales",`
		}
		return `{` + soid + `"lines":[` + doc + `]}`
	}
	return doc
}

func recordOf(o salesdata.Order, record string) reflect.Value {
	switch record {
	case "payment":
		return reflect.ValueOf(o.Payments[0])
	case "line":
		return reflect.ValueOf(o.Lines[0])
	}
	return reflect.ValueOf(o)
}

// TestEveryDocumentedField: each has its name and its place, in both shapes, in
// reading and in writing, is required where the page says so, and came with its
// version.
func TestEveryDocumentedField(t *testing.T) {
	t.Parallel()
	versions := []string{"1.0", "1.1", "1.1.1", "1.2"}
	for _, record := range []string{"payment", "order", "line"} {
		for shape, want := range map[string]salesdata.Shape{"r": salesdata.Root, "m": salesdata.MDS} {
			doc := full(record, shape, "")
			o := only(t, doc)
			v := recordOf(o, record)
			if got := v.FieldByName("Shape").Interface(); got != want || len(o.Extra) > 0 {
				t.Errorf("%s %s: read as %s, with %v", record, shape, got, o.Extra)
			}
			out, err := salesdata.MarshalOrder(o)
			if err != nil {
				t.Fatalf("%s %s: %v", record, shape, err)
			}
			equalJSON(t, out, []byte(doc))
			for i, f := range documentedFields(record) {
				if !strings.Contains(f.shapes, shape) {
					continue
				}
				if _, printed := sample(f.kind, i); fmt.Sprint(v.FieldByName(f.field).Interface()) != printed {
					t.Errorf("%s %s: %s is %v, want %s", record, f.name, f.field, v.FieldByName(f.field), printed)
				}
				wantRequired := shape == "m" && f.required == "*" || shape == "r" && record == "order" && (f.name == "customer_id" || f.name == "type")
				without := full(record, shape, f.name)
				if record == "payment" && f.name == "amount" || record == "line" && f.name == "solid" {
					wantRequired = true
				}
				listed := slices.ContainsFunc(only(t, without).Faults, func(x salesdata.Fault) bool {
					return strings.HasSuffix(x.Path, "."+f.name) && x.Reason == "is required and not set"
				})
				if listed != wantRequired {
					t.Errorf("%s %s: %s is listed as required: %v", record, shape, f.name, listed)
				}
				if shape == "r" {
					checkVersions(t, o, f, versions)
				}
			}
		}
	}
}

// checkVersions writes a record in each version.
func checkVersions(t *testing.T, o salesdata.Order, f documentedField, versions []string) {
	t.Helper()
	for i, version := range versions {
		alone := salesdata.Order{Shape: salesdata.Root, CustomerID: 1, Type: salesdata.OrderSales}
		setAlone(&alone, o, f)
		_, err := salesdata.MarshalOrder(alone, salesdata.WithVersion(salesdata.Version(i+1)))
		if held := slices.Index(versions, f.since) <= i; held != (err == nil) {
			t.Errorf("%s in version %s: %v", f.name, version, err)
		}
	}
}

// setAlone copies one field into a record that has nothing else.
func setAlone(to *salesdata.Order, from salesdata.Order, f documentedField) {
	switch {
	case from.Bare:
		to.Payments = []salesdata.Payment{{Shape: salesdata.Root}}
		reflect.ValueOf(&to.Payments[0]).Elem().FieldByName(f.field).Set(reflect.ValueOf(from.Payments[0]).FieldByName(f.field))
	case from.Lines != nil:
		to.Lines = []salesdata.Line{{Shape: salesdata.Root}}
		reflect.ValueOf(&to.Lines[0]).Elem().FieldByName(f.field).Set(reflect.ValueOf(from.Lines[0]).FieldByName(f.field))
	default:
		reflect.ValueOf(to).Elem().FieldByName(f.field).Set(reflect.ValueOf(from).FieldByName(f.field))
	}
}

// TestFieldsShowTheirShape: a field that one shape alone documents shows that
// shape, and is an unknown key that is listed where the other one is forced.
func TestFieldsShowTheirShape(t *testing.T) {
	t.Parallel()
	for _, record := range []string{"payment", "order", "line"} {
		for i, f := range documentedFields(record) {
			json, _ := sample(f.kind, i)
			doc := map[string]string{
				"payment": `{"payments":[{"` + f.name + `":` + json + `}]}`, "order": `{"` + f.name + `":` + json + `,"x":1}`, "line": `{"lines":[{"` + f.name + `":` + json + `}]}`,
			}[record]
			want, other := salesdata.Root, salesdata.MDS
			if f.shapes == "m" {
				want, other = other, want
			}
			v := recordOf(only(t, doc), record)
			if got := v.FieldByName("Shape").Interface(); got != want {
				t.Errorf("%s: read as %s", doc, got)
			}
			forced := only(t, doc, salesdata.WithShape(other))
			extra := recordOf(forced, record).FieldByName("Extra").Interface().(salesdata.Extra)
			_, unknown := extra.Get(f.name)
			listed := slices.ContainsFunc(forced.Faults, func(x salesdata.Fault) bool {
				return strings.Contains(x.Reason, "is not a field of the "+other.String())
			})
			if alone := f.shapes != "rm"; unknown != alone || listed != alone {
				t.Errorf("%s as %s: unknown %v, listed %v", doc, other, unknown, listed)
			}
		}
	}
}

// TestLimits: each limit at its edge and beyond it.
func TestLimits(t *testing.T) {
	t.Parallel()
	nest := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	sized := func(n int) string { return `{"name":"` + strings.Repeat("x", n-11) + `"}` }
	for name, tt := range map[string]struct {
		at, beyond string
		opts       []salesdata.Option
	}{
		"34 digits":            {`{"net_amount":` + strings.Repeat("9", 34) + `}`, `{"net_amount":` + strings.Repeat("9", 35) + `}`, nil},
		"34 digits, fraction":  {`{"net_amount":1.` + strings.Repeat("9", 33) + `}`, `{"net_amount":1.` + strings.Repeat("9", 34) + `}`, nil},
		"exponent 20":          {`{"net_amount":1e20}`, `{"net_amount":1e21}`, nil},
		"exponent -20":         {`{"net_amount":1e-20}`, `{"net_amount":1e-21}`, nil},
		"depth of an order":    {`{"x":` + nest(31) + `}`, `{"x":` + nest(32) + `}`, nil},
		"depth in an array":    {`[{"x":` + nest(30) + `}]`, `[{"x":` + nest(31) + `}]`, nil},
		"depth of a payment":   {`{"payments":[{"x":` + nest(29) + `}]}`, `{"payments":[{"x":` + nest(30) + `}]}`, nil},
		"size of a record":     {sized(300), sized(301), []salesdata.Option{salesdata.WithMaxRecord(300)}},
		"size in an array":     {`[` + sized(300) + `, ` + sized(300) + `]`, `[` + sized(300) + `, ` + sized(301) + `]`, []salesdata.Option{salesdata.WithMaxRecord(300)}},
		"size of a large text": {sized(100_000), sized(100_001), []salesdata.Option{salesdata.WithMaxRecord(100_000)}},
		"records of no size":   {`{"lines":[` + strings.Repeat("{},", 1024) + `{}]}`, `{"lines":[` + strings.Repeat("{},", 1100) + `{}]}`, nil},
		"36 bytes of a GUID":   {`{"net_amount":1,"payment_guid":"` + guidA + `"}`, `{"net_amount":1,"payment_guid":"` + guidA + `0"}`, nil},
		"64 bits of an id":     {`{"amount":1,"soptid":9223372036854775807}`, `{"amount":1,"soptid":9223372036854775808}`, nil},
	} {
		if _, err := salesdata.DecodeAll(strings.NewReader(tt.at), tt.opts...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := salesdata.DecodeAll(strings.NewReader(tt.beyond), tt.opts...); err == nil {
			t.Errorf("%s: what is beyond passed", name)
		}
	}
}
