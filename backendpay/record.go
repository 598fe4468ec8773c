package backendpay

import (
	"bytes"
	"encoding/json"
	"errors"

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

// reader walks over a document that is one record or an array of them. The
// decoder has checked it as a whole.
type reader struct {
	wire.Walker
	text  jsontext.Value
	start int64    // where the text begins in the document
	names []string // the first words that were read: most records have the same
}

func newReader(d *jsontext.Decoder) (*reader, error) {
	text, err := d.ReadValue()
	if err != nil {
		return nil, err
	}
	return &reader{Walker: wire.Walk(text), text: text, start: d.InputOffset() - int64(len(text))}, nil
}

// item is a document that is one record.
type item[T any, R record[T]] struct {
	record T
}

func decodeItem[T any, R record[T]](data []byte) (T, error) {
	it := item[T, R]{}
	err := wire.Unmarshal(data, &it)
	if err != nil {
		var none T
		return none, err
	}
	return it.record, nil
}

// UnmarshalJSONFrom reads one record.
func (it *item[T, R]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	r, err := newReader(d)
	if err != nil {
		return err
	}
	return readRecord(r, R(&it.record), nil)
}

// page is a document that is an array of records.
type page[T any, R record[T]] struct {
	records []T
	check   func(id string) error // is called for each record; its error refuses the page
}

// decodePage appends the records of data to dst.
func decodePage[T any, R record[T]](data []byte, dst []T, check func(id string) error) ([]T, error) {
	p := page[T, R]{dst, check}
	err := wire.Unmarshal(data, &p)
	return p.records, err
}

// decodeRepeats is decodePage for records in which a name may stand twice.
func decodeRepeats[T any, R record[T]](data []byte, dst []T, check func(id string) error) ([]T, error) {
	p := page[T, R]{dst, check}
	err := wire.UnmarshalRepeats(data, &p)
	return p.records, err
}

// UnmarshalJSONFrom appends the records of the array.
func (p *page[T, R]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	r, err := newReader(d)
	if err != nil {
		return err
	}
	if err := r.open('[', "is not an array"); err != nil {
		return err
	}
	for r.Kind() != ']' {
		var none T
		p.records = append(p.records, none)
		if err := readRecord(r, R(&p.records[len(p.records)-1]), p.check); err != nil {
			return err
		}
	}
	return nil
}

// open goes into an object or array.
func (r *reader) open(kind jsontext.Kind, otherwise string) error {
	if r.Kind() != kind {
		return r.refuse(r.Offset(), otherwise, nil)
	}
	r.Step()
	return nil
}

// readRecord reads one record, copies its text, and refuses one without an id.
func readRecord[T any, R record[T]](r *reader, into R, check func(id string) error) error {
	from := r.Offset()
	if err := r.open('{', "is not an object"); err != nil {
		return err
	}
	for r.Kind() != '}' {
		if err := readMember(r, into); err != nil {
			return err
		}
	}
	end := r.Offset() + 1
	r.Step()
	id, raw := into.head()
	if wire.NoID(*id) {
		return r.refuse(from, "holds no id", nil)
	}
	*raw = json.RawMessage(bytes.Clone(r.text[from:end]))
	if check == nil {
		return nil
	}
	if err := check(*id); err != nil {
		return r.refuse(from, err.Error(), err)
	}
	return nil
}

func readMember[T any, R record[T]](r *reader, into R) error {
	name := r.Value()
	from := r.Offset()
	known, err := into.member(r, unquoted(name))
	switch {
	case !known:
		r.Value()
		return nil
	case err != nil:
		return r.refuseMember(from, err)
	}
	return nil
}

// refuseMember tells where a member is that was refused.
func (r *reader) refuseMember(from int, err error) error {
	var refused *payment.FieldError
	if errors.As(err, &refused) {
		return r.refuse(from, refused.Reason, nil)
	}
	return err
}

// refuse returns an error about the value that begins at text[from].
func (r *reader) refuse(from int, reason string, cause error) error {
	dec := jsontext.NewDecoder(bytes.NewBuffer(r.text), wire.Options(), jsontext.AllowDuplicateNames(true))
	for next := -1; next < from; {
		if next >= 0 {
			_, _ = dec.ReadToken()
		}
		dec.PeekKind()
		rest := dec.UnreadBuffer()
		next = len(r.text) - len(bytes.TrimLeft(rest, ",: \t\r\n"))
	}
	_ = dec.SkipValue()
	return &jsonv2.SemanticError{
		ByteOffset: r.start + int64(from), JSONPointer: dec.StackPointer(),
		Err: &wire.DecodeError{Path: "$", Reason: reason, Err: cause},
	}
}
