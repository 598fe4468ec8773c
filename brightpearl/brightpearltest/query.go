package brightpearltest

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

const maxPage = 500 // observed as default and apparent maximum

// query is a search as asked for.
type query struct {
	filters []filter
	columns []column
	order   []sorting
	first   int // from 1
	size    int
}

type sorting struct {
	column     column
	descending bool
}

// filter is one condition of a search; all must hold.
type filter struct {
	column column
	holds  func(value any) bool
	ids    []int64 // all that can match, if they are few and the ledger has an index
	ref    string  // likewise, the one reference
}

// parseQuery reads the parameters. Only the refusal of a filter's value is
// known; an unknown or repeated parameter is refused with SIM-VAL.
func (s *settings) parseQuery(raw string, columns []column) (query, *reply) {
	q := query{columns: columns, order: []sorting{{column: columns[0]}}, first: 1, size: maxPage}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return q, invalid("the query is not well-formed")
	}
	for name, all := range values {
		if len(all) > 1 {
			return q, invalid("parameter " + name + " is repeated")
		}
		if refused := s.parseParameter(&q, name, all[0], columns); refused != nil {
			return q, refused
		}
	}
	return q, nil
}

func (s *settings) parseParameter(q *query, name, value string, columns []column) *reply {
	ok := true
	switch name {
	case "firstResult":
		q.first, ok = parseCount(value)
	case "pageSize":
		q.size, ok = parseCount(value)
		ok = ok && q.size <= maxPage
	case "columns":
		q.columns, ok = parseColumns(value, columns)
	case "sort":
		q.order, ok = parseSort(value, columns)
	default:
		return s.addFilter(q, name, value, columns)
	}
	if !ok {
		return invalid("parameter " + name + " is wrong")
	}
	return nil
}

func parseCount(text string) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1
}

// parseColumns reads a list of columns, which come back in the order asked
// for (inferred).
func parseColumns(text string, columns []column) ([]column, bool) {
	var chosen []column
	for name := range strings.SplitSeq(text, ",") {
		c, ok := find(columns, name)
		if !ok {
			return nil, false
		}
		chosen = append(chosen, c)
	}
	return chosen, true
}

// parseSort reads "paymentId.DESC" and the older "paymentId|DESC", several
// separated by commas.
func parseSort(text string, columns []column) ([]sorting, bool) {
	var order []sorting
	for part := range strings.SplitSeq(text, ",") {
		name, direction, _ := strings.Cut(strings.ReplaceAll(part, "|", "."), ".")
		c, ok := find(columns, name)
		if !ok || !c.sortable || direction != "ASC" && direction != "DESC" {
			return nil, false
		}
		order = append(order, sorting{column: c, descending: direction == "DESC"})
	}
	return order, true
}

// addFilter reads name=value for a column. The refusal of a value that does not
// parse is observed.
func (s *settings) addFilter(q *query, name, value string, columns []column) *reply {
	c, ok := find(columns, name)
	if !ok {
		return invalid("there is no column " + name)
	}
	f := filter{column: c}
	switch c.kind {
	case kindIDSet:
		s.filterIDs(&f, value)
	case kindPeriod:
		f.holds = periodFilter(value)
	default:
		s.filterText(&f, value)
	}
	if f.holds == nil {
		return unparseable(c.name, value, c.kind)
	}
	q.filters = append(q.filters, f)
	return nil
}

func (s *settings) filterIDs(f *filter, raw string) {
	set, ok := parseIDSet(raw)
	if !ok {
		return
	}
	if s.facts.IgnoredIDRanges && f.column.name == "paymentId" && set.hasRange() {
		f.holds = always
		return
	}
	if f.column.name == "orderId" || f.column.name == "paymentId" {
		f.ids, _ = set.expand(maxPage)
	}
	f.holds = func(value any) bool {
		id, ok := value.(int64)
		return ok && set.has(id)
	}
}

func (s *settings) filterText(f *filter, raw string) {
	match := func(a, b string) bool { return a == b }
	switch s.facts.StringMatch {
	case MatchIgnored:
		f.holds = always
		return
	case MatchIgnoreCase:
		match = strings.EqualFold
	case MatchPrefix:
		match = strings.HasPrefix
	case MatchExact:
		if f.column.name == "transactionRef" {
			f.ref = raw
		}
	}
	f.holds = func(value any) bool {
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

// parsePeriod returns zero times for open ends.
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
