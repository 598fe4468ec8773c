package backendpay

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// Field is one field of an update: left alone, set to null, or set to a value.
// The zero Field leaves it alone.
type Field[T any] struct {
	value T
	state fieldState
}

type fieldState uint8

const (
	absent fieldState = iota
	null
	present
)

// Value returns a Field that sets v.
func Value[T any](v T) Field[T] { return Field[T]{value: v, state: present} }

// Null returns a Field that sets null.
func Null[T any]() Field[T] { return Field[T]{state: null} }

// unlessEmpty returns a Field that sets s, or leaves the field alone if s is
// empty.
func unlessEmpty(s string) Field[string] {
	if s == "" {
		return Field[string]{}
	}
	return Value(s)
}

// Get returns the value, and whether there is one.
func (f Field[T]) Get() (T, bool) { return f.value, f.state == present }

// IsNull reports whether the Field sets null.
func (f Field[T]) IsNull() bool { return f.state == null }

// IsZero reports whether the Field leaves things alone. The JSON option omitzero
// uses it.
func (f Field[T]) IsZero() bool { return f.state == absent }

// MarshalJSON returns the JSON of the value, or null.
func (f Field[T]) MarshalJSON() ([]byte, error) {
	if f.state != present {
		return []byte("null"), nil
	}
	return wire.Marshal(f.value)
}

// MarshalJSONTo writes the value, or null.
func (f *Field[T]) MarshalJSONTo(e *jsontext.Encoder) error {
	if f.state != present {
		return e.WriteToken(jsontext.Null)
	}
	return jsonv2.MarshalEncode(e, &f.value)
}

// UnmarshalJSON reads a value or null. It is not called for a member that is
// missing, whose Field stays zero.
func (f *Field[T]) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*f = Null[T]()
		return nil
	}
	var v T
	if err := wire.Unmarshal(data, &v); err != nil {
		return err
	}
	*f = Value(v)
	return nil
}

// shows reports whether is has the value that the Field asks for. A null asks
// for a field that is not set, which is the zero value here.
func (f Field[T]) shows(is T, equal func(a, b T) bool) bool {
	return f.state == absent || equal(f.value, is)
}

func same[T comparable](a, b T) bool { return a == b }

// countSet returns how many fields an update sets.
func countSet(extra map[string]json.RawMessage, fields ...interface{ IsZero() bool }) int {
	n := len(extra)
	for _, f := range fields {
		if !f.IsZero() {
			n++
		}
	}
	return n
}

// rules are what the fields of one update are checked by.
type rules struct {
	of         string // the update's type, for errors
	allowClear bool   // null and empty text are sent
}

const clears = "would clear the field, which the vendor does not document; AllowClear sends it"

// checkField checks a value, and whether null is allowed.
func checkField[T any](r rules, name string, f Field[T], check func(field string, v T) error) error {
	switch {
	case f.IsNull() && !r.allowClear:
		return invalid(r.of+"."+name, clears)
	case f.state != present, check(name, f.value) == nil:
		return nil
	}
	return check(r.of+"."+name, f.value) // only an error needs the whole name
}

// checkTextField is checkField for text, which may be empty only where null is
// allowed.
func checkTextField[S ~string](r rules, name string, f Field[S], check func(field, s string) error) error {
	return checkField(r, name, f, func(field string, s S) error {
		if s == "" && !r.allowClear {
			return invalid(field, clears)
		}
		return check(field, string(s))
	})
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

// checkAmount compares the sign with what the call says, and the decimals with
// the currency if one is declared.
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
	case currency != "" && units >= 0 && a.Decimals() > units:
		return invalid(field, fmt.Sprintf("has %d decimals, %s has %d", a.Decimals(), currency, units))
	}
	return nil
}

// parseTime reads what wire.ParseTime reads, and a blank in place of the T.
func parseTime(s string) (t time.Time, zoned bool, err error) {
	if at := len("2006-01-02"); len(s) > at && s[at] == ' ' {
		s = s[:at] + "T" + s[at+1:]
	}
	return wire.ParseTime(s)
}

// checkExtra refuses members that are not JSON, or that have a field of their
// own.
func checkExtra(field string, extra map[string]json.RawMessage, own string) error {
	for name, value := range extra {
		switch {
		case name == "":
			return invalid(field, "holds an empty name")
		case slices.Contains(strings.Fields(own), name):
			return invalid(field, "holds "+name+", which has a field of its own")
		case !json.Valid(value):
			return invalid(field, "holds a value that is not JSON")
		}
	}
	return nil
}
