package outbox

import (
	"bytes"
	"context"
	"database/sql"
	"errors"

	"github.com/go-json-experiment/json"

	"github.com/tenderkit/tenderkit/payment"
)

// Tx is a caller's own transaction: a *sql.Tx or *sql.Conn as it is, a pgx.Tx by [Pgx].
type Tx interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Put adds p to the outbox within tx, so that it is handed over if, and only if,
// tx commits. It sends nothing. k is payment.KeyOf the recorder that will write
// it.
//
// The same payment again is no error. Another payment under the same key
// replaces it as long as no write has begun and no call holds it; after that it
// is a *payment.ConflictError that names the fields.
func (s *Store) Put(ctx context.Context, tx Tx, k payment.Key, p payment.Payment) error {
	if tx == nil {
		return &payment.FieldError{Field: "tx", Reason: "is nil"}
	}
	return s.put(ctx, sqlTx{tx}, k, p)
}

// PutPgx is [Store.Put] within a transaction of github.com/jackc/pgx/v5.
func PutPgx[T any, R rowScanner](ctx context.Context, s *Store, tx PgxTx[T, R], k payment.Key, p payment.Payment) error {
	return s.put(ctx, pgxTx[T, R]{tx}, k, p)
}

const putEntry = `INSERT INTO tenderkit_entries
	(` + allColumns + `)
	VALUES ($1, $2, $3, $4, $5, 'open', $6, '{"Status":"open"}', 0, '', '', $7, $8, 0, '', 0, NOW, NOW)
	ON CONFLICT (` + keyColumns + `) DO NOTHING`

const replacePayload = `UPDATE tenderkit_entries SET payload = $6, revision = revision + 1, updated_at = NOW
	WHERE ` + whereKey + ` AND status IN ('open', 'refused') AND held_until <= NOW`

const readPayload = `SELECT payload FROM tenderkit_entries WHERE ` + whereKey

func (s *Store) put(ctx context.Context, tx rowsTx, k payment.Key, p payment.Payment) error {
	payload, err := s.checkPut(k, p)
	if err != nil {
		return err
	}
	var now, birth string
	if err := tx.row(ctx, s.dialect.statement("EPOCH"), nil, &now, &birth); err != nil {
		return err
	}
	certain := 0
	if now == birth {
		certain = 1
	}
	n, err := tx.exec(ctx, s.dialect.statement(putEntry), keyArgs(k, string(payload), certain, now)...)
	if n == 1 || err != nil {
		return err
	}
	return s.putAgain(ctx, tx, k, p, payload)
}

func (s *Store) checkPut(k payment.Key, p payment.Payment) ([]byte, error) {
	if err := k.Validate(); err != nil {
		return nil, err
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if err := s.checkAccount(k.Account); err != nil {
		return nil, err
	}
	return json.Marshal(payment.Stored(p), json.FormatNilSliceAsNull(true)) // as payment.Once does
}

// putAgain compares p with what stands under its key.
func (s *Store) putAgain(ctx context.Context, tx rowsTx, k payment.Key, p payment.Payment, payload []byte) error {
	var old string
	if err := tx.row(ctx, s.dialect.statement(readPayload), keyArgs(k), &old); err != nil {
		return err
	}
	if bytes.Equal(payload, []byte(old)) {
		return nil
	}
	n, err := tx.exec(ctx, s.dialect.statement(replacePayload), keyArgs(k, string(payload))...)
	if n == 1 || err != nil {
		return err
	}
	stored, err := payment.Entry{Key: k, Payload: []byte(old)}.Payment()
	if err != nil {
		return err
	}
	if fields := stored.Differences(p); len(fields) > 0 {
		return &payment.ConflictError{Want: p, Fields: fields}
	}
	return nil
}

// rowsTx is what Put needs of a transaction, whoever made it.
type rowsTx interface {
	exec(ctx context.Context, query string, args ...any) (int64, error)
	row(ctx context.Context, query string, args []any, into ...any) error
}

type sqlTx struct{ Tx }

func (t sqlTx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	result, err := t.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (t sqlTx) row(ctx context.Context, query string, args []any, into ...any) error {
	return t.QueryRowContext(ctx, query, args...).Scan(into...)
}

// PgxTx is the part of a pgx.Tx that [PutPgx] uses. Its type parameters are
// inferred.
type PgxTx[T any, R rowScanner] interface {
	Exec(ctx context.Context, query string, args ...any) (T, error)
	QueryRow(ctx context.Context, query string, args ...any) R
}

type rowScanner interface{ Scan(into ...any) error }

type pgxTx[T any, R rowScanner] struct{ tx PgxTx[T, R] }

func (t pgxTx[T, R]) exec(ctx context.Context, query string, args ...any) (int64, error) {
	tag, err := t.tx.Exec(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	affected, ok := any(tag).(interface{ RowsAffected() int64 })
	if !ok {
		return 0, errors.New("outbox: the transaction does not tell how many rows it changed")
	}
	return affected.RowsAffected(), nil
}

func (t pgxTx[T, R]) row(ctx context.Context, query string, args []any, into ...any) error {
	return t.tx.QueryRow(ctx, query, args...).Scan(into...)
}
