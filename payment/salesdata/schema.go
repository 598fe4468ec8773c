package salesdata

import "math/bits"

// maxFields bounds the fields of one record; a set of fields is a uint64.
const maxFields = 48

// what says how a field is written in a document.
type what uint8

const (
	text     what = iota // text of any content
	id                   // a whole number: a JSON number, or text that holds one
	textID               // an id that is text; a number is taken too
	numberID             // a whole number that is kept as text
	lineID               // a textID in the root shape, a numberID in MDS
	guid                 // 8-4-4-4-12 hexadecimal digits
	money                // a JSON number, exact
	moment               // ISO 8601
	day                  // 2006-01-02
)

// in resolves what differs between the shapes.
func (w what) in(shape Shape) what {
	switch {
	case w != lineID:
		return w
	case shape == MDS:
		return numberID
	}
	return textID
}

// field is a row of a record's table. One table serves decoder, encoder,
// versions, older names and required fields.
type field[T any] struct {
	name     string // as documented
	legacy   string // the name before 1.0, if another one is documented
	is       what
	in       Shape // the shapes that document the field
	required Shape // the shapes that require it
	since    Version
	words    []string       // the documented values, if the list is closed
	at       func(r *T) any // pointer to the Go field
}

// schema is a record's table with what is derived from it.
type schema[T any] struct {
	fields []field[T]
	index  map[string]int     // by name; older names give ^i
	order  map[Shape][]int    // how the encoder writes
	only   map[Shape]uint64   // fields that one shape alone documents
	needs  map[Shape]uint64   // fields that a shape requires
	meta   func(*T) *metadata // where the record keeps what it remembers
}

// newSchema derives the lookups. The root shape writes in the order of the
// table; mds names the fields that the MDS shape writes first.
func newSchema[T any](fields []field[T], mds []string, meta func(*T) *metadata) *schema[T] {
	s := &schema[T]{
		fields: fields, index: make(map[string]int), order: make(map[Shape][]int),
		only: make(map[Shape]uint64), needs: make(map[Shape]uint64), meta: meta,
	}
	for i, f := range fields {
		s.index[f.name] = i
		if f.legacy != "" {
			s.index[f.legacy] = ^i
		}
		s.only[f.in] |= 1 << i
		for _, shape := range []Shape{Root, MDS} {
			s.needs[shape] |= uint64(f.required&shape/shape) << i
		}
	}
	s.order[Root] = s.sequence(Root, nil)
	s.order[MDS] = s.sequence(MDS, mds)
	return s
}

// sequence lists the fields of a shape: those in lead, then the rest.
func (s *schema[T]) sequence(shape Shape, lead []string) (order []int) {
	done := s.mask(lead...)
	for _, name := range lead {
		order = append(order, s.index[name])
	}
	for i, f := range s.fields {
		if f.in&shape != 0 && done&(1<<i) == 0 {
			order = append(order, i)
		}
	}
	return order
}

// mask gives the set of the named fields.
func (s *schema[T]) mask(names ...string) (set uint64) {
	for _, name := range names {
		set |= 1 << s.index[name]
	}
	return set
}

// shapeOf gives the shapes that alone document one of the fields in set.
func (s *schema[T]) shapeOf(set uint64) (shape Shape) {
	for _, candidate := range []Shape{Root, MDS} {
		if set&s.only[candidate] != 0 {
			shape |= candidate
		}
	}
	return shape
}

// each calls f for every field in set, in the order of the table.
func each(set uint64, f func(i int)) {
	for ; set != 0; set &= set - 1 {
		f(bits.TrailingZeros64(set))
	}
}

// form is how a field stood in the document it came from.
type form uint8

const (
	formNew     form = iota // the record was made by a program
	formMissing             // the key was not there
	formNull
	formEmpty // ""
	formText
	formNumber
)

// metadata is what a record remembers of its document, so that it is written
// again as it was read.
type metadata struct {
	forms [maxFields]form
}

// given reports that the document held a value other than null and "".
func (f form) given() bool { return f == formText || f == formNumber }
