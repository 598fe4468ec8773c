package outbox

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

const (
	maxBatch     = 256              // steps that share a transaction
	batchTimeout = 30 * time.Second // of one transaction
)

// conn is what steps need of a connection or transaction.
type conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// queue gathers the steps that arrive while a transaction is under way, and
// runs them in the next one: with many callers, a commit is shared.
type queue struct {
	run func([]*step)

	mu      sync.Mutex
	waiting []*step
	busy    bool
}

// step is one Claim or Save.
type step struct {
	key  payment.Key
	do   func(ctx context.Context, b *batch) error
	done chan error
}

// do runs one step and returns when it is durable. A step whose context ends
// before that may still take effect.
func do[T any](ctx context.Context, q *queue, k payment.Key, f func(context.Context, *batch) (T, error)) (T, error) {
	var none, result T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	s := &step{key: k, done: make(chan error, 1), do: func(ctx context.Context, b *batch) (err error) {
		result, err = f(ctx, b)
		return err
	}}
	q.add(s)
	select {
	case err := <-s.done:
		if err != nil {
			return none, err
		}
		return result, nil
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

func (q *queue) add(s *step) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, s)
	if !q.busy {
		q.busy = true
		go q.drain()
	}
}

// drain runs what is waiting until nothing is.
func (q *queue) drain() {
	for {
		q.mu.Lock()
		n := min(len(q.waiting), maxBatch)
		steps := slices.Clone(q.waiting[:n])
		q.waiting = q.waiting[n:]
		if n == 0 {
			q.busy, q.waiting = false, nil
			q.mu.Unlock()
			return
		}
		q.mu.Unlock()
		q.run(steps)
	}
}

// batch is one transaction of steps.
type batch struct {
	conn
	dialect    Dialect
	now, birth string // epochs
	prepared   map[string]*sql.Stmt
}

// answered is an error that is the step's answer, and none of the database's.
type answered struct{ error }

// commit runs steps in one transaction, in the order of their keys, so that two
// processes do not wait for each other. If one of them fails, each is run alone.
func (s *Store) commit(steps []*step) {
	slices.SortStableFunc(steps, func(a, b *step) int { return compareKeys(a.key, b.key) })
	answers, err := s.transact(steps)
	if err != nil && len(steps) > 1 {
		for i := range steps {
			s.commit(steps[i : i+1])
		}
		return
	}
	for i, st := range steps {
		if err != nil {
			st.done <- err
		} else {
			st.done <- answers[i]
		}
	}
}

func (s *Store) transact(steps []*step) (answers []error, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
	defer cancel()
	answers = make([]error, len(steps))
	err = s.within(ctx, func(c conn) error {
		b := &batch{conn: c, dialect: s.dialect, prepared: map[string]*sql.Stmt{}}
		defer b.close()
		var err error
		if b.now, b.birth, err = s.epoch(ctx, c); err != nil {
			return err
		}
		for i, st := range steps {
			var answer answered
			if err := st.do(ctx, b); errors.As(err, &answer) {
				answers[i] = answer.error
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	return answers, err
}

// within runs f in a transaction whose commit is durable.
func (s *Store) within(ctx context.Context, f func(conn) error) error {
	if s.dialect == SQLite {
		return s.withinSQLite(ctx, f)
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, `SET LOCAL synchronous_commit = on`); err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// withinSQLite takes the write lock at the beginning: a transaction that reads
// first and writes later can fail in between.
func (s *Store) withinSQLite(ctx context.Context, f func(conn) error) (err error) {
	c, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	for _, command := range [...]string{
		`PRAGMA busy_timeout = 20000`, `PRAGMA journal_mode = WAL`, `PRAGMA synchronous = FULL`, `BEGIN IMMEDIATE`,
	} {
		if _, err := c.ExecContext(ctx, command); err != nil {
			return err
		}
	}
	if err = f(c); err == nil {
		_, err = c.ExecContext(ctx, `COMMIT`)
	}
	if err != nil {
		_, _ = c.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`)
	}
	return err
}

// row runs a statement that returns at most one row.
func (b *batch) row(ctx context.Context, text string, args []any, into ...any) (found bool, err error) {
	stmt := b.prepared[text]
	if stmt == nil {
		if stmt, err = b.PrepareContext(ctx, b.dialect.statement(text)); err != nil {
			return false, err
		}
		b.prepared[text] = stmt
	}
	err = stmt.QueryRowContext(ctx, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func (b *batch) close() {
	for _, stmt := range b.prepared {
		_ = stmt.Close()
	}
}

func compareKeys(a, b payment.Key) int {
	return cmp.Or(
		cmp.Compare(a.Account.Vendor, b.Account.Vendor), cmp.Compare(a.Account.Tenant, b.Account.Tenant),
		cmp.Compare(a.Account.Host, b.Account.Host), cmp.Compare(a.Op, b.Op), cmp.Compare(a.Reference, b.Reference),
	)
}
