package wire

import (
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Text is text that a vendor also writes as a number, such as an id. The digits
// of a number are kept as they are written; null is the empty text.
type Text string

// UnmarshalJSONFrom reads a JSON string, number or null.
func (t *Text) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	switch token.Kind() {
	case 'n':
		*t = ""
	case '"', '0':
		*t = Text(token.String())
	default:
		return &DecodeError{Path: "$", Reason: "is neither text nor a number"}
	}
	return nil
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
	if t == "" {
		*i = 0
		return nil
	}
	n, ok := wholeNumber(string(t))
	if !ok {
		return &DecodeError{Path: "$", Reason: "is not a whole number of 64 bits"}
	}
	*i = Int(n)
	return nil
}

// wholeNumber reads an integer that may carry a fraction of zeros.
func wholeNumber(s string) (int64, bool) {
	if whole, fraction, found := strings.Cut(s, "."); found && strings.Trim(fraction, "0") == "" && fraction != "" {
		s = whole
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n != math.MinInt64
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
	if json.Unmarshal(raw, &l.Value, lenient) == nil {
		l.Set = true
		return nil
	}
	var none T
	l.Value, l.Raw = none, raw.Clone()
	return nil
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
