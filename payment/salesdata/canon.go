package salesdata

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// appendCanon appends a field in the one form that equal values have, and
// nothing for one that is not set.
func appendCanon[T any](b []byte, t *table[T], f int, r *T) []byte {
	meta, value := t.meta(r), t.fields[f].at(r)
	if raw, ok := meta.text(f); ok && meta.forms[f] == formUnread && !value.isSet(formNew) {
		return appendCanonJSON(b, []byte(raw))
	}
	if !value.isSet(meta.forms[f]) {
		return b
	}
	return appendValue(b, value)
}

// canonPayment returns a payment in the one form that equal payments have:
// identity without case, amounts as numbers, unknown keys in order, and nothing
// for null. The two shapes differ by the names of their amounts.
func canonPayment(p Payment) []byte {
	var b []byte
	for i, name := range paymentTable.names {
		start := len(b)
		b = append(append(b, '\n'), name...)
		named := len(b)
		if b = appendCanon(b, paymentTable, i, &p); len(b) == named || name == "payment_cancel_for_guid" && p.Cancels() == "" {
			b = b[:start]
		}
	}
	extra := slices.Clone(p.Extra)
	slices.SortStableFunc(extra, func(x, y Member) int { return strings.Compare(x.Name, y.Name) })
	for _, m := range extra {
		if raw := appendCanonJSON(nil, []byte(m.Raw)); string(raw) != "null" {
			b = append(appendText(append(b, '\n'), m.Name), raw...)
		}
	}
	return b
}

// appendCanonJSON appends a JSON value in the one form that equal values have.
// No number passes through a float.
func appendCanonJSON(b, raw []byte) []byte {
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw), scanOptions...)
	out, err := appendCanonValue(b, dec)
	if err != nil {
		return append(b, raw...)
	}
	return out
}

func appendCanonValue(b []byte, dec *jsontext.Decoder) ([]byte, error) {
	switch dec.PeekKind() {
	case jsontext.KindBeginObject:
		return appendCanonObject(b, dec)
	case jsontext.KindBeginArray:
		_, err := dec.ReadToken()
		b = append(b, '[')
		for err == nil && dec.PeekKind() != jsontext.KindEndArray {
			b, err = appendCanonValue(b, dec)
			b = append(b, ',')
		}
		if err == nil {
			_, err = dec.ReadToken()
		}
		return append(b, ']'), err
	}
	token, err := dec.ReadToken()
	switch {
	case err != nil:
	case token.Kind() == jsontext.KindNumber:
		b = appendCanonNumber(b, token.String())
	case token.Kind() == jsontext.KindString:
		b = appendText(b, token.String())
	default:
		b = append(b, token.String()...)
	}
	return b, err
}

func appendCanonObject(b []byte, dec *jsontext.Decoder) ([]byte, error) {
	type member struct{ name, value string }
	var members []member
	_, err := dec.ReadToken()
	for err == nil && dec.PeekKind() != jsontext.KindEndObject {
		var name jsontext.Token
		if name, err = dec.ReadToken(); err != nil {
			break
		}
		m := member{name: name.String()}
		var value []byte
		value, err = appendCanonValue(nil, dec)
		if m.value = string(value); m.value != "null" {
			members = append(members, m)
		}
	}
	if err == nil {
		_, err = dec.ReadToken()
	}
	slices.SortFunc(members, func(x, y member) int {
		return cmp.Or(strings.Compare(x.name, y.name), strings.Compare(x.value, y.value))
	})
	b = append(b, '{')
	for _, m := range members {
		b = append(append(appendText(b, m.name), ':'), m.value...)
		b = append(b, ',')
	}
	return append(b, '}'), err
}

// appendCanonNumber appends the digits of a JSON number without needless zeros,
// and its exponent: 1.50 and 15e-1 are both 15e-1.
func appendCanonNumber(b []byte, s string) []byte {
	digits, negative := strings.CutPrefix(strings.ToLower(s), "-")
	digits, power, _ := strings.Cut(digits, "e")
	whole, fraction, _ := strings.Cut(digits, ".")
	exponent, err := strconv.ParseInt(cmp.Or(power, "0"), 10, 64)
	if err != nil || exponent > 1<<40 || exponent < -1<<40 {
		return append(b, s...)
	}
	exponent -= int64(len(fraction))
	digits = strings.TrimLeft(whole+fraction, "0")
	trimmed := strings.TrimRight(digits, "0")
	switch {
	case trimmed == "":
		return append(b, '0')
	case negative:
		b = append(b, '-')
	}
	b = append(append(b, trimmed...), 'e')
	return strconv.AppendInt(b, exponent+int64(len(digits)-len(trimmed)), 10)
}
