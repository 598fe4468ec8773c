package brightpearltest

import (
	"slices"
	"strconv"
	"strings"
)

// idSet is the vendor's notation for ids: "8", "100-200", "1,5,7-9". A dot
// separates as well (ordered lists, inferred).
type idSet []span

type span struct{ first, last int64 }

// parseIDSet refuses ids that are not positive, open ranges (observed) and
// reversed ones (inferred).
func parseIDSet(text string) (idSet, bool) {
	var set idSet
	for part := range strings.SplitSeq(strings.ReplaceAll(text, ".", ","), ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		s := span{parseID(first), parseID(last)}
		if s.first == 0 || s.last < s.first {
			return nil, false
		}
		set = append(set, s)
	}
	return set, true
}

// parseID gives 0 for anything but a positive number in plain digits.
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
	return slices.ContainsFunc(s, func(in span) bool { return in.first <= id && id <= in.last })
}

func (s idSet) hasRange() bool {
	return slices.ContainsFunc(s, func(in span) bool { return in.first != in.last })
}

// expand lists the ids in the order written, each once, unless there are more
// than limit.
func (s idSet) expand(limit int64) ([]int64, bool) {
	var ids []int64
	for _, in := range s {
		if in.last-in.first >= limit {
			return nil, false
		}
		for step := range in.last - in.first + 1 { // not id++: the last id may be the largest int64
			if id := in.first + step; !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		if int64(len(ids)) > limit {
			return nil, false
		}
	}
	return ids, true
}
