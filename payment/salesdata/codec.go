package salesdata

import (
	"bytes"
	"slices"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// UnmarshalPayment reads one payment on its own, with what is odd about it.
// Text after it is an error, and so is an order.
func UnmarshalPayment(data []byte, opts ...Option) (Payment, []Fault, error) {
	o, err := one(data, opts)
	if err != nil {
		return Payment{}, nil, err
	}
	if !o.Bare {
		return Payment{}, nil, &payment.FieldError{Field: "$", Reason: "is not a payment"}
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
	d := decoder{cfg: cfg, lex: wire.NewLexer(nil, maxDepth)}
	return d.next(wire.Element{Raw: data}, nil)
}

// MarshalPayment writes one payment on its own, by the rules of [Encode].
func MarshalPayment(p Payment, opts ...Option) ([]byte, error) {
	return MarshalOrder(Order{Bare: true, Payments: []Payment{p}}, opts...)
}

// MarshalOrder writes one order on its own, by the rules of [Encode].
func MarshalOrder(o Order, opts ...Option) ([]byte, error) {
	var buf bytes.Buffer
	if err := Encode(&buf, slices.Values([]Order{o}), append(slices.Clip(opts), WithSeparateRecords())...); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// MarshalJSON is [MarshalPayment] without options. It writes the sensitive
// fields: they are part of the document.
func (p Payment) MarshalJSON() ([]byte, error) { return MarshalPayment(p) }

// UnmarshalJSON is [UnmarshalPayment] without options; faults are not kept.
func (p *Payment) UnmarshalJSON(data []byte) (err error) {
	*p, _, err = UnmarshalPayment(data)
	return err
}

// MarshalJSON is [MarshalOrder] without options.
func (o Order) MarshalJSON() ([]byte, error) { return MarshalOrder(o) }

// UnmarshalJSON is [UnmarshalOrder] without options.
func (o *Order) UnmarshalJSON(data []byte) (err error) {
	*o, err = UnmarshalOrder(data)
	return err
}
