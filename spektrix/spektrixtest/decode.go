package spektrixtest

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tenderkit/tenderkit/payment"
)

// refusal is why a request is answered 400.
type refusal string

func (r refusal) Error() string { return string(r) }

// fields reads a JSON object strictly: each field is taken once with its type,
// and [fields.end] refuses what is left. Names are read in any case.
type fields struct {
	values map[string]field // by name in lower case
	err    error            // the first thing that was wrong
}

type field struct {
	name string // as written
	json json.RawMessage
}

// parseFields reads an object. What is no object gives fields that refuse.
func parseFields(body []byte) *fields {
	f := &fields{}
	var written map[string]json.RawMessage
	if !utf8.Valid(body) || json.Unmarshal(body, &written) != nil || written == nil {
		f.err = refusal("the body is not a JSON object")
		return f
	}
	f.values = make(map[string]field, len(written))
	for name, value := range written {
		f.values[strings.ToLower(name)] = field{name, value}
	}
	if len(f.values) < len(written) {
		f.err = refusal("a field is given twice")
	}
	return f
}

// refuse keeps the first thing that is wrong.
func (f *fields) refuse(err error) {
	if f.err == nil {
		f.err = err
	}
}

// take removes a field and reads it into value. It reports whether the field
// is there and not null.
func (f *fields) take(name string, value any) bool {
	key := strings.ToLower(name)
	found, ok := f.values[key]
	delete(f.values, key)
	if !ok || string(found.json) == "null" {
		return false
	}
	if json.Unmarshal(found.json, value) != nil {
		f.refuse(refusal(name + " has the wrong type"))
	}
	return true
}

// text takes a string that must not be blank.
func (f *fields) text(name string) (text string) {
	if !f.take(name, &text) || strings.TrimSpace(text) == "" {
		f.refuse(refusal(name + " is required"))
	}
	return text
}

// optional takes a string that may be absent, but not blank.
func (f *fields) optional(name string) (text string) {
	if f.take(name, &text) && strings.TrimSpace(text) == "" {
		f.refuse(refusal(name + " is blank"))
	}
	return text
}

func (f *fields) flag(name string) (flag bool) {
	f.take(name, &flag)
	return flag
}

// amount takes a bare JSON number in fixed point. A string, and an exponent,
// are refused.
func (f *fields) amount(name string) payment.Amount {
	var raw json.RawMessage
	if !f.take(name, &raw) {
		f.refuse(refusal(name + " is required"))
		return payment.Amount{}
	}
	a, err := payment.ParseAmount(string(raw))
	if err != nil {
		f.refuse(refusal(name + " is not a number in fixed point"))
	}
	return a
}

// attributes takes every attribute_<Name>, which most objects may carry.
func (f *fields) attributes() map[string]json.RawMessage {
	found := map[string]json.RawMessage{}
	for key, value := range f.values {
		if strings.HasPrefix(key, "attribute_") {
			found[value.name] = value.json
			delete(f.values, key)
		}
	}
	return found
}

// end gives what was wrong. A field that nobody took is wrong.
func (f *fields) end() error {
	if f.err == nil && len(f.values) > 0 {
		return refusal("unknown field " + slices.Min(slices.Collect(maps.Keys(f.values))))
	}
	return f.err
}
