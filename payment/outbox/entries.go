package outbox

import (
	"context"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// Filter says which entries are wanted. A condition at its zero value does not
// count; the others are joined by "and".
type Filter struct {
	Account   payment.Account // its parts that are set
	Op        string
	Reference string
	Statuses  []payment.Status
	Since     time.Time // changed at or after this time
	Before    time.Time // changed before it
	Created   time.Time // created at or after this time
	MinWrites int       // entries that took at least so many writes
	Free      bool      // only entries that no call holds
	Limit     int       // at most so many; 0 is no limit
}

// Listed is an entry with its times, by the database's clock.
type Listed struct {
	payment.Entry
	Created, Changed time.Time
}

const pageSize = 500

// Entries streams the entries that match, the one that was changed first in
// front. It reads page by page and holds no transaction: an entry that changes
// meanwhile can come again, with its new state. An entry whose row cannot be
// read, because somebody has edited it, comes with its key, its times and a
// [*payment.EntryError], and the others follow. Any other error ends the stream.
func (s *Store) Entries(ctx context.Context, f Filter) iter.Seq2[Listed, error] {
	return func(yield func(Listed, error) bool) {
		after := cursor{}
		for left := f.Limit; f.Limit == 0 || left > 0; {
			page, err := s.page(ctx, f, after)
			if err != nil {
				yield(Listed{}, err)
				return
			}
			for _, l := range page {
				if f.Limit > 0 && left == 0 {
					return
				}
				left--
				if !yield(l.Listed, l.err) {
					return
				}
				after = cursor{l.Changed.UnixMicro(), l.Key}
			}
			if len(page) < pageSize {
				return
			}
		}
	}
}

// Entry returns the entry of k without a claim. The error matches
// payment.ErrNotFound if there is none.
func (s *Store) Entry(ctx context.Context, k payment.Key) (Listed, error) {
	for l, err := range s.Entries(ctx, Filter{Account: k.Account, Op: k.Op, Reference: k.Reference, Limit: 1}) {
		return l, err
	}
	return Listed{}, missed(k, false, 0)
}

// scanned is one row of a page, with what is wrong with it.
type scanned struct {
	Listed
	err error
}

// cursor is the place of the last entry that was read.
type cursor struct {
	changed int64
	key     payment.Key
}

// query is a SELECT that is put together with its arguments.
type query struct {
	text strings.Builder
	args []any
}

// where adds a condition; each ? is replaced by the next argument's name.
func (q *query) where(condition string, args ...any) {
	q.text.WriteString(" AND ")
	for i, part := range strings.Split(condition, "?") {
		if i > 0 {
			q.args = append(q.args, args[i-1])
			q.text.WriteString("$" + strconv.Itoa(len(q.args)))
		}
		q.text.WriteString(part)
	}
}

func (f Filter) query(after cursor) *query {
	q := &query{}
	q.text.WriteString(`SELECT vendor, tenant, host, op, reference, ` + rowColumns + `,
		created_at, updated_at, (SELECT now FROM (EPOCH) n) FROM tenderkit_entries WHERE 1 = 1`)
	for _, c := range [...]struct{ column, value string }{
		{"vendor", f.Account.Vendor}, {"tenant", f.Account.Tenant}, {"host", f.Account.Host}, {"op", f.Op}, {"reference", f.Reference},
	} {
		if c.value != "" {
			q.where(c.column+" = ?", c.value)
		}
	}
	f.times(q)
	if len(f.Statuses) > 0 {
		args := make([]any, len(f.Statuses))
		for i, status := range f.Statuses {
			args[i] = string(status)
		}
		q.where("status IN (?"+strings.Repeat(", ?", len(args)-1)+")", args...)
	}
	if k := after.key; k != (payment.Key{}) {
		q.where("(updated_at, vendor, tenant, host, op, reference) > (?, ?, ?, ?, ?, ?)",
			after.changed, k.Account.Vendor, k.Account.Tenant, k.Account.Host, k.Op, k.Reference)
	}
	q.text.WriteString(` ORDER BY updated_at, vendor, tenant, host, op, reference LIMIT ` + strconv.Itoa(pageSize))
	return q
}

func (f Filter) times(q *query) {
	if !f.Since.IsZero() {
		q.where("updated_at >= ?", f.Since.UnixMicro())
	}
	if !f.Before.IsZero() {
		q.where("updated_at < ?", f.Before.UnixMicro())
	}
	if !f.Created.IsZero() {
		q.where("created_at >= ?", f.Created.UnixMicro())
	}
	if f.MinWrites > 0 {
		q.where("writes >= ?", f.MinWrites)
	}
	if f.Free {
		q.where("held_until <= NOW")
	}
}

func (s *Store) page(ctx context.Context, f Filter, after cursor) (page []scanned, err error) {
	q := f.query(after)
	rows, err := s.db.QueryContext(ctx, s.dialect.statement(q.text.String()), q.args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var l scanned
		if err := l.scan(rows.Scan); err != nil {
			return nil, err
		}
		page = append(page, l)
	}
	return page, rows.Err()
}

func (l *scanned) scan(scan func(...any) error) error {
	var r record
	var created, changed int64
	var epoch string
	into := append(keyInto(&l.Key), r.into()...)
	if err := scan(append(into, &created, &changed, &epoch)...); err != nil {
		return err
	}
	l.Created, l.Changed = time.UnixMicro(created).UTC(), time.UnixMicro(changed).UTC()
	l.Entry, l.err = r.entry(l.Key, epoch)
	return nil
}
