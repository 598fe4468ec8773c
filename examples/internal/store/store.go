// Package store opens the Store that a program keeps its payments in: SQLite on
// one machine, or Postgres for many.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"

	"github.com/tenderkit/tenderkit/payment/outbox"
)

// Store is an open database.
type Store struct {
	*outbox.Store
	Where string // how a user names it; without a password

	db *sql.DB
}

// Open opens a database: the URL of a Postgres server, or the path of a SQLite
// file, which is made if it does not exist.
func Open(ctx context.Context, where string, opts ...outbox.Option) (*Store, error) {
	driver, source, dialect := "sqlite", sqliteSource(where), outbox.SQLite
	s := &Store{Where: where}
	if isURL(where) {
		driver, source, dialect = "pgx", where, outbox.Postgres
		s.Where = withoutPassword(where)
	}
	var err error
	if s.db, err = sql.Open(driver, source); err != nil {
		return nil, fmt.Errorf("store %s: %w", s.Where, err)
	}
	if s.Store, err = outbox.Open(ctx, s.db, dialect, opts...); err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: %w", s.Where, err), s.db.Close())
	}
	return s, nil
}

// OpenExisting is Open for a database that an earlier run has made.
func OpenExisting(ctx context.Context, where string, opts ...outbox.Option) (*Store, error) {
	if _, err := os.Stat(where); !isURL(where) && errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("store %s: there is no such file", where)
	}
	return Open(ctx, where, opts...)
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

func isURL(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

func sqliteSource(path string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath()
}

func withoutPassword(where string) string {
	u, err := url.Parse(where)
	if err != nil {
		return "Postgres"
	}
	return u.Host + u.Path
}
