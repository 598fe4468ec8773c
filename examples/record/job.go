package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// job is one run. It records order after order and counts the results.
type job struct {
	till     *till
	to       *destination
	journal  *journal
	patience []payment.OnceOption
	out      *report

	recorded, already, unknown, refused int
}

// orders records the till's orders. It stops at the end of the document, or at
// an error that every other payment would meet too.
func (j *job) orders(ctx context.Context) error {
	for order, err := range salesdata.Decode(j.till.document) {
		if err != nil {
			return fmt.Errorf("%s: %w", j.till.name, err)
		}
		if err := j.order(ctx, order); err != nil {
			return err
		}
	}
	return nil
}

// order shows an order's balance, records its payments and shows what the
// vendor then has.
func (j *job) order(ctx context.Context, o salesdata.Order) error {
	if o.Cancelled() {
		j.out.order(o.Name, "cancelled, left out")
		return nil
	}
	j.out.order(o.Name, balance(o))
	target, at, err := j.place(ctx, o)
	if err != nil {
		j.refuse(len(o.Payments), fmt.Errorf("order %q: %w", o.Name, err))
		return nil
	}
	payments, problems := j.payments(o, at, target)
	if out, err := j.leftOut(ctx, target, payments); out || err != nil {
		return err
	}
	for _, problem := range problems {
		j.refuse(1, problem)
	}
	return j.settle(ctx, target, payments, len(problems) == 0)
}

// leftOut reports whether an order has to be left out. An order that an earlier
// run has begun never is.
func (j *job) leftOut(ctx context.Context, target string, payments []payment.Payment) (bool, error) {
	if j.journal.knows(j.to.vendor, payments) {
		return false, nil
	}
	reason, err := j.to.leaveOut(ctx, target, payments)
	j.out.leftOut(target, reason)
	return reason != "", err
}

// settle records the payments of one order and ends the order at the vendor.
func (j *job) settle(ctx context.Context, target string, payments []payment.Payment, whole bool) error {
	before := j.unknown + j.refused
	for _, p := range payments {
		if err := j.payment(ctx, p); err != nil {
			return err
		}
	}
	whole = whole && j.unknown+j.refused == before
	state, err := j.to.finish(ctx, target, whole)
	if err != nil {
		return fmt.Errorf("order %s: %w", target, err)
	}
	j.out.vendor(target, state)
	return nil
}

// place returns the vendor's id of an order, and the time of its payments.
func (j *job) place(ctx context.Context, o salesdata.Order) (target string, at time.Time, err error) {
	name, err := j.till.order(o)
	if err != nil {
		return "", at, err
	}
	if at, err = closed(o); err != nil {
		return "", at, err
	}
	target, err = j.to.resolve(ctx, name)
	return target, at, err
}

// payments returns an order's payments in the form that the vendor wants, and
// an error for each payment that cannot be recorded.
func (j *job) payments(o salesdata.Order, at time.Time, target string) (list []payment.Payment, problems []error) {
	for _, p := range o.Payments {
		record, err := j.till.payment(p, at, target)
		if err == nil {
			kind, _ := j.till.types.PaymentType(p)
			err = j.to.adapt(&record, kind)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("order %q, payment %s: %w", o.Name, p.Key(), err))
			continue
		}
		list = append(list, record)
	}
	return list, problems
}

// refuse reports payments that cannot be recorded as they are.
func (j *job) refuse(payments int, err error) {
	j.refused += payments
	j.out.problem(err)
}

// balance compares the payments of an order with its lines.
func balance(o salesdata.Order) string {
	r, err := salesdata.Balance(o, salesdata.BalanceRules{})
	switch {
	case err != nil:
		return "balance unknown: " + err.Error()
	case r.Balanced:
		return fmt.Sprintf("payments %v, lines %v: balanced", r.Goods, r.Revenue)
	}
	return fmt.Sprintf("payments %v, lines %v: off by %v", r.Goods, r.Revenue, r.Difference)
}

// payment records one payment and reads it back. It prints an error that only
// this payment has, and returns an error that the next payment would meet too.
func (j *job) payment(ctx context.Context, p payment.Payment) error {
	known, err := j.journal.of(j.to.vendor, p)
	if err != nil {
		j.refuse(1, err)
		return nil
	}
	if known.Step == stepRecorded {
		j.already++
		j.out.payment(p, known.ID, "recorded by an earlier run")
		return nil
	}
	receipt, err := j.write(ctx, p, known.Step)
	switch {
	case err == nil:
		return j.readBack(ctx, p, receipt)
	case errors.Is(err, payment.ErrOutcomeUnknown):
		j.unknown++
		j.out.payment(p, "", "outcome unknown")
		j.out.problem(err)
	case stops(err) || ctx.Err() != nil:
		return err
	default:
		j.out.payment(p, "", "refused")
		j.refuse(1, err)
	}
	return ctx.Err()
}

// write records a payment at the vendor, with a line in the journal before and
// after. If an earlier run may have sent the payment, it is looked for first.
func (j *job) write(ctx context.Context, p payment.Payment, last string) (payment.Receipt, error) {
	do := payment.Once
	if last == stepBegun || last == stepUnknown {
		do = payment.Resume
	}
	if err := j.journal.note(j.to.vendor, p, stepBegun, ""); err != nil {
		return payment.Receipt{}, fmt.Errorf("journal: %w", err)
	}
	receipt, err := do(ctx, j.to.recorder, p, j.patience...)
	step := stepRecorded
	switch {
	case errors.Is(err, payment.ErrOutcomeUnknown):
		step = stepUnknown
	case err != nil:
		step = stepRefused
	}
	return receipt, errors.Join(err, j.journal.note(j.to.vendor, p, step, receipt.ID))
}

// stops reports whether the next payment would meet the same error.
func stops(err error) bool {
	return errors.Is(err, payment.ErrUnauthorized) || errors.Is(err, payment.ErrForbidden) ||
		errors.Is(err, payment.ErrUnavailable) || errors.Is(err, payment.ErrRateLimited)
}

// readBack looks for what was recorded. A vendor may need a moment to show it.
func (j *job) readBack(ctx context.Context, p payment.Payment, r payment.Receipt) error {
	state, count := "recorded", &j.recorded
	if r.AlreadyRecorded {
		state, count = "already recorded", &j.already
	}
	*count++
	shown, err := look(ctx, j.to.recorder, p)
	switch {
	case errors.Is(err, payment.ErrNotFound):
		state += ", not shown yet"
		shown = r
	case errors.Is(err, payment.ErrNoLookup):
		state += ", cannot be read back"
		shown = r
	case err != nil:
		return err
	}
	j.out.payment(p, shown.ID, state)
	return nil
}

func look(ctx context.Context, r payment.Recorder, p payment.Payment) (receipt payment.Receipt, err error) {
	for wait := time.Second; wait <= 4*time.Second; wait *= 2 {
		if receipt, err = r.Find(ctx, p); !errors.Is(err, payment.ErrNotFound) {
			return receipt, err
		}
		select {
		case <-ctx.Done():
			return receipt, ctx.Err()
		case <-time.After(wait):
		}
	}
	return receipt, err
}

// finish prints the sums. The run fails if a payment is not surely recorded.
func (j *job) finish(err error) error {
	j.out.summary(j.recorded, j.already, j.unknown, j.refused)
	if n := j.unknown + j.refused; err == nil && n > 0 {
		err = fmt.Errorf("not surely recorded: %s; run again with the same document, which records nothing twice", count(n, "payment"))
	}
	return err
}
