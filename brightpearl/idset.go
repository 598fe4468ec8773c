package brightpearl

import (
	"strconv"
	"strings"
)

// IDRange is the ids from From to To, both included. A single id has both the
// same.
type IDRange struct{ From, To int64 }

// IDSet is a set of ids, written "8", "100-200" or "8,100-200" (documented; the
// comma is observed). A filter refuses a set that is empty but not nil: sent as
// no filter at all it would find everything.
type IDSet []IDRange

// IDs gives the set of the given ids.
func IDs(ids ...int64) IDSet {
	set := make(IDSet, len(ids))
	for i, id := range ids {
		set[i] = IDRange{id, id}
	}
	return set
}

// String gives the form that is sent.
func (s IDSet) String() string {
	var b strings.Builder
	for i, r := range s {
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

// Contains reports whether id is in one of the ranges.
func (s IDSet) Contains(id int64) bool {
	for _, r := range s {
		if r.From <= id && id <= r.To {
			return true
		}
	}
	return false
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
