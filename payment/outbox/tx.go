package outbox

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// conn is what this package needs of a connection or transaction.
type conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
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
	for _, command := range [...]string{`PRAGMA busy_timeout = 20000`, `PRAGMA synchronous = FULL`, `BEGIN IMMEDIATE`} {
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

// useWAL switches a SQLite file to its write-ahead log. SQLite does not wait
// here, whatever busy_timeout says, while another program opens the same new
// file: it is tried again.
func (s *Store) useWAL(ctx context.Context) error {
	const patience = 20 * time.Second
	for start := time.Now(); ; {
		_, err := s.db.ExecContext(ctx, `PRAGMA journal_mode = WAL`)
		if err == nil || !strings.Contains(err.Error(), "locked") || time.Since(start) > patience {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
