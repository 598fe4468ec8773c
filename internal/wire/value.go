package wire

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Text is text that a vendor also writes as a number, such as an id. The digits
// of a number are kept as they are written; null is the empty text.
type Text string

// UnmarshalJSONFrom reads a JSON string, number or null.
func (t *Text) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	var ok bool
	if *t, ok = TextOf(raw); !ok {
		return &DecodeError{Path: "$", Reason: "is neither text nor a number"}
	}
	return nil
}

// TextOf returns the text of a JSON string, number or null, and false for any
// other value. It decodes without a decoder.
func TextOf(raw jsontext.Value) (t Text, ok bool) {
	switch raw.Kind() {
	case 'n':
		return "", true
	case '0':
		return Text(raw), true
	case '"':
		inner := raw[1 : len(raw)-1]
		if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
			return Text(inner), true
		}
		inner, _ = jsontext.AppendUnquote(nil, raw) // what is not UTF-8 becomes U+FFFD
		return Text(inner), true
	}
	return "", false
}

// Int is a whole number that a vendor also writes as text, or with a fraction
// of zeros: 1900, "1900" and 1900.0 are equal. A null is 0.
type Int int64

// UnmarshalJSONFrom reads a JSON number, a string that holds one, or null.
func (i *Int) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var t Text
	if err := t.UnmarshalJSONFrom(d); err != nil {
		return err
	}
	var ok bool
	if *i, ok = t.whole(); !ok {
		return &DecodeError{Path: "$", Reason: "is not a whole number of 64 bits"}
	}
	return nil
}

// whole reads an integer that may carry a fraction of zeros. No text is 0.
func (t Text) whole() (Int, bool) {
	s := string(t)
	if s == "" {
		return 0, true
	}
	if whole, fraction, found := strings.Cut(s, "."); found && strings.Trim(fraction, "0") == "" && fraction != "" {
		s = whole
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return Int(n), err == nil && n != math.MinInt64
}

// Lenient is a member on which neither money nor identity rests. What cannot be
// read as a T leaves Value at its zero value and Set false; Raw keeps it.
type Lenient[T any] struct {
	Value T
	Set   bool           // Value was read
	Raw   jsontext.Value // what stood there, if it could not be read
}

// UnmarshalJSONFrom reads any value.
func (l *Lenient[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	*l = Lenient[T]{}
	if raw.Kind() == 'n' {
		return nil
	}
	if l.Set = decode(raw, &l.Value); !l.Set {
		var none T
		l.Value, l.Raw = none, raw.Clone()
	}
	return nil
}

// decode reports whether raw could be read. The types of most members are read
// where they stand: a decoder costs more than they do.
func decode(raw jsontext.Value, v any) (ok bool) {
	switch v := v.(type) {
	case *Text:
		*v, ok = TextOf(raw)
		return ok
	case *Int:
		t, isText := TextOf(raw)
		*v, ok = t.whole()
		return isText && ok
	}
	return json.Unmarshal(raw, v, lenient) == nil
}

// MarshalJSONTo writes the value, what could not be read, or null.
func (l Lenient[T]) MarshalJSONTo(e *jsontext.Encoder) error {
	switch {
	case l.Set:
		return json.MarshalEncode(e, l.Value)
	case l.Raw != nil:
		return e.WriteValue(l.Raw)
	}
	return e.WriteToken(jsontext.Null)
}

// NoID reports whether an id is missing or a stand-in: blank, null, 0, -1 or a
// GUID of zeros.
func NoID(id string) bool {
	return strings.Trim(id, "0-{} ") == "" || id == "-1" || strings.EqualFold(id, "null")
}
