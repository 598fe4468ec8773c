package salesdata

import (
	"errors"
	"io"
	"iter"

	"github.com/tenderkit/tenderkit/internal/wire"
)

// maxDepth bounds the nesting of a document, its outer array included.
const maxDepth = 32

// Decode reads a sales document order by order, in memory bounded by the
// largest order.
//
// The document is UTF-8, with or without a byte-order mark, and one of: an
// array of orders, one order, or orders with white space between them. In the
// place of an order a payment may stand alone, as the vendor's payments page
// prints it; it is given as an [Order] of its own that is [Order.Bare].
//
// What is odd but readable is listed in [Order.Faults]. What is refused ends
// the sequence with a *[DecodeError]; the orders before it are good. Nothing
// is dropped or repaired silently. A text that is empty is cut off.
func Decode(r io.Reader, opts ...Option) iter.Seq2[Order, error] {
	cfg, wrong := newConfig(opts)
	return func(yield func(Order, error) bool) {
		if wrong != nil {
			yield(Order{}, wrong)
			return
		}
		d := decoder{cfg: cfg, stream: wire.NewStream(r, cfg.maxRecord)}
		elements, err := d.open()
		if err != nil {
			yield(Order{}, err)
			return
		}
		for element, err := range elements {
			order, err := d.next(element, err)
			if !yield(order, err) || err != nil {
				return
			}
		}
	}
}

// DecodeAll reads a whole document. After an error it gives no orders.
func DecodeAll(r io.Reader, opts ...Option) (orders []Order, err error) {
	for order, err := range Decode(r, opts...) {
		if err != nil {
			return nil, err
		}
		orders = append(orders, order)
	}
	return orders, nil
}

// decoder holds what one document needs. The scans are reused from record to
// record.
type decoder struct {
	cfg     config
	stream  *wire.Stream
	inArray bool
	before  int // orders that came before

	element wire.Element
	text    string // the element's text, which the strings of its records share
	lex     *wire.Lexer
	faults  []Fault

	order, payment, line scan
}

// open looks at the first byte: an array, or records one after another.
func (d *decoder) open() (iter.Seq2[wire.Element, error], error) {
	err := d.stream.SkipMark()
	if err == nil {
		_, err = d.stream.Peek()
	}
	if err == io.EOF {
		_, err = d.stream.Value() // the error that a missing value is
	}
	if err != nil {
		return nil, d.streamError(err)
	}
	c, _ := d.stream.Peek()
	depth := maxDepth
	if d.inArray = c == '['; d.inArray {
		depth--
	}
	d.lex = wire.NewLexer(nil, depth)
	if d.inArray {
		return d.stream.Elements(), nil
	}
	return d.stream.Values(), nil
}

// next reads one element, or explains why the stream broke in it.
func (d *decoder) next(e wire.Element, broken error) (Order, error) {
	d.element, d.text, d.faults = e, string(e.Raw), nil
	d.lex.Reset(e.Raw)
	if broken != nil {
		return Order{}, d.streamError(broken)
	}
	order, err := d.record()
	if err != nil {
		return Order{}, err
	}
	d.before++
	order.Faults = d.faults
	return order, nil
}

// streamError explains an error of the stream with what was read so far, which
// may hold an earlier mistake, or the path of the place where it is cut off.
func (d *decoder) streamError(broken error) error {
	var syntax *wire.SyntaxError
	if !errors.As(broken, &syntax) {
		return &DecodeError{Fault: Fault{Path: d.root(), Offset: d.stream.Offset(), Reason: "the reader failed"}, Before: d.before, cause: broken}
	}
	if len(d.element.Raw) > 0 {
		_, err := d.record()
		if err != nil && (syntax.Err != nil || !errors.Is(err, io.ErrUnexpectedEOF)) {
			return err
		}
	}
	fault := Fault{Path: d.root(), Offset: syntax.Offset, Reason: syntax.Reason}
	return &DecodeError{Fault: fault, Before: d.before, cause: syntax.Err}
}

// record reads the element as an order or a payment and checks that nothing
// follows.
func (d *decoder) record() (Order, error) {
	t, err := d.lex.Next()
	if err != nil {
		return Order{}, d.broken(err)
	}
	if t.Kind != wire.BeginObject {
		return Order{}, d.fail(place{}, "", t.Start, "is "+t.Kind.String()+" where an object is due")
	}
	read := d.decodeOrder
	if d.isPayment() {
		read = d.decodeBare
	}
	order, err := read(t.Start)
	if err != nil {
		return Order{}, err
	}
	if _, err = d.lex.Next(); err != nil {
		return Order{}, d.broken(err)
	}
	return order, nil
}

// isPayment looks ahead to the first key that either an order or a payment
// has. Their tables share no name.
func (d *decoder) isPayment() bool {
	ahead := *d.lex
	for {
		t, err := ahead.Next()
		if err != nil || t.Kind != wire.Key {
			return false
		}
		key := string(ahead.Bytes(t))
		if _, ok := orderSchema.index[key]; ok || key == d.cfg.payments || key == d.cfg.lines {
			return false
		}
		if _, ok := paymentSchema.index[key]; ok {
			return true
		}
		if t, err = ahead.Next(); err == nil {
			_, err = ahead.Skip(t)
		}
		if err != nil {
			return false
		}
	}
}
