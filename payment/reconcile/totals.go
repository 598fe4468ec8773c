package reconcile

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"github.com/tenderkit/tenderkit/payment"
)

// Group is what totals are made for.
type Group struct {
	Currency payment.Currency
	Method   string
	Date     payment.Date
}

// Sum is the number of records and what they add up to; refunds count negative.
type Sum struct {
	Count  int
	Amount payment.Amount
}

// Total is one group's sums, on both sides, over all findings and by verdict.
type Total struct {
	Group
	Left, Right Sum
	ByVerdict   map[Verdict][2]Sum // left, right
}

// String returns the group, both sides and their difference.
func (t Total) String() string {
	return fmt.Sprintf("%s %s %s: left %v, right %v, difference %v", t.Date, t.Method, t.Currency, t.Left, t.Right, t.Difference())
}

// String returns the amount and the number of records.
func (s Sum) String() string { return fmt.Sprintf("%v in %d", s.amount(), s.Count) }

// Difference returns right minus left.
func (t Total) Difference() payment.Amount { return t.Right.amount().Sub(t.Left.amount()) }

func (s Sum) amount() payment.Amount {
	if s.Amount.IsSet() {
		return s.Amount
	}
	return zero
}

var zero = func() payment.Amount {
	a, _ := payment.ParseAmount("0")
	return a
}()

// Totals adds findings up. The zero value is ready. Its sums are exactly those
// of the records in the findings that it was given.
type Totals struct {
	groups   map[Group]*Total
	verdicts map[Verdict]int
}

// Add counts a finding.
func (t *Totals) Add(f Finding) {
	if t.groups == nil {
		t.groups, t.verdicts = map[Group]*Total{}, map[Verdict]int{}
	}
	t.verdicts[f.Verdict]++
	for s, list := range [...][]Record{f.Left, f.Right} {
		for _, r := range list {
			t.group(r).add(side(s), f.Verdict, r)
		}
	}
}

// Count returns how many findings have the verdict.
func (t *Totals) Count(v Verdict) int { return t.verdicts[v] }

// Clean reports whether every finding so far was a match, or netted.
func (t *Totals) Clean() bool {
	for v, n := range t.verdicts {
		if n > 0 && v != Matched && v != Netted {
			return false
		}
	}
	return true
}

// All returns the totals by currency, day and method.
func (t *Totals) All() iter.Seq[Total] {
	return func(yield func(Total) bool) {
		list := make([]*Total, 0, len(t.groups))
		for _, total := range t.groups {
			list = append(list, total)
		}
		slices.SortFunc(list, func(a, b *Total) int {
			return cmp.Or(cmp.Compare(a.Currency, b.Currency), a.Date.Compare(b.Date), cmp.Compare(a.Method, b.Method))
		})
		for _, total := range list {
			if !yield(*total) {
				return
			}
		}
	}
}

func (t *Totals) group(r Record) *Total {
	g := Group{r.Amount.Currency(), r.Method, r.Date}
	if t.groups[g] == nil {
		t.groups[g] = &Total{Group: g, ByVerdict: map[Verdict][2]Sum{}}
	}
	return t.groups[g]
}

func (t *Total) add(s side, v Verdict, r Record) {
	sums := t.ByVerdict[v]
	sums[s].add(r)
	t.ByVerdict[v] = sums
	if s == leftSide {
		t.Left.add(r)
	} else {
		t.Right.add(r)
	}
}

func (s *Sum) add(r Record) {
	s.Count++
	s.Amount = s.amount().Add(r.Signed().Amount())
}
