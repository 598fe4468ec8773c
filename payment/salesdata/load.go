package salesdata

import (
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// load puts the values that were scanned into the Go fields of r. Values of
// fields that only the other shape documents become unknown keys.
func load[T any](d *decoder, s *scan, table *schema[T], at place, shape Shape, r *T) (Extra, error) {
	if err := adopt(d, s, table, at, r); err != nil {
		return nil, err
	}
	meta := table.meta(r)
	for i := range table.fields {
		f := &table.fields[i]
		switch {
		case !s.has(i):
			meta.forms[i] = formMissing
		case f.in&shape == 0:
			meta.forms[i] = formMissing
			if err := d.foreign(s, at, f.name, shape, s.hits[i]); err != nil {
				return nil, err
			}
		default:
			var err error
			if meta.forms[i], err = d.read(s.hits[i], f.is.in(shape), f.at(r), at, f.name); err != nil {
				return nil, err
			}
			if err := d.checkWord(at, f.name, s.hits[i], f.words, f.at(r)); err != nil {
				return nil, err
			}
		}
	}
	if err := demand(d, s, table, at, shape, r); err != nil {
		return nil, err
	}
	return d.extras(s), nil
}

// adopt takes values that came under an older name.
func adopt[T any](d *decoder, s *scan, table *schema[T], at place, r *T) error {
	for _, m := range s.older {
		f := &table.fields[m.field]
		if err := d.list(at, m.name, m.token.Start, "is the older name of "+f.name); err != nil {
			return err
		}
		if s.has(m.field) {
			keep, err := d.agree(f.is.in(Root), f.at(r), at, m, s.hits[m.field])
			if err != nil {
				return err
			}
			m.token = keep
		}
		s.hits[m.field] = m.token
		s.seen |= 1 << m.field
	}
	return nil
}

// agree compares the value under the older name with the one under the new.
// One of them may be null or ""; else they must be equal.
func (d *decoder) agree(is what, target any, at place, m member, new wire.Token) (wire.Token, error) {
	oldForm, err := d.read(m.token, is, target, at, m.name)
	if err != nil || !oldForm.given() {
		return new, err
	}
	oldValue := appendValue(nil, is, target)
	newForm, err := d.read(new, is, target, at, m.name)
	if err != nil {
		return new, err
	}
	if !newForm.given() {
		return m.token, nil
	}
	if string(appendValue(nil, is, target)) != string(oldValue) {
		return new, d.fail(at, m.name, m.token.Start, "differs from the value under its newer name")
	}
	return new, nil
}

// foreign keeps a field of the other shape as an unknown key.
func (d *decoder) foreign(s *scan, at place, name string, shape Shape, t wire.Token) error {
	s.extra = append(s.extra, member{name: name, token: t})
	return d.list(at, name, t.Start, "is not a field of the "+shape.String()+" shape")
}

func (d *decoder) checkWord(at place, name string, t wire.Token, words []string, target any) error {
	if len(words) == 0 {
		return nil
	}
	if word := *target.(*string); word == "" || contains(words, word) {
		return nil
	}
	return d.list(at, name, t.Start, "is not one of the documented words")
}

// demand lists the required fields that are not set.
func demand[T any](d *decoder, s *scan, table *schema[T], at place, shape Shape, r *T) (err error) {
	meta := table.meta(r)
	each(table.needs[shape], func(i int) {
		if err != nil || meta.forms[i].given() {
			return
		}
		start := s.start
		if s.has(i) {
			start = s.hits[i].Start
		}
		err = d.list(at, table.fields[i].name, start, "is required and not set")
	})
	return err
}

// extras gives the unknown keys with their text.
func (d *decoder) extras(s *scan) (extra Extra) {
	for _, m := range s.extra {
		extra = append(extra, Member{Name: m.name, Raw: d.text[m.token.Start:m.token.End]})
	}
	return extra
}

// read puts one value where target points and tells how it was written.
func (d *decoder) read(t wire.Token, is what, target any, at place, name string) (form, error) {
	clearTarget(target)
	if t.Kind == wire.Null {
		return formNull, nil
	}
	if t.Kind == wire.String && t.End-t.Start == 2 {
		return formEmpty, nil
	}
	if !is.takes(t.Kind, d.cfg.moneyText) {
		return 0, d.fail(at, name, t.Start, "is "+t.Kind.String()+" where "+is.String()+" is due")
	}
	if reason := d.set(t, is, target); reason != "" {
		return 0, d.fail(at, name, t.Start, reason)
	}
	if t.Kind == wire.Number {
		return formNumber, nil
	}
	return formText, nil
}

// set converts the text of t; a reason says why it cannot be.
func (d *decoder) set(t wire.Token, is what, target any) (reason string) {
	s := d.content(t)
	var err error
	switch v := target.(type) {
	case *string:
		*v = s
		return is.refuse(s, t.Kind)
	case *int64:
		*v, reason = parseID(s)
	case *payment.Amount:
		*v, reason = parseMoney(s)
	case *Time:
		*v, err = parseTime(s, d.cfg.location)
	case *payment.Date:
		*v, err = payment.ParseDate(s)
	}
	if err != nil {
		return "is not a date or time of the documented form"
	}
	return reason
}

// content is what a scalar says. Text without escapes is part of the record's
// one copy.
func (d *decoder) content(t wire.Token) string {
	switch {
	case t.Kind != wire.String:
		return d.text[t.Start:t.End]
	case t.Escaped:
		return string(d.lex.Bytes(t))
	}
	return d.text[t.Start+1 : t.End-1]
}

func clearTarget(target any) {
	switch v := target.(type) {
	case *string:
		*v = ""
	case *int64:
		*v = 0
	case *payment.Amount:
		*v = payment.Amount{}
	case *Time:
		*v = Time{}
	case *payment.Date:
		*v = payment.Date{}
	}
}
