package salesdata

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/wire"
)

const (
	sourceBytes = 32 << 10
	separators  = ",: \t\r\n" // what stands between values
)

// input is a document that is being read.
type input struct {
	report
	dec       *jsontext.Decoder
	from      *source // nil if the document is in memory
	maxRecord int
	mark      int64 // bytes of the byte-order mark
	start     int64 // where the element begins
	stream    bool  // the document may be several records
}

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
func (s *input) open(r io.Reader) {
	s.from = &source{Reader: bufio.NewReaderSize(r, sourceBytes), limit: math.MaxInt64}
	if head, _ := s.from.Peek(3); string(head) == "\ufeff" {
		s.mark = 3
		_, _ = s.from.Discard(3)
	}
	s.dec = jsontext.NewDecoder(s.from, scanOptions...)
}

// openBytes begins a document that is in memory.
func (s *input) openBytes(data []byte) {
	rest := bytes.TrimPrefix(data, []byte("\ufeff"))
	s.mark = int64(len(data) - len(rest))
	s.dec = jsontext.NewDecoder(bytes.NewBuffer(rest), scanOptions...)
}

func (s *input) offset() int64 { return s.dec.InputOffset() + s.mark }

// ahead returns the offset of the token that PeekKind has seen.
func (s *input) ahead() int64 { return startOf(s.dec) + s.mark }

func startOf(dec *jsontext.Decoder) int64 {
	rest := dec.UnreadBuffer()
	return dec.InputOffset() + int64(len(rest)-len(bytes.TrimLeft(rest, separators)))
}

// allow lets the record or the white space that begins at an offset have as
// many bytes as the limit says.
func (s *input) allow(start int64) {
	s.start = start
	if s.from != nil {
		s.from.limit = min(start-s.mark, math.MaxInt64-int64(s.maxRecord)) + int64(s.maxRecord)
	}
}

// within finds what is wrong in a record again, token by token: where a value is
// read as a whole, the decoder may name a member by text that it has moved.
func (s *input) within(err error) error {
	rest := bytes.TrimLeft(s.dec.UnreadBuffer(), separators)
	dec := jsontext.NewDecoder(bytes.NewBuffer(rest), scanOptions...)
	var again error
	for again == nil {
		if _, again = dec.ReadToken(); again == nil && dec.StackDepth() == 0 {
			return err // somebody else's decoder allows less
		}
	}
	var syntax *jsontext.SyntacticError
	if !errors.As(again, &syntax) {
		return err
	}
	syntax.ByteOffset += s.start - s.mark
	if s.array {
		syntax.JSONPointer = jsontext.Pointer("/"+strconv.Itoa(s.index)) + syntax.JSONPointer
	}
	return syntax
}

// broken explains an error of the decoder without its text, which may quote
// the document.
func (s *input) broken(err error) error {
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
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) && strings.Count(string(syntax.JSONPointer), "/") > maxDepth {
		fault.Path, fault.Reason = s.root(), tooDeep
	}
	if where.Err == io.ErrUnexpectedEOF {
		fault.Offset = s.end()
	}
	return &DecodeError{Fault: fault, Before: s.before, Ends: true, cause: where.Err}
}

func (s *input) tooLarge() error {
	s.over = true
	return s.fail(place{}, "", s.start, "is larger than the limit")
}

// failed reports whether the reader failed.
func (s *input) failed() bool { return s.from != nil && s.from.err != nil }

// end returns the length of the document, when all of it was read.
func (s *input) end() int64 {
	if s.from != nil {
		return s.from.read + s.mark
	}
	return s.offset() + int64(len(s.dec.UnreadBuffer()))
}

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
