package spektrix

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// CustomPaymentType is a way of paying that the venue has defined for money
// taken outside Spektrix.
type CustomPaymentType struct {
	Name                 string                `json:"name"`
	ID                   string                `json:"id"`       // never changes, differs from venue to venue (documented); may be stored
	IsRefund             bool                  `json:"isRefund"` // for money given back
	AttributeDefinitions []AttributeDefinition `json:"attributeDefinitions"`

	Members Members `json:",embed"` // all others
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

// UnmarshalJSONFrom reads text; another form is no type.
func (t *AttributeType) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return readText(d, (*string)(t))
}

// CustomPaymentTypes lists the active types: GET custom-payment-types
// (documented). It always asks the vendor; a [Recorder] asks at most every
// five minutes, and whenever a payment does not fit what it knows.
func (c *Client) CustomPaymentTypes(ctx context.Context) iter.Seq2[CustomPaymentType, error] {
	return sequence(func() ([]CustomPaymentType, error) { return c.readTypes(ctx) })
}

func (c *Client) readTypes(ctx context.Context) (activeTypes, error) {
	types, err := transport.Call(ctx, c.http, look("CustomPaymentTypes", "custom-payment-types"), func(r *transport.Reply) ([]CustomPaymentType, error) {
		types, err := list[CustomPaymentType](r)
		if i := slices.IndexFunc(types, func(t CustomPaymentType) bool { return t.ID == "" }); i >= 0 {
			err = missing(fmt.Sprintf("$[%d].id", i))
		}
		return types, err
	})
	if err != nil {
		return nil, err
	}
	c.types.put(types, c.http.Now())
	return types, nil
}

// UnmarshalJSONFrom reads a type.
func (t *CustomPaymentType) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain CustomPaymentType
	*t = CustomPaymentType{}
	return json.UnmarshalDecode(d, (*plain)(t), reading)
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

// CheckPaymentType reads the venue's types and reports what would spoil payments
// of one of them: a [payment.FieldError] if there is no active type with that id
// or if it does not define one of the attributes, a [*DuplicateTypeError] if its
// name is not unique, which the vendor asks for (documented). It is for a
// program's start.
func (c *Client) CheckPaymentType(ctx context.Context, id string, attributes ...string) error {
	types, err := c.readTypes(ctx)
	if err != nil {
		return err
	}
	t, active := types.byID(id)
	if !active {
		return c.http.Refuse("CheckPaymentType", invalid("id", "is not the id of an active custom payment type"))
	}
	for i, name := range attributes {
		if !t.defines(name) {
			return c.http.Refuse("CheckPaymentType", invalid(fmt.Sprintf("attributes[%d]", i), t.lacks(name)))
		}
	}
	if ids := types.named(t.Name); len(ids) > 1 {
		return c.http.Refuse("CheckPaymentType", &DuplicateTypeError{Name: t.Name, IDs: ids})
	}
	return nil
}

// activeTypes are the venue's types.
type activeTypes []CustomPaymentType

func (types activeTypes) byID(id string) (CustomPaymentType, bool) {
	i := slices.IndexFunc(types, func(t CustomPaymentType) bool { return t.ID == id })
	if i < 0 {
		return CustomPaymentType{}, false
	}
	return types[i], true
}

func (types activeTypes) named(name string) (ids []string) {
	for _, t := range types {
		if t.Name == name {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// refunds reports whether the type of that name is for refunds.
func (types activeTypes) refunds(name string) bool {
	return slices.ContainsFunc(types, func(t CustomPaymentType) bool { return t.Name == name && t.IsRefund })
}

// check compares a payment with its type.
func (types activeTypes) check(field string, p NewCustomPayment) error {
	t, active := types.byID(p.PaymentTypeID)
	switch {
	case !active:
		return invalid(field+".PaymentTypeID", "is not the id of an active custom payment type")
	case t.IsRefund && !p.AllowRefund:
		return invalid(field+".PaymentTypeID", "is a type for refunds, and AllowRefund is not set")
	case p.SkipAttributeCheck:
		return nil
	}
	return t.check(field, p.PaymentAttributes)
}

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

const typesAge = 5 * time.Minute // how long the list is taken to be current

// typeCache holds the last list.
type typeCache struct {
	mu    sync.Mutex
	types activeTypes
	read  time.Time
}

func (c *typeCache) put(types activeTypes, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.types, c.read = types, now
}

// get returns nil if there is no list, or an old one. A clock that was set back
// makes a list old too.
func (c *typeCache) get(now time.Time) activeTypes {
	c.mu.Lock()
	defer c.mu.Unlock()
	if age := now.Sub(c.read); age < 0 || age >= typesAge {
		return nil
	}
	return c.types
}

// checkedTypes compares a payment with the venue's types and returns these. One
// that does not fit the list that is known is compared with a new one.
func (c *Client) checkedTypes(ctx context.Context, op string, p NewCustomPayment) (activeTypes, error) {
	if types := c.types.get(c.http.Now()); types != nil && types.check("CustomPayment", p) == nil {
		return types, nil
	}
	types, err := c.readTypes(ctx)
	if err == nil {
		if err = types.check("CustomPayment", p); err != nil {
			err = c.http.Refuse(op, err)
		}
	}
	return types, err
}
