package outboxriver_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
	_ "modernc.org/sqlite"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	"github.com/tenderkit/tenderkit/payment/outbox/outboxtest"
	outboxriver "github.com/tenderkit/tenderkit/payment/outbox/river"
	"github.com/tenderkit/tenderkit/payment/reconcile"
)

var account = payment.Account{Vendor: "test", Tenant: "shop 1.a", Host: "test.example"}

// vendor answers by the payment's method.
type vendor struct {
	mu     sync.Mutex
	ledger map[string]int
	looks  map[string]int
}

func newVendor() *vendor { return &vendor{ledger: map[string]int{}, looks: map[string]int{}} }

func (*vendor) Account() payment.Account { return account }

func (*vendor) Prepare(_ context.Context, p payment.Payment) (payment.Payment, error) {
	if p.Method == "refused here" {
		return p, &payment.FieldError{Field: "Payment.Method", Reason: "is not known"}
	}
	if p.Method == "garbled here" { // an answer that breaks off, of a read before the write
		return p, &payment.Error{Vendor: "test", Op: "Methods", Err: payment.ErrProtocol}
	}
	return p, p.Validate()
}

func (v *vendor) Record(ctx context.Context, p payment.Payment, a *payment.Attempt) (payment.Receipt, error) {
	if err := a.Begin(ctx, nil); err != nil {
		return payment.Receipt{}, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	failure := map[string]error{
		"unknown": payment.ErrOutcomeUnknown, "busy": payment.ErrRateLimited, "down": payment.ErrUnavailable,
		"unauthorized": payment.ErrUnauthorized, "forbidden": payment.ErrForbidden, "invalid": payment.ErrInvalid,
	}[p.Method]
	if failure != nil {
		return payment.Receipt{}, &payment.Error{Vendor: "test", Op: "Record", RetryAfter: 7 * time.Minute, Err: failure}
	}
	v.ledger[p.Reference]++
	return payment.Receipt{Vendor: "test", ID: "1", Reference: p.Reference, Amount: p.Amount}, nil
}

// recorded returns how often a payment was recorded.
func (v *vendor) recorded(reference string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.ledger[reference]
}

func (v *vendor) Find(_ context.Context, p payment.Payment, _ *payment.Attempt) ([]payment.Receipt, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.looks[p.Reference]++
	if v.ledger[p.Reference] == 0 {
		return nil, nil
	}
	return []payment.Receipt{{Vendor: "test", ID: "1", Reference: p.Reference, Amount: p.Amount}}, nil
}

func sale(t testing.TB, reference, method string) payment.Payment {
	t.Helper()
	return payment.Payment{
		Reference: reference, Kind: payment.Sale, Amount: payment.MustParseMoney("10.40", "GBP"),
		Date: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC), Method: method,
	}
}

// engine is River with the outbox on one database.
type engine[TTx any] struct {
	store  *outbox.Store
	client *river.Client[TTx]
	vendor *vendor
}

func start[TTx any](t *testing.T, store *outbox.Store, driver riverdriver.Driver[TTx], periodic []*river.PeriodicJob, more ...func(*outbox.Store, *river.Workers)) *engine[TTx] {
	t.Helper()
	migrator, err := rivermigrate.New(driver, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := migrator.Migrate(t.Context(), rivermigrate.DirectionUp, nil); err != nil {
		t.Fatal(err)
	}
	v := newVendor()
	worker, err := outboxriver.NewWorker[TTx](outboxriver.Config{
		Store: store, Recorder: func(context.Context, payment.Account) (payment.Recorder, error) { return v, nil },
		Options: []payment.OnceOption{payment.WithPatience(1, 0)},
	})
	if err != nil {
		t.Fatal(err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, worker)
	(&outboxriver.Sweeper[TTx]{Store: store, Idle: time.Millisecond}).AddTo(workers)
	for _, add := range more {
		add(store, workers)
	}
	queues := outboxriver.Queues(4, account)
	queues[river.QueueDefault] = river.QueueConfig{MaxWorkers: 1}
	client, err := river.NewClient(driver, &river.Config{
		Queues: queues, Workers: workers, PeriodicJobs: periodic, FetchPollInterval: 50 * time.Millisecond, FetchCooldown: 20 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := client.StopAndCancel(ctx); err != nil {
			t.Error(err)
		}
	})
	return &engine[TTx]{store, client, v}
}

func onSQLite(t *testing.T, periodic []*river.PeriodicJob, more ...func(*outbox.Store, *river.Workers)) (*engine[*sql.Tx], *sql.DB) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "outbox.db")
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	store, err := outbox.Open(t.Context(), db, outbox.SQLite)
	if err != nil {
		t.Fatal(err)
	}
	return start(t, store, riversqlite.New(db), periodic, more...), db
}

// wait polls until the job of a reference is in one of the states.
func wait[TTx any](t *testing.T, e *engine[TTx], reference string, states ...rivertype.JobState) *rivertype.JobRow {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		jobs, err := e.client.JobList(t.Context(), river.NewJobListParams().First(1000))
		if err != nil {
			t.Fatal(err)
		}
		for _, job := range jobs.Jobs {
			if job.Kind != (outboxriver.Job{}).Kind() || !strings.Contains(string(job.EncodedArgs), `"`+reference+`"`) {
				continue
			}
			for _, s := range states {
				if job.State == s {
					return job
				}
			}
		}
	}
	t.Fatalf("the job of %s is in none of the states %v", reference, states)
	return nil
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	e, db := onSQLite(t, nil)
	for method, c := range map[string]struct {
		state      rivertype.JobState
		status     payment.Status
		least, max time.Duration // of a snooze
	}{
		"card":         {rivertype.JobStateCompleted, payment.Recorded, 0, 0},
		"unknown":      {rivertype.JobStateScheduled, payment.Begun, 3 * time.Second, time.Minute},
		"busy":         {rivertype.JobStateScheduled, payment.Open, 6 * time.Minute, 8 * time.Minute},
		"down":         {rivertype.JobStateScheduled, payment.Open, 6 * time.Minute, 8 * time.Minute},
		"invalid":      {rivertype.JobStateCancelled, payment.Refused, 0, 0},
		"refused here": {rivertype.JobStateCancelled, payment.Open, 0, 0},
		"garbled here": {rivertype.JobStateScheduled, payment.Open, 3 * time.Second, time.Minute},
	} {
		p := sale(t, method+"-1", method)
		enqueue(t, e, db, p)
		job := wait(t, e, p.Reference, c.state)
		if snooze := time.Until(job.ScheduledAt); c.max > 0 && (snooze < c.least || snooze > c.max) {
			t.Errorf("%s: snoozed for %v", method, snooze)
		}
		l, err := e.store.Entry(t.Context(), payment.KeyOf(e.vendor, p))
		if err != nil || l.Status != c.status || c.status != payment.Recorded && !strings.HasSuffix(method, " here") && l.Reason == "" {
			t.Errorf("%s: the entry is %s (%q), %v", method, l.Status, l.Reason, err)
		}
	}
	for _, method := range []string{"unauthorized", "forbidden"} {
		p := sale(t, method+"-1", method)
		enqueue(t, e, db, p)
		wait(t, e, p.Reference, rivertype.JobStateScheduled)
		queue, err := e.client.QueueGet(t.Context(), outboxriver.Queue(account))
		if err != nil || queue.PausedAt == nil {
			t.Errorf("%s: the queue is not paused: %v", method, err)
		}
		if err := e.client.QueueResume(t.Context(), queue.Name, nil); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReconcile: a day's entries are compared with what the vendor shows, and
// those of another day are left out. A side that fails makes River try again.
func TestReconcile(t *testing.T) {
	t.Parallel()
	day := payment.Date{Year: 2026, Month: time.May, Day: 4}
	reports := make(chan map[reconcile.Verdict]int, 10)
	var asked atomic.Int64
	add := func(store *outbox.Store, workers *river.Workers) {
		r := &outboxriver.Reconciler{
			Store: store, Accounts: []payment.Account{account},
			Vendor: func(_ context.Context, a payment.Account, d payment.Date) iter.Seq2[reconcile.Record, error] {
				return func(yield func(reconcile.Record, error) bool) {
					if asked.Add(1) == 1 {
						yield(reconcile.Record{}, payment.ErrUnavailable)
						return
					}
					p := sale(t, "day-1", "card")
					yield(reconcile.Record{Account: a, Reference: p.Reference, Kind: p.Kind, Amount: p.Amount, Date: d}, nil)
				}
			},
			Report: func(_ context.Context, a payment.Account, d payment.Date, findings iter.Seq2[reconcile.Finding, error]) error {
				counts := map[reconcile.Verdict]int{}
				for f, err := range findings {
					if err != nil {
						return err
					}
					counts[f.Verdict]++
				}
				reports <- counts
				return nil
			},
		}
		if err := r.AddTo(workers); err != nil {
			t.Error(err)
		}
	}
	e, db := onSQLite(t, nil, add)
	for i := range 3 {
		p := sale(t, fmt.Sprintf("day-%d", i+1), "card")
		if i == 2 {
			p.Date = p.Date.AddDate(0, 0, 1)
		}
		enqueue(t, e, db, p)
	}
	if _, err := e.client.Insert(t.Context(), outboxriver.Reconcile{Day: day}, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := <-reports, (map[reconcile.Verdict]int{reconcile.Matched: 1, reconcile.Missing: 1}); !maps.Equal(got, want) || asked.Load() < 2 {
		t.Errorf("reported %v, want %v; asked %d times", got, want, asked.Load())
	}
}

// TestOtherAccount: the Recorder of another account writes nothing.
func TestOtherAccount(t *testing.T) {
	t.Parallel()
	e, db := onSQLite(t, nil)
	p := sale(t, "elsewhere-1", "card")
	k := payment.KeyOf(e.vendor, p)
	k.Op = "confirm" // the Recorder in place of it is that of payments
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(outboxriver.Enqueue(t.Context(), e.client, e.store, tx, k, p), tx.Commit()); err != nil {
		t.Fatal(err)
	}
	job := wait(t, e, p.Reference, rivertype.JobStateCancelled)
	if e.vendor.recorded(p.Reference) != 0 || !strings.Contains(job.Errors[0].Error, "confirm") {
		t.Errorf("recorded %d times, %s", e.vendor.recorded(p.Reference), job.Errors[0].Error)
	}
}

// TestNextRetry: the job of a dead process waits as long as any other of its
// age, however often that has happened.
func TestNextRetry(t *testing.T) {
	t.Parallel()
	store, _ := onSQLite(t, nil)
	w, err := outboxriver.NewWorker[*sql.Tx](outboxriver.Config{
		Store: store.store, Recorder: func(context.Context, payment.Account) (payment.Recorder, error) { return newVendor(), nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	for age, want := range map[time.Duration]time.Duration{0: 5 * time.Second, time.Minute: 15 * time.Second, 100 * time.Hour: time.Hour} {
		row := &rivertype.JobRow{CreatedAt: time.Now().Add(-age), Attempt: 20}
		if got := time.Until(w.NextRetry(&river.Job[outboxriver.Job]{JobRow: row})); got < want-time.Second || got > want+time.Second {
			t.Errorf("at the age of %v: after %v, want %v", age, got, want)
		}
	}
}

func enqueue(t *testing.T, e *engine[*sql.Tx], db *sql.DB, p payment.Payment) {
	t.Helper()
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	err = outboxriver.Enqueue(t.Context(), e.client, e.store, tx, payment.KeyOf(e.vendor, p), p)
	if err := errors.Join(err, tx.Commit()); err != nil {
		t.Fatal(err)
	}
}

// A job that was inserted twice is one; what is rolled back is none.
func TestEnqueue(t *testing.T) {
	t.Parallel()
	e, db := onSQLite(t, nil)
	p := sale(t, "r", "unknown")
	for range 3 {
		enqueue(t, e, db, p)
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	other := sale(t, "rolled back", "card")
	err = outboxriver.Enqueue(t.Context(), e.client, e.store, tx, payment.KeyOf(e.vendor, other), other)
	if err := errors.Join(err, tx.Rollback()); err != nil {
		t.Fatal(err)
	}
	jobs, err := e.client.JobList(t.Context(), river.NewJobListParams().Queues(outboxriver.Queue(account)))
	if err != nil || len(jobs.Jobs) != 1 {
		t.Errorf("%d jobs, %v", len(jobs.Jobs), err)
	}
	if _, err := e.store.Entry(t.Context(), payment.KeyOf(e.vendor, other)); !errors.Is(err, payment.ErrNotFound) {
		t.Errorf("rolled back, and still there: %v", err)
	}
}

// An entry without a job is taken up, and one with two writes is looked at again.
func TestPeriodic(t *testing.T) {
	t.Parallel()
	e, db := onSQLite(t, outboxriver.Periodic(200*time.Millisecond, 200*time.Millisecond))
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	p := sale(t, "left behind", "card")
	if err := errors.Join(e.store.Put(t.Context(), tx, payment.KeyOf(e.vendor, p), p), tx.Commit()); err != nil {
		t.Fatal(err)
	}
	wait(t, e, p.Reference, rivertype.JobStateCompleted)
	if e.vendor.recorded(p.Reference) != 1 {
		t.Errorf("%d in the ledger", e.vendor.recorded(p.Reference))
	}
	entry, err := e.store.Claim(t.Context(), payment.KeyOf(e.vendor, p), nil, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	entry.Writes = 2
	if _, err := e.store.Save(t.Context(), entry, 0); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		e.vendor.mu.Lock()
		looks := e.vendor.looks[p.Reference]
		e.vendor.mu.Unlock()
		if looks > 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("what took two writes is not looked at again")
		}
	}
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	server := outboxtest.Start(t)
	db, err := sql.Open("pgx", server.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	store, err := outbox.Open(t.Context(), db, outbox.Postgres)
	if err != nil {
		t.Fatal(err)
	}
	pool, err := pgxpool.New(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	e := start[pgx.Tx](t, store, riverpgxv5.New(pool), nil)
	for i := range 20 {
		p := sale(t, fmt.Sprint("r", i), "card")
		for range 2 {
			tx, err := pool.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			err = outboxriver.EnqueuePgx(t.Context(), e.client, store, tx, payment.KeyOf(e.vendor, p), p)
			if err := errors.Join(err, tx.Commit(t.Context())); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range 20 {
		wait(t, e, fmt.Sprint("r", i), rivertype.JobStateCompleted)
		if n := e.vendor.recorded(fmt.Sprint("r", i)); n != 1 {
			t.Errorf("r%d: %d in the ledger", i, n)
		}
	}
}

func TestQueueNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, a := range []payment.Account{
		account, {Vendor: "test", Tenant: "Shop_1 A", Host: "test.example"}, {Vendor: "test", Tenant: "shop 1.a", Host: "other.example"},
		{Vendor: "x", Tenant: strings.Repeat("ä", 100), Host: "h"}, {Vendor: "x", Tenant: strings.Repeat("long_", 40), Host: "h"},
	} {
		name := outboxriver.Queue(a)
		if seen[name] || len(name) > 64 || strings.ContainsFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' }) {
			t.Errorf("%v: %q", a, name)
		}
		seen[name] = true
	}
}

func TestNewWorkerRefuses(t *testing.T) {
	t.Parallel()
	recorder := func(context.Context, payment.Account) (payment.Recorder, error) { return nil, nil }
	for _, c := range []outboxriver.Config{{}, {Store: &outbox.Store{}}, {Store: &outbox.Store{}, Recorder: recorder, Timeout: -1}} {
		if _, err := outboxriver.NewWorker[*sql.Tx](c); !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
