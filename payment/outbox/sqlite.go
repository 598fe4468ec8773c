package outbox

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// In SQLite, steps run one after the other in one transaction.

const claimOrCreate = `INSERT INTO tenderkit_entries AS e (` + allColumns + `)
	VALUES ($1, $2, $3, $4, $5, 'open', $6, '{"Status":"open"}', 0, '', '', $7, $8, 0, $9, NOW + $10, NOW, NOW)
	ON CONFLICT (` + keyColumns + `)
	DO UPDATE SET token = excluded.token, held_until = excluded.held_until WHERE e.held_until <= NOW
	RETURNING ` + rowColumns

const claimOnly = `UPDATE tenderkit_entries SET token = $6, held_until = NOW + $7
	WHERE ` + whereKey + ` AND held_until <= NOW RETURNING ` + rowColumns

const saveEntry = `UPDATE tenderkit_entries SET status = $6, payload = $7, progress = $8, writes = $9, vendor_id = $10, reason = $11,
	certain = $12, epoch = CASE WHEN $12 = 1 THEN $13 ELSE epoch END,
	revision = revision + 1, token = $14, held_until = NOW + $15, updated_at = NOW
	WHERE ` + whereKey + ` AND token = $16 RETURNING revision, held_until`

// batch is one transaction of steps.
type batch struct {
	conn
	dialect    Dialect
	now, birth string // epochs
	prepared   map[string]*sql.Stmt
}

// commitSQLite runs steps in one transaction. A step's own answer, such as a
// claim that is held, does not end it; an error of the database does, for all.
func (s *Store) commitSQLite(ctx context.Context, steps []*step) {
	err := s.within(ctx, func(c conn) error {
		b := &batch{conn: c, dialect: s.dialect, prepared: map[string]*sql.Stmt{}}
		defer b.close()
		var err error
		if b.now, b.birth, err = s.epoch(ctx, c); err != nil {
			return err
		}
		for _, st := range steps {
			if err := b.take(ctx, st); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		fail(steps, err)
	}
}

func (b *batch) take(ctx context.Context, s *step) error {
	if s.saved != nil {
		return b.save(ctx, s)
	}
	return b.claim(ctx, s)
}

func (b *batch) claim(ctx context.Context, s *step) error {
	statement, args := claimOnly, keyArgs(s.key, rand.Text(), micros(s.lease))
	if s.payload != nil {
		certain := 0
		if b.now == b.birth {
			certain = 1
		}
		statement, args = claimOrCreate, keyArgs(s.key, string(s.payload), certain, b.now, rand.Text(), micros(s.lease))
	}
	var r record
	found, err := b.row(ctx, statement, args, r.into()...)
	if err != nil {
		return err
	}
	if found {
		if s.entry, s.err = r.entry(s.key, b.now); s.err != nil {
			_, err = b.ExecContext(ctx, b.dialect.statement(letGo), keyArgs(s.key, r.token)...)
		}
		return err
	}
	var held int64
	found, err = b.row(ctx, heldUntil, keyArgs(s.key), &held)
	s.err = missed(s.key, found, held)
	return err
}

func (b *batch) save(ctx context.Context, s *step) error {
	e := *s.saved
	r, err := rowOf(e)
	if err != nil {
		s.err = err
		return nil
	}
	old := e.Token
	e.Token = rand.Text()
	var held int64
	found, err := b.row(ctx, saveEntry, keyArgs(e.Key,
		r.Status, r.Payload, r.Progress, r.Writes, r.VendorID, r.Reason,
		r.Certain, b.now, e.Token, micros(s.lease), old), &e.Revision, &held)
	switch {
	case err != nil:
		return err
	case !found:
		s.err = &payment.HeldError{Key: e.Key}
	default:
		e.Until = time.UnixMicro(held).UTC()
		s.entry = e
	}
	return nil
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
