package spektrix

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment"
)

// CustomPaymentType is a way of paying that the venue has defined for money
// taken outside Spektrix.
type CustomPaymentType struct {
	Name                 string                `json:"name"`
	ID                   string                `json:"id"`       // never changes, differs from venue to venue (documented); may be stored
	IsRefund             bool                  `json:"isRefund"` // for money given back
	AttributeDefinitions []AttributeDefinition `json:"attributeDefinitions"`

	Members Members `json:"-"` // all others
}

// AttributeDefinition is a detail that payments of a type may carry.
type AttributeDefinition struct {
	Name       string        `json:"name"`
	IsRequired bool          `json:"isRequired"`
	Type       AttributeType `json:"type"`
}

// AttributeType is the kind of an attribute's value. Only TextField is
// documented; values are sent as text whatever the type.
type AttributeType string

// TextField is the one documented type (clause types.text-field).
const TextField AttributeType = "Text field"

// Known reports whether t is a documented type.
func (t AttributeType) Known() bool { return t == TextField }

// UnmarshalJSONFrom reads an object, or the bare name. Whether the attribute is
// required is left to the vendor if it cannot be read.
func (a *AttributeDefinition) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain AttributeDefinition
	*a = AttributeDefinition{}
	if d.PeekKind() == '{' {
		return json.UnmarshalDecode(d, (*plain)(a), defining)
	}
	return readText(d, &a.Name)
}

var defining = json.JoinOptions(reading, json.WithUnmarshalers(json.JoinUnmarshalers(
	json.UnmarshalFromFunc(readText), json.UnmarshalFromFunc(orNothing[bool]),
)))

// UnmarshalJSONFrom reads text; another form is no type.
func (t *AttributeType) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return readText(d, (*string)(t))
}

// UnmarshalJSONFrom reads a type.
func (t *CustomPaymentType) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain CustomPaymentType
	*t = CustomPaymentType{}
	return readObject(d, (*plain)(t), &t.Members, reading)
}

// DuplicateTypeError is a custom payment type whose name another active type
// has too. Spektrix shows a payment with the name of its type alone, so the
// payments of the two cannot be told apart. It matches [payment.ErrInvalid].
type DuplicateTypeError struct {
	Name string
	IDs  []string // of all active types of that name
}

// Error tells the name and how many types have it.
func (e *DuplicateTypeError) Error() string {
	return fmt.Sprintf("%d active custom payment types have the name %q: %v", len(e.IDs), e.Name, payment.ErrInvalid)
}

// Unwrap returns [payment.ErrInvalid].
func (e *DuplicateTypeError) Unwrap() error { return payment.ErrInvalid }

// check compares names exactly: whether the vendor does is unknown (clause
// payment.attribute-case).
func (t CustomPaymentType) check(field string, attributes []PaymentAttribute) error {
	given := make(map[string]bool)
	for i, a := range attributes {
		if !t.defines(a.Name) {
			return invalid(fmt.Sprintf("%s.PaymentAttributes[%d].Name", field, i), t.lacks(a.Name))
		}
		given[a.Name] = given[a.Name] || strings.TrimSpace(a.Value) != ""
	}
	for _, d := range t.AttributeDefinitions {
		if d.IsRequired && !given[d.Name] {
			return invalid(field+".PaymentAttributes", fmt.Sprintf("lack %q, which the payment type %q requires, or leave it blank", d.Name, t.Name))
		}
	}
	return nil
}

const namesTold = 10 // attributes of a type that an error names

// lacks says that no definition has that name, and which there are.
func (t CustomPaymentType) lacks(attribute string) string {
	var names []string
	for _, d := range t.AttributeDefinitions[:min(len(t.AttributeDefinitions), namesTold)] {
		names = append(names, strconv.Quote(d.Name))
	}
	return fmt.Sprintf("%q is not defined for the payment type %q, which has %s", attribute, t.Name, cmp.Or(strings.Join(names, ", "), "none"))
}

func (t CustomPaymentType) defines(attribute string) bool {
	return slices.ContainsFunc(t.AttributeDefinitions, func(d AttributeDefinition) bool { return d.Name == attribute })
}
