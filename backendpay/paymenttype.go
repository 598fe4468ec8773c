package backendpay

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
)

// Availability says where a payment type is offered.
type Availability string

// The three documented values.
const (
	Headline Availability = "Headline"
	Standard Availability = "Standard"
	Historic Availability = "Historic" // no longer for new payments (inferred)
)

// Known reports whether a is one of the documented values.
func (a Availability) Known() bool { return a == Headline || a == Standard || a == Historic }

// PaymentType is a way of paying that the installation knows. These are the
// documented fields whose names are known; an answer holds more, which
// [PaymentType.Lookup] gives.
type PaymentType struct {
	ID                                    string       `json:"id"`              // inferred
	PaymentTypeName                       string       `json:"paymentTypeName"` // what a payment's PaymentMethod names (inferred)
	PaymentTypeDisplayName                string       `json:"paymentTypeDisplayName"`
	PaymentTypeShortName                  string       `json:"paymentTypeShortName"`
	PaymentTypeDisplayClass               string       `json:"paymentTypeDisplayClass"`    // a CSS class
	PaymentTypeDisplayPosition            json.Number  `json:"paymentTypeDisplayPosition"` // "" if not set
	Availability                          Availability `json:"availability"`
	PaymentTypeUseFor                     []string     `json:"paymentTypeUseFor"`
	PaymentTypeUseForPaymentCardProviders []string     `json:"paymentTypeUseForPaymentCardProviders"`
	PaymentTypeCode                       string       `json:"paymentTypeCode"` // for accounting packages
	DisplayOnInvoice                      string       `json:"displayOnInvoice"`

	Raw json.RawMessage `json:"-"` // the type as it came
}

// Lookup gives a field by its name in the answer, known or not, and nil if the
// answer has none of that name.
func (t PaymentType) Lookup(name string) json.RawMessage { return lookup(t.Raw, name) }

// Lookup gives a field by its name in the answer, known or not, and nil if the
// answer has none of that name.
func (p Payment) Lookup(name string) json.RawMessage { return lookup(p.Raw, name) }

// lookup reads what was checked when it came.
func lookup(raw json.RawMessage, name string) json.RawMessage {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(raw, &members)
	return members[name]
}

// PaymentType gives one payment type: GET paymentTypes/{id} (documented).
func (c *Client) PaymentType(ctx context.Context, id string) (*PaymentType, error) {
	return getOne(ctx, c, "PaymentType", "paymentTypes/{id}", id, typeRecord)
}

// PaymentTypes lists the payment types: GET paymentTypes/ (documented).
func (c *Client) PaymentTypes(ctx context.Context) iter.Seq2[PaymentType, error] {
	return listing[PaymentType]{op: "PaymentTypes", path: "paymentTypes", query: url.Values{}, record: typeRecord}.all(ctx, c)
}

// UnmarshalJSON reads a payment type by the rules of an answer.
func (t *PaymentType) UnmarshalJSON(data []byte) error { return typeRecord.into(t, data) }

// typeRecord is never changed.
var typeRecord = &record[PaymentType]{
	fields: []field[PaymentType]{
		{"id", func(t *PaymentType, v value) error { return readText(v, &t.ID) }},
		{"paymentTypeName", func(t *PaymentType, v value) error { return readText(v, &t.PaymentTypeName) }},
		{"paymentTypeDisplayName", func(t *PaymentType, v value) error { return readText(v, &t.PaymentTypeDisplayName) }},
		{"paymentTypeShortName", func(t *PaymentType, v value) error { return readText(v, &t.PaymentTypeShortName) }},
		{"paymentTypeDisplayClass", func(t *PaymentType, v value) error { return readText(v, &t.PaymentTypeDisplayClass) }},
		{"paymentTypeDisplayPosition", func(t *PaymentType, v value) error { return readNumber(v, &t.PaymentTypeDisplayPosition) }},
		{"availability", func(t *PaymentType, v value) error { return readText(v, &t.Availability) }},
		{"paymentTypeUseFor", func(t *PaymentType, v value) error { return readWords(v, &t.PaymentTypeUseFor) }},
		{"paymentTypeUseForPaymentCardProviders", func(t *PaymentType, v value) error {
			return readWords(v, &t.PaymentTypeUseForPaymentCardProviders)
		}},
		{"paymentTypeCode", func(t *PaymentType, v value) error { return readText(v, &t.PaymentTypeCode) }},
		{"displayOnInvoice", func(t *PaymentType, v value) error { return readText(v, &t.DisplayOnInvoice) }},
	},
	id:   func(t *PaymentType) string { return t.ID },
	keep: func(t *PaymentType, raw json.RawMessage) { t.Raw = raw },
}
