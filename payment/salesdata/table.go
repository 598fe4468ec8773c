package salesdata

import (
	"cmp"
	"math/bits"
	"slices"
)

// maxFields bounds the fields of one record; a set of fields is a uint64.
const maxFields = 48

// field is a row of a record's table. One table serves decoder, encoder,
// versions, older names and required fields.
type field[T any] struct {
	name     string // as documented
	older    string // the name before 1.0, if another one is documented
	in       Shape  // the shapes that document the field
	required Shape  // the shapes that require it
	since    Version
	mds      int             // its place in the vendor's MDS example; 0 for those that follow
	words    []string        // the documented values, if the list is closed
	rests    importance      // what rests on it
	role     role            // what the field is to its payment
	at       func(r *T) slot // the Go field
}

// role is what some fields are to their payment.
type role uint8

const (
	identity role = iota + 1 // tells a payment from an order
	tender                   // holds the amount; each shape has its own
)

// importance says what becomes of a value that is odd.
type importance uint8

const (
	little importance = iota // its text is kept, and it is listed
	much                     // so too if the field can hold it; else the order is refused
	vital                    // money or identity: the order is refused
)

// nameIn returns the name to write.
func (f *field[T]) nameIn(c *config, shape Shape) string {
	if c.olderNames && shape == Root && f.older != "" {
		return f.older
	}
	return f.name
}

// table lists the fields of a record, with what follows from the list.
type table[T any] struct {
	keys
	fields []field[T]
	meta   func(*T) *metadata // where the record keeps what it remembers
}

// keys is the part of a table that does not depend on the record's type. Sets
// by shape have the shape as their index.
type keys struct {
	names   []string         // by number
	index   map[string]int16 // number by name; older names are marked with olderName
	lengths uint64           // of the names
	order   [3][]int         // how the encoder writes
	only    [3]uint64        // fields that one shape alone documents
	needs   [3]uint64        // fields that a shape requires
}

// What a key can be beside the number of a field.
const (
	unknownKey int16 = -1
	olderName  int16 = 1 << 8
)

// newTable derives the sets. The root shape is written in the order of the
// list, MDS in that of the vendor's example.
func newTable[T any](meta func(*T) *metadata, fields []field[T]) *table[T] {
	t := &table[T]{fields: fields, meta: meta, keys: keys{index: make(map[string]int16)}}
	for i, f := range fields {
		t.names = append(t.names, f.name)
		t.index[f.name] = int16(i)
		if f.older != "" {
			t.index[f.older] = int16(i) | olderName
		}
		t.lengths |= 1<<len(f.name) | 1<<len(f.older)
		for _, shape := range []Shape{Root, MDS} {
			if f.in == shape {
				t.only[shape] |= 1 << i
			}
			t.needs[shape] |= uint64(f.required&shape/shape) << i
		}
	}
	t.order[Root] = t.sequence(Root, func(field[T]) int { return 0 })
	t.order[MDS] = t.sequence(MDS, func(f field[T]) int { return cmp.Or(f.mds, maxFields) })
	return t
}

// sequence lists the fields of a shape by rank.
func (t *table[T]) sequence(shape Shape, rank func(field[T]) int) (order []int) {
	for i, f := range t.fields {
		if f.in&shape != 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rank(t.fields[a]), rank(t.fields[b])) })
	return order
}

// with returns the set of the fields with a role.
func (t *table[T]) with(r role) (set uint64) {
	for i, f := range t.fields {
		if f.role == r {
			set |= 1 << i
		}
	}
	return set
}

// shapeOf returns the shapes that alone document one of the fields in set.
func (k *keys) shapeOf(set uint64) (shape Shape) {
	for _, candidate := range []Shape{Root, MDS} {
		if set&k.only[candidate] != 0 {
			shape |= candidate
		}
	}
	return shape
}

// find returns the number of a name. Most unknown names have another length than
// those in the table.
func (k *keys) find(name []byte) int16 {
	if k.lengths>>len(name)&1 == 0 {
		return unknownKey
	}
	if f, ok := k.index[string(name)]; ok {
		return f
	}
	return unknownKey
}

// has reports whether a name is that of a field.
func (k *keys) has(name string) bool {
	_, ok := k.index[name]
	return ok
}

// foreign reports whether the other shape alone documents a field.
func (k *keys) foreign(f int16, shape Shape) bool { return k.only[both&^shape]&(1<<f) != 0 }

// each calls f for every field in set, in the order of the table.
func each(set uint64, f func(i int)) {
	for ; set != 0; set &= set - 1 {
		f(bits.TrailingZeros64(set))
	}
}

// metadata is what a record remembers of its document, so that it is written
// again as it was read.
type metadata struct {
	forms [maxFields]form
	odd   []oddText
}

// oddText is a value as it stood in the document, if the field does not show
// it.
type oddText struct {
	field int16
	raw   string
}

// text returns what stood for a field.
func (m *metadata) text(field int) (raw string, ok bool) {
	for _, o := range m.odd {
		if int(o.field) == field {
			return o.raw, true
		}
	}
	return "", false
}

// unread returns the fields that could not hold their values, with these.
func (k *keys) unread(m *metadata) (list Extra) {
	for _, o := range m.odd {
		if m.forms[o.field] == formUnread {
			list = append(list, Member{Name: k.names[o.field], Raw: o.raw})
		}
	}
	return list
}

// allMissing is the metadata of a record of no keys.
var allMissing = func() (m metadata) {
	for i := range m.forms {
		m.forms[i] = formMissing
	}
	return m
}()
