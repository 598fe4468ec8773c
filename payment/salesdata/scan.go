package salesdata

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/wire"
)

const (
	maxDepth    = 32 // nesting of a document, its outer array included
	sourceBytes = 32 << 10

	// An object of an array becomes some 700 bytes, however short it is. Beyond
	// the first manyRows they have to be as long as those of a till.
	manyRows    = 1024
	bytesPerRow = 64
)

var scanOptions = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// scanner cuts a document into records, and each record into the texts of its
// members. What they mean can depend on members that come later, so they are
// read when the record is complete. It checks the grammar, the depth, UTF-8
// and the size.
type scanner struct {
	cfg    *config
	from   *source // nil if the document is in memory
	dec    *jsontext.Decoder
	mark   int64 // bytes of the byte-order mark
	array  bool  // the document is an array
	stream bool  // the document may be several records
	index  int   // elements before this one
	before int   // good orders before this one

	over                   bool  // nothing after this place can be read
	start                  int64 // where the element begins
	text                   []byte
	order, payments, lines rows

	names    uniqueNames
	faults   []Fault // what is odd in the record
	unlisted int     // faults beyond maxFaults
}

// maxFaults bounds what is listed of one record.
const maxFaults = 1000

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

// source is the reader of a document. It hands over no more than the record at
// hand may have, so that no text has to be held that is too large.
type source struct {
	*bufio.Reader
	read, limit int64
	full        bool  // more was asked for
	err         error // why the reader failed
}

var errFull = errors.New("the record is larger than the limit")

func (s *source) Read(p []byte) (int, error) {
	if s.read >= s.limit {
		s.full = true
		return 0, errFull
	}
	n, err := s.Reader.Read(p[:min(int64(len(p)), s.limit-s.read)])
	s.read += int64(n)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// open begins a document that comes from r and passes over its byte-order mark.
func (s *scanner) open(r io.Reader) {
	s.from = &source{Reader: bufio.NewReaderSize(r, sourceBytes), limit: math.MaxInt64}
	if head, _ := s.from.Peek(3); string(head) == "\ufeff" {
		s.mark = 3
		_, _ = s.from.Discard(3)
	}
	s.dec = jsontext.NewDecoder(s.from, scanOptions...)
}

// openBytes begins a document that is in memory.
func (s *scanner) openBytes(data []byte) {
	rest := bytes.TrimPrefix(data, []byte("\ufeff"))
	s.mark = int64(len(data) - len(rest))
	s.dec = jsontext.NewDecoder(bytes.NewBuffer(rest), scanOptions...)
}

func (s *scanner) offset() int64 { return s.dec.InputOffset() + s.mark }

// ahead returns the offset of the token that PeekKind has seen.
func (s *scanner) ahead() int64 { return startOf(s.dec) + s.mark }

func startOf(dec *jsontext.Decoder) int64 {
	rest := dec.UnreadBuffer()
	return dec.InputOffset() + int64(len(rest)-len(bytes.TrimLeft(rest, ",: \t\r\n")))
}

// allow lets the record or the white space that begins at an offset have as
// many bytes as the limit says.
func (s *scanner) allow(start int64) {
	s.start = start
	if s.from != nil {
		s.from.limit = min(start-s.mark, math.MaxInt64-int64(s.cfg.maxRecord)) + int64(s.cfg.maxRecord)
	}
}

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
	m := member{keyAt: uint32(s.offset() - s.start - int64(len(key))), name: uint32(len(s.text)), field: unknownKey}
	if !utf8.Valid(key) {
		return s.notUTF8(at, "", s.offset()-int64(len(key)), key)
	}
	half := false
	s.text, half = appendName(s.text, key)
	name := s.text[m.name:]
	if half {
		if err := s.list(at, string(name), s.start+int64(m.keyAt), notUTF8); err != nil {
			return err
		}
	}
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
	end := s.offset()
	m.valueAt, m.value = uint32(end-s.start-int64(len(raw))), uint32(len(s.text))
	if s.large(end) {
		return s.tooLarge()
	}
	if raw[0] == '{' || raw[0] == '[' {
		if err := s.checkNested(raw, at, string(name), end-int64(len(raw))); err != nil {
			return err
		}
	}
	if !utf8.Valid(raw) {
		return s.notUTF8(at, string(name), end-int64(len(raw)), raw)
	}
	s.text = append(s.text, raw...)
	m.end = uint32(len(s.text))
	rows.members = append(rows.members, m)
	return nil
}

// appendName appends what a key says. Half a surrogate pair becomes U+FFFD.
func appendName(b, key []byte) (name []byte, half bool) {
	if bytes.IndexByte(key, '\\') < 0 {
		return append(b, key[1:len(key)-1]...), false
	}
	name, err := jsontext.AppendUnquote(b, key)
	return name, err != nil
}

// notUTF8 refuses a text that begins at an offset. Nothing after it is read.
func (s *scanner) notUTF8(at place, name string, start int64, raw []byte) error {
	s.over = true
	return s.fail(at, name, start+int64(validPrefix(raw)), "text is not UTF-8")
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

const twice = "is the same key twice in one object"

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
	case s.large(start):
		return s.tooLarge()
	case n > manyRows && int64(n-manyRows) > (start-s.start)/bytesPerRow:
		return s.fail(at, "", start, "is one of too many records for their size")
	}
	return s.object(rows, at)
}

func (s *scanner) skip() error {
	if err := s.dec.SkipValue(); err != nil {
		return s.broken(err)
	}
	return nil
}

func (s *scanner) large(end int64) bool {
	return s.from != nil && end-s.start > int64(s.cfg.maxRecord)
}

func (s *scanner) tooLarge() error {
	s.over = true
	return s.fail(place{}, "", s.start, "is larger than the limit")
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

const tooDeep = "nesting is too deep"

// validPrefix returns the number of bytes before the first that is not UTF-8.
func validPrefix(b []byte) int {
	for n := 0; n < len(b); {
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size == 1 {
			return n
		}
		n += size
	}
	return len(b)
}

// root returns the path of the element.
func (s *scanner) root() string { return element(s.array, s.index) }

// fail refuses a value of the element.
func (s *scanner) fail(at place, name string, offset int64, reason string) error {
	return s.failAt(at.path(s.root(), name), offset, reason)
}

func (s *scanner) failAt(path string, offset int64, reason string) error {
	return &DecodeError{Fault: Fault{Path: path, Offset: offset, Reason: reason}, Before: s.before, Ends: s.over}
}

// list notes something odd, or refuses it in strict mode.
func (s *scanner) list(at place, name string, offset int64, reason string) error {
	switch {
	case s.cfg.strict:
		return s.fail(at, name, offset, reason)
	case len(s.faults) < maxFaults:
		s.faults = append(s.faults, Fault{Path: at.path(s.root(), name), Offset: offset, Reason: reason})
	default:
		s.unlisted++
	}
	return nil
}

// broken explains an error of the decoder without its text, which may quote
// the document.
func (s *scanner) broken(err error) error {
	s.over = true
	if s.from != nil && s.from.full {
		return s.tooLarge()
	}
	if s.failed() {
		fault := Fault{Path: s.root(), Offset: s.from.read + s.mark, Reason: "the reader failed"}
		return &DecodeError{Fault: fault, Before: s.before, Ends: true, cause: s.from.err}
	}
	where := wire.Locate(err)
	fault := Fault{Path: where.Path, Offset: where.Offset + s.mark, Reason: where.Reason}
	if where.Path == "$" {
		fault.Path = s.root()
	}
	if strings.Count(where.Path, "[") > maxDepth || strings.Count(where.Path, ".") > maxDepth {
		fault.Path, fault.Reason = s.root(), tooDeep
	}
	if where.Err == io.ErrUnexpectedEOF {
		fault.Offset = s.end()
	}
	return &DecodeError{Fault: fault, Before: s.before, Ends: true, cause: where.Err}
}

// leave passes over the rest of a record that was refused.
func (s *scanner) leave() error {
	outside := 0
	if s.array {
		outside = 1
	}
	for s.dec.StackDepth() > outside {
		if _, err := s.dec.ReadToken(); err != nil {
			return s.broken(err)
		}
	}
	return nil
}

// failed reports whether the reader failed.
func (s *scanner) failed() bool { return s.from != nil && s.from.err != nil }

// end returns the length of the document, when all of it was read.
func (s *scanner) end() int64 {
	if s.from != nil {
		return s.from.read + s.mark
	}
	return s.offset() + int64(len(s.dec.UnreadBuffer()))
}
