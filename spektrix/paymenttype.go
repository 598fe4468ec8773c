package spektrix

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
)

// CustomPaymentType is a way of paying that the venue has defined for money
// taken outside Spektrix.
type CustomPaymentType struct {
	Name                 string                `json:"name"`
	ID                   string                `json:"id"`       // never changes, differs from venue to venue (documented); may be stored
	IsRefund             bool                  `json:"isRefund"` // for money given back
	AttributeDefinitions []AttributeDefinition `json:"attributeDefinitions"`

	Raw json.RawMessage `json:"-"`
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

// TextField is the one documented type.
const TextField AttributeType = "Text field"

// Known reports whether t is a documented type.
func (t AttributeType) Known() bool { return t == TextField }

// CustomPaymentTypes lists the active types: GET custom-payment-types
// (documented). It always asks the vendor; [Client.Settle] asks at most every
// five minutes, and whenever a payment does not fit what it knows.
func (c *Client) CustomPaymentTypes(ctx context.Context) ([]CustomPaymentType, error) {
	list, err := transport.Call(ctx, c.http, get("CustomPaymentTypes", "custom-payment-types"), transport.JSON[[]CustomPaymentType])
	if err != nil {
		return nil, err
	}
	c.types.put(byID(list), c.http.Now())
	return list, nil
}

// UnmarshalJSON keeps the raw text.
func (t *CustomPaymentType) UnmarshalJSON(data []byte) error {
	type plain CustomPaymentType
	*t = CustomPaymentType{Raw: bytes.Clone(data)}
	return wire.Unmarshal(data, (*plain)(t))
}

// activeTypes are the venue's types by their id. The map is never changed.
type activeTypes map[string]CustomPaymentType

func byID(list []CustomPaymentType) activeTypes {
	types := make(activeTypes, len(list))
	for _, t := range list {
		types[t.ID] = t
	}
	return types
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

// get gives nil if there is no list, or an old one. A clock that was set back
// makes a list old too.
func (c *typeCache) get(now time.Time) activeTypes {
	c.mu.Lock()
	defer c.mu.Unlock()
	if age := now.Sub(c.read); age < 0 || age >= typesAge {
		return nil
	}
	return c.types
}

// checkTypes holds the open payments against the venue's types and gives the
// types. What does not fit the known list is held against a fresh one.
func (c *Client) checkTypes(ctx context.Context, op string, payments []SettledPayment) (activeTypes, error) {
	if types := c.types.get(c.http.Now()); types != nil && types.check(payments) == nil {
		return types, nil
	}
	list, err := c.CustomPaymentTypes(ctx)
	if err != nil {
		return nil, err
	}
	types := byID(list)
	if err := types.check(payments); err != nil {
		return nil, c.http.Refuse(op, err)
	}
	return types, nil
}

func (types activeTypes) check(payments []SettledPayment) error {
	for i, p := range payments {
		if p.State != StateOpen {
			continue
		}
		if err := types.checkOne(fmt.Sprintf("CustomPayment[%d]", i), p.Payment); err != nil {
			return err
		}
	}
	return nil
}

func (types activeTypes) checkOne(field string, p CustomPayment) error {
	t, active := types[p.PaymentTypeID]
	switch {
	case !active:
		return invalid(field+".PaymentTypeID", "is not the id of an active custom payment type")
	case t.IsRefund && !p.AllowRefund:
		return invalid(field+".PaymentTypeID", "is a type for refunds, and AllowRefund is not set")
	case p.SkipAttributeCheck:
		return nil
	}
	return t.checkAttributes(field, p.PaymentAttributes)
}

// checkAttributes compares names exactly: whether the vendor does is unknown.
func (t CustomPaymentType) checkAttributes(field string, attributes []PaymentAttribute) error {
	missing := make(map[string]bool)
	defined := make(map[string]bool)
	for _, d := range t.AttributeDefinitions {
		defined[d.Name] = true
		if d.IsRequired {
			missing[d.Name] = true
		}
	}
	for i, a := range attributes {
		if !defined[a.Name] {
			return invalid(fmt.Sprintf("%s.PaymentAttributes[%d].Name", field, i), "is not defined for the payment type")
		}
		if strings.TrimSpace(a.Value) != "" {
			delete(missing, a.Name)
		}
	}
	if len(missing) > 0 {
		return invalid(field+".PaymentAttributes", "lack an attribute that the payment type requires, or leave it blank")
	}
	return nil
}
