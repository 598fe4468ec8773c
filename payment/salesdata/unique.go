package salesdata

import (
	"bytes"
	"hash/maphash"
	"math/bits"

	"github.com/go-json-experiment/json/jsontext"
)

// uniqueNames finds a name that stands twice, among as many as an attacker
// likes, in one pass. A name belongs to an object.
type uniqueNames struct {
	seed  maphash.Seed
	text  []byte // where the names stand
	own   []byte // text, for names that have to be copied
	list  []uniqueName
	slots []uint32 // numbers in list, counted from 1, at the hash of the name
}

type uniqueName struct{ object, from, to uint32 }

// reset begins with another n names at most.
func (u *uniqueNames) reset(n int) {
	u.list = u.list[:0]
	size := 1 << bits.Len(uint(2*n))
	if size > cap(u.slots) {
		u.slots = make([]uint32, size)
	}
	u.slots = u.slots[:size]
	clear(u.slots)
}

// add notes the name text[from:to] and reports whether it is the first of its
// object.
func (u *uniqueNames) add(object, from, to uint32) bool {
	name := u.text[from:to]
	hash := maphash.Bytes(u.seed, name) + uint64(object)
	for ; ; hash++ {
		slot := &u.slots[hash%uint64(len(u.slots))]
		if *slot == 0 {
			u.list = append(u.list, uniqueName{object, from, to})
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
	u.text = u.own[:0]
	defer func() { u.own = u.text[:0] }()
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
			if next := bytes.TrimLeft(raw[end:], " \t\r\n"); len(next) > 0 && next[0] == ':' {
				from := uint32(len(u.text))
				u.text, _ = appendName(u.text, raw[i:end])
				if !u.add(objects[depth], from, uint32(len(u.text))) {
					return false
				}
			}
			i = end - 1
		}
	}
	return true
}

// endOfText returns the end of the text whose quote is at an offset.
func endOfText(raw []byte, start int) int {
	for i := start + 1; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(raw)
}

// depth returns how deep the containers of a valid value are nested.
func depth(raw []byte) (deepest int) {
	for i, now := 0, 0; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			i = endOfText(raw, i) - 1
		case '{', '[':
			now++
			deepest = max(deepest, now)
		case '}', ']':
			now--
		}
	}
	return deepest
}

// appendName appends what a key says. Half a surrogate pair becomes U+FFFD.
func appendName(b, key []byte) (name []byte, half bool) {
	if bytes.IndexByte(key, '\\') < 0 {
		return append(b, key[1:len(key)-1]...), false
	}
	name, err := jsontext.AppendUnquote(b, key)
	return name, err != nil
}
