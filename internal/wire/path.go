package wire

import (
	"strconv"
	"strings"
)

// PathAt gives the path, such as $[3].paymentAmount, of the innermost value of
// data that holds the byte at offset. Text that is broken before the offset
// gives the path of the place where it breaks.
func PathAt(data []byte, offset int64) string {
	l := NewLexer(data, MaxDepth)
	var w walk
	for {
		t, err := l.Next()
		if err != nil {
			w.broken(l)
			return w.String()
		}
		if t.Kind == End || int64(t.Start) > offset {
			return w.String()
		}
		w.enter(l, t)
		if int64(t.End) > offset {
			return w.String()
		}
		w.leave(t)
	}
}

// walk is the way from the root of a document to the lexer's place.
type walk []step

// step is one container and the place in it.
type step struct {
	object bool
	key    string
	index  int
}

// enter notes that t has been read.
func (w *walk) enter(l *Lexer, t Token) {
	s := *w
	if len(s) > 0 {
		top := &s[len(s)-1]
		switch {
		case t.Kind == Key:
			top.key = string(l.Bytes(t))
			return
		case t.Kind == EndObject || t.Kind == EndArray:
			*w = s[:len(s)-1]
			return
		case !top.object:
			top.index++
		}
	}
	if t.Kind == BeginObject || t.Kind == BeginArray {
		*w = append(s, step{object: t.Kind == BeginObject, index: -1})
	}
}

// leave notes that t is behind: what follows in an object is the object's own
// until the next key is read.
func (w *walk) leave(t Token) {
	if n := len(*w); n > 0 && t.Kind != Key {
		(*w)[n-1].key = ""
	}
}

// broken steps on to the element that could not be read.
func (w walk) broken(l *Lexer) {
	if n := len(w); n > 0 && (l.state == wantElement || l.state == wantFirstElement) {
		w[n-1].index++
	}
}

// String writes the path.
func (w walk) String() string {
	path := "$"
	for _, s := range w {
		switch {
		case s.object && s.key != "":
			path += PathMember(s.key)
		case !s.object && s.index >= 0:
			path += "[" + strconv.Itoa(s.index) + "]"
		}
	}
	return path
}

// PathMember writes the step to a member of an object: .name, or ["any text"] bounded, for a key that is no name.
func PathMember(key string) string {
	const limit = 40
	if len(key) <= limit && isName(key) {
		return "." + key
	}
	if len(key) > limit {
		key = strings.ToValidUTF8(key[:limit], "") + "…"
	}
	return "[" + strconv.Quote(key) + "]"
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && s[i] != '_' && (i == 0 || !isDigit(s[i])) {
			return false
		}
	}
	return s != ""
}
