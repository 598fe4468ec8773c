// Package outbox is a [payment.Store] in a database, so that what is known of
// each payment survives the run, the machine and a second program: SQLite for
// one machine, Postgres for many.
//
//	db, err := sql.Open("sqlite", "file:tenderkit.db")
//	...
//	store, err := outbox.Open(ctx, db, outbox.SQLite)
//	...
//	receipt, err := payment.Once(ctx, recorder, p, payment.WithStore(store))
//
// The package compiles no driver. It is tested with modernc.org/sqlite and with
// github.com/jackc/pgx/v5/stdlib. The first is SQLite's own C code, translated
// together with its locking, and needs no cgo; other drivers without cgo take as
// long to build.
//
// # The transactional outbox
//
// A program that keeps its own data in the same database calls [Store.Put], or
// [PutPgx], within its own transaction: the payment is then handed over if, and
// only if, that transaction commits. Another program, or the same one later,
// reads [Store.Entries] and calls payment.Once for each.
//
// # Durability
//
// Each step is on disk before it is taken: SQLite writes with synchronous=FULL,
// Postgres with synchronous_commit=on, whatever the connection's default is.
// Concurrent steps share one transaction.
//
// # Epochs
//
// A restored backup, or a failover to a replica that lagged, forgets entries. A
// Store therefore has an epoch: in Postgres the system identifier and the
// timeline, in both a value that [Store.Restored] changes. An entry of another
// epoch, and every entry made since an epoch changed, is not Certain: the vendor
// is asked first. Call Restored after copying back a SQLite file, or a Postgres
// data directory without recovery, which keeps its timeline.
//
// # The table
//
// tenderkit_entries has one row for each key (vendor, tenant, host, op,
// reference), with the status, the payment and the progress in JSON, the number
// of writes, the vendor's id, the reason, the revision, the token and end of the
// claim, and the times of the first and the last change. Times are microseconds
// of the Unix epoch by the database's clock. The payment holds what its source
// put into it, personal data included, until [Store.Archive] takes it out.
package outbox

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// Dialect is the kind of database.
type Dialect int

// The databases.
const (
	SQLite   Dialect = iota + 1 // 3.42 or later
	Postgres                    // 13 or later
)

// String returns the name of the database.
func (d Dialect) String() string {
	switch d {
	case SQLite:
		return "SQLite"
	case Postgres:
		return "Postgres"
	}
	return fmt.Sprintf("Dialect(%d)", int(d))
}

// Option changes how a [Store] works.
type Option func(*Store)

// AllowLoopback lets a Store keep entries of accounts on this machine, such as
// an emulator's. Without it they are refused: the next run's emulator is another
// one, on perhaps the same port.
func AllowLoopback() Option { return func(s *Store) { s.loopback = true } }

// Store is a [payment.Store] in a database. It is safe for concurrent use, by
// many processes.
type Store struct {
	db       *sql.DB
	dialect  Dialect
	loopback bool
	queue    queue
}

var _ payment.Store = (*Store)(nil)

// Open creates or updates the tables and returns a Store. The database handle
// stays the caller's: it is not closed. A table of a later version of this
// package is refused.
//
// A SQLite database has to be a file: each connection to ":memory:" has a
// database of its own. With Postgres, let db keep as many idle connections as
// callers read at a time (SetMaxIdleConns): package sql keeps two, and a new one
// costs Postgres more than a payment does.
func Open(ctx context.Context, db *sql.DB, d Dialect, opts ...Option) (*Store, error) {
	if db == nil {
		return nil, &payment.FieldError{Field: "db", Reason: "is nil"}
	}
	if d != SQLite && d != Postgres {
		return nil, &payment.FieldError{Field: "Dialect", Reason: "is not SQLite or Postgres"}
	}
	s := &Store{db: db, dialect: d}
	for _, o := range opts {
		if o == nil {
			return nil, &payment.FieldError{Field: "Option", Reason: "is nil"}
		}
		o(s)
	}
	s.queue = queue{run: s.commitSQLite, most: 1} // SQLite has one writer
	if d == Postgres {
		s.queue = queue{run: s.commitPostgres, most: maxStatements}
	}
	if err := s.migrate(ctx); err != nil {
		return nil, fmt.Errorf("outbox: %v: %w", d, err)
	}
	return s, nil
}

// checkAccount refuses accounts of this machine.
func (s *Store) checkAccount(a payment.Account) error {
	if s.loopback || !isLoopback(a.Host) {
		return nil
	}
	return &payment.FieldError{
		Field:  "Account.Host",
		Reason: "is this machine's: a durable store keeps no emulator's payments unless it is opened with outbox.AllowLoopback()",
	}
}

func isLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Claim implements [payment.Store].
func (s *Store) Claim(ctx context.Context, k payment.Key, payload []byte, lease time.Duration) (payment.Entry, error) {
	if lease <= 0 {
		return payment.Entry{}, &payment.FieldError{Field: "lease", Reason: "is not positive"}
	}
	if err := k.Validate(); err != nil {
		return payment.Entry{}, err
	}
	if err := s.checkAccount(k.Account); err != nil {
		return payment.Entry{}, err
	}
	return s.queue.do(ctx, &step{key: k, payload: payload, lease: lease})
}

// Save implements [payment.Store].
func (s *Store) Save(ctx context.Context, e payment.Entry, lease time.Duration) (payment.Entry, error) {
	if lease < 0 {
		return payment.Entry{}, &payment.FieldError{Field: "lease", Reason: "is negative"}
	}
	if err := e.Validate(); err != nil {
		return payment.Entry{}, err
	}
	return s.queue.do(ctx, &step{key: e.Key, saved: &e, lease: lease})
}
