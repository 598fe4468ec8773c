package brightpearltest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// searchCustomerPayments is GET customer-payment-search (documented and
// observed).
func (s *Server) searchCustomerPayments(r *http.Request) reply { return s.search(r, s.customer) }

// searchSupplierPayments is GET supplier-payment-search (columns documented).
func (s *Server) searchSupplierPayments(r *http.Request) reply { return s.search(r, s.supplier) }

func (s *Server) search(r *http.Request, l *ledger) reply {
	q, refused := s.settings.parseQuery(r.URL.RawQuery, l.columns)
	if refused != nil {
		return *refused
	}
	found := s.find(l, q)
	body := append(make([]byte, 0, 8<<10), `{"response":`...)
	body = s.appendPage(body, found, q)
	body = append(body, `,"reference":{}}`...) // only searches have a reference
	return reply{status: http.StatusOK, message: "bulk-data-search", json: body, morePages: min(q.first-1, len(found))+q.size < len(found)}
}

// find returns the payments that match, in the order asked for.
func (s *Server) find(l *ledger, q query) []*Payment {
	now := s.settings.clock()
	var found []*Payment
	keep := func(p *Payment) {
		if p.visible(now, s.settings.facts.IndexLag) && q.matches(p, s.settings) {
			found = append(found, p)
		}
	}
	if some, ok := l.candidates(q); ok {
		for _, i := range some {
			keep(&l.payments[i])
		}
	} else {
		for i := range l.payments {
			keep(&l.payments[i])
		}
	}
	slices.SortFunc(found, func(a, b *Payment) int { return q.compare(a, b, s.settings) })
	return found
}

// candidates returns the indices of all payments that can match the first
// filter that has an index.
func (l *ledger) candidates(q query) (some []int, ok bool) {
	for _, f := range q.filters {
		if f.ids == nil && f.ref == "" {
			continue
		}
		if f.ref != "" {
			return l.byRef[f.ref], true
		}
		for _, id := range f.ids {
			if f.column.name == "orderId" {
				some = append(some, l.byOrder[id]...)
			} else if l.payment(id) != nil {
				some = append(some, int(id-l.firstID))
			}
		}
		return some, true
	}
	return nil, false
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

// appendPage writes one page of what was found, in the observed order of keys.
// An empty page has no first and last result (observed).
func (s *Server) appendPage(dst []byte, found []*Payment, q query) []byte {
	from := min(q.first-1, len(found))
	to := min(from+q.size, len(found))
	dst = append(dst, `{"results":[`...)
	for i, p := range found[from:to] {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = s.settings.appendRow(dst, p, q.columns)
	}
	available := len(found)
	if s.settings.facts.WrongResultsAvailable {
		available = 500
	}
	dst = strconv.AppendBool(append(dst, `],"metaData":{"morePagesAvailable":`...), to < len(found))
	dst = strconv.AppendInt(append(dst, `,"resultsAvailable":`...), int64(available), 10)
	dst = strconv.AppendInt(append(dst, `,"resultsReturned":`...), int64(to-from), 10)
	if to > from {
		dst = strconv.AppendInt(append(dst, `,"firstResult":`...), int64(from+1), 10)
		dst = strconv.AppendInt(append(dst, `,"lastResult":`...), int64(to), 10)
	}
	return q.appendMeta(dst)
}

// appendMeta writes the columns and the order of a search.
func (q query) appendMeta(dst []byte) []byte {
	dst = append(dst, `,"columns":[`...)
	for i, c := range q.columns {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, c.meta()...)
	}
	dst = append(dst, `],"sorting":[`...)
	for i, by := range q.order {
		if i > 0 {
			dst = append(dst, ',')
		}
		direction := "ASC"
		if by.descending {
			direction = "DESC"
		}
		dst = append(dst, `{"filterable":`+by.column.meta()...)
		dst = append(dst, `,"direction":"`+direction+`"}`...)
	}
	return append(dst, `]}}`...)
}
