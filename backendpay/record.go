package backendpay

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// record is one kind of object that the vendor shows: payments, parts, types,
// customers. A switch over the members in place of struct tags makes a list
// cost half of what encoding/json takes.
type record[T any] interface {
	*T
	// member reads the value of one member, or returns false for a name that it
	// does not know.
	member(r *reader, name []byte) (known bool, err error)
	// head returns the places of the record's id and raw text.
	head() (id *string, raw *json.RawMessage)
}

// reader reads a document that is one record or an array of them.
type reader struct {
	*jsontext.Decoder
	data []byte        // the document
	kind jsontext.Kind // of the member's value that is read next
}

// document returns what the offsets of a decoder of wire.Unmarshal count from.
func document(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\ufeff")) }

// item is a document that is one record.
type item[T any, R record[T]] struct {
	data   []byte
	record T
}

func decodeItem[T any, R record[T]](data []byte) (T, error) {
	it := item[T, R]{data: document(data)}
	err := wire.Unmarshal(data, &it)
	if err != nil {
		var none T
		return none, err
	}
	return it.record, nil
}

// UnmarshalJSONFrom reads one record.
func (it *item[T, R]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return readRecord(&reader{Decoder: d, data: it.data}, R(&it.record), nil)
}

// page is a document that is an array of records.
type page[T any, R record[T]] struct {
	data    []byte
	records []T
	check   func(id string) error // is called for each record; its error refuses the page
}

// decodePage appends the records of data to dst.
func decodePage[T any, R record[T]](data []byte, dst []T, check func(id string) error) ([]T, error) {
	p := page[T, R]{document(data), dst, check}
	err := wire.Unmarshal(data, &p)
	return p.records, err
}

// UnmarshalJSONFrom appends the records of the array.
func (p *page[T, R]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	r := &reader{Decoder: d, data: p.data}
	if err := r.open('[', "is not an array"); err != nil {
		return err
	}
	for r.PeekKind() != ']' {
		var none T
		p.records = append(p.records, none)
		if err := readRecord(r, R(&p.records[len(p.records)-1]), p.check); err != nil {
			return err
		}
	}
	_, err := r.ReadToken()
	return err
}

// open reads the beginning of an object or array.
func (r *reader) open(kind jsontext.Kind, otherwise string) error {
	from := r.next()
	token, err := r.ReadToken()
	if err == nil && token.Kind() != kind {
		err = r.refuse(from, otherwise, nil)
	}
	return err
}

// readRecord reads one record, copies its text, and refuses one without an id.
func readRecord[T any, R record[T]](r *reader, into R, check func(id string) error) error {
	from := r.next()
	if err := r.open('{', "is not an object"); err != nil {
		return err
	}
	for r.PeekKind() != '}' {
		if err := readMember(r, into); err != nil {
			return err
		}
	}
	if _, err := r.ReadToken(); err != nil {
		return err
	}
	id, raw := into.head()
	if noID(*id) {
		return r.refuse(from, "holds no id", nil)
	}
	*raw = bytes.Clone(r.data[from:r.InputOffset()])
	if check == nil {
		return nil
	}
	if err := check(*id); err != nil {
		return r.refuse(from, err.Error(), err)
	}
	return nil
}

func readMember[T any, R record[T]](r *reader, into R) error {
	name, err := r.ReadValue()
	if err != nil {
		return err
	}
	plain := name[1 : len(name)-1]
	if bytes.IndexByte(plain, '\\') >= 0 {
		if plain, err = jsontext.AppendUnquote(nil, name); err != nil {
			return err
		}
	}
	behind := r.InputOffset()
	r.kind = r.PeekKind()
	known, err := into.member(r, plain)
	switch {
	case !known:
		return r.SkipValue()
	case err != nil:
		return r.refuseMember(behind, err)
	}
	return nil
}

// refuseMember tells where a member is that was refused.
func (r *reader) refuseMember(behindName int64, err error) error {
	var refused *payment.FieldError
	if errors.As(err, &refused) {
		return r.refuse(r.after(behindName), refused.Reason, nil)
	}
	return err
}

// next returns where the next value begins.
func (r *reader) next() int64 { return r.after(r.InputOffset()) }

// after returns where the value after a place begins.
func (r *reader) after(at int64) int64 {
	for at < int64(len(r.data)) && strings.IndexByte(" \t\r\n,:", r.data[at]) >= 0 {
		at++
	}
	return at
}

// refuse returns an error about the value that has just been read.
func (r *reader) refuse(from int64, reason string, cause error) error {
	return &jsonv2.SemanticError{
		ByteOffset: from, JSONPointer: r.StackPointer(),
		Err: &wire.DecodeError{Path: "$", Reason: reason, Err: cause},
	}
}

// noID reports whether an id is missing or a stand-in: 0, -1 or a GUID of zeros.
func noID(id string) bool { return strings.Trim(id, "0-") == "" || id == "-1" }

// The types of members. Null and "" mean "not set" for every type: the vendor
// does not say which of them it sends for what is absent, or neither. A member
// that is refused is a *payment.FieldError.

// text reads text on which identity rests: a string or a number.
func text(r *reader, into *string) (bool, error) {
	switch r.kind {
	case '"', '0', 'n':
		return loose(r, into)
	}
	return wrong(r, "is neither text nor a number")
}

// loose reads text on which neither money nor identity rests. What is neither
// text nor a number is not set; the record's raw text keeps it.
func loose[S ~string](r *reader, into *S) (bool, error) {
	if r.kind != '"' && r.kind != '0' {
		return true, r.SkipValue()
	}
	token, err := r.ReadToken()
	if err == nil {
		*into = S(token.String())
	}
	return true, err
}

// words reads an array of names. A lone name is an array of one; elements that
// are neither text nor a number are left out.
func words[S ~string](r *reader, into *[]S) (bool, error) {
	if r.kind != '[' {
		return word(r, into)
	}
	_, err := r.ReadToken()
	for r.kind = r.PeekKind(); err == nil && r.kind != ']'; r.kind = r.PeekKind() {
		_, err = word(r, into)
	}
	if err == nil {
		_, err = r.ReadToken()
	}
	return true, err
}

func word[S ~string](r *reader, into *[]S) (bool, error) {
	var one S
	_, err := loose(r, &one)
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
	switch r.kind {
	case '"', '0', 'n':
	default:
		return wrong(r, "is not a decimal number")
	}
	value, err := r.ReadValue()
	if err == nil && string(value) != `""` {
		err = into.UnmarshalJSON(value)
	}
	return true, err
}

// date reads a day. A date with a time, after T or a blank, is the day in the
// zone in which it is written, and reported; a zero date is not set.
func date(r *reader, into *payment.Date, hadTime *bool) (bool, error) {
	switch r.kind {
	case '"', 'n':
	default:
		return wrong(r, "is not a date")
	}
	value, err := r.ReadValue()
	if err != nil || len(value) <= len(`""`) || string(value) == "null" || bytes.HasPrefix(value, []byte(`"0000-00-00`)) {
		return true, err
	}
	t, _, err := parseTime(string(value[1 : len(value)-1]))
	*into, *hadTime = payment.DateOf(t), *hadTime || len(value) > len(`"2006-01-02"`)
	return true, err
}

// wrong reads a value that has not the form of its member, unless it is not JSON.
func wrong(r *reader, reason string) (bool, error) {
	if err := r.SkipValue(); err != nil {
		return true, err
	}
	return true, invalid("member", reason)
}
