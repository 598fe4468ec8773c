package salesdata

import (
	"bytes"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/wire"
)

const (
	// An object of an array becomes some 700 bytes, however short it is. Beyond
	// the first manyRows they have to be as long as those of a till.
	manyRows    = 1024
	bytesPerRow = 64
)

// scanner cuts a document into records, and each record into the texts of its
// members. What they mean can depend on members that come later, so they are
// read when the record is complete. It checks the grammar, the depth, UTF-8
// and the size.
type scanner struct {
	input
	cfg                    *config
	text                   []byte
	names                  uniqueNames
	order, payments, lines rows
}

// rows are the objects of one sort in a record.
type rows struct {
	form    form // of their array
	list    []row
	members []member
}

// row is an object, with its members from, from+1, …, to-1. Offsets count from
// the start of the element.
type row struct {
	at, from, to uint32
	seen, older  uint64 // its fields, and those under older names; see resolve
	unknown      int    // the number of its other keys
	shape        Shape  // of a payment; see shown
}

// member is a key and its value: text[name:value] and text[value:end].
type member struct {
	name, value, end uint32
	keyAt, valueAt   uint32
	field            int16 // see resolve
}

func (r *rows) reset() { *r = rows{form: formMissing, list: r.list[:0], members: r.members[:0]} }

// record scans the next element, which has to be an object.
func (s *scanner) record() error {
	s.text, s.faults, s.unlisted = s.text[:0], nil, 0
	s.order.reset()
	s.payments.reset()
	s.lines.reset()
	kind := s.dec.PeekKind()
	s.allow(s.ahead())
	if kind != jsontext.KindBeginObject {
		if err := s.dec.SkipValue(); err != nil {
			return s.broken(err)
		}
		return s.fail(place{}, "", s.start, "is "+kindName(kind)+", not an object")
	}
	return s.object(&s.order, place{})
}

// object scans the members of the object that comes next.
func (s *scanner) object(rows *rows, at place) error {
	if _, err := s.dec.ReadToken(); err != nil {
		return s.broken(err)
	}
	r := row{at: uint32(s.offset() - 1 - s.start), from: uint32(len(rows.members))}
	for s.dec.PeekKind() != jsontext.KindEndObject {
		if err := s.member(rows, at); err != nil {
			return err
		}
	}
	r.to = uint32(len(rows.members))
	rows.list = append(rows.list, r)
	if _, err := s.dec.ReadToken(); err != nil {
		return s.broken(err)
	}
	return nil
}

// member scans one key with its value.
func (s *scanner) member(rows *rows, at place) error {
	key, err := s.dec.ReadValue()
	if err != nil {
		return s.broken(err)
	}
	m := member{keyAt: s.back(key), name: uint32(len(s.text)), field: unknownKey}
	if err := s.name(key, m, at); err != nil {
		return err
	}
	name := s.text[m.name:]
	switch {
	case at.array != "":
	case string(name) == s.cfg.payments:
		return s.objects(&s.payments, s.cfg.payments, m)
	case string(name) == s.cfg.lines:
		return s.objects(&s.lines, s.cfg.lines, m)
	}
	raw, err := s.dec.ReadValue()
	if err != nil {
		return s.broken(err)
	}
	m.valueAt, m.value = s.back(raw), uint32(len(s.text))
	if raw[0] == '{' || raw[0] == '[' {
		if err := s.checkNested(raw, at, string(name), s.start+int64(m.valueAt)); err != nil {
			return err
		}
	}
	s.text = append(s.text, raw...)
	m.end = uint32(len(s.text))
	if !utf8.Valid(s.text[m.name:]) {
		return s.notUTF8(at, m)
	}
	rows.members = append(rows.members, m)
	return nil
}

// back returns where the value that was just read begins in the element.
func (s *scanner) back(raw []byte) uint32 { return uint32(s.offset() - s.start - int64(len(raw))) }

// name appends what a key says to the text.
func (s *scanner) name(key []byte, m member, at place) (err error) {
	half := false
	s.text, half = appendName(s.text, key)
	if half {
		if !utf8.Valid(key) {
			s.text = append(s.text[:m.name], key...)
			return s.notUTF8(at, m)
		}
		err = s.list(at, string(s.text[m.name:]), s.start+int64(m.keyAt), notUTF8)
	}
	return err
}

// notUTF8 refuses a member whose key or value is not UTF-8. Nothing after it is
// read.
func (s *scanner) notUTF8(at place, m member) error {
	s.over = true
	offset, name := s.start+int64(m.valueAt), s.text[m.name:]
	if m.end > 0 {
		name = s.text[m.name:m.value]
	}
	if n := validPrefix(name); n < len(name) {
		return s.fail(at, "", s.start+int64(m.keyAt)+int64(n)+1, "text is not UTF-8")
	}
	return s.fail(at, string(name), offset+int64(validPrefix(s.text[m.value:m.end])), "text is not UTF-8")
}

// objects scans an array of objects, or null.
func (s *scanner) objects(rows *rows, name string, m member) error {
	s.text = s.text[:m.name]
	kind := s.dec.PeekKind()
	start := s.ahead()
	switch {
	case rows.form != formMissing:
		return s.fail(place{}, name, s.start+int64(m.keyAt), twice)
	case kind == jsontext.KindNull:
		rows.form = formNull
		return s.skip()
	case kind == jsontext.KindInvalid || kind == jsontext.KindEndObject:
		return s.skip() // which says what is wrong
	case kind != jsontext.KindBeginArray:
		return s.fail(place{}, name, start, "is "+kindName(kind)+", not an array")
	}
	rows.form = formText
	if _, err := s.dec.ReadToken(); err != nil {
		return s.broken(err)
	}
	for s.dec.PeekKind() != jsontext.KindEndArray {
		if err := s.row(rows, place{array: name, index: len(rows.list)}); err != nil {
			return err
		}
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return s.broken(err)
	}
	return nil
}

// row scans an element of an array of objects.
func (s *scanner) row(rows *rows, at place) error {
	kind := s.dec.PeekKind()
	start := s.ahead()
	n := len(s.payments.list) + len(s.lines.list)
	switch {
	case kind == jsontext.KindInvalid || kind == jsontext.KindEndObject:
		return s.skip()
	case kind != jsontext.KindBeginObject:
		return s.fail(at, "", start, "is "+kindName(kind)+", not an object")
	case n > manyRows && int64(n-manyRows) > (start-s.start)/bytesPerRow:
		return s.fail(at, "", start, "is one of too many records for their size")
	}
	return s.object(rows, at)
}

// checkNested checks the depth of a value, and that no object in it has a key
// twice.
func (s *scanner) checkNested(raw jsontext.Value, at place, name string, start int64) error {
	limit := maxDepth - s.dec.StackDepth()
	if s.names.tidy(raw, limit) {
		return nil
	}
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowInvalidUTF8(true))
	for {
		_, err := dec.ReadToken()
		reason, offset := twice, dec.InputOffset()-1
		switch {
		case dec.StackDepth() > limit:
			reason, err = tooDeep, &jsontext.SyntacticError{JSONPointer: dec.StackPointer(), ByteOffset: offset}
		case err == nil:
			continue
		}
		inner := wire.Locate(err)
		return s.failAt(at.path(s.root(), name)+inner.Path[1:], start+inner.Offset, reason)
	}
}
