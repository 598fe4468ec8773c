package salesdata

import (
	"bytes"
	"slices"
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

// tooMany reports whether another object is one too many, after some that have a
// number of bytes.
func tooMany(rows, bytes int) bool { return rows > manyRows && rows-manyRows > bytes/bytesPerRow }

// scanner reads a document record by record and cuts each into its members. The
// decoder checks the grammar of a record as a whole. What a member means can
// depend on members that come later, so none is read before all are found.
type scanner struct {
	input
	reading
	cfg                    *config
	text                   jsontext.Value // the record; valid until the next one is read
	walk                   wire.Walker    // over text
	depth                  int            // of the values in the record
	valid                  bool           // the record is UTF-8
	names                  uniqueNames
	order, payments, lines rows
}

// rows are the objects of one sort in a record.
type rows struct {
	form    form // of their array
	list    []row
	members []member
}

// row is an object, with its members from, from+1, …, to-1. It begins at text[at].
type row struct {
	at, from, to uint32
	seen, older  uint64 // its fields, and those under older names; see resolve
	unknown      int    // the number of its other keys
	shape        Shape  // of a payment; see shown
}

// member is a key and its value: text[key:colon] and text[value:end].
type member struct {
	key, colon, value, end uint32
	field                  int16 // see resolve
}

func (r *rows) reset() { *r = rows{form: formMissing, list: r.list[:0], members: r.members[:0]} }

// record scans the next element, which has to be an object.
func (s *scanner) record() error {
	s.faults, s.unlisted = nil, 0
	s.order.reset()
	s.payments.reset()
	s.lines.reset()
	kind := s.dec.PeekKind()
	s.allow(s.ahead())
	raw, err := s.dec.ReadValue()
	switch {
	case err != nil && kind == jsontext.KindBeginObject:
		return s.broken(s.within(err))
	case err != nil:
		return s.broken(err)
	}
	s.text, s.walk, s.depth, s.valid = raw, wire.Walk(raw), s.dec.StackDepth()+1, utf8.Valid(raw)
	s.texts.plain = bytes.IndexByte(raw, '\\') < 0
	if kind != jsontext.KindBeginObject {
		return s.fail(place{}, "", s.start, "is "+kindName(kind)+", not an object")
	}
	return s.object(&s.order, place{})
}

// at returns the offset of text[i] in the document.
func (s *scanner) at(i uint32) int64 { return s.start + int64(i) }

// name returns what the key of a member says. It is valid until the next call.
func (s *scanner) name(m *member) []byte {
	name, _ := s.texts.unquote(s.text[m.key:m.colon])
	return name
}

// object cuts the object that comes next into its members.
func (s *scanner) object(rows *rows, at place) error {
	r := row{at: uint32(s.walk.Offset()), from: uint32(len(rows.members))}
	s.walk.Step()
	for s.walk.Kind() != jsontext.KindEndObject {
		if err := s.member(rows, at); err != nil {
			return err
		}
	}
	s.walk.Step()
	r.to = uint32(len(rows.members))
	rows.list = append(rows.list, r)
	return nil
}

// member cuts the key and the value that come next.
func (s *scanner) member(rows *rows, at place) (err error) {
	m := member{key: uint32(s.walk.Offset()), field: unknownKey}
	m.colon = m.key + uint32(len(s.walk.Value()))
	m.value = uint32(s.walk.Offset())
	if at.array == "" {
		switch string(s.name(&m)) {
		case s.cfg.payments:
			return s.objects(&m, &s.payments, s.cfg.payments)
		case s.cfg.lines:
			return s.objects(&m, &s.lines, s.cfg.lines)
		}
	}
	raw := s.walk.Value()
	m.end = m.value + uint32(len(raw))
	if n := len(rows.members); n == cap(rows.members) {
		rows.members = slices.Grow(rows.members, n+64) // doubles
	}
	rows.members = append(rows.members, m)
	if !s.valid {
		err = s.checkUTF8(&m, at)
	}
	if err == nil && (raw[0] == '{' || raw[0] == '[') {
		err = s.checkNested(&m, at)
	}
	return err
}

// checkUTF8 refuses a member that is not UTF-8. Nothing after the record is read.
func (s *scanner) checkUTF8(m *member, at place) error {
	if n := m.key + uint32(validPrefix(s.text[m.key:m.colon])); n < m.colon {
		s.over = true
		return s.fail(at, "", s.at(n), "text is not UTF-8")
	}
	if n := m.value + uint32(validPrefix(s.text[m.value:m.end])); n < m.end {
		s.over = true
		return s.fail(at, string(s.name(m)), s.at(n), "text is not UTF-8")
	}
	return nil
}

// objects cuts an array of objects, or null.
func (s *scanner) objects(m *member, rows *rows, name string) error {
	kind := s.walk.Kind()
	switch {
	case rows.form != formMissing:
		return s.fail(place{}, name, s.at(m.key), twice)
	case kind == jsontext.KindNull:
		rows.form = formNull
		s.walk.Value()
		return nil
	case kind != jsontext.KindBeginArray:
		return s.fail(place{}, name, s.at(m.value), "is "+kindName(kind)+", not an array")
	}
	rows.form = formText
	s.walk.Step()
	for s.walk.Kind() != jsontext.KindEndArray {
		if err := s.row(rows, place{array: name, index: len(rows.list)}); err != nil {
			return err
		}
	}
	s.walk.Step()
	return nil
}

// row cuts an element of an array of objects.
func (s *scanner) row(rows *rows, at place) error {
	kind, start := s.walk.Kind(), s.walk.Offset()
	n := len(s.payments.list) + len(s.lines.list)
	switch {
	case kind != jsontext.KindBeginObject:
		return s.fail(at, "", s.at(uint32(start)), "is "+kindName(kind)+", not an object")
	case tooMany(n, start):
		return s.fail(at, "", s.at(uint32(start)), tooManyRows)
	}
	return s.object(rows, at)
}

// checkNested checks the depth of a value, and that no object in it has a key
// twice.
func (s *scanner) checkNested(m *member, at place) error {
	raw, limit := s.text[m.value:m.end], maxDepth-s.depth
	if at.array != "" {
		limit -= 2
	}
	s.names.reset(bytes.Count(raw, []byte(`":`)))
	if walk := wire.Walk(raw); s.names.tidy(&walk, limit, &s.texts) {
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
		return s.failAt(at.path(s.root(), string(s.name(m)))+inner.Path[1:], s.at(m.value)+inner.Offset, reason)
	}
}
