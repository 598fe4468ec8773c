package salesdata_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

func loaded(t *testing.T) salesdata.MasterData {
	t.Helper()
	types, err := salesdata.ReadPaymentTypes(bytes.NewReader(document(t, "payment_types.json")))
	if err != nil || len(types) != 5 {
		t.Fatal(types, err)
	}
	accounts, err := salesdata.ReadAccounts(bytes.NewReader(document(t, "own_accounts.json")))
	if err != nil || len(accounts) != 2 {
		t.Fatal(accounts, err)
	}
	return salesdata.NewMasterData(types, accounts)
}

func TestMasterDataJoins(t *testing.T) {
	t.Parallel()
	m := loaded(t)
	p := pay(t, string(document(t, "payment_mds_card.json")))
	a, ok := m.Account(p)
	if !ok || a.ID != 35068 || a.Num != 1923 || a.Description != "Bankkort" || len(a.ExternalReferences) != 1 || a.ExternalReferences[0].Key != "erp" {
		t.Errorf("%+v, %v", a, ok)
	}
	pt, ok := m.PaymentType(pay(t, string(document(t, "payment_invoice.json"))))
	if want := (salesdata.PaymentType{ID: 5, Name: "Invoice", Code: "INVOICE", AccountID: 1500, CustomerID: 12345, Active: true}); !ok || pt != want {
		t.Errorf("%+v, %v", pt, ok)
	}
}

func TestMasterDataUnknown(t *testing.T) {
	t.Parallel()
	o := only(t, `{"payments":[{"amount":1,"payment_type_id":77,"account_id":1}]}`)
	faults := loaded(t).Unknown(o)
	if len(faults) != 2 || faults[0].Path != "$.payments[0].payment_type_id" || faults[1].Path != "$.payments[0].account_id" {
		t.Errorf("%v", faults)
	}
	if faults := (salesdata.MasterData{}).Unknown(o); faults != nil {
		t.Errorf("tables without rows were asked: %v", faults)
	}
}

func TestReadMasterDataRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ doc, field, reason string }{
		{`[{"id":1},{"id":"x"}]`, "$[1].id", "is not a whole number without sign, fraction and exponent, at byte 16"},
		{`[{"id":1.5}]`, "$[0].id", "whole number"},
		{`[{"id":1}`, "$", "cut off"},
		{`{}`, "$", "is an object, not an array"},
		{`null`, "$", "is null, not an array"},
		{`[{"id":1},{"name":"Cash"}]`, "$[1]", "without id, at byte 10"},
		{`[null]`, "$[0]", "without id"},
		{"\ufeff[{\"id\":true}]", "$[0].id", "at byte 10"},
	} {
		_, err := salesdata.ReadPaymentTypes(strings.NewReader(tt.doc))
		wantField(t, err, tt.field, tt.reason)
	}
	_, err := salesdata.ReadAccounts(strings.NewReader(`[{"num":1500}]`))
	wantField(t, err, "$[0]", "without id")
	if rows, err := salesdata.ReadAccounts(strings.NewReader("\ufeff[{\"id\":1}]")); err != nil || len(rows) != 1 {
		t.Errorf("with a byte-order mark: %v, %v", rows, err)
	}
	if _, err := salesdata.ReadAccounts(strings.NewReader(strings.Repeat(" ", 16<<20+1))); !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("more than 16 MiB: %v", err)
	}
	if _, err := salesdata.ReadAccounts(iotest.ErrReader(iotest.ErrTimeout)); err == nil {
		t.Error("the reader's error was lost")
	}
}

// TestReadMasterDataIsTolerant: no member but the id costs a row, let alone the
// file.
func TestReadMasterDataIsTolerant(t *testing.T) {
	t.Parallel()
	types, err := salesdata.ReadPaymentTypes(strings.NewReader(
		`[{"id":1.0,"name":[],"code":7,"accountId":-1,"customerId":"x","active":"yes"},{"id":"2","name":"Card\ud83d","accountId":"1900.0","active":true}]`))
	want := []salesdata.PaymentType{{ID: 1, Code: "7"}, {ID: 2, Name: "Card\ufffd", AccountID: 1900, Active: true}}
	if err != nil || !slices.Equal(types, want) {
		t.Errorf("%+v, %v", types, err)
	}
	accounts, err := salesdata.ReadAccounts(strings.NewReader(
		`[{"id":1,"num":"A","customer_id":{},"description":5,"external_references":"none"},{"id":2,"num":1923.0,"external_references":[7,{"key":"erp","value":1923}]}]`))
	if err != nil || len(accounts) != 2 || accounts[0].Description != "5" || accounts[1].Num != 1923 ||
		!slices.Equal(accounts[1].ExternalReferences, []salesdata.ExternalReference{{Key: "erp", Value: "1923"}}) {
		t.Errorf("%+v, %v", accounts, err)
	}
}

func FuzzReadAccounts(f *testing.F) {
	f.Add([]byte(`[{"id":"35063","customer_id":"10352","num":1500,"description":"Faktura","external_references":[{"key":"a","value":"b"}]}]`))
	f.Add([]byte(`[{"id":null},{"id":"\u0031"},{"id":-0}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := salesdata.ReadAccounts(bytes.NewReader(data))
		if err != nil && (rows != nil || !errors.Is(err, payment.ErrInvalid)) {
			t.Errorf("%d rows, %v", len(rows), err)
		}
		for _, row := range rows {
			if row.ID < 0 || row.Num < 0 || row.CustomerID < 0 {
				t.Errorf("a negative id: %+v", row)
			}
		}
	})
}
