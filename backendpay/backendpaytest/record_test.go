package backendpaytest

import (
	"strings"
	"testing"
)

func TestShapesOfARecord(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		option   Option
		old, now string // of the sample
	}{
		{"amount as number", WithFacts(Facts{Amounts: AmountNumber}), `"120.50"`, `120.50`},
		{"empty text for absent", WithFacts(Facts{Absent: AbsentEmpty}), `null`, `""`},
		{"date with Z", WithFacts(Facts{Dates: DateZoned}), `"2024-11-25"`, `"2024-11-25T00:00:00Z"`},
		{"date with a time", WithFacts(Facts{Dates: DateLocal}), `"2024-11-25"`, `"2024-11-25T00:00:00"`},
		{"date with a blank", WithFacts(Facts{Dates: DateBlank}), `"2024-11-25"`, `"2024-11-25 00:00:00"`},
		{"zero date", WithFacts(Facts{Absent: AbsentZero}), `"paymentReversedDate":null`, `"paymentReversedDate":"0000-00-00"`},
		{"ids as numbers", WithFacts(Facts{NumericIDs: true}), `"501"`, `501`},
		{"cut reference", WithFacts(Facts{ReferenceLength: 8}), `SDK-2024-000123`, `SDK-2024`},
		{"folded reference", WithFacts(Facts{FoldsReference: true}), `SDK-2024-000123`, `SDK-2024-000123`},
		{"lone status", WithFacts(Facts{LoneStatus: true}), `["Valid"]`, `"Valid"`},
		{"unknown field", WithUnknownField("extra", []byte(`{"a":[1]}`)), `null}`, `null,"extra":{"a":[1]}}`},
		{"text id", WithFacts(Facts{IDPrefix: "P-"}), `"501"`, `"P-501"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, c.option)
			create(t, s, sample(t, "create_own.json")).want(t, 201, strings.ReplaceAll(sample(t, "payment_own.json"), c.old, c.now))
		})
	}
}

func TestMissingKeys(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{Absent: AbsentMissing}))
	create(t, s, sample(t, "create_own.json")).want(t, 201, `{"id":"501","ourReference":"SDK-2024-000123","customerReference":"INV C12345/123",`+
		`"paymentDate":"2024-11-25","status":["Valid"],"paymentAmount":"120.50","paymentMethod":"Bank Transfer"}`)
}

func TestUnsetAmount(t *testing.T) {
	t.Parallel()
	s := start(t)
	id, err := s.AddPayment(Payment{CustomerID: SampleCustomer})
	must(t, err)
	get(t, s, "payments/"+id).want(t, 200, `{"id":"501","ourReference":null,"customerReference":null,"paymentDate":null,"paymentReversedDate":null,`+
		`"status":["Valid"],"paymentAmount":null,"paymentMethod":null,"invoiceID":null,"invoiceIDReversed":null}`)
}

func TestIDPrefixInPaths(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{IDPrefix: "P-"}))
	add(t, s, 1)
	if got := get(t, s, "payments/?idAfter=500").ids(t); got != "P-501" {
		t.Errorf("ids %s", got)
	}
	get(t, s, "payments/501").refused(t, 404)
	if got := get(t, s, "payments/P-501"); got.status != 200 {
		t.Errorf("answer %d", got.status)
	}
	must(t, s.Collect("P-501"))
}

func TestTextIsEscapedOnlyWhereJSONNeedsIt(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{AnyMethod: true}))
	got := create(t, s, strings.Replace(sample(t, "create_own.json"), `"Bank Transfer"`, `"A & B <\"\n£>"`, 1))
	if got.status != 201 || !strings.Contains(got.body, `"paymentMethod":"A & B <\"\n£>"`) {
		t.Errorf("answer %d %s", got.status, got.body)
	}
}
