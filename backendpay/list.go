package backendpay

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"github.com/tenderkit/tenderkit/internal/transport"
)

const defaultPageSize = 100 // inferred to be accepted, the vendor's own default and cap are unknown (clauses list.limit and list.max-limit)

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

// listing is one list to be read to its end.
type listing[T any, R record[T]] struct {
	op, path string
	ids      []string        // for path
	class    transport.Class // Read if not set
	err      error           // bad input, reported before anything is sent
	query    url.Values
	span     span
	private  []string // values of the query that an error's text must not show

	seen    func(*transport.Reply) error // looks at each answer, may be nil
	fill    func(*T)                     // completes each record, may be nil
	repeats bool                         // a name may stand twice in a record
}

// all streams the records of all pages. Each page is read and checked as a whole
// before its first record is yielded. An error ends the stream.
func (l listing[T, R]) all(ctx context.Context, c *Client) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		p, err := newPager(c.paging, l.span)
		if err = cmp.Or(l.err, err); err != nil {
			yield(none, c.http.Refuse(l.op, err))
			return
		}
		query := maps.Clone(l.query) // the sequence may be read more than once
		var records []T
		for more := true; more; more = p.next(len(records)) {
			if records, err = l.page(ctx, c, p, query, records[:0]); err != nil {
				yield(none, err)
				return
			}
			for _, r := range records[p.known:p.end(len(records))] {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

// page reads one page into dst.
func (l listing[T, R]) page(ctx context.Context, c *Client, p *pager, query url.Values, dst []T) ([]T, error) {
	p.ask(query)
	return transport.Call(ctx, c.http, transport.Request{
		Op: l.op, Class: cmp.Or(l.class, transport.Read), Method: http.MethodGet, Path: c.form.collection(l.path), IDs: l.ids,
		Query: query, Private: l.private,
	}, func(reply *transport.Reply) ([]T, error) {
		if l.seen != nil {
			if err := l.seen(reply); err != nil {
				return dst, err
			}
		}
		records, err := l.decode(reply.Body, dst, p.check)
		if err == nil {
			err = p.whole()
		}
		if err == nil && l.fill != nil {
			for i := range records {
				l.fill(&records[i])
			}
		}
		return records, err
	})
}

func (l listing[T, R]) decode(data []byte, dst []T, check func(id string) error) ([]T, error) {
	if l.repeats {
		return decodeRepeats[T, R](data, dst, check)
	}
	return decodePage[T, R](data, dst, check)
}

var (
	errNotByID    = errors.New("server does not page by idAfter, what was listed so far is incomplete; another Config.Paging may help")
	errMoved      = errors.New("the list moved between two pages, or the server does not page by offset; what was listed so far is incomplete")
	errTwice      = errors.New("the same id twice in one page")
	errNotNumeric = errors.New("id is not a number, so the list cannot be paged by idAfter and is incomplete; another Config.Paging may help")
)

// pager is the place in a list.
type pager struct {
	way   Paging
	span  span
	count int // records of the pages before

	// Of the page asked for:
	known int                 // 1 if its first record has to be the last one of the page before
	tail  bool                // it has to be empty
	page  int                 // its records so far
	ids   map[string]struct{} // their ids, except by id
	last  string              // the last id seen, except by id
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

// ask writes the place into the query of the next request.
func (p *pager) ask(query url.Values) {
	p.page, p.ids, p.known = 0, nil, 0
	if p.way == ByOffset && p.count > 0 && !p.tail {
		p.known = 1
	}
	switch {
	case p.way == ByID || p.span.after > 0:
		query.Set("idAfter", strconv.FormatInt(p.span.after, 10))
	case p.way == ByOffset || p.span.offset > 0:
		query.Set("offset", strconv.Itoa(p.span.offset+p.count-p.known))
	}
	if p.way != OnePage && p.span.pageSize > 0 {
		query.Set("limit", strconv.Itoa(p.end(max(p.span.pageSize, 1+p.known))))
	}
}

// end cuts a page of n records down to what the limit leaves.
func (p *pager) end(n int) int {
	if p.span.limit > 0 {
		return min(n, p.known+p.span.limit-p.count)
	}
	return n
}

// next takes note of a page of n records and reports whether to ask for more. By
// offset, a page without a new record is believed only after one behind it is
// empty: a server may show one record a page.
func (p *pager) next(n int) bool {
	n -= p.known
	p.count += n
	if full := p.span.limit > 0 && p.count >= p.span.limit; full || p.way == OnePage {
		return false
	}
	if n == 0 && p.known == 1 {
		p.tail = true
		return true
	}
	return n > 0
}

// check compares the next id with what paging needs. Every way in which a
// server may ignore a parameter has to end here or in whole, never in a silent
// loss.
func (p *pager) check(id string) error {
	p.page++
	if p.way != ByID {
		return p.checkSeen(id)
	}
	n, err := strconv.ParseInt(id, 10, 64)
	switch {
	case err != nil || !isDigits(id):
		return errNotNumeric
	case p.page > 1 && n == p.span.after:
		return errTwice
	case n <= p.span.after:
		return errNotByID
	}
	p.span.after = n
	return nil
}

func (p *pager) checkSeen(id string) error {
	_, again := p.ids[id]
	switch {
	case again:
		return errTwice
	case p.tail, p.page == p.known && id != p.last:
		return errMoved
	case p.ids == nil:
		p.ids = make(map[string]struct{})
	}
	p.ids[id], p.last = struct{}{}, id
	return nil
}

// whole reports a page that lacks the record it had to begin with.
func (p *pager) whole() error {
	if p.page < p.known {
		return errMoved
	}
	return nil
}
