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
// What is odd but readable is listed in [Order.Faults]: a member on which
// neither money nor identity rests never costs the order. What is refused comes
// as a *[DecodeError] in the place of its order, and the sequence goes on with
// the next one. It ends with an error only if [DecodeError.Ends] says so.
// Nothing is dropped or repaired silently. An empty text is cut off. The
// sequence also ends when the loop over it ends, and when r fails, as the body
// of a request does whose context has ended.
func Decode(r io.Reader, opts ...Option) iter.Seq2[Order, error] {
	cfg, wrong := newConfig(opts)
	return func(yield func(Order, error) bool) {
		if wrong != nil {
			yield(Order{}, wrong)
			return
		}
		d := newLoader(&cfg)
		d.open(r)
		var o Order
		for more, err := d.begin(); more || err != nil; more, err = d.more() {
			if o = (Order{}); err == nil {
				err = d.next(&o)
			}
			if !yield(o, err) || d.over {
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
		scanner: scanner{
			input:   input{report: report{strict: cfg.strict}, maxRecord: cfg.maxRecord},
			reading: reading{location: cfg.location, moneyText: cfg.moneyText},
			cfg:     cfg, names: uniqueNames{seed: maphash.MakeSeed()},
		},
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
	return d.follows()
}

// more looks for the record after this one.
func (d *loader) more() (bool, error) {
	d.index++
	return d.follows()
}

func (d *loader) follows() (bool, error) {
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
	d.over = true
	return d.fail(place{}, "", at, "text after the document")
}

// next reads a record. After an error there is nothing in it.
func (d *loader) next(o *Order) (err error) {
	if err = d.record(); err == nil {
		err = d.load(o)
	}
	if err != nil {
		*o = Order{}
		return err
	}
	if d.unlisted > 0 {
		d.faults = append(d.faults, Fault{Path: d.root(), Offset: d.start, Reason: "has more faults than are listed: " + strconv.Itoa(d.unlisted)})
	}
	o.Faults = d.faults
	d.before++
	return nil
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
func one(data []byte, opts []Option) (o Order, err error) {
	cfg, err := newConfig(opts)
	if err != nil {
		return o, err
	}
	if len(data) > hugeRecord {
		return o, &payment.FieldError{Field: "$", Reason: "is larger than 1 GiB"}
	}
	d := newLoader(&cfg)
	d.openBytes(data)
	if err = d.next(&o); err == nil {
		err = d.ended()
	}
	return o, err
}

// oneFrom reads the record that comes next in a decoder of somebody else's.
func oneFrom(dec *jsontext.Decoder, bare bool) (o Order, err error) {
	cfg, err := newConfig(nil)
	if err != nil {
		return o, err
	}
	d := newLoader(&cfg)
	d.dec = dec
	err = d.next(&o)
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
