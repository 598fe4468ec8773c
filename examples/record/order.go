package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// order is one of the till's orders, and what came of it.
type order struct {
	name    string // the till's export_ref
	title   string // the till's name for it
	balance string
	target  string // the vendor's id
	lines   []*line
	problem error  // of the order as a whole
	unread  bool   // the document does not say what it is
	leftOut string // why it is left out
	vendor  string // what the vendor has of it
}

// line is one payment, and what came of it.
type line struct {
	payment.Payment
	method string // as a person knows it
	id     string // the vendor's
	state  state
	note   string // beside the state
	err    error
}

// unseen notes that the vendor's lists do not show the payment.
func (l *line) unseen() {
	l.note = ", not shown yet"
	if l.state == already {
		l.note = ", no longer shown"
	}
}

// state is what came of a payment.
type state string

const (
	untried  state = "not tried"
	recorded state = "recorded"
	already  state = "already recorded"
	unknown  state = "outcome unknown"
	conflict state = "conflict"
	refused  state = "refused"
	leftOut  state = "left out"
	checked  state = "would be recorded"
)

// done reports whether a payment needs no attention any more.
func (s state) done() bool { return s == recorded || s == already || s == checked }

// newOrder returns an order as the till has it, with all its payments.
func newOrder(o salesdata.Order) *order {
	made := &order{name: o.ExportRef, title: o.Name, balance: balance(o)}
	for _, p := range o.Payments {
		made.lines = append(made.lines, &line{Payment: payment.Payment{Reference: p.Key()}, state: untried})
	}
	return made
}

// unreadable stands for an order of which the document shows no more.
func unreadable(err error) *order { return &order{problem: err, unread: true} }

// called returns the name by which a person finds the order.
func (o *order) called() string {
	if o.name == "" {
		return fmt.Sprintf("%q", o.title)
	}
	return o.name
}

// whole reports whether all payments of the order are recorded.
func (o *order) whole() bool {
	for _, l := range o.lines {
		if !l.state.done() {
			return false
		}
	}
	return true
}

// ids returns the vendor's ids of the order's payments.
func (o *order) ids() (list []string) {
	for _, l := range o.lines {
		if l.id != "" {
			list = append(list, l.id)
		}
	}
	return list
}

// set sets the state of all payments that were not tried.
func (o *order) set(s state) {
	for _, l := range o.lines {
		if l.state == untried {
			l.state = s
		}
	}
}

func (o *order) leave(reason string) {
	o.leftOut = reason
	o.set(leftOut)
}

// fail notes an error that keeps the order's payments from being recorded. It
// returns the error if the next order would meet it too.
func (o *order) fail(err error) error {
	if stops(err) {
		return fmt.Errorf("order %s: %w", o.called(), err)
	}
	o.problem = fmt.Errorf("order %s cannot be recorded as it is: %w", o.called(), err)
	o.set(refused)
	return nil
}

// untried returns the payments that can be recorded.
func (o *order) untried() (list []payment.Payment) {
	for _, l := range o.lines {
		if l.state == untried {
			list = append(list, l.Payment)
		}
	}
	return list
}

// stops reports whether the next payment would meet the same error.
func stops(err error) bool {
	return errors.Is(err, payment.ErrUnauthorized) || errors.Is(err, payment.ErrForbidden) ||
		errors.Is(err, payment.ErrUnavailable) || errors.Is(err, payment.ErrRateLimited)
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
