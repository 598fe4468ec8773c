package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// order is one of the till's orders, and what came of it.
type order struct {
	name     string // the till's export_ref
	title    string // the till's name for it
	balance  string
	target   string // the vendor's id
	lines    []*line
	problems []error // of payments that cannot be recorded as they are, and of the order
	leftOut  string  // why the order is left out
	vendor   string  // what the vendor has of it

	tally tally
}

// line is one payment, and what came of it.
type line struct {
	payment.Payment
	method string // as a person knows it
	id     string // the vendor's
	state  state
	err    error
}

type state string

const (
	recorded state = "recorded"
	already  state = "already recorded"
	unknown  state = "outcome unknown"
	conflict state = "conflict"
	refused  state = "refused"
	untried  state = "not tried"
	checked  state = "would be recorded"
)

// tally counts payments by what came of them.
type tally struct {
	recorded, already, unknown, conflict, refused, leftOut, checked, untried int
}

func (t *tally) count(s state, n int) {
	switch s {
	case recorded:
		t.recorded += n
	case already:
		t.already += n
	case unknown:
		t.unknown += n
	case conflict:
		t.conflict += n
	case refused:
		t.refused += n
	case checked:
		t.checked += n
	case untried:
		t.untried += n
	}
}

func (t *tally) add(o tally) {
	t.recorded += o.recorded
	t.already += o.already
	t.unknown += o.unknown
	t.conflict += o.conflict
	t.refused += o.refused
	t.leftOut += o.leftOut
	t.checked += o.checked
	t.untried += o.untried
}

// open returns the number of payments that are not surely recorded.
func (t tally) open() int {
	return t.unknown + t.conflict + t.refused + t.leftOut + t.untried
}

// newOrder returns an order as the till has it.
func newOrder(o salesdata.Order) *order {
	return &order{name: o.ExportRef, title: o.Name, balance: balance(o)}
}

// whole reports whether all payments of the order are recorded.
func (o *order) whole() bool { return o.tally.open() == 0 && len(o.problems) == 0 }

// refuse notes n payments that cannot be recorded as they are.
func (o *order) refuse(n int, err error) {
	o.tally.count(refused, n)
	o.problems = append(o.problems, fmt.Errorf("order %s cannot be recorded as it is: %w", o.called(), err))
}

func (o *order) called() string {
	if o.name == "" {
		return fmt.Sprintf("%q", o.title)
	}
	return o.name
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

// stops reports whether the next payment would meet the same error.
func stops(err error) bool {
	return errors.Is(err, payment.ErrUnauthorized) || errors.Is(err, payment.ErrForbidden) ||
		errors.Is(err, payment.ErrUnavailable) || errors.Is(err, payment.ErrRateLimited)
}

// closed returns when an order was paid: its closing time, or the time that is
// nearest to it.
func closed(o salesdata.Order) (time.Time, error) {
	for _, t := range []salesdata.Time{o.ClosedAt, o.Closed, o.ReadyTime, o.CreatedAt, o.Opened} {
		if at, ok := t.Instant(); ok {
			return at, nil
		}
	}
	return time.Time{}, errors.New("it has no time with a zone to date its payments")
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

// fill adds an order's payments in the form that the vendor wants, and a
// problem for each one that cannot be recorded.
func (j *job) fill(ctx context.Context, o *order, list []salesdata.Payment, at time.Time) error {
	for _, p := range list {
		var method string
		full, err := j.till.payment(p, at, o.target)
		if err == nil {
			kind, _ := j.till.types.PaymentType(p)
			method, err = j.to.adapt(ctx, &full, kind)
		}
		switch {
		case err == nil:
			o.lines = append(o.lines, &line{Payment: full, method: method, state: untried})
		case stops(err):
			return err
		default:
			o.refuse(1, fmt.Errorf("payment %s: %w", p.Key(), err))
		}
	}
	return nil
}
