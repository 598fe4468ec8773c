package backendpay

import (
	"encoding/json"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// value is one member's value. Null and "" mean "not set" for every type: the
// vendor does not say which of them it sends for what is absent, or neither.
type value struct {
	r    *reader
	t    wire.Token // a container's whole extent
	text string     // the record it stands in
	base int        // where the record begins
}

func (v value) fail(reason string, cause error) error { return v.r.fail(v.t.Start, reason, cause) }

func (v value) mismatch(due string) error {
	return v.fail("is "+v.t.Kind.String()+" where "+due+" is due", nil)
}

// unset reports null and "".
func (v value) unset() bool {
	return v.t.Kind == wire.Null || v.t.Kind == wire.String && v.t.End-v.t.Start == 2
}

// string gives the text of a String. It is part of the record's text unless it
// was written with escapes.
func (v value) string() string {
	if v.t.Escaped {
		return string(v.r.lex.Bytes(v.t))
	}
	return v.text[v.t.Start+1-v.base : v.t.End-1-v.base]
}

// readText reads text.
func readText[S ~string](v value, into *S) error {
	switch {
	case v.unset():
		return nil
	case v.t.Kind != wire.String:
		return v.mismatch(wire.String.String())
	}
	*into = S(v.string())
	return nil
}

// readWords reads an array of names. A lone name is read as an array of one.
func readWords[S ~string](v value, into *[]S) error {
	switch {
	case v.unset():
		return nil
	case v.t.Kind == wire.String:
		*into = []S{S(v.string())}
		return nil
	case v.t.Kind != wire.BeginArray:
		return v.mismatch(wire.BeginArray.String())
	}
	lex, start := v.r.sub, v.t.Start
	lex.Reset(v.r.data[start:v.t.End])
	for {
		t, err := lex.Next()
		if err != nil || t.Kind == wire.End {
			return err
		}
		if t.Kind == wire.BeginArray && t.Start == 0 || t.Kind == wire.EndArray {
			continue
		}
		t.Start, t.End = t.Start+start, t.End+start
		word := value{v.r, t, v.text, v.base}
		if t.Kind != wire.String {
			return word.mismatch(wire.String.String())
		}
		*into = append(*into, S(word.string()))
	}
}

// readAmount reads exact decimal text, as a number or as a string: the vendor
// does not say which it sends.
func readAmount(v value, into *payment.Amount) error {
	switch {
	case v.unset():
		return nil
	case v.t.Kind != wire.Number && v.t.Kind != wire.String:
		return v.mismatch("a decimal number")
	}
	if err := into.UnmarshalJSON(v.r.data[v.t.Start:v.t.End]); err != nil {
		return v.fail(reasonOf(err), err)
	}
	return nil
}

// readNumber reads a number that is no money, as a number or as a string.
func readNumber(v value, into *json.Number) error {
	var number payment.Amount
	if err := readAmount(v, &number); err != nil {
		return err
	}
	*into = json.Number(number.String())
	return nil
}

// readDate reads a day. A date with a time is read as the day in the zone it
// is written in, and reported.
func readDate(v value, into *payment.Date, hadTime *bool) error {
	switch {
	case v.unset():
		return nil
	case v.t.Kind != wire.String:
		return v.mismatch(wire.String.String())
	}
	text := v.string()
	t, _, err := wire.ParseTime(text)
	if err != nil {
		return v.fail(reasonOf(err), err)
	}
	into.Year, into.Month, into.Day = t.Date()
	*hadTime = *hadTime || len(text) > len("2006-01-02")
	return nil
}
