package transport

import (
	"bytes"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	maxEscape = 16 // bytes of the longest escape that is read
	maxNested = 3  // escapes within escapes, such as JSON in JSON, that are read
)

// A spelling is a text with some of its escapes resolved. The byte i of text
// stands for the bytes from[i] to to[i] of the original.
type spelling struct {
	text     []byte
	from, to []int32
}

// escape reads the escape at the beginning of b and returns what it stands for
// and its length, 0 if there is none.
type escape struct {
	leads string // the bytes an escape begins with
	read  func(b []byte) (text []byte, width int)
}

// escapes are the ways to write a character: those of JSON, a URL and HTML, and
// all of them mixed, because every serialiser escapes another set.
func escapes() [4]escape {
	return [4]escape{{`\`, readJSON}, {`%`, readURL}, {`&`, readHTML}, {`\%&`, readAny}}
}

// spellings returns b as it is and with its escapes resolved, again and again as
// far as they may be nested.
func spellings(b []byte) []spelling {
	all := []spelling{verbatim(b)}
	seen := map[string]bool{string(b): true}
	for level, start := 0, 0; level < maxNested; level++ {
		end := len(all)
		for _, s := range all[start:end] {
			for _, e := range escapes() {
				next, changed := s.resolve(e)
				if changed && !seen[string(next.text)] {
					seen[string(next.text)] = true
					all = append(all, next)
				}
			}
		}
		start = end
	}
	return all
}

func verbatim(b []byte) spelling {
	s := spelling{b, make([]int32, len(b)), make([]int32, len(b))}
	for i := range b {
		s.from[i], s.to[i] = int32(i), int32(i+1)
	}
	return s
}

// resolve returns s with every escape of one kind replaced by its text.
func (s spelling) resolve(e escape) (next spelling, changed bool) {
	done := 0
	for i := 0; ; {
		step := bytes.IndexAny(s.text[i:], e.leads)
		if step < 0 {
			break
		}
		i += step
		text, width := e.read(s.text[i:])
		if width == 0 {
			i++
			continue
		}
		if !changed {
			next, changed = newSpelling(len(s.text)), true
		}
		next.copy(s, done, i)
		next.add(text, s.from[i], s.to[i+width-1])
		i += width
		done = i
	}
	if changed {
		next.copy(s, done, len(s.text))
	}
	return next, changed
}

func newSpelling(size int) spelling {
	return spelling{make([]byte, 0, size), make([]int32, 0, size), make([]int32, 0, size)}
}

// copy adds a part of another spelling as it is.
func (s *spelling) copy(of spelling, start, end int) {
	s.text = append(s.text, of.text[start:end]...)
	s.from, s.to = append(s.from, of.from[start:end]...), append(s.to, of.to[start:end]...)
}

// add adds what stands for a part of the original.
func (s *spelling) add(text []byte, from, to int32) {
	s.text = append(s.text, text...)
	for range text {
		s.from, s.to = append(s.from, from), append(s.to, to)
	}
}

// folded returns s in one letter case.
func (s spelling) folded() spelling {
	next := newSpelling(len(s.text))
	var buf [utf8.UTFMax]byte
	for i := 0; i < len(s.text); {
		r, width := utf8.DecodeRune(s.text[i:])
		if r == utf8.RuneError {
			next.add(s.text[i:i+width], s.from[i], s.to[i+width-1])
		} else {
			next.add(utf8.AppendRune(buf[:0], foldRune(r)), s.from[i], s.to[i+width-1])
		}
		i += width
	}
	return next
}

func foldRune(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }

// openEnd returns where an escape begins that the end of the text may have cut
// off, or the length of the text.
func (s spelling) openEnd() int {
	for i := max(0, len(s.text)-maxEscape); i < len(s.text); i++ {
		_, width := readAny(s.text[i:])
		switch {
		case width > 0:
			i += width - 1
		case slices.Contains([]byte(`\%&`), s.text[i]):
			return i
		}
	}
	return len(s.text)
}

func readAny(b []byte) (text []byte, width int) {
	switch b[0] {
	case '\\':
		return readJSON(b)
	case '%':
		return readURL(b)
	case '&':
		return readHTML(b)
	}
	return nil, 0
}

func readURL(b []byte) (text []byte, width int) {
	if b[0] != '%' || len(b) < 3 {
		return nil, 0
	}
	if c, ok := hexDigits(b[1:], 2); ok {
		return []byte{byte(c)}, 3
	}
	return nil, 0
}

// readJSON reads the escapes of JSON and those of Go and JavaScript.
func readJSON(b []byte) (text []byte, width int) {
	if b[0] != '\\' || len(b) < 2 {
		return nil, 0
	}
	switch b[1] {
	case '/', '"', '\'', '\\':
		return b[1:2], 2
	case 'b', 'f', 'n', 'r', 't':
		return []byte{"\b\f\n\r\t"[bytes.IndexByte([]byte("bfnrt"), b[1])]}, 2
	case 'x':
		if c, ok := hexDigits(b[2:], 2); ok {
			return []byte{byte(c)}, 4
		}
	case 'u':
		return readCodeUnits(b)
	}
	return nil, 0
}

func readCodeUnits(b []byte) (text []byte, width int) {
	high, ok := hexDigits(b[2:], 4)
	if !ok {
		return nil, 0
	}
	if !utf16.IsSurrogate(high) {
		return utf8.AppendRune(nil, high), 6
	}
	if len(b) >= 12 && b[6] == '\\' && b[7] == 'u' {
		if low, ok := hexDigits(b[8:], 4); ok {
			return utf8.AppendRune(nil, utf16.DecodeRune(high, low)), 12
		}
	}
	return nil, 0
}

// hexDigits reads n hexadecimal digits.
func hexDigits(b []byte, n int) (v rune, ok bool) {
	if len(b) < n {
		return 0, false
	}
	for _, c := range b[:n] {
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		if digit < 0 || c < '0' {
			return 0, false
		}
		v = v<<4 | rune(digit)
	}
	return v, true
}

func readHTML(b []byte) (text []byte, width int) {
	if b[0] != '&' {
		return nil, 0
	}
	end := bytes.IndexByte(b[:min(len(b), maxEscape)], ';')
	if end < 0 {
		return nil, 0
	}
	entity := string(b[:end+1])
	plain := html.UnescapeString(entity)
	if plain == entity {
		return nil, 0
	}
	return []byte(plain), end + 1
}
