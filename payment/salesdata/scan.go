package salesdata

import (
	"github.com/tenderkit/tenderkit/internal/wire"
)

// scan is one object cut into the tokens of its values. The shape of a record
// shows only when all its keys are known, so values are read afterwards.
type scan struct {
	start int // where the object begins
	hits  [maxFields]wire.Token
	seen  uint64
	extra []member // keys that the table does not have
	older []member // keys under an older name
	next  [maxFields + 1]int8
	keys  wire.KeySet
}

// member is a key with its value's token.
type member struct {
	name  string
	field int
	token wire.Token
}

func (s *scan) reset(start int) {
	s.start, s.seen = start, 0
	s.extra, s.older = s.extra[:0], s.older[:0]
	s.keys = wire.KeySet{}
}

func (s *scan) has(i int) bool { return s.seen&(1<<i) != 0 }

// told is the set of the fields that were seen, under any name.
func (s *scan) told() uint64 {
	set := s.seen
	for _, m := range s.older {
		set |= 1 << m.field
	}
	return set
}

// latest gives the place of the last of the values in set.
func (s *scan) latest(set uint64) (start int) {
	each(set, func(i int) { start = max(start, s.hits[i].Start) })
	return start
}

// nested reads the value of a key that holds records of its own.
type nested func(key string, value wire.Token) error

// members reads the object whose opening brace was just read.
func members[T any](d *decoder, s *scan, table *schema[T], at place, inner nested) error {
	for last := maxFields; ; {
		t, err := d.lex.Next()
		if err != nil {
			return d.broken(err)
		}
		if t.Kind == wire.EndObject {
			return nil
		}
		key := d.element.Raw[t.Start+1 : t.End-1]
		if t.Escaped {
			key = d.lex.Bytes(t)
		}
		if last, err = readMember(d, s, table, at, inner, t.Start, last, key); err != nil {
			return err
		}
	}
}

// readMember reads the value of key. It gives the field's number, by which the
// next key is guessed: tills write their keys in one order.
func readMember[T any](d *decoder, s *scan, table *schema[T], at place, inner nested, start, last int, key []byte) (int, error) {
	i := int(s.next[last])
	if i >= len(table.fields) || string(key) != table.fields[i].name {
		var known bool
		if i, known = table.index[string(key)]; !known {
			return last, d.otherMember(s, at, inner, start, key)
		}
	}
	t, err := d.value()
	if err != nil {
		return last, err
	}
	if i < 0 {
		return last, d.olderMember(s, at, start, member{name: string(key), field: ^i, token: t})
	}
	if s.has(i) {
		return last, d.repeated(at, string(key), start)
	}
	s.next[last] = int8(i)
	s.hits[i] = t
	s.seen |= 1 << i
	return i, nil
}

// value reads the next value whole.
func (d *decoder) value() (wire.Token, error) {
	t, err := d.lex.Next()
	if err == nil && (t.Kind == wire.BeginObject || t.Kind == wire.BeginArray) {
		t, err = d.lex.Skip(t)
	}
	if err != nil {
		return t, d.broken(err)
	}
	return t, nil
}

func (d *decoder) repeated(at place, key string, start int) error {
	return d.fail(at, key, start, "the same key twice in one object")
}

// otherMember reads a key that the table does not have.
func (d *decoder) otherMember(s *scan, at place, inner nested, start int, raw []byte) error {
	key := string(raw)
	if !s.keys.Add([]byte(key)) {
		return d.repeated(at, key, start)
	}
	if inner != nil && (key == d.cfg.payments || key == d.cfg.lines) {
		t, err := d.lex.Next()
		if err != nil {
			return d.broken(err)
		}
		return inner(key, t)
	}
	t, err := d.value()
	s.extra = append(s.extra, member{name: key, token: t})
	return err
}

// olderMember reads a key under its older name.
func (d *decoder) olderMember(s *scan, at place, start int, m member) error {
	for _, old := range s.older {
		if old.name == m.name {
			return d.repeated(at, m.name, start)
		}
	}
	s.older = append(s.older, m)
	return nil
}
