package brightpearl

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"

	"github.com/tenderkit/tenderkit/payment"
)

// payments streams the rows of all pages. An error ends it.
func (s *searcher) payments(ctx context.Context, c *Client) iter.Seq2[FoundPayment, error] {
	return func(yield func(FoundPayment, error) bool) {
		w, err := s.walk(c)
		if err != nil {
			yield(FoundPayment{}, c.http.Refuse(s.op, err))
			return
		}
		for more := true; more; {
			var rows []FoundPayment
			if rows, more, err = w.next(ctx); err != nil {
				yield(FoundPayment{}, err)
				return
			}
			for _, found := range rows {
				if !yield(found, nil) {
					return
				}
			}
		}
	}
}

// walk reads the pages of a search one after another.
//
// Pages are counted in rows, and a payment that appears or goes between two
// requests moves the rows behind it. So each page begins with the last row of the
// page before it (inferred from firstResult and lastResult, clause search.overlap).
// If another row stands there, rows have moved. In the order of ids the place is
// then looked for further ahead, and no row is left out or shown twice.
type walk struct {
	search *searcher
	client *Client
	query  url.Values
	order  int   // 1: ids ascend, -1: ids descend, 0: they do neither
	shown  int64 // the last id that was handed out
	row    int   // number of the last row that was read
	at     int64 // its id; 0 before the first page
	moves  int   // found since a row was handed out
}

const maxMoves = 20 // doubled steps back reach the first of any number of rows

var errMoved = fmt.Errorf("%w: rows moved between two pages: what was listed so far may be incomplete", payment.ErrProtocol)

func (s *searcher) walk(c *Client) (*walk, error) {
	query, err := s.query()
	if err != nil {
		return nil, err
	}
	return &walk{search: s, client: c, query: query, order: s.paging.idOrder()}, nil
}

// next returns the rows of the next page that were not handed out yet, and
// whether there may be more pages.
func (w *walk) next(ctx context.Context) (rows []FoundPayment, more bool, err error) {
	first, back := max(1, w.search.paging.FirstResult), w.search.paging.pageSize()
	if w.at != 0 {
		first = w.row
		w.query.Set("pageSize", strconv.Itoa(min(back+1, maxPageSize)))
	}
	for {
		p, err := w.read(ctx, first)
		if err != nil {
			return nil, false, err
		}
		if w.follows(p.payments, first) {
			return w.take(p), p.next > 0, nil
		}
		if w.order == 0 || w.moves > maxMoves {
			return nil, false, &payment.Error{Vendor: vendor, Op: w.search.op, Err: errMoved}
		}
		first, back = max(1, first-back), 2*back
	}
}

// read asks for the page that begins with the row of that number.
func (w *walk) read(ctx context.Context, first int) (page, error) {
	w.query.Set("firstResult", strconv.Itoa(first))
	if w.at != 0 {
		first++ // a page that holds no other row than the last one does not advance
	}
	return w.search.page(ctx, w.client, w.query, first)
}

// follows reports whether no row is missing between what was handed out and a
// page that begins with the row of that number.
func (w *walk) follows(rows []FoundPayment, first int) bool {
	if !slices.IsSortedFunc(rows, func(a, b FoundPayment) int { return w.order * cmp.Compare(a.PaymentID, b.PaymentID) }) {
		w.order = 0 // the vendor does not keep the order that it documents
	}
	if w.at == 0 || len(rows) > 0 && rows[0].PaymentID == w.at {
		return true
	}
	w.moves++
	ahead := len(rows) > 0 && !w.isNew(rows[0])
	return w.order != 0 && w.moves <= maxMoves && (ahead || first == 1)
}

// isNew reports whether a row lies behind all that were handed out.
func (w *walk) isNew(f FoundPayment) bool {
	return w.order*cmp.Compare(f.PaymentID, w.shown) > 0
}

// take returns what is new in a page, and remembers where it ends.
func (w *walk) take(p page) []FoundPayment {
	rows := p.payments
	if len(rows) == 0 {
		return nil
	}
	switch {
	case w.at == 0: // all of the first page is new
	case w.order == 0:
		rows = rows[1:]
	default:
		for len(rows) > 0 && !w.isNew(rows[0]) {
			rows = rows[1:]
		}
	}
	w.row, w.at = p.next-1, p.payments[len(p.payments)-1].PaymentID
	if len(rows) > 0 {
		w.shown, w.moves = rows[len(rows)-1].PaymentID, 0
	}
	return rows
}
