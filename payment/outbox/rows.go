package outbox

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

const whereKey = `vendor = $1 AND tenant = $2 AND host = $3 AND op = $4 AND reference = $5`

const rowColumns = `status, payload, progress, certain, epoch, revision, token, held_until`

const claimOrCreate = `INSERT INTO tenderkit_entries AS e
	(vendor, tenant, host, op, reference, status, payload, progress, writes, vendor_id, reason,
	 certain, epoch, revision, token, held_until, created_at, updated_at)
	VALUES ($1, $2, $3, $4, $5, 'open', $6, '{"Status":"open"}', 0, '', '', $7, $8, 0, $9, NOW + $10, NOW, NOW)
	ON CONFLICT (vendor, tenant, host, op, reference)
	DO UPDATE SET token = excluded.token, held_until = excluded.held_until WHERE e.held_until <= NOW
	RETURNING ` + rowColumns

const claimOnly = `UPDATE tenderkit_entries SET token = $6, held_until = NOW + $7
	WHERE ` + whereKey + ` AND held_until <= NOW RETURNING ` + rowColumns

const saveEntry = `UPDATE tenderkit_entries SET status = $6, payload = $7, progress = $8, writes = $9, vendor_id = $10, reason = $11,
	revision = revision + 1, token = $12, held_until = NOW + $13, updated_at = NOW
	WHERE ` + whereKey + ` AND token = $14 RETURNING revision, held_until`

const heldUntil = `SELECT held_until FROM tenderkit_entries WHERE ` + whereKey

func keyArgs(k payment.Key, more ...any) []any {
	return append([]any{k.Account.Vendor, k.Account.Tenant, k.Account.Host, k.Op, k.Reference}, more...)
}

// record is one row as it is read.
type record struct {
	status, payload, progress, epoch, token string
	certain, revision, held                 int64
}

func (r *record) into() []any {
	return []any{&r.status, &r.payload, &r.progress, &r.certain, &r.epoch, &r.revision, &r.token, &r.held}
}

// entry decodes a row. One that no version of this package has written is an error.
func (r *record) entry(k payment.Key, epoch string) (payment.Entry, error) {
	e := payment.Entry{
		Key: k, Payload: []byte(r.payload), Revision: r.revision, Token: r.token,
		Until: time.UnixMicro(r.held).UTC(), Certain: r.certain == 1 && r.epoch == epoch,
	}
	if err := json.Unmarshal([]byte(r.progress), &e.Progress); err != nil || string(e.Status) != r.status {
		return payment.Entry{}, answered{&payment.EntryError{Key: k, Reason: "its row is broken"}}
	}
	return e, nil
}

func (b *batch) claim(ctx context.Context, k payment.Key, payload []byte, lease time.Duration) (payment.Entry, error) {
	var r record
	statement, args := claimOnly, keyArgs(k, rand.Text(), micros(lease))
	if payload != nil {
		certain := 0
		if b.now == b.birth {
			certain = 1
		}
		statement, args = claimOrCreate, keyArgs(k, string(payload), certain, b.now, rand.Text(), micros(lease))
	}
	found, err := b.row(ctx, statement, args, r.into()...)
	if err != nil || !found {
		return payment.Entry{}, b.missed(ctx, k, err)
	}
	return r.entry(k, b.now)
}

// missed says why a claim had no row.
func (b *batch) missed(ctx context.Context, k payment.Key, err error) error {
	if err != nil {
		return err
	}
	var held int64
	found, err := b.row(ctx, heldUntil, keyArgs(k), &held)
	switch {
	case err != nil:
		return err
	case !found:
		return answered{fmt.Errorf("entry of %v: %w", k, payment.ErrNotFound)}
	}
	return answered{&payment.HeldError{Key: k, Until: time.UnixMicro(held).UTC()}}
}

func (b *batch) save(ctx context.Context, e payment.Entry, lease time.Duration) (payment.Entry, error) {
	progress, err := json.Marshal(e.Progress)
	if err != nil {
		return payment.Entry{}, answered{&payment.EntryError{Key: e.Key, Reason: "its progress cannot be written"}}
	}
	vendorID := ""
	if n := len(e.Receipts); n > 0 {
		vendorID = e.Receipts[n-1].ID
	}
	old := e.Token
	e.Token = rand.Text()
	var held int64
	found, err := b.row(ctx, saveEntry, keyArgs(e.Key,
		string(e.Status), string(e.Payload), string(progress), e.Writes, vendorID, e.Reason,
		e.Token, micros(lease), old), &e.Revision, &held)
	switch {
	case err != nil:
		return payment.Entry{}, err
	case !found:
		return payment.Entry{}, answered{&payment.HeldError{Key: e.Key}}
	}
	e.Until = time.UnixMicro(held).UTC()
	return e, nil
}

// micros rounds up, so that no lease becomes 0.
func micros(d time.Duration) int64 { return int64((d + time.Microsecond - 1) / time.Microsecond) }
