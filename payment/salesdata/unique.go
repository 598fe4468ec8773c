package salesdata

import (
	"bytes"
	"hash/maphash"
	"math/bits"

	"github.com/go-json-experiment/json/jsontext"
)

// The functions below find their way in a text that is known to be one valid
// JSON value.

// next returns the place, from text[i] on, of the next key or value, or of the
// end of their container.
func next(text []byte, i int) int {
	for {
		switch text[i] {
		case ' ', '\t', '\r', '\n', ',', ':':
			i++
		default:
			return i
		}
	}
}

// endOfText returns the end of the JSON text that begins at text[start]. A quote
// after an odd number of backslashes does not end it.
func endOfText(text []byte, start int) int {
	for i := start; ; {
		i += 1 + bytes.IndexByte(text[i+1:], '"')
		before := i - 1
		for text[before] == '\\' {
			before--
		}
		if (i-before)%2 == 1 {
			return i + 1
		}
	}
}

// endOfValue returns the end of the value that begins at text[i].
func endOfValue(text []byte, i int) (end int) {
	switch text[i] {
	case '"':
		return endOfText(text, i)
	case '{', '[':
		end, _ = nested(text, i)
		return end
	case 'n', 't':
		return i + len("null")
	case 'f':
		return i + len("false")
	}
	for c := text[i]; c > ' ' && c != ',' && c != '}' && c != ']'; c = text[i] {
		i++
	}
	return i
}

// nested returns the end of the value that begins at text[i], and how deep its
// containers are nested.
func nested(text []byte, i int) (end, deepest int) {
	for depth := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i = endOfText(text, i) - 1
		case '{', '[':
			depth++
			deepest = max(deepest, depth)
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, deepest
			}
		}
	}
	return len(text), deepest
}

// unquote returns what a JSON text says, until scratch is used again. It is not
// whole if half a surrogate pair became U+FFFD.
func unquote(quoted []byte, scratch *[]byte) (content []byte, whole bool) {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1], true
	}
	var err error
	*scratch, err = jsontext.AppendUnquote((*scratch)[:0], quoted)
	return *scratch, err == nil
}

// uniqueNames finds a name that stands twice, among as many as an attacker
// likes, in one pass. A name belongs to an object.
type uniqueNames struct {
	seed    maphash.Seed
	text    []byte // the names
	list    []uniqueName
	slots   []uint32 // numbers in list, counted from 1, at the hash of the name
	scratch []byte
}

type uniqueName struct{ object, from, to uint32 }

// reset begins with another n names at most.
func (u *uniqueNames) reset(n int) {
	u.list, u.text = u.list[:0], u.text[:0]
	size := 1 << bits.Len(uint(2*n))
	if size > cap(u.slots) {
		u.slots = make([]uint32, size)
	}
	u.slots = u.slots[:size]
	clear(u.slots)
}

// add notes a name and reports whether it is the first of its object.
func (u *uniqueNames) add(object uint32, name []byte) bool {
	hash := maphash.Bytes(u.seed, name) + uint64(object)
	for ; ; hash++ {
		slot := &u.slots[hash%uint64(len(u.slots))]
		if *slot == 0 {
			from := uint32(len(u.text))
			u.text = append(u.text, name...)
			u.list = append(u.list, uniqueName{object, from, uint32(len(u.text))})
			*slot = uint32(len(u.list))
			return true
		}
		if o := u.list[*slot-1]; o.object == object && bytes.Equal(u.text[o.from:o.to], name) {
			return false
		}
	}
}

// tidy reports whether a valid JSON value is nested no deeper than limit, which
// is at most maxDepth, and whether no object in it has a key twice.
func (u *uniqueNames) tidy(raw jsontext.Value, limit int) bool {
	u.reset(bytes.Count(raw, []byte{':'}))
	var objects [maxDepth + 1]uint32 // where those around this place begin
	depth := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '{', '[':
			if depth++; depth > limit {
				return false
			}
			objects[depth] = uint32(i)
		case '}', ']':
			depth--
		case '"':
			end := endOfText(raw, i)
			if after := bytes.TrimLeft(raw[end:], " \t\r\n"); len(after) > 0 && after[0] == ':' {
				name, _ := unquote(raw[i:end], &u.scratch)
				if !u.add(objects[depth], name) {
					return false
				}
			}
			i = end - 1
		}
	}
	return true
}
