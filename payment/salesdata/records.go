package salesdata

import "github.com/tenderkit/tenderkit/internal/wire"

// decodeBare reads a payment that stands without an order.
func (d *decoder) decodeBare(start int) (Order, error) {
	list := make([]Payment, 1)
	err := d.decodePayment(start, place{}, &list[0])
	return Order{Bare: true, Shape: list[0].Shape, Offset: list[0].Offset, Payments: list}, err
}

// decodeOrder reads the order whose brace was just read.
func (d *decoder) decodeOrder(start int) (Order, error) {
	o := &Order{Offset: d.element.Offset + int64(start), payments: formMissing, lines: formMissing}
	s := &d.order
	s.reset(start)
	err := members(d, s, orderSchema, place{}, func(key string, value wire.Token) (err error) {
		if key == d.cfg.payments {
			o.Payments, o.payments, err = records(d, key, value, d.decodePayment)
		} else {
			o.Lines, o.lines, err = records(d, key, value, d.decodeLine)
		}
		return err
	})
	if err != nil {
		return Order{}, err
	}
	o.Shape = d.orderShape(s, o)
	o.Extra, err = load(d, s, orderSchema, place{}, o.Shape, o)
	return *o, err
}

// records reads an array of payments or lines. It is nil if the value is null.
func records[T any](d *decoder, key string, value wire.Token, read func(int, place, *T) error) ([]T, form, error) {
	if value.Kind == wire.Null {
		return nil, formNull, nil
	}
	if value.Kind != wire.BeginArray {
		return nil, 0, d.fail(place{}, key, value.Start, "is "+value.Kind.String()+" where an array is due")
	}
	list := []T{}
	for {
		t, err := d.lex.Next()
		if err != nil {
			return nil, 0, d.broken(err)
		}
		at := place{array: key, index: len(list)}
		switch t.Kind {
		case wire.EndArray:
			return list, formText, nil
		case wire.BeginObject:
			list = append(list, *new(T))
			err = read(t.Start, at, &list[at.index])
		default:
			err = d.fail(at, "", t.Start, "is "+t.Kind.String()+" where an object is due")
		}
		if err != nil {
			return nil, 0, err
		}
	}
}

func (d *decoder) decodePayment(start int, at place, p *Payment) error {
	p.Offset = d.element.Offset + int64(start)
	s := &d.payment
	s.reset(start)
	err := members(d, s, paymentSchema, at, nil)
	if err != nil {
		return err
	}
	if p.Shape, err = d.paymentShape(s, at); err != nil {
		return err
	}
	if p.Extra, err = load(d, s, paymentSchema, at, p.Shape, p); err != nil {
		return err
	}
	return d.checkPayment(s, at, p)
}

func (d *decoder) decodeLine(start int, at place, l *Line) (err error) {
	l.Offset = d.element.Offset + int64(start)
	s := &d.line
	s.reset(start)
	if err = members(d, s, lineSchema, at, nil); err != nil {
		return err
	}
	l.Shape = d.lineShape(s)
	l.Extra, err = load(d, s, lineSchema, at, l.Shape, l)
	return err
}
