package backendpaytest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tenderkit/tenderkit/payment"
)

// fields reads a JSON object strictly: each field is taken once with its type,
// and [fields.end] refuses what is left.
type fields struct {
	values map[string]json.RawMessage
	wrong  []string // fields whose value has the wrong type
}

// parseFields reads a request body: one JSON object, declared as JSON, in
// UTF-8, without repeated names.
func parseFields(c call) (*fields, *reply) {
	media, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || media != jsonType {
		return nil, badRequest("The body is not declared as " + jsonType)
	}
	f := &fields{values: map[string]json.RawMessage{}}
	if !utf8.Valid(c.body) || f.read(json.NewDecoder(bytes.NewReader(c.body))) != nil {
		return nil, badRequest("The body is not one JSON object")
	}
	if len(f.values) == 0 {
		return nil, badRequest("The body has no field")
	}
	return f, nil
}

var errNotOneObject = errors.New("not one object")

func (f *fields) read(dec *json.Decoder) error {
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return errNotOneObject
	}
	for dec.More() {
		if err := f.readField(dec); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errNotOneObject
	}
	return nil
}

func (f *fields) readField(dec *json.Decoder) error {
	name, err := dec.Token()
	if err != nil {
		return err
	}
	var value json.RawMessage
	if err := dec.Decode(&value); err != nil {
		return err
	}
	key, _ := name.(string)
	if _, repeated := f.values[key]; repeated {
		return errNotOneObject
	}
	f.values[key] = value
	return nil
}

// take removes a field. Unlike a missing one, null is a value.
func (f *fields) take(name string) (json.RawMessage, bool) {
	raw, ok := f.values[name]
	delete(f.values, name)
	return raw, ok
}

func (f *fields) isWrong(name string) { f.wrong = append(f.wrong, name) }

// text changes *to if the field is given. It reads a JSON string and nothing
// else.
func (f *fields) text(name string, to *string) {
	raw, ok := f.take(name)
	if ok && (raw[0] != '"' || json.Unmarshal(raw, to) != nil) {
		f.isWrong(name)
	}
}

// clearable is text that null clears too. Whether null or "" clears a field is
// unknown; both do here.
func (f *fields) clearable(name string, to *string) {
	if string(f.values[name]) == "null" {
		*to = ""
		delete(f.values, name)
		return
	}
	f.text(name, to)
}

func (f *fields) texts(name string, to *[]string) {
	raw, ok := f.take(name)
	if ok && (raw[0] != '[' || json.Unmarshal(raw, to) != nil) {
		f.isWrong(name)
	}
}

func (f *fields) integer(name string, to *int) {
	raw, ok := f.take(name)
	if !ok {
		return
	}
	n, err := strconv.Atoi(string(raw))
	if err != nil {
		f.isWrong(name)
	}
	*to = n
}

// date reads 2024-11-25: no partial date, no time, no offset (documented).
func (f *fields) date(name string, to *payment.Date) {
	var text string
	if _, ok := f.values[name]; !ok {
		return
	}
	f.text(name, &text)
	d, err := payment.ParseDate(text)
	if err != nil {
		f.isWrong(name)
	}
	*to = d
}

// amount reads a JSON number or a string that holds one, whichever the
// settings accept, digit for digit and without an exponent.
func (f *fields) amount(name string, form AmountForm, to *payment.Amount) {
	raw, ok := f.take(name)
	if !ok {
		return
	}
	digits, isText := strings.CutPrefix(strings.TrimSuffix(string(raw), `"`), `"`)
	a, err := payment.ParseAmount(digits)
	if err != nil || isText && form == AmountNumber || !isText && form == AmountString {
		f.isWrong(name)
	}
	*to = a
}

// end refuses wrong types and unknown fields.
func (f *fields) end() *reply {
	slices.Sort(f.wrong)
	for _, name := range f.wrong {
		return badRequest("The field " + name + " is wrong")
	}
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		return badRequest("There is no field " + strconv.Quote(name) + " to write")
	}
	return nil
}
