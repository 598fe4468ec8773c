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

// row is a finding as people read it.
type row struct {
	Verdict    reconcile.Verdict
	Label      string
	Date       string
	Reference  string
	Method     string
	Target     string
	Currency   string // empty with two currencies
	Left       string // signed amounts; with several records, one after another
	Right      string
	Difference string // right minus left; empty with two currencies
	What       string // what differs
	Where      string // where the records stand
}

func (r *report) row(f reconcile.Finding) row {
	all := slices.Concat(f.Left, f.Right)
	out := row{
		Verdict: f.Verdict, Label: r.label(f.Verdict), Date: dateOf(f).String(), Reference: f.Reference(), Target: target(f),
		Method: first(all, func(r reconcile.Record) string { return r.Method }),
		What:   r.what(f), Where: r.where(f),
	}
	out.Currency, out.Difference = difference(f)
	out.Left, out.Right = amounts(f.Left, out.Currency == ""), amounts(f.Right, out.Currency == "")
	return out
}

// what says what differs, in words.
func (r *report) what(f reconcile.Finding) string {
	var parts []string
	for _, d := range f.Differences {
		parts = append(parts, fmt.Sprintf("%s: %s, not %s", strings.ToLower(string(d.Field)), d.Right, d.Left))
	}
	if f.ByRule {
		parts = append(parts, "matched without a reference")
	}
	return strings.Join(parts, "; ")
}

func (r *report) where(f reconcile.Finding) string {
	var parts []string
	for _, s := range [...]struct {
		of   *side
		list []reconcile.Record
	}{{r.left, f.Left}, {r.right, f.Right}} {
		for _, record := range s.list {
			if place := cmp.Or(record.Source, record.ID); place != "" {
				parts = append(parts, s.of.short+": "+place)
			}
		}
	}
	return strings.Join(parts, "; ")
}

// amounts are signed: a refund is negative. With two currencies, each names its
// own.
func amounts(list []reconcile.Record, two bool) string {
	texts := make([]string, len(list))
	for i, r := range list {
		if texts[i] = r.Signed().Amount().String(); two {
			texts[i] = r.Signed().String()
		}
	}
	return strings.Join(texts, " + ")
}

func difference(f reconcile.Finding) (currency, text string) {
	sum, err := payment.Zero(slices.Concat(f.Left, f.Right)[0].Amount.Currency())
	for _, r := range f.Right {
		if err == nil {
			sum, err = sum.Add(r.Signed())
		}
	}
	for _, r := range f.Left {
		if err == nil {
			sum, err = sum.Sub(r.Signed())
		}
	}
	if err != nil {
		return "", ""
	}
	return string(sum.Currency()), signed(sum.Amount())
}

// signed writes a difference with its sign, and none as "".
func signed(a payment.Amount) string {
	switch a.Sign() {
	case 0:
		return ""
	case 1:
		return "+" + a.String()
	}
	return a.String()
}

func first(list []reconcile.Record, of func(reconcile.Record) string) string {
	for _, r := range list {
		if text := of(r); text != "" {
			return text
		}
	}
	return ""
}

func target(f reconcile.Finding) string {
	return first(slices.Concat(f.Left, f.Right), func(r reconcile.Record) string { return r.Target })
}

func dateOf(f reconcile.Finding) payment.Date {
	for _, r := range slices.Concat(f.Left, f.Right) {
		if !r.Date.IsZero() {
			return r.Date
		}
	}
	return payment.Date{}
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
