package salesdata_test

import (
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

func TestDecodeDocumentedPayments(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]salesdata.Payment{
		"payment_card.json": {
			PaymentGUID: "c3d4e5f6-a7b8-9012-cdef-123456789012", PaymentTypeID: 2, AccountID: 1900, AccountDescription: "Card Payments",
			CardTypeName: "Visa", PSPRef: "PSP-20241203-123456", PAR: "DPAN1234567890",
		},
		"payment_cash.json": {
			PaymentGUID: "d4e5f6a7-b8c9-0123-def0-234567890123", PaymentTypeID: 1, AccountID: 1000, AccountDescription: "Cash",
		},
		"payment_invoice.json": {
			PaymentGUID: "e5f6a7b8-c9d0-1234-ef01-345678901234", PaymentTypeID: 5, AccountID: 1500, AccountDescription: "Accounts Receivable",
			InvoiceRef: "INV-2024-001234", InvoiceCustomerClientGUID: "f6a7b8c9-d0e1-2345-f012-456789012345",
		},
	} {
		o := only(t, string(document(t, name)))
		p := o.Payments[0]
		if !o.Bare || o.Shape != salesdata.Root || p.Shape != salesdata.Root || len(o.Faults) != 0 {
			t.Errorf("%s: bare %v, %s, %v", name, o.Bare, p.Shape, o.Faults)
		}
		if p.PaymentGUID != want.PaymentGUID || p.PaymentTypeID != want.PaymentTypeID || p.AccountID != want.AccountID ||
			p.AccountDescription != want.AccountDescription || p.CardTypeName != want.CardTypeName || p.PSPRef != want.PSPRef ||
			p.PAR != want.PAR || p.InvoiceRef != want.InvoiceRef || p.InvoiceCustomerClientGUID != want.InvoiceCustomerClientGUID {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestDecodeKeepsScale(t *testing.T) {
	t.Parallel()
	p := pay(t, string(document(t, "payment_cash.json")))
	for want, got := range map[string]payment.Amount{"500.00": p.NetAmount, "0.0": p.Tip, "-0.50": p.Rounding, "181.50": p.Change} {
		if got.String() != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if mds := pay(t, string(document(t, "payment_mds_card.json"))); mds.Amount.String() != "63" || mds.NetAmount.IsSet() {
		t.Errorf("amount %s, net amount %s", mds.Amount, mds.NetAmount)
	}
}

func TestDecodeDocumentedMDSPayment(t *testing.T) {
	t.Parallel()
	p, faults, err := salesdata.UnmarshalPayment(document(t, "payment_mds_card.json"))
	if err != nil || p.Shape != salesdata.MDS || p.SOPTID != "187434642" || p.CardTypeName != "BankAxept *" || p.AccountNum != "1923" {
		t.Errorf("%+v, %v", p, err)
	}
	// The documented example is cut off before this required field.
	if len(faults) != 1 || faults[0].Path != "$.account_description" || faults[0].Reason != "is required and not set" {
		t.Errorf("faults %v", faults)
	}
}

func TestDecodeDocumentedOrder(t *testing.T) {
	t.Parallel()
	o := only(t, string(document(t, "order_root.json")))
	ready, ok := o.ReadyTime.Instant()
	if !ok || !ready.Equal(time.Date(2024, 12, 3, 18, 30, 0, 0, time.UTC)) {
		t.Errorf("ready %v, %v", ready, ok)
	}
	if o.Shape != salesdata.Root || o.CustomerID != 12345 || o.Name != "Table 5/1" || o.Type != salesdata.OrderSales || o.TableID != 5 ||
		o.ExportRef != "EXP-2024-001234" || o.ReceiptType != "standard" || o.Payments != nil || o.Lines != nil || len(o.Faults) != 0 {
		t.Errorf("%+v", o)
	}
}

func TestDecodeOwnMDSOrder(t *testing.T) {
	t.Parallel()
	o := only(t, string(document(t, "own_order_mds.json")))
	if o.Shape != salesdata.MDS || o.SOID != 9001 || o.CustomerID != 10352 || o.TerminalID != 26023 || !o.State.Known() || o.Cancelled() ||
		o.ClosedBusinessDate != (payment.Date{Year: 2024, Month: 12, Day: 3}) || len(o.Faults) != 0 {
		t.Errorf("%+v, %v", o, o.Faults)
	}
	if raw, ok := o.Extra.Get("till_colour"); !ok || raw != `{"rgb":[1,2.50,"x"]}` {
		t.Errorf("extra %q, %v", raw, ok)
	}
	if l := o.Lines; len(l) != 2 || l[0].IsChild() || !l[1].IsChild() || l[1].ParentSOLID != "1" || l[1].ArticleName != "Brød" {
		t.Errorf("lines %v", l)
	}
}

func TestDecodeForms(t *testing.T) {
	t.Parallel()
	const order = `{"customer_id":1,"type":"sales","payments":[{"net_amount":1,"payment_guid":"` + guidA + `"}]}`
	const single = `{"payment_guid":"` + guidA + `","net_amount":1}`
	for _, tt := range []struct {
		doc  string
		n    int
		bare bool
	}{
		{"[]", 0, false},
		{" [ ] ", 0, false},
		{order, 1, false},
		{"\ufeff" + order, 1, false},
		{"[" + order + "," + order + "]", 2, false},
		{"\ufeff [" + order + "]\n", 1, false},
		{order + "\n" + order + order, 3, false},
		{single, 1, true},
		{"[" + single + "," + single + "]", 2, true},
		{single + "\n" + single, 2, true},
	} {
		orders, err := salesdata.DecodeAll(iotest.OneByteReader(strings.NewReader(tt.doc)))
		if err != nil || len(orders) != tt.n {
			t.Errorf("%s: %d orders, %v", tt.doc, len(orders), err)
		}
		for _, o := range orders {
			if o.Bare != tt.bare || len(o.Payments) != 1 || len(o.Faults) != 0 || !strings.HasPrefix(tt.doc[o.Offset:], "{") {
				t.Errorf("%s: %+v at %d, %v", tt.doc, o, o.Offset, o.Faults)
			}
		}
	}
}

func TestDecodeTellsShapes(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string]salesdata.Shape{
		`{"net_amount":1}`:                             salesdata.Root,
		`{"net_amount":null}`:                          salesdata.Root,
		`{"amount":1}`:                                 salesdata.MDS,
		`{"payment_guid":null,"account_num":1}`:        salesdata.MDS,
		`{"card_ident_string":null}`:                   salesdata.MDS,
		`{"customer_client_card_ref":1}`:               salesdata.MDS,
		`{"customer_client_card_id":1}`:                salesdata.Root,
		`{"customerClientCardRef":1}`:                  salesdata.Root,
		`{"par":null}`:                                 salesdata.Root,
		`{"pms_ref":"x"}`:                              salesdata.Root,
		`{"amount":1,"par":"x"}`:                       salesdata.MDS,
		`{"net_amount":1,"account_num":"1923"}`:        salesdata.Root,
		`{"customer_id":1,"payments":[{"amount":1}]}`:  salesdata.MDS,
		`{"customer_id":1,"soid":1,"export_ref":null}`: salesdata.MDS,
		`{"customer_id":1}`:                            salesdata.Root,
	} {
		if o := only(t, doc); o.Shape != want {
			t.Errorf("%s: %s, want %s", doc, o.Shape, want)
		}
	}
	if o := only(t, `{"payment_type_id":1}`, salesdata.WithShape(salesdata.MDS)); o.Shape != salesdata.MDS {
		t.Errorf("forced: %s", o.Shape)
	}
}

func TestDecodeKeepsFieldsOfTheOtherShape(t *testing.T) {
	t.Parallel()
	const doc = `{"net_amount":1,"payment_guid":"` + guidA + `","account_num":"1923"}`
	p, faults, err := salesdata.UnmarshalPayment([]byte(doc))
	if raw, ok := p.Extra.Get("account_num"); err != nil || !ok || raw != `"1923"` || p.AccountNum != "" {
		t.Errorf("extra %q, %v, %v", raw, ok, err)
	}
	if len(faults) != 1 || faults[0].Reason != "is not a field of the root shape" || faults[0].Offset != int64(strings.Index(doc, `"1923"`)) {
		t.Errorf("faults %v", faults)
	}
}

func TestDecodeOlderNames(t *testing.T) {
	t.Parallel()
	const doc = `{"net_amount":1,"payment_guid":"` + guidA + `","customerClientCardRef":"77","invoiceRef":"INV","invoiceCustomerClientGuid":"` + guidB + `"}`
	p, faults, err := salesdata.UnmarshalPayment([]byte(doc))
	if err != nil || p.CustomerClientCardID != 77 || p.InvoiceRef != "INV" || p.InvoiceCustomerClientGUID != guidB || len(faults) != 3 {
		t.Errorf("%+v, %v, %v", p, faults, err)
	}
	if _, _, err = salesdata.UnmarshalPayment([]byte(doc), salesdata.WithStrict()); err == nil {
		t.Error("an older name passed in strict mode")
	}
	for _, both := range []string{`"invoice_ref":"A","invoiceRef":"A"`, `"invoice_ref":null,"invoiceRef":"A"`, `"invoice_ref":"A","invoiceRef":""`} {
		if p := pay(t, `{"net_amount":1,`+both+`}`); p.InvoiceRef != "A" {
			t.Errorf("%s: %q", both, p.InvoiceRef)
		}
	}
}

func TestDecodeTimes(t *testing.T) {
	t.Parallel()
	const doc = `{"customer_id":1,"type":"sales","opened":"2024-12-03T18:00:00","closed":"2024-12-03T18:20:00.1234567+01:00"}`
	o := only(t, doc)
	if _, ok := o.Opened.Instant(); ok || o.Opened.Wall().Hour() != 18 {
		t.Error("a time without a zone became an instant")
	}
	if at, ok := o.Closed.Instant(); !ok || at.UTC().Hour() != 17 || o.Closed.String() != "2024-12-03T18:20:00.1234567+01:00" {
		t.Errorf("closed %v, %v", at, ok)
	}
	oslo := time.FixedZone("Oslo", 3600)
	o = only(t, doc, salesdata.WithLocation(oslo))
	if at, ok := o.Opened.Instant(); !ok || at.UTC().Hour() != 17 {
		t.Errorf("opened in Oslo %v, %v", at, ok)
	}
}

// TestOptionsRefused: every function refuses an option with a wrong value.
func TestOptionsRefused(t *testing.T) {
	t.Parallel()
	for field, o := range map[string]salesdata.Option{
		"Option":        nil,
		"WithShape":     salesdata.WithShape(salesdata.Root | salesdata.MDS),
		"WithVersion":   salesdata.WithVersion(salesdata.Version12 + 1),
		"WithMaxRecord": salesdata.WithMaxRecord(0),
		"WithArrays":    salesdata.WithArrays("rows", "rows"),
	} {
		_, err := salesdata.DecodeAll(strings.NewReader(`[]`), o)
		wantField(t, err, field, "")
		_, err = salesdata.UnmarshalOrder([]byte(`{"type":"sales"}`), o)
		wantField(t, err, field, "")
		_, err = salesdata.MarshalOrder(salesdata.Order{Shape: salesdata.Root}, o)
		wantField(t, err, field, "")
	}
	for _, names := range [][2]string{{"", "lines"}, {"payments", ""}, {"name", "lines"}, {"payments", "soid"}} {
		_, err := salesdata.DecodeAll(strings.NewReader(`[]`), salesdata.WithArrays(names[0], names[1]))
		wantField(t, err, "WithArrays", "")
	}
}

func TestDecodeNamesOfArrays(t *testing.T) {
	t.Parallel()
	const doc = `{"customer_id":1,"type":"sales","betalinger":[{"amount":1}],"linjer":[]}`
	o := only(t, doc, salesdata.WithArrays("betalinger", "linjer"))
	if len(o.Payments) != 1 || o.Lines == nil || len(o.Extra) != 0 {
		t.Errorf("%+v", o)
	}
	if o = only(t, doc); o.Payments != nil || len(o.Extra) != 2 {
		t.Errorf("%+v", o)
	}
}
