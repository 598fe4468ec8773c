package salesdata

import "github.com/tenderkit/tenderkit/internal/wire"

// appendRecord appends r as an object of the given shape, without its unknown
// keys and its closing brace.
func appendRecord[T any](e *encoder, table *schema[T], r *T, shape Shape, at place) error {
	if !shape.known() {
		return e.refuse(at, "", "has no shape to be written in")
	}
	if err := onlyOf(e, table, r, shape, at); err != nil {
		return err
	}
	e.buf = append(e.buf, '{')
	e.first = true
	forms := &table.meta(r).forms
	for _, i := range table.order[shape] {
		if err := appendField(e, &table.fields[i], r, forms[i], shape, at); err != nil {
			return err
		}
	}
	return nil
}

// onlyOf refuses values of fields that the shape does not have.
func onlyOf[T any](e *encoder, table *schema[T], r *T, shape Shape, at place) (err error) {
	each(table.only[both&^shape], func(i int) {
		if f := &table.fields[i]; err == nil && isSet(f.at(r), formNew) {
			err = e.refuse(at, f.name, "is not a field of the "+shape.String()+" shape")
		}
	})
	return err
}

// appendField appends one field, or nothing if it has no value and no place.
func appendField[T any](e *encoder, f *field[T], r *T, was form, shape Shape, at place) error {
	value, is := f.at(r), f.is.in(shape)
	set, tooNew := isSet(value, was), shape == Root && f.since > e.cfg.version
	switch {
	case tooNew && set:
		return e.refuse(at, f.name, "cannot be held by this version")
	case tooNew:
		return nil
	case !set && shape == MDS && f.required&MDS != 0 && (was == formNew || was.given() || e.cfg.strict):
		return e.refuse(at, f.name, "is required and not set")
	case !set:
		e.unset(f.nameIn(e.cfg, shape), was, shape)
		return nil
	}
	if reason := is.unfit(value); reason != "" {
		return e.refuse(at, f.name, reason)
	}
	e.key(f.nameIn(e.cfg, shape))
	e.buf = appendAs(e.buf, is, value, was, shape)
	return nil
}

// nameIn is the name to write.
func (f *field[T]) nameIn(c config, shape Shape) string {
	if c.legacy && shape == Root && f.legacy != "" {
		return f.legacy
	}
	return f.name
}

// unset appends a field without a value as it was. A new one is null in the
// root shape, as the vendor's examples have it, and left out of MDS.
func (e *encoder) unset(name string, was form, shape Shape) {
	switch {
	case was == formEmpty:
		e.key(name)
		e.buf = append(e.buf, `""`...)
	case was == formNull, was != formMissing && shape == Root:
		e.key(name)
		e.buf = append(e.buf, "null"...)
	}
}

// key appends a comma if one is due, and the key.
func (e *encoder) key(name string) {
	if !e.first {
		e.buf = append(e.buf, ',')
	}
	e.first = false
	e.buf = append(wire.AppendString(e.buf, name), ':')
}
