package brightpearltest

import (
	"cmp"
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

func (s *settings) addFilter(q *query, name, value string, columns []column) *reply {
	c, ok := find(columns, name)
	if !ok {
		return invalid("there is no column " + name)
	}
	f, refused := s.parseFilter(c, value)
	q.filters = append(q.filters, f)
	return refused
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

// compare orders two payments; equal ones keep the order of their ids.
func (q query) compare(a, b *Payment, set *settings) int {
	for _, by := range q.order {
		n := compareValues(by.column.value(a, set), by.column.value(b, set))
		if by.descending {
			n = -n
		}
		if n != 0 {
			return n
		}
	}
	return cmp.Compare(a.ID, b.ID)
}

// compareValues orders ids and times; what is missing comes first.
func compareValues(a, b any) int {
	switch a := a.(type) {
	case int64:
		if b, ok := b.(int64); ok {
			return cmp.Compare(a, b)
		}
	case time.Time:
		if b, ok := b.(time.Time); ok {
			return a.Compare(b)
		}
	}
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	}
	return 1
}

func (q query) matches(p *Payment, set *settings) bool {
	for _, f := range q.filters {
		if !f.holds(f.column.value(p, set)) {
			return false
		}
	}
	return true
}
