package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

// report is what a comparison found.
type report struct {
	left, right *side
	from, to    payment.Date
	findings    []reconcile.Finding // differences first
	totals      reconcile.Totals
}

// compare reads both sides.
func (p *pair) compare(ctx context.Context, set settings) (*report, error) {
	r := &report{left: &p.left, right: &p.right, from: set.from, to: set.to}
	rules := set.rules
	if rules.Fold = p.right.fold; rules.Fold == nil {
		rules.Fold = p.left.fold
	}
	for f, err := range reconcile.Compare(ctx, p.left.records(ctx), p.right.records(ctx), rules) {
		if err != nil {
			return nil, err
		}
		r.totals.Add(f)
		r.findings = append(r.findings, f)
	}
	slices.SortStableFunc(r.findings, func(a, b reconcile.Finding) int {
		return cmp.Or(cmp.Compare(rank(a.Verdict), rank(b.Verdict)), dateOf(a).Compare(dateOf(b)), cmp.Compare(target(a), target(b)), cmp.Compare(a.Reference(), b.Reference()))
	})
	return r, nil
}

// order is how findings are shown: what a person has to look at comes first.
var order = [...]reconcile.Verdict{
	reconcile.Missing, reconcile.Differs, reconcile.Duplicate, reconcile.Extra, reconcile.Ambiguous, reconcile.Netted, reconcile.Matched,
}

func rank(v reconcile.Verdict) int { return slices.Index(order[:], v) }

// agrees reports whether nobody has to look at a finding.
func agrees(v reconcile.Verdict) bool { return v == reconcile.Matched || v == reconcile.Netted }

// label says what a verdict means.
func (r *report) label(v reconcile.Verdict) string {
	switch v {
	case reconcile.Missing:
		return "missing in " + r.right.short
	case reconcile.Extra:
		return "only in " + r.right.short
	case reconcile.Differs:
		return "differs"
	case reconcile.Duplicate:
		return "more than once"
	case reconcile.Ambiguous:
		return "to be decided"
	case reconcile.Netted:
		return "cancels out"
	}
	return "agrees"
}

// labelOf is label for a number of findings.
func (r *report) labelOf(n int, v reconcile.Verdict) string {
	if n == 1 {
		return r.label(v)
	}
	switch v {
	case reconcile.Differs:
		return "differ"
	case reconcile.Netted:
		return "cancel out"
	case reconcile.Matched:
		return "agree"
	}
	return r.label(v)
}

// differences counts the findings that a person has to look at.
func (r *report) differences() (n int) {
	for _, v := range order {
		if !agrees(v) {
			n += r.totals.Count(v)
		}
	}
	return n
}

// summary says in one line what was found.
func (r *report) summary() string {
	var parts []string
	for _, v := range order {
		if n := r.totals.Count(v); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, r.labelOf(n, v)))
		}
	}
	if len(parts) == 0 {
		return "there are no payments on either side"
	}
	return strings.Join(parts, ", ")
}

// period names the days that were compared.
func (r *report) period() string {
	switch {
	case r.from == r.to && r.from.IsZero():
		return "all days"
	case r.from == r.to:
		return r.from.String()
	}
	return fmt.Sprintf("%v to %v", r.from, r.to)
}

// total is one line of the totals.
type total struct {
	Sum        bool   `json:"-"` // of a currency
	Currency   string `json:"currency"`
	Date       string `json:"date,omitempty"`   // empty in the sum of a currency
	Method     string `json:"method,omitempty"` // likewise
	LeftCount  int    `json:"leftCount"`
	RightCount int    `json:"rightCount"`
	Left       string `json:"left"`
	Right      string `json:"right"`
	Difference string `json:"difference"` // right minus left, signed; empty if there is none
}

// sums are the totals: for each currency its sum, and below it each day and
// method.
func (r *report) sums() (list []total) {
	var sum reconcile.Total
	at := -1
	for t := range r.totals.All() {
		if at < 0 || sum.Currency != t.Currency {
			sum, at = reconcile.Total{Group: reconcile.Group{Currency: t.Currency}}, len(list)
			list = append(list, total{})
		}
		sum.Left, sum.Right = plus(sum.Left, t.Left), plus(sum.Right, t.Right)
		list = append(list, line(t))
		list[at] = line(sum)
		list[at].Sum = true
	}
	return list
}

func plus(a, b reconcile.Sum) reconcile.Sum {
	if !a.Amount.IsSet() {
		return reconcile.Sum{Count: a.Count + b.Count, Amount: b.Amount}
	}
	if b.Amount.IsSet() {
		a.Amount = a.Amount.Add(b.Amount)
	}
	return reconcile.Sum{Count: a.Count + b.Count, Amount: a.Amount}
}

func line(t reconcile.Total) total {
	l := total{
		Currency: string(t.Currency), Method: t.Method, LeftCount: t.Left.Count, RightCount: t.Right.Count,
		Left: t.Left.Amount.String(), Right: t.Right.Amount.String(), Difference: signed(t.Difference()),
	}
	if !t.Date.IsZero() {
		l.Date = t.Date.String()
	}
	return l
}
