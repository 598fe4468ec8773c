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

// job records orders. Its methods are safe for concurrent use.
type job struct {
	till   *till
	to     *destination
	look   func(context.Context, payment.Key) (payment.Entry, bool, error) // into the store
	once   []payment.OnceOption
	ask    bool            // look for each payment before it is written
	dry    bool            // write nothing
	lease  time.Duration   // of a payment in the store
	hurry  <-chan struct{} // closed when no further payment is to begin
	onDone func()          // after each payment
}

// order records the payments of one order and ends the order at the vendor. An
// error is one that the next order would meet too.
func (j *job) order(ctx context.Context, from salesdata.Order) (*order, error) {
	o := newOrder(from)
	if from.Cancelled() {
		o.leave("it is cancelled")
		return o, nil
	}
	if err := j.place(ctx, o, from); err != nil {
		return o, o.fail(err)
	}
	reason, err := j.leaveOut(ctx, o)
	switch {
	case err != nil:
		return o, o.fail(err)
	case reason != "":
		o.leave(reason)
		return o, nil
	}
	if err := j.payments(ctx, o); err != nil || j.dry {
		return o, err
	}
	return o, j.finish(ctx, o)
}

// place finds the vendor's order, and fills in its payments in the form that the
// vendor wants.
func (j *job) place(ctx context.Context, o *order, from salesdata.Order) error {
	name, err := j.till.order(from)
	if err != nil {
		return err
	}
	at, err := closed(from)
	if err != nil {
		return err
	}
	if o.target, err = j.to.resolve(ctx, name); err != nil {
		return err
	}
	for i, p := range from.Payments {
		if err := j.fill(ctx, o.lines[i], p, at, o.target); stops(err) {
			return err
		} else if err != nil {
			o.lines[i].state, o.lines[i].err = refused, err
		}
	}
	return nil
}

func (j *job) fill(ctx context.Context, l *line, p salesdata.Payment, at time.Time, target string) error {
	full, err := j.till.payment(p, at, target)
	if err != nil {
		return err
	}
	l.Payment = full
	kind, _ := j.till.types.PaymentType(p)
	l.method, err = j.to.adapt(ctx, &l.Payment, kind)
	return err
}

// leaveOut returns why an order has to be left out. One that a run has begun
// never is: the store knows its payments.
func (j *job) leaveOut(ctx context.Context, o *order) (reason string, err error) {
	list := o.untried()
	if len(list) == 0 || j.to.takesAll || j.begun(ctx, list) {
		return "", nil
	}
	return j.to.leaveOut(ctx, o.target, list)
}

// begun reports whether a payment of the list may have been sent to the vendor.
func (j *job) begun(ctx context.Context, list []payment.Payment) bool {
	return slices.ContainsFunc(list, func(p payment.Payment) bool {
		e, found, err := j.look(ctx, payment.KeyOf(j.to.recorder, p))
		return errors.Is(err, payment.ErrOutcomeUnknown) || found && e.Status != payment.Open && e.Status != payment.Refused
	})
}

// payments records the payments of an order, one after the other.
func (j *job) payments(ctx context.Context, o *order) error {
	for _, l := range o.lines {
		select {
		case <-j.hurry:
			return nil
		default:
		}
		if l.state == untried {
			if err := j.payment(ctx, l); err != nil {
				return fmt.Errorf("order %s, payment %s: %w", o.called(), l.Reference, err)
			}
		}
		j.onDone()
	}
	return nil
}

// payment records one payment. It returns an error that the next payment would
// meet too.
func (j *job) payment(ctx context.Context, l *line) error {
	receipt, err := j.record(ctx, l.Payment)
	l.id = receipt.ID
	var entry *payment.EntryError
	switch {
	case err == nil && j.dry:
		l.state = checked
	case err == nil && receipt.AlreadyRecorded:
		l.state = already
	case err == nil:
		l.state = recorded
	case errors.Is(err, payment.ErrConflict):
		l.state, l.err = conflict, err
	case errors.Is(err, payment.ErrOutcomeUnknown), errors.As(err, &entry):
		l.state, l.err = unknown, err
	case stops(err):
		return err
	default:
		l.state, l.err = refused, err
	}
	return nil
}

// record hands a payment over. While another program has it in hand, it waits
// for what that program finds out.
func (j *job) record(ctx context.Context, p payment.Payment) (payment.Receipt, error) {
	if j.dry {
		_, err := j.to.recorder.Prepare(ctx, p)
		return payment.Receipt{}, err
	}
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
	o.problem = err
	return nil
}
