package brightpearl

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// IDRange is the ids from From to To, both included. A single id has both the
// same.
type IDRange struct{ From, To int64 }

// IDSet is a set of ids, written "8", "100-200" or "8,100-200" (documented; the
// comma is observed). A filter refuses a set that is empty but not nil: sent as
// no filter at all it would find everything.
type IDSet []IDRange

// IDs returns the set of the given ids.
func IDs(ids ...int64) IDSet {
	set := make(IDSet, len(ids))
	for i, id := range ids {
		set[i] = IDRange{id, id}
	}
	return set
}

// String returns the form that is sent: the ranges in ascending order, because
// the vendor was seen to refuse ids in another order, and each id once.
func (s IDSet) String() string {
	var b strings.Builder
	for i, r := range s.merged() {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(r.From, 10))
		if r.To != r.From {
			b.WriteByte('-')
			b.WriteString(strconv.FormatInt(r.To, 10))
		}
	}
	return b.String()
}

// merged returns the set sorted, with ranges that overlap made one. Neighbours
// stay apart: ranges of payment ids were seen to be ignored.
func (s IDSet) merged() IDSet {
	sorted := slices.SortedFunc(slices.Values(s), func(a, b IDRange) int { return cmp.Compare(a.From, b.From) })
	var set IDSet
	for _, r := range sorted {
		if n := len(set); n > 0 && r.From <= set[n-1].To {
			set[n-1].To = max(set[n-1].To, r.To)
		} else {
			set = append(set, r)
		}
	}
	return set
}

// Contains reports whether id is in one of the ranges.
func (s IDSet) Contains(id int64) bool {
	return slices.ContainsFunc(s, func(r IDRange) bool { return r.From <= id && id <= r.To })
}

// check refuses an open or reversed range: the vendor cannot parse an open one
// on an id column (observed).
func (s IDSet) check(field string) error {
	if len(s) == 0 {
		return invalid(field, "is an empty set")
	}
	for _, r := range s {
		switch {
		case r.From <= 0 || r.To <= 0:
			return invalid(field, "holds an id that is not positive, or an open range")
		case r.From > r.To:
			return invalid(field, "holds a reversed range")
		}
	}
	return nil
}

// compact joins neighbours of sorted ids to ranges.
func compact(sorted []int64) IDSet {
	var set IDSet
	for _, id := range sorted {
		if n := len(set); n > 0 && set[n-1].To+1 == id {
			set[n-1].To = id
		} else {
			set = append(set, IDRange{id, id})
		}
	}
	return set
}

// Period is a span of time in a search. A zero From or To leaves that side
// open; that the vendor takes an open start is inferred (clause search.period).
type Period struct{ From, To time.Time }

// IsZero reports a period without either side, which filters nothing.
func (p Period) IsZero() bool { return p.From.IsZero() && p.To.IsZero() }

// String returns the form that is sent: FROM/TO, FROM/ (observed) or /TO
// (inferred, clause search.period).
func (p Period) String() string {
	return timeText(p.From, false) + "/" + timeText(p.To, false)
}

// contains compares in whole seconds, which is what was sent.
func (p Period) contains(t time.Time) bool {
	from, to := p.From.Truncate(time.Second), p.To.Truncate(time.Second)
	return (p.From.IsZero() || !t.Before(from)) && (p.To.IsZero() || t.Before(to.Add(time.Second)))
}

func (p Period) check(field string) error {
	switch {
	case !p.From.IsZero() && !p.To.IsZero() && p.To.Before(p.From):
		return invalid(field, "ends before it starts")
	case !p.From.IsZero() && !writable(p.From) || !p.To.IsZero() && !writable(p.To):
		return invalid(field, "is outside the years 0001 to 9999")
	}
	return nil
}

// condition is one filter: what is sent, and whether a row matches it.
type condition struct {
	column, value string
	holds         func(FoundPayment) bool
}

// conditions collects the filters that are set, and the first wrong one.
type conditions struct {
	list []condition
	err  error
}

func (c *conditions) add(column, value string, holds func(FoundPayment) bool) {
	c.list = append(c.list, condition{column, value, holds})
}

func (c *conditions) refuse(err error) {
	if c.err == nil {
		c.err = err
	}
}

// ids filters on one id or a set of them.
func (c *conditions) ids(column, field string, one int64, set IDSet, get func(FoundPayment) int64) {
	switch {
	case one == 0 && set == nil:
		return
	case one != 0 && set != nil:
		c.refuse(invalid(field, "is given both as one id and as a set"))
	case one != 0:
		set = IDs(one)
	}
	c.refuse(set.check(field))
	c.add(column, set.String(), func(f FoundPayment) bool { return set.Contains(get(f)) })
}

// text filters on exact text.
func (c *conditions) text(column, value string, get func(FoundPayment) string) {
	if value != "" {
		c.add(column, value, func(f FoundPayment) bool { return get(f) == value })
	}
}

// folded filters on text in which the vendor ignores case.
func (c *conditions) folded(column, value string, get func(FoundPayment) string) {
	if value != "" {
		c.add(column, value, func(f FoundPayment) bool { return strings.EqualFold(get(f), value) })
	}
}

func (c *conditions) amount(column string, value payment.Amount, get func(FoundPayment) payment.Amount) {
	if value.IsSet() {
		c.add(column, value.String(), func(f FoundPayment) bool { return get(f).Equal(value) })
	}
}

func (c *conditions) period(column, field string, p Period, get func(FoundPayment) time.Time) {
	if !p.IsZero() {
		c.refuse(p.check(field))
		c.add(column, p.String(), func(f FoundPayment) bool { return p.contains(get(f)) })
	}
}
