package spektrixtest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// TestDocumentedTypes has nothing but the documented types in it.
func TestDocumentedTypes(t *testing.T) {
	t.Parallel()
	s := start(t)
	list := into[[]json.RawMessage](t, get(t, s, "custom-payment-types"))
	if len(list) != 4 {
		t.Fatalf("%s", list)
	}
	if got := "[" + string(list[0]) + "," + string(list[1]) + "]"; got != sample(t, "custom_payment_types_documented.json") {
		t.Errorf("%s", got)
	}
	if string(list[2]) != `{"name":"Sample Voucher","id":"`+TypeVoucher+`","isRefund":false,"attributeDefinitions":[{"name":"Voucher code","isRequired":true,"type":"Text field"},{"name":"Issued by","isRequired":false,"type":"Text field"}]}` ||
		!strings.Contains(string(list[3]), `"isRefund":true`) {
		t.Errorf("%s", list[2:])
	}
}

func TestTypesCanBeChanged(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := s.AddPaymentType(PaymentType{Name: "Tap", Attributes: []AttributeDefinition{{Name: "Device", Type: "Drop-down"}}})
	tap := `{"name":"Tap","id":"` + id + `","isRefund":false,"attributeDefinitions":[{"name":"Device","isRequired":false,"type":"Drop-down"}]}`
	if a := get(t, s, "custom-payment-types"); !strings.HasSuffix(a.body, ","+tap+"]") {
		t.Errorf("%s", a.body)
	}
	for _, old := range s.PaymentTypes() {
		old.Inactive = true
		s.AddPaymentType(old)
	}
	get(t, s, "custom-payment-types").want(t, 200, `[]`)
}

// TestDocumentedPayment shows that the documented example needs two odd rules
// to be true: undefined attributes are stored and the echo is truncated.
func TestDocumentedPayment(t *testing.T) {
	t.Parallel()
	request := sample(t, "custom_payment_request_documented.json")
	strict := start(t)
	post(t, strict, "baskets/"+sale(strict)+"/custom-payments", request).refused(t, 400, "the payment type does not define an attribute")

	s := start(t, WithFacts(Facts{UndefinedAttributes: StoreUndefined, TruncatedEcho: true}))
	id := sale(s)
	post(t, s, "baskets/"+id+"/custom-payments", request).want(t, 200, sample(t, "custom_payment_answer_documented.json"))
	p := s.Payments(id)[0]
	if p.Amount.String() != "10.40" || p.TypeID != TypeEPOSSystem || p.TypeName != "EPOS System" || p.IsRefund || p.At.IsZero() ||
		p.Attributes[0] != (payment.Attribute{Name: "Payment ref", Value: "ABC_123"}) {
		t.Errorf("%+v", p)
	}
}

func TestDroppedAttributes(t *testing.T) {
	t.Parallel()
	s := start(t, WithFacts(Facts{UndefinedAttributes: DropUndefined}))
	id := sale(s)
	post(t, s, "baskets/"+id+"/custom-payments", `{"paymentTypeId":"`+TypeEPOSSystem+`","amount":10.40,"paymentAttributes":[{"name":"Payment ref","value":"x"},{"name":"Reference","value":""}]}`).
		want(t, 200, `{"name":"EPOS System","amount":10.4,"attributes":[{"name":"Reference","value":""}]}`)
	if p := s.Payments(id)[0]; len(p.Attributes) != 1 {
		t.Errorf("%+v", p)
	}
}

func TestEchoedAmounts(t *testing.T) {
	t.Parallel()
	s, cut := start(t), start(t, WithFacts(Facts{TruncatedEcho: true}))
	id, cutID := sale(s), sale(cut)
	for _, c := range []struct{ sent, echo, truncated string }{
		{"10.40", "10.4", "10.0"}, {"10", "10.0", "10.0"}, {"45.00", "45.0", "45.0"}, {"0.05", "0.05", "0.0"},
		{"12345678901234567890.10", "12345678901234567890.1", "12345678901234567890.0"},
	} {
		pay(t, s, id, c.sent).want(t, 200, `{"name":"EPOS System","amount":`+c.echo+`,"attributes":[]}`)
		pay(t, cut, cutID, c.sent).want(t, 200, `{"name":"EPOS System","amount":`+c.truncated+`,"attributes":[]}`)
	}
	if p := s.Payments(id)[0]; p.Amount.String() != "10.40" {
		t.Errorf("kept as %s", p.Amount)
	}
}

func TestRefusedPayments(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := sale(s)
	body := func(typeID, digits, attributes string) string {
		return `{"PaymentTypeId":"` + typeID + `","Amount":` + digits + `,"PaymentAttributes":` + attributes + `}`
	}
	till := func(digits string) string { return body(TypeEPOSSystem, digits, "[]") }
	for sent, message := range map[string]string{
		``:                                 "the body is not a JSON object",
		`{"Amount":1}`:                     "PaymentTypeId is required",
		`{"PaymentTypeId":"x"}`:            "Amount is required",
		till(`null`):                       "Amount is required",
		till(`"10.40"`):                    "Amount is not a number in fixed point",
		till(`1e1`):                        "Amount is not a number in fixed point",
		till(`true`):                       "Amount is not a number in fixed point",
		till(`0`):                          "the amount must be positive",
		till(`-1`):                         "the amount must be positive",
		till(`1.001`):                      "the amount has too many decimals",
		body("1AB", "1", "[]"):             "no such active custom payment type",
		body(TypeClosedTill, "1", "[]"):    "no such active custom payment type",
		body(TypeRefund, "0", "[]"):        "the amount must be positive",
		body(TypeEPOSSystem, "1", "{}"):    "PaymentAttributes has the wrong type",
		body(TypeEPOSSystem, "1", `["x"]`): "the body is not a JSON object",
		body(TypeEPOSSystem, "1", `[{}]`):  "Name is required",
		body(TypeEPOSSystem, "1", `[{"Name":"Reference"}]`):                                              "Value is required",
		body(TypeEPOSSystem, "1", `[{"Name":"Reference","Value":7}]`):                                    "Value has the wrong type",
		body(TypeEPOSSystem, "1", `[{"Name":"Reference","Value":"a","Type":"x"}]`):                       "unknown field type",
		body(TypeEPOSSystem, "1", `[{"Name":"reference","Value":"a"}]`):                                  "the payment type does not define an attribute",
		body(TypeEPOSSystem, "1", `[{"Name":"Reference","Value":"a"},{"Name":"Reference","Value":"b"}]`): "an attribute is given twice",
		body(TypeVoucher, "1", "[]"):                                                                     "a required attribute is missing",
		body(TypeVoucher, "1", `[{"Name":"Voucher code","Value":" "}]`):                                  "a required attribute is missing",
		`{"PaymentTypeId":"x","Amount":1,"Currency":"GBP"}`:                                              "unknown field currency",
	} {
		post(t, s, "baskets/"+id+"/custom-payments", sent).refused(t, 400, message)
	}
	if paid := s.Payments(id); len(paid) != 0 {
		t.Errorf("%+v", paid)
	}
}

func TestDecimalsFollowTheCurrency(t *testing.T) {
	t.Parallel()
	for currency, status := range map[payment.Currency][3]int{
		"JPY": {200, 400, 400}, "GBP": {200, 200, 400}, "KWD": {200, 200, 200},
	} {
		s := start(t, WithCurrency(currency))
		id := sale(s)
		for i, digits := range []string{"10", "10.40", "10.405"} {
			if a := pay(t, s, id, digits); a.status != status[i] {
				t.Errorf("%s %s: %d %s", currency, digits, a.status, a.body)
			}
		}
	}
}

func TestOverpayment(t *testing.T) {
	t.Parallel()
	loose, strict := start(t), start(t, WithFacts(Facts{RefusesOverpayment: true}))
	id := sale(loose)
	if a := pay(t, loose, id, "37.01"); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	confirm(t, loose, id).refused(t, 400, "the payments do not balance the basket total")

	id = sale(strict)
	pay(t, strict, id, "37.01").refused(t, 400, "the payments exceed the basket total")
	pay(t, strict, id, "30")
	pay(t, strict, id, "7.01").refused(t, 400, "the payments exceed the basket total")
	if a := pay(t, strict, id, "7.00"); a.status != 200 || len(strict.Payments(id)) != 2 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestRefundTypes(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, digits := range []string{"3.00", "-3.00"} {
		id := sale(s)
		pay(t, s, id, "40.00")
		post(t, s, "baskets/"+id+"/custom-payments", `{"PaymentTypeId":"`+TypeRefund+`","Amount":`+digits+`}`).
			want(t, 200, `{"name":"Sample Refund","amount":`+strings.TrimSuffix(digits, "0")+`,"attributes":[]}`)
		order := into[struct {
			Payments, Refunds []struct{ Amount json.Number }
		}](t, confirm(t, s, id))
		if len(order.Payments) != 1 || len(order.Refunds) != 1 || order.Refunds[0].Amount.String()+"0" != digits {
			t.Errorf("%s: %+v", digits, order)
		}
	}
}
