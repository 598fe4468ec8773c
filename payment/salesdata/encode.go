package salesdata

import (
	"errors"
	"io"
	"iter"
	"math/bits"
)

// flushAt is the number of bytes that are gathered before they are written.
const flushAt = 64 << 10

// Encode writes orders as one array, or with [WithSeparateRecords] as one
// record per line. Each record is written in the shape that it has; a bare
// order is written as its payment. What was decoded is written again as an
// equal document: every digit, null, "", missing key and unknown key.
//
// A record is written whole or not at all. One that its shape or the version
// cannot hold, or that [Decode] would refuse or read as something else, is
// refused with a *payment.FieldError and ends the document: the records before
// it are written, and an array is closed behind them. If there are none,
// nothing is written.
func Encode(w io.Writer, orders iter.Seq[Order], opts ...Option) error {
	cfg, err := newConfig(opts)
	if err != nil {
		return err
	}
	e := encoder{cfg: &cfg, w: w}
	for o := range orders {
		if err := e.element(&o); err != nil {
			if e.done > 0 {
				err = errors.Join(err, e.finish())
			}
			return err
		}
		if err := e.flush(flushAt); err != nil {
			return err
		}
	}
	return e.finish()
}

func (e *encoder) element(o *Order) error {
	good := len(e.buf)
	e.buf = append(e.buf, e.separator()...)
	e.start, e.rows = len(e.buf), 0
	err := e.record(o)
	if err == nil && len(e.buf)-e.start > e.cfg.maxRecord {
		err = e.refuse(place{}, "", "is larger than the limit")
	}
	if err != nil {
		e.buf = e.buf[:good]
		return err
	}
	e.done++
	return nil
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
	return e.flush(0)
}

// flush writes what was gathered, if it is at least n bytes.
func (e *encoder) flush(n int) error {
	if len(e.buf) < n {
		return nil
	}
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
	if err := appendRecord(e, orderTable, o, o.Shape, place{}); err != nil {
		return err
	}
	if o.Payments == nil && o.Lines == nil && o.payments != formNull && o.lines != formNull {
		ofPayment := uint64(0)
		for _, m := range o.Extra {
			if f, ok := paymentTable.index[m.Name]; ok {
				ofPayment |= 1 << (f &^ olderName)
			}
		}
		if readsAsPayment(ofPayment, bits.OnesCount64(e.written)) {
			return e.refuse(place{}, "", "would be read as a payment")
		}
	}
	err := appendList(e, e.cfg.payments, o.Payments, o.payments, e.payment)
	if err == nil {
		err = appendList(e, e.cfg.lines, o.Lines, o.lines, e.line)
	}
	if err != nil {
		return err
	}
	return e.extra(&orderTable.keys, o.Extra, o.Shape, place{}, e.cfg.payments, e.cfg.lines)
}

func (e *encoder) payment(p *Payment, at place) error {
	if key := p.Key(); key != "" && key == p.Cancels() {
		return e.refuse(at, "payment_cancel_for_guid", "cancels itself")
	}
	if err := appendRecord(e, paymentTable, p, p.Shape, at); err != nil {
		return err
	}
	fields, ofOrder := e.written, 0
	for _, m := range p.Extra {
		if f, ok := paymentTable.index[m.Name]; ok {
			fields |= 1 << (f &^ olderName)
		}
		if orderTable.has(m.Name) {
			ofOrder++
		}
		if at.array == "" && (m.Name == e.cfg.payments || m.Name == e.cfg.lines) {
			return e.refuse(at, m.Name, "would make an order of the payment")
		}
	}
	switch {
	case fields&amountFields == amountFields:
		return e.refuse(at, "", "has both net_amount and amount")
	case at.array == "" && !readsAsPayment(fields, ofOrder):
		return e.refuse(at, "", "would be read as an order")
	}
	return e.extra(&paymentTable.keys, p.Extra, p.Shape, at)
}

func (e *encoder) line(l *Line, at place) error {
	if err := appendRecord(e, lineTable, l, l.Shape, at); err != nil {
		return err
	}
	return e.extra(&lineTable.keys, l.Extra, l.Shape, at)
}

// appendList appends an array of records. A nil list is left out, or null if
// it was read so.
func appendList[T any](e *encoder, name string, list []T, was form, write func(*T, place) error) error {
	if list == nil {
		if was == formNull {
			e.key(name)
			e.buf = append(e.buf, "null"...)
		}
		return nil
	}
	e.key(name)
	e.buf = append(e.buf, '[')
	for i := range list {
		if i > 0 {
			e.buf = append(e.buf, ',')
		}
		at := place{array: name, index: i}
		if tooMany(e.rows, len(e.buf)-e.start) {
			return e.refuse(at, "", tooManyRows)
		}
		if err := write(&list[i], at); err != nil {
			return err
		}
		e.rows++
	}
	e.buf = append(e.buf, ']')
	e.first = false
	return nil
}

// MarshalPayment writes one payment on its own, by the rules of [Encode], with
// its sensitive fields.
func MarshalPayment(p Payment, opts ...Option) ([]byte, error) {
	return MarshalOrder(Order{Bare: true, Payments: []Payment{p}}, opts...)
}

// MarshalOrder writes one order on its own, by the rules of [Encode].
func MarshalOrder(o Order, opts ...Option) ([]byte, error) {
	cfg, err := newConfig(opts)
	if err != nil {
		return nil, err
	}
	cfg.separately = true
	e := encoder{cfg: &cfg}
	if err := e.element(&o); err != nil {
		return nil, err
	}
	return e.buf, nil
}
