package salesdata

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// loader turns the rows of the scanner into orders, payments and lines.
type loader struct {
	scanner
	bare  bool // the record is a payment without an order
	mixed bool // it may have fields of both

	afterOrder, afterPayment, afterLine guess
}

// guess is the key that followed a key the last time: tills write their keys
// in one order.
type guess [maxFields + 1]int16

// resolve finds the fields of a row's members, and refuses a field that stands
// twice.
func (d *loader) resolve(k *keys, next *guess, g *rows, r *row, at place) error {
	r.seen, r.older, r.unknown = 0, 0, 0
	last := int16(maxFields)
	members := g.members[r.from:r.to]
	for i := range members {
		m := &members[i]
		if m.field = next[last]; int(m.field) >= len(k.names) || k.names[m.field] != string(d.text[m.key+1:m.colon-1]) {
			m.field = k.find(d.name(m))
		}
		set, bit := &r.seen, m.field
		switch {
		case bit == unknownKey:
			r.unknown++
			continue
		case bit&olderName != 0:
			set, bit = &r.older, bit&^olderName
		default:
			next[last], last = bit, bit
		}
		if *set&(1<<bit) != 0 {
			return d.fail(at, string(d.name(m)), d.at(m.key), twice)
		}
		*set |= 1 << bit
	}
	return nil
}

// checkUnknown refuses an unknown key that stands twice.
func (d *loader) checkUnknown(g *rows, r *row, at place) error {
	if r.unknown < 2 {
		return nil
	}
	d.names.reset(r.unknown)
	for i := r.from; i < r.to; i++ {
		m := &g.members[i]
		if m.field != unknownKey {
			continue
		}
		if !d.names.add(0, d.name(m)) {
			return d.fail(at, string(d.name(m)), d.at(m.key), twice)
		}
	}
	return nil
}

// load puts the values of a row into the Go fields of rec. Values of fields
// that only the other shape documents become unknown keys, and in the MDS shape
// the older names too: they are names of the root shape.
func load[T any](d *loader, t *table[T], g *rows, r *row, at place, shape Shape, rec *T) (extra Extra, err error) {
	if err = d.checkUnknown(g, r, at); err != nil {
		return nil, err
	}
	meta, foreign := t.meta(rec), t.only[both&^shape]
	*meta = allMissing
	members := g.members[r.from:r.to]
	for i := range members {
		m := &members[i]
		switch f := m.field; {
		case f == unknownKey || f&olderName != 0 && shape != Root:
			extra, err = d.keep(extra, m, r, at)
		case f&olderName != 0: // see adopt
		case foreign&(1<<f) != 0:
			if err = d.list(at, t.names[f], d.at(m.value), "is not a field of the "+shape.String()+" shape"); err == nil {
				extra, err = d.keep(extra, m, r, at)
			}
		default:
			if meta.forms[f] = formOf(d.text[m.value:m.end]); meta.forms[f].given() {
				err = readField(d, t, int(f), m, at, shape, rec)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	if r.older != 0 && shape == Root {
		if err = adopt(d, t, g, r, at, rec); err != nil {
			return nil, err
		}
	}
	return extra, demand(d, t, g, r, at, shape, meta)
}

// keep adds a member to the unknown keys. One copy holds its name and text.
func (d *loader) keep(extra Extra, m *member, r *row, at place) (Extra, error) {
	if extra == nil {
		extra = make(Extra, 0, max(r.unknown, 4))
	}
	name, whole := d.texts.unquote(d.text[m.key:m.colon])
	n := len(name)
	d.texts.scratch = append(append(d.texts.scratch[:0], name...), d.text[m.value:m.end]...)
	text := string(d.texts.scratch)
	extra = append(extra, Member{Name: text[:n], Raw: text[n:]})
	if !whole {
		if err := d.list(at, text[:n], d.at(m.key), notUTF8); err != nil {
			return nil, err
		}
	}
	reason := d.misplaced(text[:n], at)
	if reason == "" && strings.Contains(text[n:], `\u`) && !jsontext.Value(text[n:]).IsValid(jsontext.AllowDuplicateNames(true)) {
		reason = notUTF8
	}
	if reason == "" {
		return extra, nil
	}
	return extra, d.list(at, text[:n], d.at(m.value), reason)
}

// misplaced returns why an unknown key is odd, if it is.
func (d *loader) misplaced(name string, at place) (reason string) {
	switch {
	case name == "customer_client_id" && (d.bare || at.array == d.cfg.payments):
		return "is named by the vendor's customer clients and documented for no payment"
	case at.array != "" || !d.mixed:
	case d.bare && orderTable.has(name):
		return "is a field of an order, not of a payment"
	case !d.bare && paymentTable.has(name):
		return "is a field of a payment, not of an order"
	}
	return ""
}

// readField reads a value that is given, and notes what is odd about it.
func readField[T any](d *loader, t *table[T], i int, m *member, at place, shape Shape, rec *T) error {
	f, raw := &t.fields[i], d.text[m.value:m.end]
	to := f.at(rec)
	out := to.read(value{raw: raw, shape: shape, in: &d.reading})
	if out == taken && f.words == nil {
		return nil
	}
	meta := t.meta(rec)
	if out.reason == "" && f.words != nil && !slices.Contains(f.words, string(*to.(*textSlot))) {
		out.reason = "is not one of the documented words"
	} else if out.reason != "" || out.respelt {
		meta.odd = append(meta.odd, oddText{field: int16(i), raw: string(raw)})
	}
	if !out.taken {
		meta.forms[i] = formUnread
	}
	offset := d.at(m.value)
	switch {
	case out.reason == "":
		return nil
	case f.rests == vital || f.rests == much && !out.taken:
		return d.fail(at, string(d.name(m)), offset, out.reason)
	}
	return d.list(at, string(d.name(m)), offset, out.reason)
}

// formOf returns how a value is written.
func formOf(raw []byte) form {
	switch {
	case raw[0] == 'n':
		return formNull
	case len(raw) == 2 && raw[0] == '"':
		return formEmpty
	case raw[0] == '"':
		return formText
	}
	return formNumber
}

// adopt takes values that stand under an older name.
func adopt[T any](d *loader, t *table[T], g *rows, r *row, at place, rec *T) error {
	meta := t.meta(rec)
	for i := r.from; i < r.to; i++ {
		m := &g.members[i]
		if m.field == unknownKey || m.field&olderName == 0 {
			continue
		}
		f := int(m.field &^ olderName)
		offset := d.at(m.value)
		if err := d.list(at, string(d.name(m)), offset, "is the older name of "+t.names[f]); err != nil {
			return err
		}
		var old T
		was, now := &t.meta(&old).forms[f], meta.forms[f]
		raw := d.text[m.value:m.end]
		if *was = formOf(raw); was.given() {
			if err := readField(d, t, f, m, at, Root, &old); err != nil {
				return err
			}
		}
		switch {
		case now.given() && was.given():
			if !sameValue(t, f, &old, rec) {
				return d.fail(at, string(d.name(m)), offset, "differs from the value under its newer name")
			}
		case was.given() || now == formMissing:
			meta.forms[f], meta.odd = *was, append(meta.odd, t.meta(&old).odd...)
			if was.given() && *was != formUnread {
				t.fields[f].at(rec).read(value{raw: raw, shape: Root, in: &d.reading})
			}
		}
	}
	return nil
}

// sameValue reports whether a field has the same value in two records.
func sameValue[T any](t *table[T], f int, a, b *T) bool {
	return string(appendCanon(nil, t, f, a)) == string(appendCanon(nil, t, f, b))
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
			return d.at(m.value)
		}
	}
	return d.at(r.at)
}
