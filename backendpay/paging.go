package backendpay

import (
	"errors"
	"net/url"
	"strconv"
)

// Paging is how lists are read.
type Paging uint8

// The ways to read a list. idAfter is documented for every list, limit and
// offset for most. Which of them an installation honours shows only there.
const (
	// ByID asks for ids above the highest one seen until a page is empty: a
	// short page may be the server's own cap. It alone misses nothing while
	// payments are added, and it ends in an error where the server does not keep
	// to it. Ids must be numbers.
	ByID Paging = iota
	// ByOffset skips as many as were seen. A payment that is added or deleted
	// meanwhile may be missed or shown twice.
	ByOffset
	// OnePage sends one request without a limit and trusts its answer to be
	// complete. One above 10 MiB, some 40,000 payments, is an error.
	OnePage
)

func (p Paging) known() bool { return p <= OnePage }

const defaultPageSize = 100 // inferred to be accepted; the vendor's own default and cap are unknown

// span is the part of a list that is wanted.
type span struct {
	after    int64 // ids above this one
	offset   int   // skip as many
	limit    int   // at most as many; 0 is all
	pageSize int   // at most as many a request; 0 sends no limit
}

func (s span) check(of string) error {
	switch {
	case s.limit < 0:
		return invalid(of+".Limit", "is negative")
	case s.pageSize < 0:
		return invalid(of+".PageSize", "is negative")
	case s.offset < 0:
		return invalid(of+".Offset", "is negative")
	case s.after < 0:
		return invalid(of+".IDAfter", "is negative")
	case s.offset > 0 && s.after > 0:
		return invalid(of+".Offset", "cannot be combined with IDAfter")
	}
	return nil
}

var (
	errNotByID     = errors.New("server does not page by idAfter, what was listed so far is incomplete; another Config.Paging may help")
	errNotByOffset = errors.New("the same id in two pages: server does not page by offset, or the list has changed; what was listed so far is incomplete")
	errTwice       = errors.New("the same id twice in one page")
	errNotNumeric  = errors.New("id is not a number, so the list cannot be paged by idAfter and is incomplete; another Config.Paging may help")
)

// pager is the place in a list.
type pager struct {
	way   Paging
	span  span
	count int                 // items of the pages before
	page  int                 // items of this page so far
	old   map[string]struct{} // ids of the page before, except by id
	ids   map[string]struct{} // ids of this page, except by id
}

func newPager(way Paging, s span) (*pager, error) {
	switch {
	case way == ByOffset && s.after > 0:
		return nil, invalid("IDAfter", "cannot be combined with Config.Paging ByOffset")
	case way == ByID && s.offset > 0:
		way = ByOffset
	}
	return &pager{way: way, span: s}, nil
}

// set writes the place into the query of the next request, and makes ready for
// its page.
func (p *pager) set(query url.Values) {
	p.page, p.old, p.ids = 0, p.ids, nil
	switch {
	case p.way == ByOffset:
		query.Set("offset", strconv.Itoa(p.span.offset+p.count))
	case p.way == ByID || p.span.after > 0:
		query.Set("idAfter", strconv.FormatInt(p.span.after, 10))
	case p.span.offset > 0:
		query.Set("offset", strconv.Itoa(p.span.offset))
	}
	if p.way != OnePage && p.span.pageSize > 0 {
		query.Set("limit", strconv.Itoa(p.wanted(p.span.pageSize)))
	}
}

// wanted cuts n items down to what the limit leaves.
func (p *pager) wanted(n int) int {
	if p.span.limit > 0 {
		return min(n, p.span.limit-p.count)
	}
	return n
}

// next takes note of a page of n items and reports whether to ask for more.
func (p *pager) next(n int) bool {
	p.count += n
	full := p.span.limit > 0 && p.count >= p.span.limit
	return n > 0 && !full && p.way != OnePage
}

// check holds the next id against what paging needs. Every way in which a
// server may ignore a parameter has to end here, never in a silent loss.
func (p *pager) check(id string) error {
	if p.way != ByID {
		return p.checkSeen(id)
	}
	n, err := strconv.ParseInt(id, 10, 64)
	switch {
	case err != nil || !isDigits(id):
		return errNotNumeric
	case p.page > 0 && n == p.span.after:
		return errTwice
	case n <= p.span.after:
		return errNotByID
	}
	p.page++
	p.span.after = n
	return nil
}

// checkSeen remembers the ids of two pages: a server that ignores the offset
// sends the same page again.
func (p *pager) checkSeen(id string) error {
	if _, again := p.old[id]; again {
		return errNotByOffset
	}
	if _, again := p.ids[id]; again {
		return errTwice
	}
	if p.ids == nil {
		p.ids = make(map[string]struct{})
	}
	p.ids[id] = struct{}{}
	return nil
}
