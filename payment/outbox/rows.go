package outbox

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

const (
	keyColumns = `vendor, tenant, host, op, reference`
	rowColumns = `status, payload, progress, certain, epoch, revision, token, held_until`
	allColumns = keyColumns + `, status, payload, progress, writes, vendor_id, reason,
		certain, epoch, revision, token, held_until, created_at, updated_at`
	whereKey = `vendor = $1 AND tenant = $2 AND host = $3 AND op = $4 AND reference = $5`
)

// letGo ends a claim on a row that turned out to be broken.
const letGo = `UPDATE tenderkit_entries SET held_until = 0 WHERE ` + whereKey + ` AND token = $6`

const heldUntil = `SELECT held_until FROM tenderkit_entries WHERE ` + whereKey

func keyArgs(k payment.Key, more ...any) []any {
	return append([]any{k.Account.Vendor, k.Account.Tenant, k.Account.Host, k.Op, k.Reference}, more...)
}

func keyInto(k *payment.Key) []any {
	return []any{&k.Account.Vendor, &k.Account.Tenant, &k.Account.Host, &k.Op, &k.Reference}
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
	if err := json.Unmarshal([]byte(r.progress), &e.Progress); err != nil || string(e.Status) != r.status || !e.Status.Known() {
		return payment.Entry{Key: k}, &payment.EntryError{Key: k, Reason: "its row is broken"}
	}
	return e, nil
}

// missed says why a claim had no row: the entry does not exist, or is held until
// a time in microseconds.
func missed(k payment.Key, exists bool, held int64) error {
	if !exists {
		return fmt.Errorf("entry of %v: %w", k, payment.ErrNotFound)
	}
	return &payment.HeldError{Key: k, Until: time.UnixMicro(held).UTC()}
}

// row is how an entry is written.
type row struct {
	Status, Payload, Progress string
	Writes                    int
	VendorID, Reason          string
	Certain                   int // 1 or 0
}

func rowOf(e payment.Entry) (row, error) {
	progress, err := json.Marshal(e.Progress)
	if err != nil {
		return row{}, &payment.EntryError{Key: e.Key, Reason: "its progress cannot be written"}
	}
	r := row{Status: string(e.Status), Payload: string(e.Payload), Progress: string(progress), Writes: e.Writes, Reason: e.Reason}
	if e.Certain {
		r.Certain = 1
	}
	if n := len(e.Receipts); n > 0 {
		r.VendorID = e.Receipts[n-1].ID
	}
	return r, nil
}

// micros rounds up, so that no lease becomes 0.
func micros(d time.Duration) int64 { return int64((d + time.Microsecond - 1) / time.Microsecond) }
