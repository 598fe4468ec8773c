package spektrix

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
)

// CustomPaymentTypes lists the active types: GET custom-payment-types
// (documented). It always asks the vendor; a [Recorder] asks at most every
// five minutes, and whenever a payment does not fit what it knows. A type that
// cannot be read is left out, and told by the error at the end.
func (c *Client) CustomPaymentTypes(ctx context.Context) iter.Seq2[CustomPaymentType, error] {
	return sequence(func() ([]CustomPaymentType, error) { return c.readTypes(ctx) })
}

// readTypes returns the types that can be read. The error is that of the first
// one that cannot.
func (c *Client) readTypes(ctx context.Context) (activeTypes, error) {
	types, err := transport.Call(ctx, c.http, look("CustomPaymentTypes", "custom-payment-types"), decodeTypes)
	if types != nil {
		c.types.put(types, c.http.Now())
	}
	return types, err
}

func decodeTypes(r *transport.Reply) (activeTypes, error) {
	types, err := list[CustomPaymentType](r)
	if i := slices.IndexFunc(types, func(t CustomPaymentType) bool { return wire.NoID(t.ID) }); i >= 0 {
		err = missing(fmt.Sprintf("$[%d].id", i))
	}
	if err == nil {
		return types, nil
	}
	each, _ := list[jsontext.Value](r)
	types = nil
	for _, raw := range each {
		var t CustomPaymentType
		if wire.Unmarshal(raw, &t) == nil && !wire.NoID(t.ID) {
			types = append(types, t)
		}
	}
	return types, err
}

// CheckPaymentType reads the venue's types and reports what would spoil payments
// of one of them: a [payment.FieldError] if there is no active type with that id
// or if it does not define one of the attributes, a [*DuplicateTypeError] if its
// name is not unique, which the vendor asks for (documented). It is for a
// program's start.
func (c *Client) CheckPaymentType(ctx context.Context, id string, attributes ...string) error {
	types, err := c.readTypes(ctx)
	t, active := types.byID(id)
	switch {
	case !active && err != nil:
		return err
	case !active:
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

// checkedTypes compares a payment with the venue's types and returns these. One
// that does not fit the list that is known is compared with a new one.
func (c *Client) checkedTypes(ctx context.Context, op string, p NewCustomPayment) (activeTypes, error) {
	if types := c.types.get(c.http.Now()); types != nil && types.check("CustomPayment", p) == nil {
		return types, nil
	}
	types, err := c.readTypes(ctx)
	wrong := types.check("CustomPayment", p)
	switch {
	case wrong == nil:
		return types, nil
	case err != nil:
		return nil, err
	}
	return types, c.http.Refuse(op, wrong)
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
