package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"

	outboxriver "github.com/tenderkit/tenderkit/payment/outbox/river"
)

// The sample is our own, of documented payments.
//
//go:embed sales.json
var sampleDocument []byte

// The documented payment types.
//
//go:embed payment_types.json
var sampleTypes []byte

// take puts the payments of a document into the outbox, an order at a time. It
// returns how many it has put there, and how many orders it has left out.
func (e *engine) take(ctx context.Context, set settings, a *account, out io.Writer) (put, left int, err error) {
	document, err := open(set, a)
	if document == nil || err != nil {
		return 0, 0, err
	}
	defer func() { _ = document.Close() }()
	types, err := salesdata.ReadPaymentTypes(bytes.NewReader(sampleTypes))
	if err != nil {
		return 0, 0, err
	}
	source := till{types: salesdata.NewMasterData(types, nil), currency: set.currency}
	for order, err := range salesdata.Decode(document) {
		var payments []payment.Payment
		if err == nil {
			payments, err = source.payments(order)
		}
		if err == nil {
			err = e.put(ctx, a, payments)
			if err != nil && !errors.Is(err, payment.ErrInvalid) && !errors.Is(err, payment.ErrConflict) {
				return put, left, err
			}
		}
		if err != nil {
			left++
			fmt.Fprintf(out, "order %q is left out: %v\n", order.Name, err)
			continue
		}
		put += len(payments)
	}
	return put, left, nil
}

// open opens the document, or the sample for an emulator: it is never written
// to a real account.
func open(set settings, a *account) (io.ReadCloser, error) {
	switch {
	case set.file != "":
		return os.Open(set.file)
	case a.emulated:
		return io.NopCloser(bytes.NewReader(sampleDocument)), nil
	}
	return nil, nil
}

// put stores the payments and their jobs in one transaction.
func (e *engine) put(ctx context.Context, a *account, payments []payment.Payment) error {
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, p := range payments {
		if err := outboxriver.Enqueue(ctx, e.client, e.store, tx, payment.KeyOf(a.recorder, p), p); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// till turns sales data into payments.
type till struct {
	types    salesdata.MasterData
	currency payment.Currency
}

// payments returns what the payments of an order contribute to it. The
// reference of each is its payment_guid, so that a document that is given twice
// is recorded once.
func (t till) payments(o salesdata.Order) (list []payment.Payment, err error) {
	at, ok := o.ClosedAt.Instant()
	if !ok {
		return nil, errors.New("it has no closed_at with a zone to date its payments")
	}
	for _, from := range o.Payments {
		p, err := from.In(t.currency, at)
		if err != nil {
			return nil, err
		}
		kind, ok := t.types.PaymentType(from)
		if !ok {
			return nil, fmt.Errorf("payment_type_id %d is not in the list of payment types", from.PaymentTypeID)
		}
		p.Target, p.Method, p.Reverses = o.ExportRef, kind.Code, ""
		list = append(list, p)
	}
	return list, nil
}
