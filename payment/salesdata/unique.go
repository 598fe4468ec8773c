package salesdata

import (
	"bytes"
	"hash/maphash"
	"math/bits"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/wire"
)

// uniqueNames finds a name that stands twice, among as many as an attacker
// likes, in one pass. A name belongs to an object.
type uniqueNames struct {
	seed  maphash.Seed
	text  []byte // the names
	list  []uniqueName
	slots []uint32 // numbers in list, counted from 1, at the hash of the name
}

type uniqueName struct{ hash, object, from, to uint32 }

// reset begins with another n names, or with more.
func (u *uniqueNames) reset(n int) {
	u.text, u.list = slices.Grow(u.text[:0], 8*n), slices.Grow(u.list[:0], n)
	u.makeSlots(n)
}

// makeSlots makes place for n names.
func (u *uniqueNames) makeSlots(n int) {
	size := 1 << bits.Len(uint(2*n))
	if size > cap(u.slots) {
		u.slots = make([]uint32, size)
	}
	u.slots = u.slots[:size]
	clear(u.slots)
	for i, name := range u.list {
		*u.slot(name) = uint32(i + 1)
	}
}

// slot returns the place of a name: that of an equal one, or a free one.
func (u *uniqueNames) slot(n uniqueName) *uint32 {
	for i := int(n.hash); ; i++ {
		slot := &u.slots[i&(len(u.slots)-1)]
		if *slot == 0 {
			return slot
		}
		o := u.list[*slot-1]
		if o.hash == n.hash && o.object == n.object && bytes.Equal(u.text[o.from:o.to], u.text[n.from:n.to]) {
			return slot
		}
	}
}

// add notes a name and reports whether it is the first of its object.
func (u *uniqueNames) add(object uint32, name []byte) bool {
	if 2*len(u.list) >= len(u.slots) {
		u.makeSlots(2 * len(u.list))
	}
	n := uniqueName{hash: uint32(maphash.Bytes(u.seed, name)) + object, object: object, from: uint32(len(u.text))}
	u.text = append(u.text, name...)
	n.to = uint32(len(u.text))
	slot := u.slot(n)
	if *slot != 0 {
		return false
	}
	u.list = append(u.list, n)
	*slot = uint32(len(u.list))
	return true
}

// tidy passes over a value and reports whether it is nested no deeper than limit
// and no object in it has a key twice.
func (u *uniqueNames) tidy(w *wire.Walker, limit int, keys *unquoter) bool {
	kind, object := w.Kind(), uint32(w.Offset())
	end := jsontext.KindEndArray
	switch kind {
	case jsontext.KindBeginObject:
		end = jsontext.KindEndObject
	case jsontext.KindBeginArray:
	default:
		w.Value()
		return true
	}
	if limit == 0 {
		return false
	}
	for w.Step(); w.Kind() != end; {
		if kind == jsontext.KindBeginObject {
			name, _ := keys.unquote(w.Value())
			if !u.add(object, name) {
				return false
			}
		}
		if !u.tidy(w, limit-1, keys) {
			return false
		}
	}
	w.Step()
	return true
}
