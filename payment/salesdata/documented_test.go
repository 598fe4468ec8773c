package salesdata_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// documented lists every field of the vendor's tables: the shapes that have it
// (r, m, or rm), its kind, whether the MDS shape requires it (*) or both do
// (**), the version that brought it, the Go field, and the name before 1.0.
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
customer_client_card_id r id - 1.0 CustomerClientCardID customerClientCardRef
card_type_name rm text - 1.0 CardTypeName
invoice_ref rm text - 1.0 InvoiceRef invoiceRef
invoice_customer_client_guid rm guid - 1.0 InvoiceCustomerClientGUID invoiceCustomerClientGuid
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
customer_id rm id ** 1.0 CustomerID
name rm text - 1.0 Name
type rm type ** 1.0 Type
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
article_id rm id * 1.0 ArticleID articleId
article_name rm text * 1.0 ArticleName
quantity rm money * 1.0 Quantity
net_amount rm money * 1.0 NetAmount
gross_amount rm money * 1.0 GrossAmount
discount_amount rm money - 1.0 DiscountAmount discountAmount
discount_pct rm money - 1.0 DiscountPct
price_group_id rm id - 1.0 PriceGroupID
price_group_name rm text - 1.0 PriceGroupName
account_id rm id - 1.0 AccountID
line_item_guid rm guid - 1.0 LineItemGUID
line_added_time rm time - 1.0 LineAddedTime
parent_solid rm code - 1.0 ParentSOLID parentSolid
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

type documentedField struct{ name, shapes, kind, required, since, field, older string }

func documentedFields(record string) (list []documentedField) {
	for _, row := range strings.Split(strings.TrimSpace(documented[record]), "\n") {
		f := strings.Fields(row)
		f = append(f, "")
		list = append(list, documentedField{f[0], f[1], f[2], f[3], f[4], f[5], f[6]})
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

// letter is how the table names a shape.
func letter(s salesdata.Shape) string { return s.String()[:1] }

// TestDocumentedNames has a subtest for every documented name, called
// document/declaration/name. The declaration is where the code has the name, once
// for both shapes: each shape that documents it is tried.
func TestDocumentedNames(t *testing.T) {
	t.Parallel()
	for _, record := range []string{"payment", "order", "line"} {
		path := record + "/" + record + "Table/"
		for i, f := range documentedFields(record) {
			t.Run(path+f.name, func(t *testing.T) {
				t.Parallel()
				for _, shape := range []salesdata.Shape{salesdata.Root, salesdata.MDS} {
					if strings.Contains(f.shapes, letter(shape)) {
						checkField(t, record, shape, f, i)
					}
				}
			})
			if f.older != "" {
				t.Run(path+f.older, func(t *testing.T) { t.Parallel(); checkOlderName(t, record, f, i) })
			}
		}
	}
	for word, isKnown := range documentedWords {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			if name := word[strings.LastIndex(word, "/")+1:]; !isKnown(name) {
				t.Errorf("%s is not known", name)
			}
		})
	}
	for _, row := range masterDataNames(t) {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if !reflect.DeepEqual(row.got, row.want) {
				t.Errorf("got %+v, want %+v", row.got, row.want)
			}
		})
	}
}

// within returns a document of one record with one member, whose arrays have
// names of their own, so that it is read by this member alone.
func within(record, member string) (doc string, arrays salesdata.Option) {
	doc = map[string]string{"payment": `{"p":[{` + member + `}]}`, "line": `{"l":[{` + member + `}]}`, "order": `{` + member + `,"p":[]}`}[record]
	return strings.Replace(doc, "{,", "{", 1), salesdata.WithArrays("p", "l")
}

// checkField reads and writes a field alone, and looks whether it is required
// and which versions have it.
func checkField(t *testing.T, record string, shape salesdata.Shape, f documentedField, i int) {
	value, printed := sample(f.kind, i)
	doc, arrays := within(record, `"`+f.name+`":`+value)
	o := only(t, doc, arrays, salesdata.WithShape(shape))
	if got := fmt.Sprint(recordOf(o, record).FieldByName(f.field).Interface()); got != printed {
		t.Errorf("%s is %q, want %s", f.field, got, printed)
	}
	out, err := salesdata.MarshalOrder(o, arrays)
	if err != nil {
		t.Fatal(err)
	}
	equalJSON(t, out, []byte(doc))
	none, _ := within(record, "")
	listed := slices.ContainsFunc(only(t, none, arrays, salesdata.WithShape(shape)).Faults, func(x salesdata.Fault) bool {
		return strings.HasSuffix(x.Path, "."+f.name) && x.Reason == "is required and not set"
	})
	if required := f.required == "**" || f.required == "*" && shape == salesdata.MDS; listed != required {
		t.Errorf("is listed as required: %v", listed)
	}
	if shape == salesdata.Root {
		checkVersions(t, o, f)
	}
}

// checkVersions writes a record in each version.
func checkVersions(t *testing.T, o salesdata.Order, f documentedField) {
	t.Helper()
	versions := []string{"1.0", "1.1", "1.1.1", "1.2"}
	for i, version := range versions {
		alone := salesdata.Order{Shape: salesdata.Root, CustomerID: 1, Type: salesdata.OrderSales}
		setAlone(&alone, o, f)
		out, err := salesdata.MarshalOrder(alone, salesdata.WithVersion(salesdata.Version(i+1)))
		if held := slices.Index(versions, f.since) <= i; held != (err == nil) || held && !strings.Contains(string(out), `"`+f.name+`":`) {
			t.Errorf("in version %s: %s, %v", version, out, err)
		}
	}
}

// setAlone copies one field into a record that has nothing else.
func setAlone(to *salesdata.Order, from salesdata.Order, f documentedField) {
	set := func(to, from any) {
		reflect.ValueOf(to).Elem().FieldByName(f.field).Set(reflect.ValueOf(from).FieldByName(f.field))
	}
	switch {
	case len(from.Payments) > 0:
		to.Payments = []salesdata.Payment{{Shape: salesdata.Root}}
		set(&to.Payments[0], from.Payments[0])
	case len(from.Lines) > 0:
		to.Lines = []salesdata.Line{{Shape: salesdata.Root}}
		set(&to.Lines[0], from.Lines[0])
	default:
		set(to, from)
	}
}

// checkOlderName reads a field under its older name, and writes it so on request.
func checkOlderName(t *testing.T, record string, f documentedField, i int) {
	value, printed := sample(f.kind, i)
	doc, arrays := within(record, `"`+f.older+`":`+value)
	o := only(t, doc, arrays, salesdata.WithShape(salesdata.Root))
	if got := fmt.Sprint(recordOf(o, record).FieldByName(f.field).Interface()); got != printed {
		t.Errorf("%s is %q, want %s", f.field, got, printed)
	}
	out, err := salesdata.MarshalOrder(o, arrays, salesdata.WithLegacyNames())
	if err != nil {
		t.Fatal(err)
	}
	equalJSON(t, out, []byte(doc))
}

// documentedWords are the words of the closed lists, by the declaration that
// holds each. What the pages list elsewhere, such as delivery_type, is an open
// text, and no code has the words.
var documentedWords = map[string]func(string) bool{
	"order/OrderSales/sales":                 isType(salesdata.OrderSales),
	"order/OrderRefund/refund":               isType(salesdata.OrderRefund),
	"order/OrderDeposit/deposit":             isType(salesdata.OrderDeposit),
	"order/OrderInvoice/invoice":             isType(salesdata.OrderInvoice),
	"order/OrderInternalSales/internalsales": isType(salesdata.OrderInternalSales),
	"order/StateCommitted/committed":         isState(salesdata.StateCommitted),
	"order/StateCancelled/cancelled":         isState(salesdata.StateCancelled),
}

func isType(want salesdata.OrderType) func(string) bool {
	return func(word string) bool { return string(want) == word && salesdata.OrderType(word).Known() }
}

func isState(want salesdata.OrderState) func(string) bool {
	return func(word string) bool { return string(want) == word && salesdata.OrderState(word).Known() }
}

type documentedRow struct {
	name      string
	got, want any
}

// masterDataNames reads rows that have one member beside their id.
func masterDataNames(t *testing.T) []documentedRow {
	aType := func(member string) any {
		list, err := salesdata.ReadPaymentTypes(strings.NewReader(`[{"id":7,` + member + `}]`))
		return append(list, salesdata.PaymentType{Name: fmt.Sprint(err)})[0]
	}
	account := func(member string) any {
		list, err := salesdata.ReadAccounts(strings.NewReader(`[{"id":"7",` + member + `}]`))
		return append(list, salesdata.Account{Description: fmt.Sprint(err)})[0]
	}
	written := func(r salesdata.ExternalReference, member string) any {
		text, err := json.Marshal(r)
		return err == nil && strings.Contains(string(text), member)
	}
	const types, accounts = "payment-types/PaymentType.UnmarshalJSONFrom/", "accounts/Account.UnmarshalJSONFrom/"
	refer := func(key, value string) salesdata.Account {
		return salesdata.Account{ID: 7, ExternalReferences: []salesdata.ExternalReference{{Key: key, Value: value}}}
	}
	return []documentedRow{
		{"customer-clients/loader.misplaced/customer_client_id", faultAt(only(t, `{"payments":[{"customer_client_id":7}]}`), "$.payments[0].customer_client_id"), "is named by the vendor's customer clients and documented for no payment"},
		{types + "id", aType(`"code":""`), salesdata.PaymentType{ID: 7}},
		{types + "name", aType(`"name":"Vipps"`), salesdata.PaymentType{ID: 7, Name: "Vipps"}},
		{types + "code", aType(`"code":"VIPPS"`), salesdata.PaymentType{ID: 7, Code: "VIPPS"}},
		{types + "accountId", aType(`"accountId":1910`), salesdata.PaymentType{ID: 7, AccountID: 1910}},
		{types + "customerId", aType(`"customerId":12345`), salesdata.PaymentType{ID: 7, CustomerID: 12345}},
		{types + "active", aType(`"active":true`), salesdata.PaymentType{ID: 7, Active: true}},
		{accounts + "id", account(`"description":""`), salesdata.Account{ID: 7}},
		{accounts + "customer_id", account(`"customer_id":12345`), salesdata.Account{ID: 7, CustomerID: 12345}},
		{accounts + "num", account(`"num":1910`), salesdata.Account{ID: 7, Num: 1910}},
		{accounts + "description", account(`"description":"Vipps"`), salesdata.Account{ID: 7, Description: "Vipps"}},
		{accounts + "external_references", account(`"external_references":[{}]`), refer("", "")},
		{"accounts/externalReference/key", account(`"external_references":[{"key":"posting_template_number"}]`), refer("posting_template_number", "")},
		{"accounts/externalReference/value", account(`"external_references":[{"value":"7001"}]`), refer("", "7001")},
		{"accounts/ExternalReference/key", written(salesdata.ExternalReference{Key: "k"}, `"key":"k"`), true},
		{"accounts/ExternalReference/value", written(salesdata.ExternalReference{Value: "v"}, `"value":"v"`), true},
	}
}
