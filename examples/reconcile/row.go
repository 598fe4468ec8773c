package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

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
