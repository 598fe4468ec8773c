package outboxriver

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"regexp"
	"strings"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
)

// Job is a River job that hands one entry of the outbox over. It holds the key
// alone: the payment stands in the entry.
type Job struct {
	Vendor    string `json:"vendor"    river:"unique"`
	Tenant    string `json:"tenant"    river:"unique"`
	Host      string `json:"host"      river:"unique"`
	Op        string `json:"op"        river:"unique"`
	Reference string `json:"reference" river:"unique"`
}

// Kind implements river.JobArgs.
func (Job) Kind() string { return "tenderkit_payment" }

// Key returns the key of the entry.
func (j Job) Key() payment.Key {
	return payment.Key{Account: payment.Account{Vendor: j.Vendor, Tenant: j.Tenant, Host: j.Host}, Op: j.Op, Reference: j.Reference}
}

// NewJob returns the job of an entry.
func NewJob(k payment.Key) Job {
	return Job{Vendor: k.Account.Vendor, Tenant: k.Account.Tenant, Host: k.Account.Host, Op: k.Op, Reference: k.Reference}
}

// alive are the states of a job that will still run: while there is one, a
// second of the same entry is not inserted.
var alive = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
	rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

// InsertOpts returns how the job of an entry is inserted: in the account's
// queue, and once as long as it has not ended.
func InsertOpts(k payment.Key) *river.InsertOpts {
	return &river.InsertOpts{
		Queue: Queue(k.Account), MaxAttempts: 100,
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: alive},
	}
}

var notInQueue = regexp.MustCompile(`[^a-z0-9]+`)

// Queue returns the name of an account's queue. River takes lower-case letters,
// digits, '_' and '-' only, so the name ends in a digest that tells accounts apart.
func Queue(a payment.Account) string {
	const limit = 40
	digest := sha256.Sum256([]byte(a.String()))
	name := strings.Trim(notInQueue.ReplaceAllString(strings.ToLower(a.Vendor+"_"+a.Tenant), "_"), "_")
	if len(name) > limit {
		name = strings.TrimRight(name[:limit], "_")
	}
	return strings.TrimLeft(name+"_", "_") + hex.EncodeToString(digest[:6])
}

// Queues returns River's configuration of the accounts' queues, with at most
// so many workers each in this process.
func Queues(workers int, accounts ...payment.Account) map[string]river.QueueConfig {
	queues := make(map[string]river.QueueConfig, len(accounts))
	for _, a := range accounts {
		queues[Queue(a)] = river.QueueConfig{MaxWorkers: workers}
	}
	return queues
}

// Enqueue puts the payment and its job into tx, a transaction of database/sql:
// the payment is handed over if, and only if, tx commits. See outbox.Store.Put
// for a payment that stands there already.
func Enqueue(ctx context.Context, c *river.Client[*sql.Tx], s *outbox.Store, tx *sql.Tx, k payment.Key, p payment.Payment) error {
	if err := s.Put(ctx, tx, k, p); err != nil {
		return err
	}
	_, err := c.InsertTx(ctx, tx, NewJob(k), InsertOpts(k))
	return err
}

// EnqueuePgx is [Enqueue] within a pgx.Tx. The type parameters are inferred.
func EnqueuePgx[X outbox.PgxTx[T, R], T any, R interface{ Scan(...any) error }](
	ctx context.Context, c *river.Client[X], s *outbox.Store, tx X, k payment.Key, p payment.Payment,
) error {
	if err := outbox.PutPgx[T, R](ctx, s, tx, k, p); err != nil {
		return err
	}
	_, err := c.InsertTx(ctx, tx, NewJob(k), InsertOpts(k))
	return err
}

var errNoRecorder = errors.New("no recorder for this account")
