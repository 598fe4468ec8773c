package salesdata

import (
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment"
)

// encoder gathers the text of a document.
type encoder struct {
	cfg     *config
	w       io.Writer
	reading reading
	buf     []byte
	done    int    // records before this one
	start   int    // where this one begins in buf
	rows    int    // its payments and lines
	first   bool   // no member of the current object yet
	written uint64 // fields of the current record
}

// appendRecord appends r as an object of the given shape, without its unknown
// keys and its closing brace.
func appendRecord[T any](e *encoder, t *table[T], r *T, shape Shape, at place) (err error) {
	if !shape.known() {
		return e.refuse(at, "", "has no shape to be written in")
	}
	each(t.only[both&^shape], func(i int) {
		if err == nil && t.fields[i].at(r).isSet(formNew) {
			err = e.refuse(at, t.names[i], "is not a field of the "+shape.String()+" shape")
		}
	})
	meta := t.meta(r)
	for _, o := range meta.odd {
		if err == nil && t.foreign(o.field, shape) {
			err = e.refuse(at, t.names[o.field], "is not a field of the "+shape.String()+" shape")
		}
	}
	e.buf = append(e.buf, '{')
	e.first, e.written = true, 0
	for _, i := range t.order[shape] {
		before := len(e.buf)
		if err == nil {
			err = appendField(e, t, i, r, shape, at)
		}
		if len(e.buf) > before {
			e.written |= 1 << i
		}
	}
	return err
}

// appendField appends one field, or nothing if it has no value and no place.
func appendField[T any](e *encoder, t *table[T], i int, r *T, shape Shape, at place) error {
	f, was := &t.fields[i], t.meta(r).forms[i]
	value := f.at(r)
	text, asRead := asRead(e, t, i, r, shape)
	set, tooNew := asRead || value.isSet(was), shape == Root && f.since > e.cfg.version
	switch {
	case tooNew && set:
		return e.refuse(at, f.name, "cannot be held by this version")
	case tooNew:
		return nil
	case asRead:
		e.key(f.nameIn(e.cfg, shape))
		e.buf = append(e.buf, e.oneLine(text)...)
		return nil
	case !set && shape == MDS && f.required&MDS != 0 && (was == formNew || was.given() || e.cfg.strict):
		return e.refuse(at, f.name, "is required and not set")
	case !set:
		e.unset(f.nameIn(e.cfg, shape), was, shape)
		return nil
	}
	if reason := value.unfit(shape); reason != "" {
		return e.refuse(at, f.name, reason)
	}
	e.key(f.nameIn(e.cfg, shape))
	e.buf = value.write(e.buf, was, shape)
	return nil
}

// asRead returns the text that stood for a field, if the field does not show it
// and has not changed since.
func asRead[T any](e *encoder, t *table[T], i int, r *T, shape Shape) (text string, ok bool) {
	text, ok = t.meta(r).text(i)
	if !ok {
		return "", false
	}
	var old T
	was, now := t.fields[i].at(&old), t.fields[i].at(r)
	was.read(value{raw: []byte(text), shape: shape, in: &e.reading})
	return text, was.isSet(formNew) == now.isSet(formNew) && string(appendValue(nil, was)) == string(appendValue(nil, now))
}

// oneLine returns a JSON text without line breaks if every record has a line.
func (e *encoder) oneLine(text string) string {
	if !e.cfg.separately || !strings.ContainsAny(text, "\r\n") {
		return text
	}
	v := jsontext.Value(text)
	if err := v.Compact(scanOptions...); err != nil {
		return text
	}
	return string(v)
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

// key appends a key, and a comma before it if another key stands there.
func (e *encoder) key(name string) {
	if !e.first {
		e.buf = append(e.buf, ',')
	}
	e.first = false
	e.buf = append(appendText(e.buf, name), ':')
}

// extra appends the unknown keys and closes the object.
func (e *encoder) extra(k *keys, extra Extra, shape Shape, at place, taken ...string) error {
	seen := make(map[string]bool, len(extra))
	for _, m := range extra {
		f, known := k.index[m.Name]
		if f&olderName != 0 {
			known = shape == Root
		} else {
			known = known && !k.foreign(f, shape)
		}
		if known || seen[m.Name] || slices.Contains(taken, m.Name) {
			return e.refuse(at, m.Name, "is an unknown key with the name of another key")
		}
		seen[m.Name] = true
		if unfitText(m.Name) != "" || !isJSON(m.Raw) {
			return e.refuse(at, m.Name, "is not JSON")
		}
		if depth(m.Raw) > e.room(at) {
			return e.refuse(at, m.Name, tooDeep)
		}
		e.key(m.Name)
		e.buf = append(e.buf, e.oneLine(m.Raw)...)
	}
	e.buf = append(e.buf, '}')
	return nil
}

// room returns how deep a value in a record may be nested.
func (e *encoder) room(at place) int {
	room := maxDepth - 1
	if !e.cfg.separately {
		room--
	}
	if at.array != "" {
		room -= 2
	}
	return room
}

// depth returns how deep the containers of a valid value are nested.
func depth(text string) (deepest int) {
	dec := jsontext.NewDecoder(strings.NewReader(text), scanOptions...)
	for {
		if _, err := dec.ReadToken(); err != nil {
			return deepest
		}
		deepest = max(deepest, dec.StackDepth())
	}
}

// isJSON reports whether text is one JSON value that a document can hold.
func isJSON(text string) bool {
	return utf8.ValidString(text) && jsontext.Value(text).IsValid(jsontext.AllowInvalidUTF8(true))
}

// refuse names the field as the decoder does.
func (e *encoder) refuse(at place, name, reason string) error {
	return &payment.FieldError{Field: at.path(element(!e.cfg.separately, e.done), name), Reason: reason}
}
