package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// The sample is our own: a day of a restaurant, in the documented form.
//
//go:embed day.json
var sampleDay []byte

// The documented payment types.
//
//go:embed payment_types.json
var sampleTypes []byte

// till reads a sales document, as often as it is asked to.
type till struct {
	open  func() (io.ReadCloser, error)
	name  string
	types salesdata.MasterData
	set   settings
}

// openTill reads a sales document. Its methods are the codes of the till's
// payment types.
func openTill(path string, set settings) (side, error) {
	open := func() (io.ReadCloser, error) { return os.Open(path) }
	return newTill(open, filepath.Base(path), set)
}

func newTill(open func() (io.ReadCloser, error), name string, set settings) (side, error) {
	if set.currency == "" {
		return side{}, errors.New("-currency is needed: a sales document does not name it")
	}
	types, err := readTypes(set.types)
	if err != nil {
		return side{}, fmt.Errorf("payment types: %w", err)
	}
	t := &till{open: open, name: name, types: salesdata.NewMasterData(types, nil), set: set}
	return side{name: "the sales document " + name, short: "Till", records: t.records, payments: t.payments}, nil
}

func readTypes(path string) ([]salesdata.PaymentType, error) {
	if path == "" {
		return salesdata.ReadPaymentTypes(bytes.NewReader(sampleTypes))
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return salesdata.ReadPaymentTypes(file)
}

// orders streams the document.
func (t *till) orders() iter.Seq2[salesdata.Order, error] {
	return func(yield func(salesdata.Order, error) bool) {
		file, err := t.open()
		if err != nil {
			yield(salesdata.Order{}, err)
			return
		}
		defer func() { _ = file.Close() }()
		salesdata.Decode(file, salesdata.WithLocation(t.set.zone))(yield)
	}
}

func (t *till) records(context.Context) iter.Seq2[reconcile.Record, error] {
	return t.set.inDays(salesdata.Records(t.orders(), salesdata.RecordOptions{
		Currency: t.set.currency, Zone: t.set.zone, Method: t.method, Source: t.name,
	}))
}

func (t *till) method(p salesdata.Payment) string {
	kind, _ := t.types.PaymentType(p)
	return kind.Code
}

// payments returns the payments as examples/record records them.
func (t *till) payments(context.Context) iter.Seq2[payment.Payment, error] {
	return func(yield func(payment.Payment, error) bool) {
		for o, err := range t.orders() {
			if err != nil {
				yield(payment.Payment{}, err)
				return
			}
			for _, p := range o.Payments {
				if record, ok := t.payment(o, p); ok && !yield(record, nil) {
					return
				}
			}
		}
	}
}

// payment reports false for what cannot be recorded as it is: without a
// reference or a time, or without a contribution to its order.
func (t *till) payment(o salesdata.Order, p salesdata.Payment) (payment.Payment, bool) {
	at, ok := closed(o)
	if !ok || o.Cancelled() {
		return payment.Payment{}, false
	}
	record, err := p.In(t.set.currency, at)
	record.Target, record.Method = o.ExportRef, t.method(p)
	record.Reverses, record.Attributes = "", nil // no vendor here ties a refund to the payment it cancels
	return record, err == nil
}

// closed returns when an order was paid: its closing time, or the time that is
// nearest to it.
func closed(o salesdata.Order) (time.Time, bool) {
	for _, t := range []salesdata.Time{o.ClosedAt, o.Closed, o.ReadyTime, o.CreatedAt, o.Opened} {
		if at, ok := t.Instant(); ok {
			return at, true
		}
	}
	return time.Time{}, false
}
