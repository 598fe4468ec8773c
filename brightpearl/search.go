package brightpearl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// searcher is one search: where it is, what it is asked, and what its rows
// must keep to.
type searcher struct {
	op, path   string
	columns    []column
	conditions conditions
	paging     Paging
}

var errFilterIgnored = errors.New("filter not honoured: the answer holds a row that does not match")

// payments streams the rows of all pages. An error ends it.
func (s *searcher) payments(ctx context.Context, c *Client) iter.Seq2[FoundPayment, error] {
	return func(yield func(FoundPayment, error) bool) {
		query, err := s.query()
		if err != nil {
			yield(FoundPayment{}, c.http.Refuse(s.op, err))
			return
		}
		for next := max(1, s.paging.FirstResult); next > 0; {
			query.Set("firstResult", strconv.Itoa(next))
			p, err := s.page(ctx, c, query, next)
			if err != nil {
				yield(FoundPayment{}, err)
				return
			}
			for _, found := range p.payments {
				if !yield(found, nil) {
					return
				}
			}
			next = p.next
		}
	}
}

// page is one answer; next is 0 after the last.
type page struct {
	payments []FoundPayment
	next     int
}

func (s *searcher) page(ctx context.Context, c *Client, query url.Values, first int) (page, error) {
	p, err := transport.Call(ctx, c.http, transport.Request{
		Op: s.op, Class: transport.Read, Method: http.MethodGet, Path: s.path, Query: query,
	}, func(r *transport.Reply) (page, error) { return s.decode(r, first) })
	return p, noSuchSearch(err)
}

// noSuchSearch keeps a 404 from passing for a search that found nothing: that is
// answered with empty results (observed), so the search itself is not there.
func noSuchSearch(err error) error {
	var e *payment.Error
	if errors.As(err, &e) && e.Status == http.StatusNotFound {
		e.Err = payment.ErrProtocol
	}
	return err
}

// searchAnswer is the documented form. resultsAvailable is left alone: it was
// seen to be wrong.
type searchAnswer struct {
	Results  []json.RawMessage `json:"results"`
	MetaData *struct {
		MorePagesAvailable bool `json:"morePagesAvailable"`
		LastResult         int  `json:"lastResult"`
		Columns            []struct {
			Name string `json:"name"`
		} `json:"columns"`
	} `json:"metaData"`
}

// decode maps cells by the names in metaData, never by position: the columns
// asked for change the shape of a row (observed).
func (s *searcher) decode(r *transport.Reply, first int) (page, error) {
	body, err := open[searchAnswer](r)
	switch {
	case err != nil:
		return page{}, err
	case body.Results == nil || body.MetaData == nil:
		return page{}, errors.New("$.response: holds no results or no metaData")
	}
	var p page
	if p.payments, err = s.rows(body); err != nil {
		return page{}, err
	}
	if body.MetaData.MorePagesAvailable {
		p.next = body.MetaData.LastResult + 1
		if p.next <= first {
			return page{}, errors.New("$.response.metaData.lastResult: does not advance, but more pages are announced")
		}
	}
	return p, nil
}

func (s *searcher) rows(body searchAnswer) ([]FoundPayment, error) {
	names := make([]string, len(body.MetaData.Columns))
	for i, c := range body.MetaData.Columns {
		names[i] = c.Name
	}
	if err := s.checkColumns(names); err != nil && len(body.Results) > 0 {
		return nil, err
	}
	rows := make([]FoundPayment, len(body.Results))
	for i, raw := range body.Results {
		var err error
		if rows[i], err = s.payment(raw, names); err != nil {
			return nil, fmt.Errorf("$.response.results[%d]: %w", i, err)
		}
	}
	return rows, nil
}

// payment reads one row and holds it against the filter.
func (s *searcher) payment(raw json.RawMessage, names []string) (FoundPayment, error) {
	r, err := readRow(raw, names)
	if err != nil {
		return FoundPayment{}, err
	}
	found := r.payment()
	if r.err != nil || s.paging.TrustFilters {
		return found, r.err
	}
	for _, c := range s.conditions.list {
		if !c.holds(found) {
			return found, fmt.Errorf("%s: %w", c.column, errFilterIgnored)
		}
	}
	return found, nil
}

// query checks the search and gives what is sent.
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

// checkColumns refuses an answer without a column that was asked for: its cells
// would read as not set, and a payment would pass unseen.
func (s *searcher) checkColumns(names []string) error {
	for _, name := range s.wanted() {
		if !slices.Contains(names, name) {
			return fmt.Errorf("$.response.metaData.columns: %s is missing", name)
		}
	}
	return nil
}

// wanted is the columns asked for and those that rows are held against.
func (s *searcher) wanted() []string {
	if len(s.paging.Columns) == 0 {
		return s.allColumns()
	}
	names := s.paging.Columns
	for _, c := range s.conditions.list {
		names = append(names[:len(names):len(names)], c.column)
	}
	return distinct(names)
}

func (s *searcher) allColumns() []string {
	names := make([]string, len(s.columns))
	for i, c := range s.columns {
		names[i] = c.name
	}
	return names
}
