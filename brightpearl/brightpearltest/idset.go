package brightpearltest

import (
	"slices"
	"strconv"
	"strings"
)

// idSet is the vendor's notation for ids: "8", "100-200", "1,5,7-9". A dot
// separates the ids of an ordered list (inferred).
type idSet struct {
	spans   []span
	ordered bool // in an order of its own
}

type span struct{ first, last int64 }

// parseIDSet refuses ids that are not positive, open ranges (observed) and
// reversed ones (inferred).
func parseIDSet(text string) (idSet, bool) {
	set := idSet{ordered: strings.Contains(text, ".")}
	for part := range strings.SplitSeq(strings.ReplaceAll(text, ".", ","), ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		s := span{parseID(first), parseID(last)}
		if s.first == 0 || s.last < s.first {
			return idSet{}, false
		}
		set.spans = append(set.spans, s)
	}
	return set, true
}

// parseID returns 0 for anything but a positive number in plain digits.
func parseID(text string) int64 {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

func (s idSet) has(id int64) bool {
	return slices.ContainsFunc(s.spans, func(in span) bool { return in.first <= id && id <= in.last })
}

func (s idSet) hasRange() bool {
	return slices.ContainsFunc(s.spans, func(in span) bool { return in.first != in.last })
}

// ascends reports whether each id is greater than the one before it, or the
// list may have an order of its own.
func (s idSet) ascends() bool {
	for i := 1; i < len(s.spans); i++ {
		if s.spans[i].first <= s.spans[i-1].last && !s.ordered {
			return false
		}
	}
	return true
}

// expand returns the ids in the order written, each once, unless there are more
// than limit.
func (s idSet) expand(limit int64) ([]int64, bool) {
	var ids []int64
	seen := map[int64]bool{}
	for _, in := range s.spans {
		if in.last-in.first >= limit {
			return nil, false
		}
		for step := range in.last - in.first + 1 { // not id++: the last id may be the largest int64
			if id := in.first + step; !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
		if int64(len(ids)) > limit {
			return nil, false
		}
	}
	return ids, true
}
