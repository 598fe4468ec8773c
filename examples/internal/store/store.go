// Package store opens the Store that a program keeps its payments in: SQLite on
// one machine, or Postgres for many. Postgres needs the build tag "postgres":
// without it, the first build of an example takes a sixth less.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
)

// Store is an open database, or a memory of this run.
type Store struct {
	payment.Store
	Outbox *outbox.Store // nil in memory
	Where  string        // how a user names it, without a password

	db *sql.DB
}

// Memory returns a Store that forgets everything at the end of the run.
func Memory() *Store { return &Store{Store: payment.NewMemoryStore()} }

// Default is the database if a user names none.
const Default = "tenderkit.db"

// Open opens a database: the URL of a Postgres server, or the path of a SQLite
// file, which is made if it does not exist.
func Open(ctx context.Context, where string, opts ...outbox.Option) (*Store, error) {
	driver, source, dialect := "sqlite", sqliteSource(where), outbox.SQLite
	s := &Store{Where: where}
	if isURL(where) {
		driver, source, dialect = "pgx", where, outbox.Postgres
		s.Where = withoutPassword(where)
		if !slices.Contains(sql.Drivers(), driver) {
			return nil, fmt.Errorf("store %s: this program knows SQLite only: build it with -tags postgres", s.Where)
		}
	}
	if err := private(where); err != nil {
		return nil, fmt.Errorf("store %s: %w", s.Where, err)
	}
	var err error
	if s.db, err = sql.Open(driver, source); err != nil {
		return nil, fmt.Errorf("store %s: %w", s.Where, err)
	}
	s.db.SetMaxIdleConns(16) // a new connection costs Postgres more than a payment does
	if s.Outbox, err = outbox.Open(ctx, s.db, dialect, opts...); err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: %w", s.Where, err), s.db.Close())
	}
	s.Store = s.Outbox
	return s, nil
}

// OpenExisting is Open for a database that an earlier run has made.
func OpenExisting(ctx context.Context, where string, opts ...outbox.Option) (*Store, error) {
	if !Exists(where) {
		return nil, fmt.Errorf("store %s: there is no such file", where)
	}
	return Open(ctx, where, opts...)
}

// Exists reports whether a database may be one that an earlier run has made. That
// of a server always may.
func Exists(where string) bool {
	_, err := os.Stat(where)
	return isURL(where) || !errors.Is(err, fs.ErrNotExist)
}

// Look returns the entry of a key, and reports whether there is one. Unlike
// payment.Inspect it claims nothing in a database, so a program that is killed
// meanwhile keeps nobody waiting.
func (s *Store) Look(ctx context.Context, k payment.Key) (e payment.Entry, found bool, err error) {
	if s.Outbox == nil {
		e, err = payment.Inspect(ctx, s.Store, k)
		if errors.Is(err, payment.ErrNotFound) {
			return e, false, nil
		}
		return e, err == nil, err
	}
	for listed, err := range s.Outbox.Entries(ctx, outbox.Filter{Account: k.Account, Op: k.Op, Reference: k.Reference, Limit: 1}) {
		return listed.Entry, err == nil, err
	}
	return e, false, ctx.Err()
}

// Close closes the database.
func (s *Store) Close() error {
	if s.db == nil {
		return nil
	}
	return s.db.Close()
}

// private makes the file of a database that only its owner can read: payments
// hold personal data. The files that SQLite makes beside it get the same permissions.
func private(where string) error {
	if isURL(where) {
		return nil
	}
	file, err := os.OpenFile(where, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

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
