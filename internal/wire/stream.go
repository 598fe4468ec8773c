package wire

import (
	"io"
	"iter"
)

const (
	firstBuffer = 64 << 10
	emptyReads  = 100 // reads without a byte or an error before giving up
)

// Element is the raw text of one JSON value in a stream.
type Element struct {
	Raw    []byte // valid until the next element is asked for
	Offset int64  // byte offset of the value in the whole stream
}

// Elements streams the elements of one JSON array, one at a time, in memory
// bounded by the largest element; an element of more than limit bytes is an
// error. Text after the array is an error.
//
// Brackets, quotes and the commas between elements are checked here; the text
// within an element is checked by whoever decodes it. Errors are *[SyntaxError]
// or the reader's own; the element beside an error holds what was read of it.
func Elements(r io.Reader, limit int) iter.Seq2[Element, error] {
	return NewStream(r, limit).Elements()
}

// Stream cuts what it reads into JSON values without holding more than one.
type Stream struct {
	r     io.Reader
	buf   []byte
	at    int   // first byte of buf that was not taken
	off   int64 // offset of buf[0] in the stream
	limit int
	array bool  // inside an array a number needs something after it
	err   error // what ended the reading
}

// NewStream reads values of at most limit bytes each from r.
func NewStream(r io.Reader, limit int) *Stream { return &Stream{r: r, limit: limit} }

// Offset is the byte offset of what comes next.
func (s *Stream) Offset() int64 { return s.off + int64(s.at) }

// SkipMark passes over a byte-order mark.
func (s *Stream) SkipMark() error {
	for len(s.buf)-s.at < 3 {
		if err := s.fill(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
	if string(s.buf[s.at:s.at+3]) == "\ufeff" {
		s.at += 3
	}
	return nil
}

// Peek passes over white space and gives the next byte without taking it. The
// error is io.EOF at the end.
func (s *Stream) Peek() (byte, error) {
	for {
		for ; s.at < len(s.buf); s.at++ {
			if c := s.buf[s.at]; !isSpace(c) {
				return c, nil
			}
		}
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
}

// Value takes the next value.
func (s *Stream) Value() (Element, error) {
	if _, err := s.Peek(); err != nil {
		return Element{Offset: s.Offset()}, s.cutOff(err)
	}
	var c cutter
	n := 0
	for {
		var done bool
		if n, done = c.scan(s.buf[s.at:], n); n > s.limit {
			return s.element(s.limit), s.fail("is larger than the limit")
		} else if done {
			break
		}
		if err := s.fill(); err == io.EOF && c.bare && !s.array {
			break
		} else if err != nil {
			return s.element(n), s.cutOff(err)
		}
	}
	if n == 0 {
		return s.element(0), s.fail("a value is due")
	}
	e := s.element(n)
	s.at += n
	return e, nil
}

func (s *Stream) element(n int) Element {
	return Element{Raw: s.buf[s.at : s.at+n : s.at+n], Offset: s.Offset()}
}

// Elements gives the elements of the array that comes next, which must be the
// last thing in the stream.
func (s *Stream) Elements() iter.Seq2[Element, error] {
	return func(yield func(Element, error) bool) {
		if err := s.take('[', "an array is due"); err != nil {
			yield(Element{Offset: s.Offset()}, err)
			return
		}
		s.array = true
		for first := true; ; first = false {
			more, err := s.more(first)
			if err == nil && !more {
				return
			}
			var e Element
			if err == nil {
				e, err = s.Value()
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// more stands between two elements.
func (s *Stream) more(first bool) (bool, error) {
	c, err := s.Peek()
	switch {
	case err != nil:
		return false, s.cutOff(err)
	case c == ']':
		s.at++
		return false, s.atEnd()
	case first:
		return true, nil
	case c != ',':
		return false, s.fail("a comma or the end of the array is due")
	}
	s.at++
	return true, nil
}

// Values gives the values of a stream that has only white space between them,
// or nothing.
func (s *Stream) Values() iter.Seq2[Element, error] {
	return func(yield func(Element, error) bool) {
		for {
			if _, err := s.Peek(); err == io.EOF {
				return
			}
			e, err := s.Value()
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

func (s *Stream) take(want byte, reason string) error {
	c, err := s.Peek()
	if err != nil {
		return s.cutOff(err)
	}
	if c != want {
		return s.fail(reason)
	}
	s.at++
	return nil
}

func (s *Stream) atEnd() error {
	_, err := s.Peek()
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return err
	}
	return s.fail("text after the document")
}

func (s *Stream) fail(reason string) error {
	return &SyntaxError{Offset: s.Offset(), Reason: reason}
}

// cutOff turns the end of the reader, where more is due, into a syntax error.
func (s *Stream) cutOff(err error) error {
	if err != io.EOF {
		return err
	}
	return &SyntaxError{Offset: s.off + int64(len(s.buf)), Reason: "the text is cut off", Err: io.ErrUnexpectedEOF}
}

// fill reads once more, after moving what was not taken to the front.
func (s *Stream) fill() error {
	if s.err != nil {
		return s.err
	}
	if len(s.buf) == cap(s.buf) {
		s.makeRoom()
	}
	for range emptyReads {
		n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		s.err = err
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	s.err = io.ErrNoProgress
	return s.err
}

func (s *Stream) makeRoom() {
	rest := s.buf[s.at:]
	size := max(firstBuffer, cap(s.buf))
	if len(rest) > size/2 {
		size *= 2
	}
	next := s.buf[:0]
	if size > cap(s.buf) {
		next = make([]byte, 0, size)
	}
	s.buf = append(next, rest...)
	s.off += int64(s.at)
	s.at = 0
}
