package brightpearl

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
)

// searcher is one search: where it is, what it is asked, and what its rows must
// match.
type searcher struct {
	op, path   string
	columns    []column
	conditions conditions
	paging     Paging
	reference  string // of the only payments of interest; empty for all
}

var errFilterIgnored = errors.New("filter not honoured: the answer holds a row that does not match")

// page is one answer; next is 0 after the last.
type page struct {
	payments []FoundPayment
	next     int
}

// page asks for one page. It is a Lookup: "nothing found" is answered with empty
// results (observed), so a 404 says that the search itself is not there.
func (s *searcher) page(ctx context.Context, c *Client, query url.Values, least int) (page, error) {
	return transport.Call(ctx, c.http, transport.Request{
		Op: s.op, Class: transport.Lookup, Method: http.MethodGet, Path: s.path, Query: query,
	}, func(r *transport.Reply) (page, error) { return s.decode(r, least) })
}

// query checks the search and returns what is sent.
func (s *searcher) query() (url.Values, error) {
	if s.conditions.err != nil {
		return nil, s.conditions.err
	}
	if err := s.paging.check(s.columns); err != nil {
		return nil, err
	}
	q := url.Values{"pageSize": {strconv.Itoa(s.paging.pageSize())}}
	for name, values := range s.paging.Raw {
		q[name] = values
	}
	for _, c := range s.conditions.list {
		q.Set(c.column, c.value)
	}
	if len(s.paging.Columns) > 0 {
		q.Set("columns", strings.Join(s.wanted(), ","))
	}
	if len(s.paging.Sort) > 0 {
		q.Set("sort", strings.Join(s.paging.Sort, ","))
	}
	return q, nil
}

// wanted returns the columns asked for and those that rows are told apart and
// compared by.
func (s *searcher) wanted() []string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(s.paging.Columns) == 0 {
		for _, c := range s.columns {
			add(c.name)
		}
	}
	for _, name := range s.paging.Columns {
		add(name)
	}
	add("paymentId")
	for _, c := range s.conditions.list {
		add(c.column)
	}
	return names
}

// searchAnswer is the documented form.
type searchAnswer struct {
	Results  []row       `json:"results"`
	MetaData *searchMeta `json:"metaData"`
}

// searchMeta tells of the rows. resultsAvailable is not read: it was seen to be
// wrong.
type searchMeta struct {
	MorePagesAvailable bool           `json:"morePagesAvailable"`
	LastResult         wire.Int       `json:"lastResult"`
	Columns            []searchColumn `json:"columns"`
}

type searchColumn struct {
	Name string `json:"name"`
}

// decode maps cells by the names in metaData, never by position: the columns
// asked for change the shape of a row (observed). A page that announces another
// must reach the row of the number least.
func (s *searcher) decode(r *transport.Reply, least int) (page, error) {
	body, err := open[searchAnswer](r)
	switch {
	case err != nil:
		return page{}, err
	case body.Results == nil:
		return page{}, errors.New("$.response: holds no results")
	case body.MetaData == nil:
		return page{}, errors.New("$.response: holds no metaData")
	}
	var p page
	if p.payments, err = s.rows(body); err != nil {
		return page{}, err
	}
	if body.MetaData.MorePagesAvailable {
		last := int64(body.MetaData.LastResult)
		if p.next = int(last) + 1; len(p.payments) == 0 || last < int64(least) || last >= math.MaxInt32 {
			return page{}, errors.New("$.response.metaData.lastResult: does not advance, but more pages are announced")
		}
	}
	return p, nil
}

func (s *searcher) rows(body searchAnswer) ([]FoundPayment, error) {
	positions, err := s.positions(body)
	if err != nil && len(body.Results) > 0 {
		return nil, err
	}
	found := make([]FoundPayment, len(body.Results))
	for i, cells := range body.Results {
		if len(cells) != len(body.MetaData.Columns) {
			return nil, fmt.Errorf("$.response.results[%d]: has %d cells for %d columns", i, len(cells), len(body.MetaData.Columns))
		}
		r := reader{cells: cells, positions: positions, filtered: s.filters}
		if found[i], err = s.read(&r); err != nil {
			return nil, fmt.Errorf("$.response.results[%d]: %w", i, err)
		}
	}
	return found, nil
}

func (s *searcher) read(r *reader) (FoundPayment, error) {
	if s.reference != "" {
		return r.under(s.reference), r.err
	}
	found := r.payment()
	if r.err == nil && !s.paging.TrustFilters {
		return found, s.compare(found)
	}
	return found, r.err
}

// positions returns where each column stands. It refuses an answer without a
// column that was asked for: its cells would read as not set, and a payment
// would pass unseen.
func (s *searcher) positions(body searchAnswer) (map[string]int, error) {
	positions := map[string]int{}
	for i, c := range body.MetaData.Columns {
		if _, twice := positions[c.Name]; twice {
			return nil, fmt.Errorf("$.response.metaData.columns[%d]: names a column for the second time", i)
		}
		positions[c.Name] = i
	}
	for _, name := range s.wanted() {
		if _, ok := positions[name]; !ok {
			return nil, fmt.Errorf("$.response.metaData.columns: %s is missing", name)
		}
	}
	return positions, nil
}

func (s *searcher) compare(found FoundPayment) error {
	for _, c := range s.conditions.list {
		if !c.holds(found) {
			return fmt.Errorf("%s: %w", c.column, errFilterIgnored)
		}
	}
	return nil
}

// filters reports whether the search filters on a column.
func (s *searcher) filters(column string) bool {
	return slices.ContainsFunc(s.conditions.list, func(c condition) bool { return c.column == column })
}
