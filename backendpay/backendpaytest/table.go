package backendpaytest

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"time"
)

// row is what every stored record has.
type row struct {
	id      int64
	json    []byte // the record as answers show it
	created time.Time
	updated time.Time
	gone    bool // deleted; kept for the ledger
}

func (r *row) head() *row { return r }

type stored interface{ head() *row }

// table keeps one resource by ascending id. Ids are never reused.
type table[E stored] struct {
	nextID int64
	rows   []E
}

// add gives e its id. The stamps are now, unless they are set.
func (t *table[E]) add(e E, now time.Time) {
	r := e.head()
	r.id = t.nextID
	r.created = cmp.Or(r.created, now)
	r.updated = cmp.Or(r.updated, r.created)
	t.nextID++
	t.rows = append(t.rows, e)
}

// find gives a record that is not deleted, by its decimal id.
func (t *table[E]) find(id string) (found E, ok bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != id {
		return found, false
	}
	i, ok := slices.BinarySearchFunc(t.rows, n, func(e E, id int64) int { return cmp.Compare(e.head().id, id) })
	if !ok || t.rows[i].head().gone {
		return found, false
	}
	return t.rows[i], true
}

// live gives the records that are not deleted, in the order in which an
// answer lists them.
func live[E stored](rows []E, q *query) iter.Seq[E] {
	if q.idAfter.given && !q.set.ignoredIDAfter {
		rows = rows[after(rows, q.idAfter.n):]
	}
	return func(yield func(E) bool) {
		for i := range rows {
			e := rows[i]
			if q.set.descending {
				e = rows[len(rows)-1-i]
			}
			if !e.head().gone && !yield(e) {
				return
			}
		}
	}
}

// after gives the place of the first record whose id is above id.
func after[E stored](rows []E, id int64) int {
	i, found := slices.BinarySearchFunc(rows, id, func(e E, id int64) int { return cmp.Compare(e.head().id, id) })
	if found {
		i++
	}
	return i
}

// page writes the answer to a list. keep applies the filters that only this
// resource has.
func page[E stored](s *Server, rows []E, q *query, keep func(E) bool) reply {
	buf := s.borrow()
	out := append(*buf, '[')
	skip, left := q.window()
	for e := range live(rows, q) {
		if left == 0 {
			break
		}
		if !q.covers(e.head()) || !keep(e) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		out = append(append(out, e.head().json...), ',')
		left--
	}
	if n := len(out); out[n-1] == ',' {
		out = out[:n-1]
	}
	*buf = append(out, ']')
	return reply{status: 200, body: *buf, page: buf}
}

func all[E stored](E) bool { return true }
