package brightpearltest

import (
	"strings"
	"time"
)

// filter is one condition of a search; all must hold.
type filter struct {
	column column
	holds  func(value any) bool
}

// parseFilter reads name=value for a column. The refusal of a value that does
// not parse is observed.
func (s *settings) parseFilter(c column, raw string) (filter, *reply) {
	var holds func(any) bool
	switch c.kind {
	case kindIDSet:
		holds = s.idFilter(c.name, raw)
	case kindPeriod:
		holds = periodFilter(raw)
	default:
		holds = s.stringFilter(raw)
	}
	if holds == nil {
		return filter{}, unparseable(c.name, raw, c.kind)
	}
	return filter{column: c, holds: holds}, nil
}

func (s *settings) idFilter(name, raw string) func(any) bool {
	set, ok := parseIDSet(raw)
	if !ok {
		return nil
	}
	if s.ignoredIDRanges && name == "paymentId" && set.hasRange() {
		return always
	}
	return func(value any) bool {
		id, ok := value.(int64)
		return ok && set.has(id)
	}
}

func (s *settings) stringFilter(raw string) func(any) bool {
	match := func(a, b string) bool { return a == b }
	switch s.stringMatch {
	case MatchIgnored:
		return always
	case MatchIgnoreCase:
		match = strings.EqualFold
	case MatchPrefix:
		match = strings.HasPrefix
	}
	return func(value any) bool {
		text, ok := value.(string)
		return ok && match(text, raw)
	}
}

// periodFilter reads FROM/TO, FROM/ (observed) and /TO (inferred). Both ends
// belong to the period (inferred).
func periodFilter(raw string) func(any) bool {
	from, to, ok := parsePeriod(raw)
	if !ok {
		return nil
	}
	return func(value any) bool {
		at, ok := value.(time.Time)
		return ok && !at.Before(from) && (to.IsZero() || !at.After(to))
	}
}

// parsePeriod gives zero times for open ends.
func parsePeriod(raw string) (from, to time.Time, ok bool) {
	first, last, isPeriod := strings.Cut(raw, "/")
	if !isPeriod || first == "" && last == "" {
		return from, to, false
	}
	ok = true
	if first != "" {
		from, ok = parseInstant(first)
	}
	if ok && last != "" {
		to, ok = parseInstant(last)
	}
	return from, to, ok
}

func always(any) bool { return true }
