package salesdata

import (
	"hash/maphash"
	"math/bits"
	"slices"
)

// maxFaults bounds what is listed of one record.
const maxFaults = 1000

// loader turns the rows of the scanner into orders, payments and lines.
type loader struct {
	scanner
	reading
	seed     maphash.Seed
	faults   []Fault
	unlisted int // faults beyond maxFaults

	afterOrder, afterPayment, afterLine guess
}

// guess is the key that followed a key the last time: tills write their keys
// in one order.
type guess [maxFields + 1]int16

// nameOf returns the name of a member.
func (d *loader) nameOf(m *member) string { return string(d.text[m.name:m.value]) }

// resolve finds the fields of a row's members, and refuses a key that stands
// twice.
func (d *loader) resolve(k *keys, next *guess, g *rows, r *row, at place) error {
	last := int16(maxFields)
	r.seen, r.older, r.unknown = 0, 0, 0
	for i := r.from; i < r.to; i++ {
		m := &g.members[i]
		name := d.text[m.name:m.value]
		f := next[last]
		if int(f) >= len(k.names) || k.names[f] != string(name) {
			var known bool
			if f, known = k.index[string(name)]; !known {
				m.field = unknownKey
				r.unknown++
				continue
			}
		}
		m.field = f
		set := &r.seen
		if f&olderName != 0 {
			set, f = &r.older, f&^olderName
		} else {
			next[last] = f
			last = f
		}
		if *set&(1<<f) != 0 {
			return d.fail(at, string(name), d.start+int64(m.keyAt), twice)
		}
		*set |= 1 << f
	}
	if r.unknown < 2 {
		return nil
	}
	return d.checkUnknown(g, r, at, r.unknown)
}

// checkUnknown refuses an unknown key that stands twice, in one pass over n
// keys. The slots hold their numbers, counted from 1.
func (d *loader) checkUnknown(g *rows, r *row, at place, n int) error {
	slots := make([]uint32, 1<<bits.Len(uint(2*n)))
	for i := r.from; i < r.to; i++ {
		m := &g.members[i]
		if m.field != unknownKey {
			continue
		}
		name := d.text[m.name:m.value]
		for hash := maphash.Bytes(d.seed, name); ; hash++ {
			slot := &slots[hash%uint64(len(slots))]
			if *slot == 0 {
				*slot = i + 1
				break
			}
			if o := &g.members[*slot-1]; string(d.text[o.name:o.value]) == string(name) {
				return d.fail(at, string(name), d.start+int64(m.keyAt), twice)
			}
		}
	}
	return nil
}

// load puts the values of a row into the Go fields of rec. Values of fields
// that only the other shape documents become unknown keys.
func load[T any](d *loader, t *table[T], g *rows, r *row, at place, shape Shape, rec *T) (extra Extra, err error) {
	meta := t.meta(rec)
	*meta = allMissing
	for i := r.from; i < r.to; i++ {
		m := &g.members[i]
		switch f := m.field; {
		case f == unknownKey:
			extra = d.keep(extra, m, r)
		case f&olderName != 0: // see adopt
		case t.fields[f].in&shape == 0:
			extra = d.keep(extra, m, r)
			err = d.list(at, t.names[f], d.start+int64(m.valueAt), "is not a field of the "+shape.String()+" shape")
		default:
			meta.forms[f], err = readField(d, &t.fields[f], m, at, shape, rec)
		}
		if err != nil {
			return nil, err
		}
	}
	if r.older != 0 {
		if extra, err = adopt(d, t, g, r, at, shape, rec, extra); err != nil {
			return nil, err
		}
	}
	return extra, demand(d, t, g, r, at, shape, meta)
}

// keep adds a member to the unknown keys. One copy holds its name and text.
func (d *loader) keep(extra Extra, m *member, r *row) Extra {
	if extra == nil {
		extra = make(Extra, 0, max(r.unknown, 4))
	}
	text := string(d.text[m.name:m.end])
	n := m.value - m.name
	return append(extra, Member{Name: text[:n], Raw: text[n:]})
}

// readField reads one value and returns how it was written.
func readField[T any](d *loader, f *field[T], m *member, at place, shape Shape, rec *T) (form, error) {
	raw := d.text[m.value:m.end]
	switch {
	case raw[0] == 'n':
		return formNull, nil
	case len(raw) == 2 && raw[0] == '"':
		return formEmpty, nil
	}
	to := f.at(rec)
	if reason := to.read(value{raw: raw, shape: shape, in: &d.reading}); reason != "" {
		return 0, d.fail(at, d.nameOf(m), d.start+int64(m.valueAt), reason)
	}
	if f.words != nil && !slices.Contains(f.words, string(*to.(*textSlot))) {
		if err := d.list(at, f.name, d.start+int64(m.valueAt), "is not one of the documented words"); err != nil {
			return 0, err
		}
	}
	if raw[0] == '"' {
		return formText, nil
	}
	return formNumber, nil
}

// adopt takes values that stand under an older name.
func adopt[T any](d *loader, t *table[T], g *rows, r *row, at place, shape Shape, rec *T, extra Extra) (Extra, error) {
	meta := t.meta(rec)
	for i := r.from; i < r.to; i++ {
		m := &g.members[i]
		if m.field == unknownKey || m.field&olderName == 0 {
			continue
		}
		f := &t.fields[m.field&^olderName]
		offset := d.start + int64(m.valueAt)
		if err := d.list(at, d.nameOf(m), offset, "is the older name of "+f.name); err != nil {
			return nil, err
		}
		if f.in&shape == 0 {
			extra = d.keep(extra, m, r)
			extra[len(extra)-1].Name = f.name
			continue
		}
		var old T
		was, err := readField(d, f, m, at, shape, &old)
		if err != nil {
			return nil, err
		}
		now := &meta.forms[m.field&^olderName]
		switch {
		case !now.given() && (was.given() || *now == formMissing):
			*now = was
			_, err = readField(d, f, m, at, shape, rec)
		case was.given() && string(f.at(&old).canon(nil)) != string(f.at(rec).canon(nil)):
			err = d.fail(at, d.nameOf(m), offset, "differs from the value under its newer name")
		}
		if err != nil {
			return nil, err
		}
	}
	return extra, nil
}

// demand lists the required fields that are not set.
func demand[T any](d *loader, t *table[T], g *rows, r *row, at place, shape Shape, meta *metadata) (err error) {
	each(t.needs[shape], func(i int) {
		if err == nil && !meta.forms[i].given() {
			err = d.list(at, t.names[i], d.place(g, r, int16(i)), "is required and not set")
		}
	})
	return err
}

// place returns where a field of a row stands, or where the row begins.
func (d *loader) place(g *rows, r *row, f int16) int64 {
	for _, m := range g.members[r.from:r.to] {
		if m.field == f {
			return d.start + int64(m.valueAt)
		}
	}
	return d.start + int64(r.at)
}

// list notes something odd, or refuses it in strict mode.
func (d *loader) list(at place, name string, offset int64, reason string) error {
	switch {
	case d.cfg.strict:
		return d.fail(at, name, offset, reason)
	case len(d.faults) < maxFaults:
		d.faults = append(d.faults, Fault{Path: at.path(d.root(), name), Offset: offset, Reason: reason})
	default:
		d.unlisted++
	}
	return nil
}
