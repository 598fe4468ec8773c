package salesdata

import (
	"hash/maphash"
	"io"
	"iter"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/payment"
)

// Decode reads a sales document order by order, in memory bounded by the
// largest order.
//
// The document is UTF-8, with or without a byte-order mark, and one of: an
// array of orders, one order, or orders with white space between them. In the
// place of an order a payment may stand alone, as the vendor's payments page
// prints it; it is returned as an [Order] of its own that is [Order.Bare].
//
// What is odd but readable is listed in [Order.Faults]. What is refused ends
// the sequence with a *[DecodeError]; the orders before it are good. Nothing
// is dropped or repaired silently. An empty text is cut off. The sequence also
// ends when the loop over it ends, and when r fails, as the body of a request
// does whose context has ended.
func Decode(r io.Reader, opts ...Option) iter.Seq2[Order, error] {
	cfg, wrong := newConfig(opts)
	return func(yield func(Order, error) bool) {
		if wrong != nil {
			yield(Order{}, wrong)
			return
		}
		d := newLoader(&cfg)
		d.open(r)
		for more, err := d.begin(); more || err != nil; more, err = d.more() {
			var o Order
			if err == nil {
				o, err = d.next()
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}

// DecodeAll reads a whole document. After an error it returns no orders.
func DecodeAll(r io.Reader, opts ...Option) (orders []Order, err error) {
	for order, err := range Decode(r, opts...) {
		if err != nil {
			return nil, err
		}
		orders = append(orders, order)
	}
	return orders, nil
}

func newLoader(cfg *config) *loader {
	return &loader{
		scanner: scanner{cfg: cfg}, seed: maphash.MakeSeed(),
		reading: reading{location: cfg.location, moneyText: cfg.moneyText},
	}
}

// begin looks at the first token: an array, or records one after another. It
// reports whether a record follows.
func (d *loader) begin() (more bool, err error) {
	d.allow(d.offset())
	kind := d.dec.PeekKind()
	if d.array = kind == jsontext.KindBeginArray; !d.array {
		d.stream = true
		return true, nil // or an error, which record finds
	}
	if _, err := d.dec.ReadToken(); err != nil {
		return false, d.broken(err)
	}
	return d.more()
}

// more looks for the next record.
func (d *loader) more() (bool, error) {
	d.allow(d.offset())
	kind := d.dec.PeekKind()
	switch {
	case d.array && kind == jsontext.KindEndArray:
		if _, err := d.dec.ReadToken(); err != nil {
			return false, d.broken(err)
		}
		return false, d.ended()
	case d.array || kind != jsontext.KindInvalid:
		return true, nil
	}
	return false, d.ended()
}

// ended refuses what stands after the document. In a stream of records that
// can only be what is not JSON.
func (d *loader) ended() error {
	d.dec.PeekKind()
	at := d.ahead()
	_, err := d.dec.ReadToken()
	switch {
	case err == io.EOF:
		return nil
	case err != nil && (d.stream || d.failed()):
		return d.broken(err)
	}
	return d.fail(place{}, "", at, "text after the document")
}

// next reads a record.
func (d *loader) next() (Order, error) {
	d.faults, d.unlisted = nil, 0
	if err := d.record(); err != nil {
		return Order{}, err
	}
	o, err := d.load()
	if err != nil {
		return Order{}, err
	}
	if d.unlisted > 0 {
		d.faults = append(d.faults, Fault{Path: d.root(), Offset: d.start, Reason: "has more faults than are listed: " + strconv.Itoa(d.unlisted)})
	}
	o.Faults = d.faults
	d.index++
	d.before++
	return o, nil
}

// load reads the scanned record as an order, or as a payment that stands alone.
func (d *loader) load() (Order, error) {
	if d.isPayment() {
		return d.bare()
	}
	return d.loadOrder()
}

// isPayment looks at the first key that either an order or a payment has.
// Their tables share no name.
func (d *loader) isPayment() bool {
	if d.payments.form != formMissing || d.lines.form != formMissing {
		return false
	}
	for i := range d.order.members {
		name := d.nameOf(&d.order.members[i])
		if _, ok := orderTable.index[name]; ok {
			return false
		}
		if _, ok := paymentTable.index[name]; ok {
			return true
		}
	}
	return false
}

func (d *loader) bare() (Order, error) {
	list := make([]Payment, 1)
	err := d.payment(&d.order, &d.order.list[0], place{}, &list[0])
	return Order{Bare: true, Shape: list[0].Shape, Offset: list[0].Offset, Payments: list}, err
}

func (d *loader) loadOrder() (Order, error) {
	o := Order{Offset: d.start, payments: d.payments.form, lines: d.lines.form}
	r := &d.order.list[0]
	err := d.resolve(&orderTable.keys, &d.afterOrder, &d.order, r, place{})
	if err != nil {
		return Order{}, err
	}
	if o.Payments, err = loadAll(&d.payments, d.cfg.payments, d.payment); err != nil {
		return Order{}, err
	}
	if o.Lines, err = loadAll(&d.lines, d.cfg.lines, d.line); err != nil {
		return Order{}, err
	}
	o.Shape = d.orderShape(r, &o)
	o.Extra, err = load(d, orderTable, &d.order, r, place{}, o.Shape, &o)
	return o, err
}

// loadAll reads the rows of an array. It is nil if there is none.
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

func (d *loader) payment(g *rows, r *row, at place, p *Payment) (err error) {
	p.Offset = d.start + int64(r.at)
	if err = d.resolve(&paymentTable.keys, &d.afterPayment, g, r, at); err != nil {
		return err
	}
	if p.Shape, err = d.paymentShape(g, r, at); err != nil {
		return err
	}
	if p.Extra, err = load(d, paymentTable, g, r, at, p.Shape, p); err != nil {
		return err
	}
	return d.check(g, r, at, p)
}

func (d *loader) line(g *rows, r *row, at place, l *Line) (err error) {
	l.Offset = d.start + int64(r.at)
	if err = d.resolve(&lineTable.keys, &d.afterLine, g, r, at); err != nil {
		return err
	}
	l.Shape = d.lineShape(r)
	l.Extra, err = load(d, lineTable, g, r, at, l.Shape, l)
	return err
}

// check refuses a payment that cancels itself, and lists what is odd. Signs of
// refunds are not documented, so no sign is refused.
func (d *loader) check(g *rows, r *row, at place, p *Payment) error {
	where := func(name string) int64 { return d.place(g, r, paymentTable.index[name]) }
	if p.PaymentCancelForGUID != "" && p.Cancels() != "" && p.Cancels() == p.Key() {
		return d.fail(at, "payment_cancel_for_guid", where("payment_cancel_for_guid"), "cancels itself")
	}
	for _, odd := range p.oddities() {
		if err := d.list(at, odd.name, where(odd.name), odd.reason); err != nil {
			return err
		}
	}
	return nil
}

// paymentShape finds the shape of a payment: by its amount, else by any other
// key that only one shape documents.
func (d *loader) paymentShape(g *rows, r *row, at place) (Shape, error) {
	amounts := r.seen & amountFields
	switch {
	case amounts == amountFields:
		return 0, d.fail(at, "", max(d.place(g, r, paymentTable.index["amount"]), d.place(g, r, paymentTable.index["net_amount"])), "has both net_amount and amount")
	case d.cfg.shape.known():
		return d.cfg.shape, nil
	case amounts != 0:
		return paymentTable.shapeOf(amounts), nil
	}
	shape := paymentTable.shapeOf(r.seen | r.older)
	switch shape {
	case both:
		return 0, d.fail(at, "", d.start+int64(r.at), "has no amount, and keys of both shapes")
	case 0:
		return 0, d.fail(at, "", d.start+int64(r.at), "has no key that tells its shape")
	}
	return shape, nil
}

// lineShape finds the shape of a line. Every key of a root line is one of an
// MDS line too, so only MDS shows itself.
func (d *loader) lineShape(r *row) Shape {
	switch {
	case d.cfg.shape.known():
		return d.cfg.shape
	case lineTable.shapeOf(r.seen)&MDS != 0:
		return MDS
	}
	return Root
}

// orderShape finds the shape of an order: MDS if it has a key that only MDS
// documents, such as soid; else that of its payments; else root.
func (d *loader) orderShape(r *row, o *Order) Shape {
	switch {
	case d.cfg.shape.known():
		return d.cfg.shape
	case orderTable.shapeOf(r.seen)&MDS != 0:
		return MDS
	case len(o.Payments) > 0:
		return o.Payments[0].Shape
	}
	return Root
}

// UnmarshalPayment reads one payment on its own, and returns what is odd about
// it. Text after it is an error, and so is an order.
func UnmarshalPayment(data []byte, opts ...Option) (Payment, []Fault, error) {
	o, err := one(data, opts)
	if err == nil && !o.Bare {
		err = &payment.FieldError{Field: "$", Reason: "is not a payment"}
	}
	if err != nil {
		return Payment{}, nil, err
	}
	return o.Payments[0], o.Faults, nil
}

// UnmarshalOrder reads one order on its own. Text after it is an error.
func UnmarshalOrder(data []byte, opts ...Option) (Order, error) {
	o, err := one(data, opts)
	if err == nil && o.Bare {
		err = &payment.FieldError{Field: "$", Reason: "is not an order"}
	}
	if err != nil {
		return Order{}, err
	}
	return o, nil
}

// one reads a document of one record.
func one(data []byte, opts []Option) (Order, error) {
	cfg, err := newConfig(opts)
	if err != nil {
		return Order{}, err
	}
	if len(data) > hugeRecord {
		return Order{}, &payment.FieldError{Field: "$", Reason: "is larger than 1 GiB"}
	}
	d := newLoader(&cfg)
	d.openBytes(data)
	o, err := d.next()
	if err == nil {
		d.index = 0
		err = d.ended()
	}
	return o, err
}

// oneFrom reads the record that comes next in a decoder of somebody else's.
func oneFrom(dec *jsontext.Decoder, bare bool) (Order, error) {
	cfg, err := newConfig(nil)
	if err != nil {
		return Order{}, err
	}
	d := newLoader(&cfg)
	d.dec = dec
	o, err := d.next()
	if err == nil && o.Bare != bare {
		return o, &payment.FieldError{Field: "$", Reason: map[bool]string{true: "is not a payment", false: "is not an order"}[bare]}
	}
	return o, err
}

// UnmarshalJSONFrom is [Payment.UnmarshalJSON] for encoding/json/v2.
func (p *Payment) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	o, err := oneFrom(dec, true)
	if err == nil {
		*p = o.Payments[0]
	}
	return err
}

// UnmarshalJSONFrom is [Order.UnmarshalJSON] for encoding/json/v2.
func (o *Order) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	read, err := oneFrom(dec, false)
	if err == nil {
		*o = read
	}
	return err
}

// UnmarshalJSON is [UnmarshalPayment] without options; faults are not kept.
func (p *Payment) UnmarshalJSON(data []byte) (err error) {
	*p, _, err = UnmarshalPayment(data)
	return err
}

// UnmarshalJSON is [UnmarshalOrder] without options.
func (o *Order) UnmarshalJSON(data []byte) (err error) {
	*o, err = UnmarshalOrder(data)
	return err
}
