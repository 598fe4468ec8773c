package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// job records orders. It is safe for concurrent use.
type job struct {
	till   *till
	to     *destination
	store  payment.Store
	once   []payment.OnceOption
	ask    bool          // look for each payment before it is written
	dry    bool          // write nothing
	lease  time.Duration // of a payment in the store
	hurry  <-chan struct{}
	onDone func() // after each payment

	batch []*order // recorded, and not read back yet
}

// order records the payments of one order and ends the order at the vendor. An
// error is one that the next order would meet too.
func (j *job) order(ctx context.Context, from salesdata.Order) (*order, error) {
	o := newOrder(from)
	if from.Cancelled() {
		o.leave(len(from.Payments), "it is cancelled")
		return o, nil
	}
	target, at, err := j.place(ctx, from)
	if err == nil {
		o.target = target
		err = j.fill(ctx, o, from.Payments, at)
	}
	if err != nil {
		return o, j.orderError(o, len(from.Payments), err)
	}
	if out, err := j.leftOut(ctx, o); out || err != nil {
		return o, err
	}
	if err := j.payments(ctx, o); err != nil || j.dry {
		return o, err
	}
	return o, j.finish(ctx, o)
}

// orderError notes an error of a whole order, or returns it if the next order
// would meet it too.
func (j *job) orderError(o *order, payments int, err error) error {
	if stops(err) {
		o.tally = tally{untried: payments}
		return fmt.Errorf("order %s: %w", o.called(), err)
	}
	o.refuse(payments, err)
	return nil
}

func (o *order) leave(payments int, reason string) {
	o.leftOut = reason
	o.tally.leftOut += payments
}

// leftOut asks whether an order has to be left out. One that a run has begun
// never is: the store knows its payments.
func (j *job) leftOut(ctx context.Context, o *order) (bool, error) {
	var list []payment.Payment
	for _, l := range o.lines {
		list = append(list, l.Payment)
	}
	reason, err := j.to.leaveOut(ctx, o.target, list)
	if err != nil {
		o.lines = nil
		return true, j.orderError(o, len(list), err)
	}
	if reason == "" || j.begun(ctx, list) {
		return false, nil
	}
	o.lines = nil
	o.leave(len(list), reason)
	return true, nil
}

// begun reports whether a payment of the list may have been sent to the vendor.
func (j *job) begun(ctx context.Context, list []payment.Payment) bool {
	return slices.ContainsFunc(list, func(p payment.Payment) bool {
		e, err := payment.Inspect(ctx, j.store, payment.KeyOf(j.to.recorder, p))
		return errors.Is(err, payment.ErrOutcomeUnknown) || err == nil && e.Status != payment.Open && e.Status != payment.Refused
	})
}

// payments records the payments of an order, one after the other.
func (j *job) payments(ctx context.Context, o *order) error {
	defer func() {
		for _, l := range o.lines {
			o.tally.count(l.state, 1)
		}
	}()
	for _, l := range o.lines {
		select {
		case <-j.hurry:
			return nil
		default:
		}
		if err := j.payment(ctx, l); err != nil {
			return err
		}
		j.onDone()
	}
	return nil
}

// payment records one payment. It returns an error that the next payment would
// meet too.
func (j *job) payment(ctx context.Context, l *line) error {
	if j.dry {
		return j.check(ctx, l)
	}
	receipt, err := j.record(ctx, l.Payment)
	l.err = err
	switch {
	case err == nil && receipt.AlreadyRecorded:
		l.id, l.state = receipt.ID, already
	case err == nil:
		l.id, l.state = receipt.ID, recorded
	case errors.Is(err, payment.ErrConflict):
		l.state = conflict
	case errors.Is(err, payment.ErrOutcomeUnknown):
		l.state = unknown
	case stops(err):
		l.err = nil // it is told once, for all payments
		return err
	default:
		l.state = refused
	}
	return nil
}

// record hands a payment over. While another program has it in hand, it waits
// for what that program finds out.
func (j *job) record(ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	do := payment.Once
	if j.ask {
		do = payment.Resume
	}
	wait, end := 20*time.Millisecond, time.Now().Add(2*j.lease)
	for {
		receipt, err := do(ctx, j.to.recorder, p, j.once...)
		var held *payment.HeldError
		if !errors.As(err, &held) || time.Now().After(end) {
			return receipt, err
		}
		select {
		case <-j.hurry:
			return receipt, err
		case <-time.After(wait):
			wait = min(2*wait, time.Second)
		}
	}
}

// check is a payment of a dry run.
func (j *job) check(ctx context.Context, l *line) error {
	_, err := j.to.recorder.Prepare(ctx, l.Payment)
	switch {
	case err == nil:
		l.state = checked
	case stops(err):
		return err
	default:
		l.state, l.err = refused, err
	}
	return nil
}

// finish ends an order at the vendor.
func (j *job) finish(ctx context.Context, o *order) error {
	if j.to.finish == nil {
		return nil
	}
	err := j.to.finish(ctx, o, j.once)
	if err == nil {
		return nil
	}
	err = fmt.Errorf("order %s at the vendor: %w", o.called(), err)
	if stops(err) {
		return err
	}
	o.problems = append(o.problems, err)
	return nil
}
