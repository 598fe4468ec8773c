package backendpay

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

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
	data  []byte   // the document
	names []string // the first words that were read: most records have the same
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

// decodeRepeats is decodePage for records in which a name may stand twice.
func decodeRepeats[T any, R record[T]](data []byte, dst []T, check func(id string) error) ([]T, error) {
	p := page[T, R]{document(data), dst, check}
	err := wire.UnmarshalRepeats(data, &p)
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
	value, err := r.ReadValue()
	if err != nil {
		return err
	}
	behind := r.InputOffset()
	known, err := into.member(r, unquoted(value))
	switch {
	case !known:
		return r.SkipValue()
	case err != nil:
		return r.refuseMember(behind, err)
	}
	return nil
}

// plain reads text or a number and returns it without quotes and escapes.
func (r *reader) plain() ([]byte, error) {
	value, err := r.ReadValue()
	if err != nil || value[0] != '"' {
		return value, err
	}
	if inner := unquoted(value); utf8.Valid(inner) {
		return inner, nil
	}
	inner, _ := jsontext.AppendUnquote(nil, value) // what is not UTF-8 becomes U+FFFD
	return inner, nil
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

// noID reports whether an id is missing or a stand-in: blank, null, 0, -1 or a
// GUID of zeros.
func noID(id string) bool {
	return strings.Trim(id, "0-{} ") == "" || id == "-1" || strings.EqualFold(id, "null")
}
