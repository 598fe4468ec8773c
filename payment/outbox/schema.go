package outbox

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

const schemaVersion = 1

// statement is SQL with $1, $2 … for arguments, NOW for the database's clock in
// microseconds, and EPOCH for the query of the epoch.
func (d Dialect) statement(text string) string {
	if d == SQLite {
		return strings.NewReplacer("EPOCH", sqliteEpoch, "$", "?", "NOW", "CAST(unixepoch('subsec') * 1000000 AS INTEGER)").Replace(text)
	}
	return strings.NewReplacer("EPOCH", postgresEpoch, "NOW", "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)").Replace(text)
}

// The tables. A bigint is an integer of 64 bits in both databases.
var tables = []string{
	`CREATE TABLE IF NOT EXISTS tenderkit_meta (
		one     integer PRIMARY KEY CHECK (one = 1),
		version integer NOT NULL,
		epoch   text NOT NULL,
		birth   text NOT NULL
	)`,
	`CREATE TABLE IF NOT EXISTS tenderkit_entries (
		vendor     text NOT NULL,
		tenant     text NOT NULL,
		host       text NOT NULL,
		op         text NOT NULL,
		reference  text NOT NULL,
		status     text NOT NULL,
		payload    text NOT NULL,
		progress   text NOT NULL,
		writes     integer NOT NULL,
		vendor_id  text NOT NULL,
		reason     text NOT NULL,
		certain    integer NOT NULL,
		epoch      text NOT NULL,
		revision   bigint NOT NULL,
		token      text NOT NULL,
		held_until bigint NOT NULL,
		created_at bigint NOT NULL,
		updated_at bigint NOT NULL,
		PRIMARY KEY (vendor, tenant, host, op, reference)
	)`,
	`CREATE INDEX IF NOT EXISTS tenderkit_entries_open ON tenderkit_entries (vendor, tenant, host, status, updated_at)
		WHERE status NOT IN ('recorded', 'closed')`,
	`CREATE INDEX IF NOT EXISTS tenderkit_entries_updated ON tenderkit_entries (updated_at)`,
}

// migrate creates what is missing. Several programs may do it at once.
func (s *Store) migrate(ctx context.Context) error {
	if s.dialect == SQLite {
		if err := s.useWAL(ctx); err != nil {
			return err
		}
	}
	return s.within(ctx, func(c conn) error {
		if s.dialect == Postgres {
			const lock = `SELECT pg_advisory_xact_lock(7203011841)`
			if _, err := c.ExecContext(ctx, lock); err != nil {
				return err
			}
		}
		for _, table := range tables {
			if _, err := c.ExecContext(ctx, table); err != nil {
				return err
			}
		}
		return s.born(ctx, c)
	})
}

// born writes the one row of the meta table, or checks it.
func (s *Store) born(ctx context.Context, c conn) error {
	var version int
	err := c.QueryRowContext(ctx, `SELECT version FROM tenderkit_meta`).Scan(&version)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		insert := s.dialect.statement(`INSERT INTO tenderkit_meta (one, version, epoch, birth) VALUES (1, $1, $2, '')`)
		if _, err := c.ExecContext(ctx, insert, schemaVersion, rand.Text()); err != nil {
			return err
		}
		return s.accept(ctx, c)
	case err != nil:
		return err
	case version != schemaVersion:
		return fmt.Errorf("the tables are of version %d, and this package reads version %d", version, schemaVersion)
	}
	return nil
}

// accept makes the present epoch the one of which nothing was lost.
func (s *Store) accept(ctx context.Context, c conn) error {
	now, _, err := s.epoch(ctx, c)
	if err == nil {
		_, err = c.ExecContext(ctx, s.dialect.statement(`UPDATE tenderkit_meta SET birth = $1`), now)
	}
	return err
}

// epoch returns the present epoch, and the one of which nothing was lost.
func (s *Store) epoch(ctx context.Context, c conn) (now, birth string, err error) {
	err = c.QueryRowContext(ctx, s.dialect.statement("EPOCH")).Scan(&now, &birth)
	return now, birth, err
}

// postgresEpoch reads the timeline from the log's present file: the one in
// pg_control_checkpoint changes only with the checkpoint after a failover.
const postgresEpoch = `SELECT m.epoch || '/' || s.system_identifier || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS now, m.birth
	FROM tenderkit_meta m, pg_control_system() s`

const sqliteEpoch = `SELECT epoch AS now, birth FROM tenderkit_meta`

// Restored changes the epoch. Call it after a backup was copied back: from then
// on the vendor is asked before anything is written that the Store does not
// know to be recorded.
func (s *Store) Restored(ctx context.Context) error {
	return s.within(ctx, func(c conn) error {
		_, err := c.ExecContext(ctx, s.dialect.statement(`UPDATE tenderkit_meta SET epoch = $1`), rand.Text())
		return err
	})
}

// AcceptEpoch ends the caution after a change of epoch, for entries that are
// made from now on. It is a person's statement that every payment that was ever
// handed over is in the Store again.
func (s *Store) AcceptEpoch(ctx context.Context) error {
	return s.within(ctx, func(c conn) error { return s.accept(ctx, c) })
}
