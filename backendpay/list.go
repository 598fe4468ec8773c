package backendpay

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"net/http"
	"net/url"

	"github.com/tenderkit/tenderkit/internal/transport"
)

// listing is one list to be read to its end.
type listing[T any] struct {
	op, path string
	ids      []string // for path
	err      error    // bad input, reported before anything is sent
	query    url.Values
	record   *record[T]
	span     span
	private  []string // values of the query that an error's text must not show

	seen func(*transport.Reply) error // looks at each answer, may be nil
	fill func(*T)                     // completes each item, may be nil
}

// all streams the items of all pages. Each page is read and checked as a whole
// before its first item is handed out. An error ends the stream.
func (l listing[T]) all(ctx context.Context, c *Client) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		p, err := newPager(c.paging, l.span)
		if err = cmp.Or(l.err, err); err != nil {
			yield(none, c.http.Refuse(l.op, err))
			return
		}
		query := maps.Clone(l.query) // the sequence may be read more than once
		var page []T
		for more := true; more; more = p.next(len(page)) {
			if page, err = l.page(ctx, c, p, query, page[:0]); err != nil {
				yield(none, err)
				return
			}
			for i := range page[:p.wanted(len(page))] {
				if !yield(page[i], nil) {
					return
				}
			}
		}
	}
}

// page reads one page into dst.
func (l listing[T]) page(ctx context.Context, c *Client, p *pager, query url.Values, dst []T) ([]T, error) {
	p.set(query)
	return transport.Call(ctx, c.http, transport.Request{
		Op: l.op, Class: transport.Read, Method: http.MethodGet, Path: c.form.collection(l.path), IDs: l.ids,
		Query: query, Private: l.private,
	}, func(reply *transport.Reply) ([]T, error) {
		if l.seen != nil {
			if err := l.seen(reply); err != nil {
				return dst, err
			}
		}
		page, err := l.record.list(reply.Body, dst, p.check)
		if err == nil && l.fill != nil {
			for i := range page {
				l.fill(&page[i])
			}
		}
		return page, err
	})
}
