package rubi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// ErrBlankAnswer is matched by the error of a list whose ResponseMessage is null
// or blank under code 200. It may mean that there are no records; the vendor
// does not say so. The error also matches [payment.ErrProtocol].
var ErrBlankAnswer = errors.New("ResponseMessage is blank")

var errNoRecord = errors.New("ResponseMessage holds something that is not a record")

// readable is a type of record that decodes from the vendor's member names in
// any letter case.
type readable[T any] interface {
	*T
	// complete sets what the members do not tell by themselves.
	complete(r *reading, raw json.RawMessage)
}

// read passes every record of an answer to do, in order.
func read[T any, P readable[T]](ctx context.Context, how *reading, a answer, do func(T) error) error {
	n := 0
	return a.each(ctx, func(raw jsontext.Value) error {
		r := record[T]{options: how.options}
		if err := wire.Unmarshal(raw, &r); err != nil {
			return fmt.Errorf("record %d: %w", n, err)
		}
		n++
		P(&r.value).complete(how, json.RawMessage(raw.Clone()))
		return do(r.value)
	})
}

// each passes the records of a message to do: one object, or a list whose
// elements are objects, texts of them, or lists of them.
func (a answer) each(ctx context.Context, do func(jsontext.Value) error) error {
	if a.blank() {
		return &payment.Error{Code: a.code, Err: fmt.Errorf("%w: %w", payment.ErrProtocol, ErrBlankAnswer)}
	}
	return eachRecord(ctx, a.message, 2, do)
}

// eachRecord flattens up to depth lists.
func eachRecord(ctx context.Context, value jsontext.Value, depth int, do func(jsontext.Value) error) error {
	kind := value.Kind()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case kind == jsontext.KindBeginObject:
		return do(value)
	case kind != jsontext.KindBeginArray || depth == 0:
		return errNoRecord
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(value), wire.Options())
	_, err := d.ReadToken() // the bracket
	for err == nil && d.PeekKind() != jsontext.KindEndArray {
		var element jsontext.Value
		if element, err = d.ReadValue(); err == nil && element.Kind() == jsontext.KindString {
			element, err = unwrap(element)
		}
		if err == nil {
			err = eachRecord(ctx, element, depth-1, do)
		}
	}
	return err
}

// record is one object of an answer, on its way into a T.
type record[T any] struct {
	value   T
	options jsonv2.Options
}

// UnmarshalJSONFrom reads the object. Names match in any letter case, and two
// that match one field are an error.
func (r *record[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return jsonv2.UnmarshalDecode(d, &r.value, r.options)
}

// member is a type of member with a form of its own.
type member interface {
	readFrom(*jsontext.Decoder) error
}

// reading is how the members of records are read. It is made once: caches hang
// on its options.
type reading struct {
	options     jsonv2.Options
	parseAmount func(string) (payment.Amount, error)
}

func newReading(parseAmount func(string) (payment.Amount, error)) *reading {
	r := &reading{parseAmount: parseAmount}
	r.options = jsonv2.JoinOptions(jsonv2.MatchCaseInsensitiveNames(true), jsonv2.WithUnmarshalers(jsonv2.JoinUnmarshalers(
		jsonv2.UnmarshalFromFunc(func(d *jsontext.Decoder, m member) error { return m.readFrom(d) }),
		jsonv2.UnmarshalFromFunc(readText[string]),
		jsonv2.UnmarshalFromFunc(r.readAmount),
	)))
	return r
}

// members reads some members of a record that has been read before.
func members[T any](how *reading, raw json.RawMessage) T {
	r := record[T]{options: how.options}
	_ = wire.Unmarshal(raw, &r)
	return r.value
}

// mentions reports whether a record can have a member of that name, which is in
// lower case.
func mentions(raw json.RawMessage, name string) bool {
	return bytes.Contains(bytes.ToLower(raw), []byte(name))
}

// isNeeded reports whether money or identity rests on a member. An object or a
// list in its place is an error; in any other place it reads as blank.
func isNeeded(name string) bool {
	return slices.ContainsFunc([]string{"ItemGUID", "ItemTotal", "TransactionID", "BookingGUID", "bid", "ListValue"},
		func(needed string) bool { return strings.EqualFold(needed, name) })
}

// readText reads text, a number with the digits it has, or the word of a
// Boolean. Null is blank: the vendor does not say which members are always there.
func readText[S ~string](d *jsontext.Decoder, s *S) error {
	value, err := d.ReadValue()
	if err != nil {
		return err
	}
	*s = S(textOf(value))
	kind := value.Kind()
	composite := kind == jsontext.KindBeginObject || kind == jsontext.KindBeginArray
	if !composite || !isNeeded(d.StackPointer().LastToken()) {
		return nil
	}
	if kind == jsontext.KindBeginObject {
		return &wire.DecodeError{Path: "$", Reason: "is an object, not text"}
	}
	return &wire.DecodeError{Path: "$", Reason: "is an array, not text"}
}

// readAmount reads an amount. What is not an amount for the parser is not set:
// the record is of use all the same.
func (r *reading) readAmount(d *jsontext.Decoder, a *payment.Amount) error {
	var text string
	err := readText(d, &text)
	*a = r.amount(text)
	return err
}

func (r *reading) amount(text string) payment.Amount {
	a, err := r.parseAmount(text)
	if err != nil {
		return payment.Amount{}
	}
	return a
}

// EmailList is a list of a mail: the addresses of EmailBCC, the files of
// EmailAttachments. The vendor documents an array and does not say of what.
type EmailList struct {
	Values []string        // the texts of the list; nil if it holds anything else or is longer than 64 KiB
	Raw    json.RawMessage // the list without its layers of text; nil if it is missing, null or blank
}

const longestEmailList = 64 << 10 // bytes

func (l *EmailList) readFrom(d *jsontext.Decoder) error {
	raw, err := d.ReadValue()
	if err != nil {
		return err
	}
	*l = EmailList{}
	value, err := unwrap(raw)
	if text := textOf(value); err != nil || value.Kind() == jsontext.KindNull || value.Kind() == jsontext.KindString && blank(text) {
		return err
	} else if l.Raw = json.RawMessage(value); text != "" {
		l.Values = []string{text}
		return nil
	}
	var texts []wire.Text
	if len(value) <= longestEmailList && wire.Unmarshal(value, &texts) == nil {
		for _, text := range texts {
			l.Values = append(l.Values, string(text))
		}
	}
	return nil
}
