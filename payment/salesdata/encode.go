package salesdata

import (
	"io"
	"iter"
	"strconv"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// flushAt is the number of bytes that are gathered before they are written.
const flushAt = 64 << 10

// Encode writes orders as one array, or with [WithSeparateRecords] as one
// record per line. Each record is written in the shape that it has; a bare
// order is written as its payment. What was decoded is written again as an
// equal document: every digit, null, "", missing key and unknown key.
//
// A record that its shape or the version cannot hold is refused with a
// *payment.FieldError before a byte of it is written, and ends the document.
func Encode(w io.Writer, orders iter.Seq[Order], opts ...Option) error {
	cfg, err := newConfig(opts)
	if err != nil {
		return err
	}
	e := encoder{cfg: cfg, w: w}
	for o := range orders {
		if err := e.element(&o); err != nil {
			return err
		}
	}
	return e.finish()
}

type encoder struct {
	cfg   config
	w     io.Writer
	buf   []byte
	done  int  // records before this one
	first bool // no member of the current object yet
}

func (e *encoder) element(o *Order) error {
	good := len(e.buf)
	e.buf = append(e.buf, e.separator()...)
	if err := e.record(o); err != nil {
		e.buf = e.buf[:good]
		return err
	}
	e.done++
	if len(e.buf) < flushAt {
		return nil
	}
	return e.flush()
}

// separator is what stands before the next record.
func (e *encoder) separator() string {
	switch {
	case e.cfg.separately && e.done == 0:
		return ""
	case e.cfg.separately:
		return "\n"
	case e.done == 0:
		return "["
	}
	return ",\n"
}

func (e *encoder) finish() error {
	switch {
	case !e.cfg.separately && e.done == 0:
		e.buf = append(e.buf, "[]\n"...)
	case !e.cfg.separately:
		e.buf = append(e.buf, "]\n"...)
	case e.done > 0:
		e.buf = append(e.buf, '\n')
	}
	return e.flush()
}

func (e *encoder) flush() error {
	_, err := e.w.Write(e.buf)
	e.buf = e.buf[:0]
	return err
}

// record appends an order, or the payment of a bare one.
func (e *encoder) record(o *Order) error {
	if !o.Bare {
		return e.order(o)
	}
	if len(o.Payments) != 1 {
		return e.refuse(place{}, "", "is bare and does not hold one payment")
	}
	return e.payment(&o.Payments[0], place{})
}

func (e *encoder) order(o *Order) error {
	err := appendRecord(e, orderSchema, o, o.Shape, place{})
	if err == nil {
		err = appendList(e, e.cfg.payments, o.Payments, o.payments, e.payment)
	}
	if err == nil {
		err = appendList(e, e.cfg.lines, o.Lines, o.lines, e.line)
	}
	if err != nil {
		return err
	}
	return appendExtra(e, orderSchema, o.Extra, o.Shape, place{}, e.cfg.payments, e.cfg.lines)
}

func (e *encoder) payment(p *Payment, at place) error {
	if key := p.Key(); key != "" && key == p.Cancels() {
		return e.refuse(at, "payment_cancel_for_guid", "cancels itself")
	}
	if err := appendRecord(e, paymentSchema, p, p.Shape, at); err != nil {
		return err
	}
	return appendExtra(e, paymentSchema, p.Extra, p.Shape, at)
}

func (e *encoder) line(l *Line, at place) error {
	if err := appendRecord(e, lineSchema, l, l.Shape, at); err != nil {
		return err
	}
	return appendExtra(e, lineSchema, l.Extra, l.Shape, at)
}

// appendList appends an array of records. A nil list is left out, or null if
// it was read so.
func appendList[T any](e *encoder, name string, list []T, was form, write func(*T, place) error) error {
	switch {
	case list != nil:
	case was == formNull:
		e.key(name)
		e.buf = append(e.buf, "null"...)
		return nil
	default:
		return nil
	}
	e.key(name)
	e.buf = append(e.buf, '[')
	for i := range list {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		if err := write(&list[i], place{array: name, index: i}); err != nil {
			return err
		}
	}
	e.buf = append(e.buf, ']')
	e.first = false
	return nil
}

// refuse names the field as the decoder does.
func (e *encoder) refuse(at place, name, reason string) error {
	root := "$"
	if !e.cfg.separately {
		root += "[" + strconv.Itoa(e.done) + "]"
	}
	return &payment.FieldError{Field: at.path(root, name), Reason: reason}
}

// appendExtra appends the unknown keys and closes the object.
func appendExtra[T any](e *encoder, table *schema[T], extra Extra, shape Shape, at place, taken ...string) error {
	var keys wire.KeySet
	for _, name := range taken {
		keys.Add([]byte(name))
	}
	for _, m := range extra {
		i, known := table.index[m.Name]
		if known && (i < 0 || table.fields[i].in&shape != 0) || !keys.Add([]byte(m.Name)) {
			return e.refuse(at, m.Name, "is an unknown key with the name of another key")
		}
		if !isJSON(m) {
			return e.refuse(at, m.Name, "is not JSON")
		}
		e.key(m.Name)
		e.buf = append(e.buf, m.Raw...)
	}
	e.buf = append(e.buf, '}')
	return nil
}

// isJSON reports that key and value can stand in a document.
func isJSON(m Member) bool {
	l := wire.NewLexer([]byte(m.Raw), maxDepth)
	t, err := l.Next()
	if err == nil {
		_, err = l.Skip(t)
	}
	if err == nil {
		_, err = l.Next()
	}
	return err == nil && what(text).unfitText(m.Name) == ""
}
