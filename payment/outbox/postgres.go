package outbox

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// In Postgres, all claims are one statement and all saves another: the steps
// travel as JSON, because every driver can send that. A statement is a
// transaction of its own, and makes its commit durable itself.

const postgresSteps = `WITH x AS MATERIALIZED (
	SELECT x.* FROM set_config('synchronous_commit', 'on', true),
		jsonb_to_recordset($1::jsonb) AS x(vendor text, tenant text, host text, op text, reference text,
			status text, payload text, progress text, writes integer, vendor_id text, reason text,
			certain integer, old text, token text, lease bigint)
	ORDER BY ` + keyColumns + `), `

// Every row is found by an index, by LATERAL or ON CONFLICT, whatever the planner
// knows of the table: a join that was planned while the table was small would
// read all of it later.

const (
	postgresClaim     = postgresSteps + claimRows + `FROM x, n` + claimEach
	postgresClaimOnly = postgresSteps + claimRows + `FROM x, n, LATERAL (SELECT FROM tenderkit_entries e WHERE ` + sameKey + ` FOR UPDATE) known` + claimEach

	claimRows = `n AS MATERIALIZED (EPOCH)
	INSERT INTO tenderkit_entries AS e (` + allColumns + `)
	SELECT ` + keyColumns + `, 'open', payload, '{"Status":"open"}', 0, '', '',
		CASE WHEN n.now = n.birth THEN 1 ELSE 0 END, n.now, 0, token, NOW + lease, NOW, NOW
	`
	claimEach = ` ORDER BY ` + keyColumns + `
	ON CONFLICT (` + keyColumns + `)
	DO UPDATE SET token = excluded.token, held_until = excluded.held_until WHERE e.held_until <= NOW
	RETURNING ` + keyColumns + `, ` + rowColumns + `, (SELECT now FROM n)`
)

// postgresSave locks the entries that have the old tokens, and then replaces
// them: what it inserts is there.
const postgresSave = postgresSteps + `n AS MATERIALIZED (EPOCH), own AS MATERIALIZED (
		SELECT x.*, l.* FROM x, LATERAL (
			SELECT e.epoch, e.revision, e.created_at FROM tenderkit_entries e
			WHERE ` + sameKey + ` AND e.token = x.old FOR UPDATE) l)
	INSERT INTO tenderkit_entries AS e (` + allColumns + `)
	SELECT ` + keyColumns + `, status, payload, progress, writes, vendor_id, reason, certain,
		CASE WHEN certain = 1 THEN n.now ELSE epoch END, revision + 1, token, NOW + lease, created_at, NOW
	FROM own, n
	ON CONFLICT (` + keyColumns + `)
	DO UPDATE SET status = excluded.status, payload = excluded.payload, progress = excluded.progress, writes = excluded.writes,
		vendor_id = excluded.vendor_id, reason = excluded.reason, certain = excluded.certain, epoch = excluded.epoch,
		revision = excluded.revision, token = excluded.token, held_until = excluded.held_until, updated_at = excluded.updated_at
	RETURNING ` + keyColumns + `, revision, held_until`

const sameKey = `e.vendor = x.vendor AND e.tenant = x.tenant AND e.host = x.host AND e.op = x.op AND e.reference = x.reference`

// wireStep is a step as the statements read it.
type wireStep struct {
	Vendor    string `json:"vendor"`
	Tenant    string `json:"tenant"`
	Host      string `json:"host"`
	Op        string `json:"op"`
	Reference string `json:"reference"`
	Status    string `json:"status"`
	Payload   string `json:"payload"`
	Progress  string `json:"progress"`
	Writes    int    `json:"writes"`
	VendorID  string `json:"vendor_id"`
	Reason    string `json:"reason"`
	Certain   int    `json:"certain"`
	Old       string `json:"old"`
	Token     string `json:"token"`
	Lease     int64  `json:"lease"`
}

// commitPostgres runs the claims, and then the saves.
func (s *Store) commitPostgres(ctx context.Context, steps []*step) {
	var creates, claims, saves []*step
	for _, st := range steps {
		switch {
		case st.saved != nil:
			saves = append(saves, st)
		case st.payload != nil:
			creates = append(creates, st)
		default:
			claims = append(claims, st)
		}
	}
	s.claimAll(ctx, postgresClaim, creates)
	s.claimAll(ctx, postgresClaimOnly, claims)
	s.saveAll(ctx, saves)
}

// alone runs each step by itself after they have failed together: a deadlock
// with another process, or one step that the database refuses.
func alone(steps []*step, err error, run func([]*step)) {
	if len(steps) == 1 {
		fail(steps, err)
		return
	}
	for i := range steps {
		run(steps[i : i+1])
	}
}

func (s *Store) claimAll(ctx context.Context, statement string, steps []*step) {
	if len(steps) == 0 {
		return
	}
	err := s.claimTogether(ctx, statement, steps)
	if err != nil {
		alone(steps, err, func(one []*step) { s.claimAll(ctx, statement, one) })
	}
}

func (s *Store) claimTogether(ctx context.Context, statement string, steps []*step) error {
	byKey := make(map[payment.Key]*step, len(steps))
	var broken [][]any
	rows := make([]wireStep, len(steps))
	for i, st := range steps {
		byKey[st.key] = st
		rows[i] = wireKey(st.key)
		rows[i].Payload, rows[i].Token, rows[i].Lease = string(st.payload), rand.Text(), micros(st.lease)
	}
	err := s.each(ctx, statement, rows, func(scan func(...any) error) error {
		var k payment.Key
		var r record
		var epoch string
		if err := scan(append(append(keyInto(&k), r.into()...), &epoch)...); err != nil {
			return err
		}
		st := byKey[k]
		if st.entry, st.err = r.entry(k, epoch); st.err != nil {
			broken = append(broken, keyArgs(k, r.token))
		}
		delete(byKey, k)
		return nil
	})
	if err != nil {
		return err
	}
	for _, args := range broken {
		if _, err := s.db.ExecContext(ctx, letGo, args...); err != nil {
			return err
		}
	}
	for k, st := range byKey {
		if err := s.explain(ctx, k, st); err != nil {
			return err
		}
	}
	return nil
}

// explain says why a claim had no row.
func (s *Store) explain(ctx context.Context, k payment.Key, st *step) error {
	var held int64
	err := s.db.QueryRowContext(ctx, heldUntil, keyArgs(k)...).Scan(&held)
	st.err = missed(k, err == nil, held)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

func (s *Store) saveAll(ctx context.Context, steps []*step) {
	if len(steps) == 0 {
		return
	}
	err := s.saveTogether(ctx, steps)
	if err != nil {
		alone(steps, err, func(one []*step) { s.saveAll(ctx, one) })
	}
}

func (s *Store) saveTogether(ctx context.Context, steps []*step) error {
	byKey := make(map[payment.Key]*step, len(steps))
	rows := make([]wireStep, 0, len(steps))
	for _, st := range steps {
		w, err := wireSave(st)
		if err != nil {
			st.err = err
			continue
		}
		st.entry = *st.saved
		st.entry.Token, st.err = w.Token, &payment.HeldError{Key: st.key}
		byKey[st.key] = st
		rows = append(rows, w)
	}
	return s.each(ctx, postgresSave, rows, func(scan func(...any) error) error {
		var k payment.Key
		var revision, held int64
		if err := scan(append(keyInto(&k), &revision, &held)...); err != nil {
			return err
		}
		st := byKey[k]
		st.entry.Revision, st.entry.Until, st.err = revision, time.UnixMicro(held).UTC(), nil
		return nil
	})
}

func wireKey(k payment.Key) wireStep {
	return wireStep{Vendor: k.Account.Vendor, Tenant: k.Account.Tenant, Host: k.Account.Host, Op: k.Op, Reference: k.Reference}
}

func wireSave(s *step) (wireStep, error) {
	r, err := rowOf(*s.saved)
	w := wireKey(s.key)
	w.Status, w.Payload, w.Progress, w.Writes, w.VendorID, w.Reason, w.Certain = r.Status, r.Payload, r.Progress, r.Writes, r.VendorID, r.Reason, r.Certain
	w.Old, w.Token, w.Lease = s.saved.Token, rand.Text(), micros(s.lease)
	return w, err
}

// each runs a statement over rows and reads what it returns.
func (s *Store) each(ctx context.Context, statement string, rows []wireStep, read func(scan func(...any) error) error) error {
	argument, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	result, err := s.db.QueryContext(ctx, s.dialect.statement(statement), string(argument))
	if err != nil {
		return err
	}
	defer func() { _ = result.Close() }()
	for result.Next() {
		if err := read(result.Scan); err != nil {
			return err
		}
	}
	return result.Err()
}
