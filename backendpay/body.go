package backendpay

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// body is what a write sends: members in the order of the vendor's field
// table. JSON is inferred; the vendor does not say how bodies are encoded.
type body []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes one object.
func (b body) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, m := range b {
		if i > 0 {
			out = append(out, ',')
		}
		value, err := wire.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		out = append(wire.AppendString(out, m.name), ':')
		out = append(out, value...)
	}
	return append(out, '}'), nil
}

func (b *body) add(name string, value any) { *b = append(*b, member{name, value}) }

// extra adds further members, in the order of their names.
func (b *body) extra(fields map[string]json.RawMessage) {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		b.add(name, fields[name])
	}
}

// amount gives the form in which an amount is written.
func (f form) amount(a payment.Amount) any {
	if f.amountAsText {
		return a.String()
	}
	return a
}

// paymentFields are the members of a payment that have a field of their own.
func paymentFields() []string {
	return []string{"ourReference", "customerReference", "paymentDate", "paymentAmount", "paymentMethod", "invoiceID"}
}

// checkExtra refuses members that are no JSON, or that have a field.
func checkExtra(field string, extra map[string]json.RawMessage, own []string) error {
	for name, value := range extra {
		switch {
		case name == "":
			return invalid(field, "holds an empty name")
		case slices.Contains(own, name):
			return invalid(field, "holds "+name+", which has a field of its own")
		case !json.Valid(value):
			return invalid(field, "holds a value that is not JSON")
		}
	}
	return nil
}

// privateTexts are values that an error's text must not show.
func privateTexts(customerReference string, extra map[string]json.RawMessage) []string {
	texts := []string{customerReference}
	for _, raw := range extra {
		texts = wire.Texts(texts, raw)
	}
	return texts
}

// checkText refuses text that JSON cannot hold as it is.
func checkText(field, s string) error {
	if !utf8.ValidString(s) {
		return invalid(field, "is not valid UTF-8")
	}
	return nil
}

// checkReference refuses text that a lookup might not match again.
func checkReference(field, s string) error {
	if s != strings.TrimSpace(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f && r <= 0x9f }) {
		return invalid(field, "starts or ends with a blank, or holds a control character")
	}
	return checkText(field, s)
}

func checkDate(field string, d payment.Date) error {
	switch {
	case d.IsZero():
		return invalid(field, "is not set")
	case !d.Valid():
		return invalid(field, "is not a day that exists, in the years 0001 to 9999")
	}
	return nil
}

// checkAmount holds the sign to what the call says, and the decimals to the
// currency if one is declared.
func checkAmount(field string, a payment.Amount, refund bool, currency payment.Currency) error {
	units := currency.MinorUnits()
	switch {
	case !a.IsSet():
		return invalid(field, "is not set")
	case a.Sign() == 0:
		return invalid(field, "is zero")
	case a.Sign() < 0 && !refund:
		return invalid(field, "is negative, which is a refund; Refund allows it")
	case a.Sign() > 0 && refund:
		return invalid(field, "is positive in a refund")
	case currency != "" && !currency.Known():
		return invalid("Currency", "is not an active ISO 4217 code in upper case")
	case currency != "" && units >= 0 && a.Scale() > units:
		return invalid(field, fmt.Sprintf("has %d decimals, %s has %d", a.Scale(), currency, units))
	}
	return nil
}
