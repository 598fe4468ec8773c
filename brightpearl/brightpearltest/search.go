package brightpearltest

import (
	"net/http"
	"slices"
)

type searchAnswer struct {
	Results  [][]any  `json:"results"`
	MetaData metaData `json:"metaData"`
}

// metaData describes an answer. An empty one has no first and last result
// (observed).
type metaData struct {
	MorePagesAvailable bool          `json:"morePagesAvailable"`
	ResultsAvailable   int           `json:"resultsAvailable"`
	ResultsReturned    int           `json:"resultsReturned"`
	FirstResult        int           `json:"firstResult,omitempty"`
	LastResult         int           `json:"lastResult,omitempty"`
	Columns            []columnMeta  `json:"columns"`
	Sorting            []sortingMeta `json:"sorting"`
}

type sortingMeta struct {
	Filterable columnMeta `json:"filterable"`
	Direction  string     `json:"direction"`
}

// searchCustomerPayments is GET customer-payment-search (documented and
// observed).
func (s *Server) searchCustomerPayments(c call) reply {
	return s.search(c, &s.customer, customerColumns())
}

func (s *Server) search(c call, l *ledger, columns []column) reply {
	q, refused := s.settings.parseQuery(c.request.URL.RawQuery, columns)
	if refused != nil {
		return *refused
	}
	found := s.find(l, q)
	body := envelope{Response: s.page(found, q), Reference: &struct{}{}} // only searches have a reference
	return reply{status: http.StatusOK, message: "bulk-data-search", body: body}
}

// find gives the payments that match, in the order asked for.
func (s *Server) find(l *ledger, q query) []*Payment {
	now := s.settings.clock()
	var found []*Payment
	for i := range l.payments {
		p := &l.payments[i]
		if p.visible(now, s.settings.indexLag) && q.matches(p, s.settings) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b *Payment) int { return q.compare(a, b, s.settings) })
	return found
}

// page cuts one page out of what was found.
func (s *Server) page(found []*Payment, q query) searchAnswer {
	from := min(q.first-1, len(found))
	to := min(from+q.size, len(found))
	answer := searchAnswer{Results: make([][]any, 0, to-from)}
	for _, p := range found[from:to] {
		answer.Results = append(answer.Results, s.settings.row(p, q.columns))
	}
	answer.MetaData = q.meta()
	answer.MetaData.MorePagesAvailable = to < len(found)
	answer.MetaData.ResultsAvailable = len(found)
	answer.MetaData.ResultsReturned = to - from
	if to > from {
		answer.MetaData.FirstResult, answer.MetaData.LastResult = from+1, to
	}
	if s.settings.wrongAvailable {
		answer.MetaData.ResultsAvailable = 500
	}
	return answer
}

func (s *settings) row(p *Payment, columns []column) []any {
	row := make([]any, len(columns))
	for i, c := range columns {
		row[i] = s.cell(c.value(p, s))
	}
	return row
}

func (q query) meta() metaData {
	m := metaData{Columns: make([]columnMeta, len(q.columns)), Sorting: make([]sortingMeta, len(q.order))}
	for i, c := range q.columns {
		m.Columns[i] = c.meta()
	}
	for i, by := range q.order {
		m.Sorting[i] = sortingMeta{Filterable: by.column.meta(), Direction: "ASC"}
		if by.descending {
			m.Sorting[i].Direction = "DESC"
		}
	}
	return m
}
