package salesdata

import (
	"math/bits"

	"github.com/tenderkit/tenderkit/payment"
)

// load reads the scanned record as an order, or as a payment that stands alone.
func (d *loader) load(o *Order) (err error) {
	r := &d.order.list[0]
	if d.bare, err = d.isBare(r); err != nil {
		return err
	}
	if d.bare {
		return d.loadBare(r, o)
	}
	return d.loadOrder(r, o)
}

// isBare reports whether a record without arrays is a payment. Their tables
// share no name, so the more frequent names decide, in whatever order they
// stand; between equals, those that identify a payment.
func (d *loader) isBare(r *row) (bool, error) {
	d.mixed = true
	if d.payments.form != formMissing || d.lines.form != formMissing {
		return false, nil
	}
	if err := d.resolve(&paymentTable.keys, &d.afterPayment, &d.order, r, place{}); err != nil {
		return false, err
	}
	others := 0
	for i := range d.order.members {
		if m := &d.order.members[i]; m.field == unknownKey {
			if orderTable.find(d.name(m)) != unknownKey {
				others++
			}
		}
	}
	d.mixed = others > 0 && r.seen|r.older != 0
	return readsAsPayment(r.seen|r.older, others), nil
}

func readsAsPayment(fields uint64, ofOrder int) bool {
	n := bits.OnesCount64(fields)
	return n > ofOrder || n == ofOrder && fields&identityFields != 0
}

func (d *loader) loadBare(r *row, o *Order) error {
	list := make([]Payment, 1)
	shape, err := d.shown(&d.order, r, place{})
	if err == nil {
		r.shape = max(shape, Root)
		err = d.payment(&d.order, r, place{}, &list[0])
	}
	o.Bare, o.Shape, o.Offset, o.Payments = true, list[0].Shape, list[0].Offset, list
	return err
}

func (d *loader) loadOrder(r *row, o *Order) (err error) {
	o.Offset, o.payments, o.lines = d.start, d.payments.form, d.lines.form
	if err = d.resolve(&orderTable.keys, &d.afterOrder, &d.order, r, place{}); err != nil {
		return err
	}
	if o.Shape, err = d.orderShape(r); err != nil {
		return err
	}
	for i := range d.payments.list {
		if p := &d.payments.list[i]; p.shape == 0 {
			p.shape = o.Shape
		}
	}
	if o.Payments, err = loadAll(&d.payments, d.cfg.payments, d.payment); err != nil {
		return err
	}
	if o.Lines, err = loadAll(&d.lines, d.cfg.lines, d.line); err != nil {
		return err
	}
	o.Extra, err = load(d, orderTable, &d.order, r, place{}, o.Shape, o)
	return err
}

// orderShape finds the shape of an order and those that its payments show. An
// order is MDS if it has a key that only MDS documents, such as soid. Else it
// has the shape of the first payment that shows one; else it is root.
func (d *loader) orderShape(r *row) (shape Shape, err error) {
	for i := range d.payments.list {
		p, at := &d.payments.list[i], place{d.cfg.payments, i}
		if err = d.resolve(&paymentTable.keys, &d.afterPayment, &d.payments, p, at); err != nil {
			return 0, err
		}
		if p.shape, err = d.shown(&d.payments, p, at); err != nil {
			return 0, err
		}
		if shape == 0 {
			shape = p.shape
		}
	}
	switch {
	case d.cfg.shape.known():
		return d.cfg.shape, nil
	case orderTable.shapeOf(r.seen)&MDS != 0:
		return MDS, nil
	}
	return max(shape, Root), nil
}

// shown returns the shape that a payment shows by its amount, else by any other
// key that only one shape documents. It is 0 if the payment shows none.
func (d *loader) shown(g *rows, r *row, at place) (Shape, error) {
	amounts := r.seen & amountFields
	switch {
	case amounts == amountFields:
		var where int64
		each(amountFields, func(i int) { where = max(where, d.place(g, r, int16(i))) })
		return 0, d.fail(at, "", where, "has both net_amount and amount")
	case d.cfg.shape.known():
		return d.cfg.shape, nil
	case amounts != 0:
		return paymentTable.shapeOf(amounts), nil
	}
	shape := paymentTable.shapeOf(r.seen | r.older)
	if shape == both {
		return 0, d.fail(at, "", d.at(r.at), "has no amount, and keys of both shapes")
	}
	return shape, nil
}

// loadAll reads the rows of an array. It returns nil if there is no array.
func loadAll[T any](g *rows, array string, read func(*rows, *row, place, *T) error) ([]T, error) {
	if g.form != formText {
		return nil, nil
	}
	list := make([]T, len(g.list))
	for i := range g.list {
		if err := read(g, &g.list[i], place{array, i}, &list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// payment reads a payment whose keys and shape are known.
func (d *loader) payment(g *rows, r *row, at place, p *Payment) (err error) {
	p.Offset, p.Shape = d.at(r.at), r.shape
	if p.Extra, err = load(d, paymentTable, g, r, at, p.Shape, p); err != nil {
		return err
	}
	return d.check(g, r, at, p)
}

// line reads a line. Every key of a root line is one of an MDS line too, so
// only MDS shows itself.
func (d *loader) line(g *rows, r *row, at place, l *Line) (err error) {
	l.Offset, l.Shape = d.at(r.at), max(d.cfg.shape, Root)
	if err = d.resolve(&lineTable.keys, &d.afterLine, g, r, at); err != nil {
		return err
	}
	if d.cfg.shape == 0 && lineTable.shapeOf(r.seen)&MDS != 0 {
		l.Shape = MDS
	}
	l.Extra, err = load(d, lineTable, g, r, at, l.Shape, l)
	return err
}

// check refuses a payment that cancels itself, and lists what is odd. Signs of
// refunds are not documented, so no sign is refused.
func (d *loader) check(g *rows, r *row, at place, p *Payment) error {
	where := func(name string) int64 { return d.place(g, r, paymentTable.index[name]) }
	if p.Cancels() != "" && p.Cancels() == p.Key() {
		return d.fail(at, "payment_cancel_for_guid", where("payment_cancel_for_guid"), "cancels itself")
	}
	for _, odd := range p.oddities() {
		if err := d.list(at, odd.name, where(odd.name), odd.reason); err != nil {
			return err
		}
	}
	return nil
}

// newConfig returns the settings that options ask for.
func newConfig(opts []Option) (config, error) {
	c := config{payments: "payments", lines: "lines", maxRecord: 4 << 20, version: Version12}
	for _, o := range opts {
		if o == nil {
			return c, &payment.FieldError{Field: "Option", Reason: "is nil"}
		}
		o(&c)
	}
	return c, c.check()
}

func (c config) check() error {
	switch {
	case c.shape != 0 && !c.shape.known():
		return &payment.FieldError{Field: "WithShape", Reason: "is neither root nor mds"}
	case c.version > Version12:
		return &payment.FieldError{Field: "WithVersion", Reason: "is not a documented version"}
	case c.maxRecord < 1 || c.maxRecord > hugeRecord:
		return &payment.FieldError{Field: "WithMaxRecord", Reason: "is not within 1 byte and 1 GiB"}
	case c.payments == c.lines || !freeName(c.payments) || !freeName(c.lines):
		return &payment.FieldError{Field: "WithArrays", Reason: "holds a name that is empty, given twice or a field's"}
	}
	return nil
}

// freeName reports whether a key is no field of an order or a payment.
func freeName(name string) bool {
	return name != "" && !orderTable.has(name) && !paymentTable.has(name)
}
