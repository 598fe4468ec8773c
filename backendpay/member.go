package backendpay

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment"
)

// The types of members. Null and "" mean "not set" for every type: the vendor
// does not say which of them it sends for what is absent, or neither. A member
// that is refused is a *payment.FieldError.

// text reads text on which identity rests: a string or a number.
func text(r *reader, into *string) (bool, error) {
	switch r.Kind() {
	case '"', '0', 'n':
		return loose(r, into)
	}
	return wrong(r, "is neither text nor a number")
}

// id reads an identifier. Blanks around it, and the form of a whole number, are
// no part of it: 501, 501.0, 5.01e2 and " 501 " are one.
func id(r *reader, into *string) (bool, error) {
	if kind := r.Kind(); kind != '"' && kind != '0' {
		return text(r, into)
	}
	return looseID(r, into)
}

// looseID is id for one on which no identity rests.
func looseID(r *reader, into *string) (bool, error) {
	number := r.Kind() == '0'
	known, err := loose(r, into)
	if *into != "" && !isDigits(*into) {
		*into = whole(strings.TrimSpace(*into), number)
	}
	return known, err
}

// reference reads a reference. One that comes as a number is written as the
// digits that stand for it.
func reference(r *reader, into *string) (bool, error) {
	number := r.Kind() == '0'
	known, err := text(r, into)
	if number && !isDigits(*into) {
		*into = whole(*into, true)
	}
	return known, err
}

// whole writes a number without its fraction of zeros, and one of JSON without
// its exponent. What is not a whole number stays as it is.
func whole(s string, exponent bool) string {
	n, err := payment.ParseAmount(s)
	if exponent {
		err = n.UnmarshalJSON([]byte(s))
	}
	if err != nil || !n.IsSet() || n.Decimals() > 0 {
		return s
	}
	return n.Decimal().Truncate(0).String()
}

// loose reads text on which neither money nor identity rests. What is neither
// text nor a number is not set; the record's raw text keeps it.
func loose[S ~string](r *reader, into *S) (bool, error) {
	if kind := r.Kind(); kind != '"' && kind != '0' {
		r.Value()
		return true, nil
	}
	*into = S(r.plain())
	return true, nil
}

// plain reads text or a number and returns it without quotes and escapes.
func (r *reader) plain() []byte {
	value := r.Value()
	if value[0] != '"' {
		return value
	}
	if inner := unquoted(value); utf8.Valid(inner) {
		return inner
	}
	inner, _ := jsontext.AppendUnquote(nil, value) // what is not UTF-8 becomes U+FFFD
	return inner
}

// unquoted returns what a JSON string holds, with the bytes that are not UTF-8
// as they are.
func unquoted(value jsontext.Value) []byte {
	if inner := value[1 : len(value)-1]; bytes.IndexByte(inner, '\\') < 0 {
		return inner
	}
	inner, _ := jsontext.AppendUnquote(nil, value)
	return inner
}

// often is loose for a word that many records have.
func often[S ~string](r *reader, into *S) (bool, error) {
	if r.Kind() != '"' {
		return loose(r, into)
	}
	plain := r.plain()
	for _, known := range r.names {
		if known == string(plain) {
			*into = S(known)
			return true, nil
		}
	}
	*into = S(plain)
	if len(r.names) < 8 {
		r.names = append(r.names, string(*into))
	}
	return true, nil
}

// words reads an array of names. A lone name is an array of one; elements that
// are neither text nor a number are left out.
func words[S ~string](r *reader, into *[]S) (bool, error) {
	if r.Kind() != '[' {
		return word(r, into)
	}
	for r.Step(); r.Kind() != ']'; {
		_, _ = word(r, into)
	}
	r.Step()
	return true, nil
}

func word[S ~string](r *reader, into *[]S) (bool, error) {
	var one S
	_, err := often(r, &one)
	if one != "" {
		*into = append(*into, one)
	}
	return true, err
}

// number reads a number that is not money, or text that holds one. Anything else
// is not set.
func number(r *reader, into *json.Number) (bool, error) {
	var text string
	_, err := loose(r, &text)
	if n, wrong := payment.ParseAmount(text); wrong == nil {
		*into = json.Number(n.String())
	}
	return true, err
}

// money reads an exact decimal, as a number or as text: the vendor does not say
// which it sends.
func money(r *reader, into *payment.Amount) (bool, error) {
	switch r.Kind() {
	case '"', '0', 'n':
	default:
		return wrong(r, "is not a decimal number")
	}
	value := r.Value()
	if string(value) == `""` {
		return true, nil
	}
	return true, into.UnmarshalJSON(value)
}

// date reads a day. A date with a time, after T or a blank, is the day in the
// zone in which it is written, and reported; a zero date is not set.
func date(r *reader, into *payment.Date, hadTime *bool) (bool, error) {
	switch r.Kind() {
	case '"', 'n':
	default:
		return wrong(r, "is not a date")
	}
	value := r.Value()
	if len(value) <= len(`""`) || string(value) == "null" || bytes.HasPrefix(value, []byte(`"0000-00-00`)) {
		return true, nil
	}
	if into.UnmarshalText(value[1:len(value)-1]) == nil {
		return true, nil
	}
	t, _, err := parseTime(string(value[1 : len(value)-1]))
	*into, *hadTime = payment.DateOf(t), *hadTime || len(value) > len(`"2006-01-02"`)
	return true, err
}

// wrong passes over a value that has not the form of its member.
func wrong(r *reader, reason string) (bool, error) {
	r.Value()
	return true, invalid("member", reason)
}
