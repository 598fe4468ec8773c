package backendpay

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// record tells how one kind of object is read. A table instead of struct tags:
// lists are read in one pass over the text, several times faster than by
// encoding/json with a copy of each object beside it.
type record[T any] struct {
	fields []field[T] // at most maxFields
	id     func(*T) string
	keep   func(*T, json.RawMessage)
}

const maxFields = 16

// field reads one member. It is not called for a member that is missing.
type field[T any] struct {
	name string
	read func(*T, value) error
}

// index finds the field for key. Members mostly come in the same order, so the
// search begins after the last one found.
func (rec *record[T]) index(key []byte, from int) int {
	for n := range rec.fields {
		if i := (from + n) % len(rec.fields); rec.fields[i].name == string(key) {
			return i
		}
	}
	return -1
}

// reader is one answer and the place in it.
type reader struct {
	lex  *wire.Lexer
	sub  *wire.Lexer // for arrays inside a record
	data []byte
}

func newReader(data []byte) *reader {
	return &reader{lex: wire.NewLexer(data, wire.MaxDepth), sub: wire.NewLexer(nil, wire.MaxDepth), data: data}
}

// fail names the place of what cannot be read. Neither reason nor cause may
// hold the value.
func (r *reader) fail(at int, reason string, cause error) error {
	return &wire.DecodeError{Path: wire.PathAt(r.data, int64(at)), Offset: int64(at), Reason: reason, Err: cause}
}

// next gives the next token; a container comes whole if skip is set.
func (r *reader) next(skip bool) (wire.Token, error) {
	t, err := r.lex.Next()
	if err == nil && skip {
		t, err = r.lex.Skip(t)
	}
	if err != nil {
		return t, r.located(err)
	}
	return t, nil
}

// located gives a syntax error its path.
func (r *reader) located(err error) error {
	var syntax *wire.SyntaxError
	if errors.As(err, &syntax) {
		return r.fail(int(syntax.Offset), syntax.Reason, syntax.Err)
	}
	return err
}

// expect takes the next token, which must be of that kind.
func (r *reader) expect(kind wire.Kind) (wire.Token, error) {
	t, err := r.next(false)
	if err == nil && t.Kind != kind {
		err = r.fail(t.Start, "is "+t.Kind.String()+" where "+kind.String()+" is due", nil)
	}
	return t, err
}

// read reads the object that open began.
func (rec *record[T]) read(r *reader, open wire.Token, into *T) error {
	found, end, err := rec.find(r, open)
	if err != nil {
		return err
	}
	raw := bytes.Clone(r.data[open.Start:end])
	rec.keep(into, raw)
	text := string(raw) // all fields share it
	for i := range rec.fields {
		if found[i].Kind == wire.End {
			continue
		}
		if err := rec.fields[i].read(into, value{r, found[i], text, open.Start}); err != nil {
			return err
		}
	}
	if rec.id(into) == "" {
		return r.fail(open.Start, "holds no id", nil)
	}
	return nil
}

// find passes over the object once, notes where its fields are, and gives its
// end. A field that comes twice is an error: nobody could say which is meant.
func (rec *record[T]) find(r *reader, open wire.Token) (found [maxFields]wire.Token, end int, err error) {
	for i := -1; ; {
		key, err := r.next(false)
		if err != nil || key.Kind == wire.EndObject {
			return found, key.End, err
		}
		v, err := r.next(true)
		if err != nil {
			return found, 0, err
		}
		at := rec.index(r.lex.Bytes(key), i+1)
		switch {
		case at < 0:
			continue
		case found[at].Kind != wire.End:
			return found, 0, r.fail(key.Start, "the same key twice in one object", nil)
		}
		i, found[at] = at, v
	}
}

// into reads a document that is one object.
func (rec *record[T]) into(dst *T, data []byte) error {
	r := newReader(data)
	open, err := r.expect(wire.BeginObject)
	if err != nil {
		return err
	}
	var v T
	if err := rec.read(r, open, &v); err != nil {
		return err
	}
	if _, err := r.expect(wire.End); err != nil {
		return err
	}
	*dst = v
	return nil
}

// list appends the objects of a document that is one array. check is asked
// about each of them; its error is given the object's place.
func (rec *record[T]) list(data []byte, dst []T, check func(id string) error) ([]T, error) {
	r := newReader(data)
	if _, err := r.expect(wire.BeginArray); err != nil {
		return dst, err
	}
	for {
		open, err := r.next(false)
		if err != nil {
			return dst, err
		}
		if open.Kind == wire.EndArray {
			_, err = r.expect(wire.End)
			return dst, err
		}
		if open.Kind != wire.BeginObject {
			return dst, r.fail(open.Start, "is "+open.Kind.String()+" where "+wire.BeginObject.String()+" is due", nil)
		}
		var none T
		dst = append(dst, none)
		v := &dst[len(dst)-1]
		if err := rec.read(r, open, v); err != nil {
			return dst, err
		}
		if err := check(rec.id(v)); err != nil {
			return dst, r.fail(open.Start, err.Error(), err)
		}
	}
}

// decode is into as transport.Call wants it.
func (rec *record[T]) decode(reply *transport.Reply) (*T, error) {
	v := new(T)
	if err := rec.into(v, reply.Body); err != nil {
		return nil, err
	}
	return v, nil
}

// reasonOf gives the reason of a FieldError without its field, which is not
// the answer's.
func reasonOf(err error) string {
	var field *payment.FieldError
	if errors.As(err, &field) {
		return field.Reason
	}
	return "does not have the expected form"
}
