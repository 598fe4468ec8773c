package outboxriver_test

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	"github.com/tenderkit/tenderkit/payment/outbox/outboxtest"
	outboxriver "github.com/tenderkit/tenderkit/payment/outbox/river"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

var (
	stormPayments  = flag.Int("storm.payments", 1000, "payments of TestStorm")
	stormProcesses = flag.Int("storm.processes", 4, "worker processes of TestStorm")
	stormQuiet     = flag.Bool("storm.quiet", false, "no faults, kills or restarts: the rate alone")
)

const lease = 3 * time.Second

// TestMain runs a worker process of TestStorm in place of the tests.
func TestMain(m *testing.M) {
	if os.Getenv("TENDERKIT_STORM_DATABASE") != "" {
		if err := work(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func open(ctx context.Context, url string) (*outbox.Store, *pgxpool.Pool, error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxIdleConns(16)
	store, err := outbox.Open(ctx, db, outbox.Postgres, outbox.AllowLoopback())
	if err != nil {
		return nil, nil, err
	}
	pool, err := pgxpool.New(ctx, url)
	return store, pool, err
}

func recorder(url, account string) (payment.Recorder, error) {
	client, err := brightpearl.New(brightpearl.Config{
		Account: account, BaseURL: url, Auth: brightpearl.StaffToken(account+"_storm-app", "storm-token"),
	}, tenderkit.WithTimeout(2*time.Second), tenderkit.WithBackoff(0, 10*time.Millisecond))
	if err != nil {
		return nil, err
	}
	return client.Recorder(brightpearl.RecorderOptions{PaymentMethodCode: "CARD"}), nil
}

// work is a worker process: it runs until it is told to stop, or killed.
func work() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	store, pool, err := open(ctx, os.Getenv("TENDERKIT_STORM_DATABASE"))
	if err != nil {
		return err
	}
	r, err := recorder(os.Getenv("TENDERKIT_STORM_VENDOR"), os.Getenv("TENDERKIT_STORM_ACCOUNT"))
	if err != nil {
		return err
	}
	worker, err := outboxriver.NewWorker[pgx.Tx](outboxriver.Config{
		Store: store, Recorder: func(context.Context, payment.Account) (payment.Recorder, error) { return r, nil },
		Options: []payment.OnceOption{payment.WithPatience(3, 20*time.Millisecond), payment.WithLease(lease)},
		Timeout: 2 * lease, Briefly: 200 * time.Millisecond, Longest: 2 * time.Second, GiveUp: time.Hour,
	})
	if err != nil {
		return err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, worker)
	(&outboxriver.Sweeper[pgx.Tx]{Store: store, Idle: 2 * lease}).AddTo(workers)
	queues := outboxriver.Queues(16, r.Account())
	queues[river.QueueDefault] = river.QueueConfig{MaxWorkers: 1}
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Queues: queues, Workers: workers, PeriodicJobs: outboxriver.Periodic(3*time.Second, time.Hour),
		FetchCooldown: 10 * time.Millisecond, FetchPollInterval: 100 * time.Millisecond, RescueStuckJobsAfter: 3 * lease, JobTimeout: 2 * lease,
	})
	if err != nil {
		return err
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	<-ctx.Done()
	end, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return client.Stop(end)
}

// storm is the source of the payments, and everything that goes wrong.
type storm struct {
	*testing.T
	server   *outboxtest.Postgres
	vendor   *brightpearltest.Server
	r        payment.Recorder
	account  string
	store    *outbox.Store
	client   *river.Client[pgx.Tx]
	pool     *pgxpool.Pool
	payments []payment.Payment

	mu       sync.Mutex
	children []*exec.Cmd
	ending   bool
}

// TestStorm hands payments to River workers in several processes while a fifth
// of the exchanges with the vendor fail, processes are killed and stopped beyond
// their leases, Postgres is stopped hard, and once restored from a backup. Every
// payment is in the vendor's ledger once.
func TestStorm(t *testing.T) {
	s := newStorm(t)
	start := time.Now()
	s.enqueue(s.payments[:len(s.payments)/2])
	s.processes(*stormProcesses)
	if *stormQuiet {
		s.enqueue(s.payments[len(s.payments)/2:])
	} else {
		s.disturb()
	}
	s.settle()
	s.end()
	t.Logf("%d payments, %d processes: %.0f a second", len(s.payments), *stormProcesses, float64(len(s.payments))/time.Since(start).Seconds())
	s.check()
	s.figures()
}

func newStorm(t *testing.T) *storm {
	t.Helper()
	s := &storm{T: t, server: outboxtest.Start(t), account: "storm"}
	s.vendor = brightpearltest.New(
		brightpearltest.WithAccount(s.account), brightpearltest.WithStaffToken(s.account+"_storm-app", "storm-token"),
		brightpearltest.WithThrottle(1<<30, 200*time.Millisecond), brightpearltest.WithFacts(brightpearltest.Facts{IndexLag: 5 * time.Millisecond}))
	t.Cleanup(s.vendor.Close)
	s.vendor.AddPaymentMethod(brightpearltest.PaymentMethod{Name: "Card", Code: "CARD"})
	var err error
	if s.store, s.pool, err = open(t.Context(), s.server.URL()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.pool.Close)
	if s.r, err = recorder(s.vendor.URL, s.account); err != nil {
		t.Fatal(err)
	}
	driver := riverpgxv5.New(s.pool)
	migrator, err := rivermigrate.New(driver, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := migrator.Migrate(t.Context(), rivermigrate.DirectionUp, nil); err != nil {
		t.Fatal(err)
	}
	if s.client, err = river.NewClient(driver, &river.Config{}); err != nil {
		t.Fatal(err)
	}
	for i := range *stormPayments {
		s.payments = append(s.payments, payment.Payment{
			Reference: payment.NewReference("storm", fmt.Sprint(i)), Kind: payment.Sale, Amount: payment.MustParseMoney("10.40", "GBP"),
			Date: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC), Target: fmt.Sprint(1 + i/5),
		})
	}
	return s
}

// enqueue hands payments over, as their source does, until the database has
// taken them. Those that it has already stay as they are.
func (s *storm) enqueue(payments []payment.Payment) {
	s.Helper()
	for len(payments) > 0 {
		n := min(len(payments), 250)
		err := s.put(payments[:n])
		for deadline := time.Now().Add(time.Minute); err != nil && time.Now().Before(deadline); err = s.put(payments[:n]) {
			time.Sleep(100 * time.Millisecond) // Postgres is away
		}
		if err != nil {
			s.Fatal(err)
		}
		payments = payments[n:]
	}
}

func (s *storm) put(payments []payment.Payment) error {
	ctx := s.Context()
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	jobs := make([]river.InsertManyParams, len(payments))
	for i, p := range payments {
		k := payment.KeyOf(s.r, p)
		if err := outbox.PutPgx(ctx, s.store, tx, k, p); err != nil {
			var conflict *payment.ConflictError
			if !errors.As(err, &conflict) {
				return err
			}
			return fmt.Errorf("the prepared payment differs from the one of its source: %w", err)
		}
		jobs[i] = river.InsertManyParams{Args: outboxriver.NewJob(k), InsertOpts: outboxriver.InsertOpts(k)}
	}
	if _, err := s.client.InsertManyTx(ctx, tx, jobs); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// processes starts the workers, each again when it has ended.
func (s *storm) processes(n int) {
	s.Cleanup(s.end)
	for range n {
		s.spawn()
	}
}

func (s *storm) spawn() {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "TENDERKIT_STORM_DATABASE="+s.server.URL(), "TENDERKIT_STORM_VENDOR="+s.vendor.URL, "TENDERKIT_STORM_ACCOUNT="+s.account)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending {
		return
	}
	if err := cmd.Start(); err != nil {
		s.Error(err)
		return
	}
	s.children = append(s.children, cmd)
	go func() {
		_ = cmd.Wait()
		s.mu.Lock()
		for i, c := range s.children {
			if c == cmd {
				s.children = append(s.children[:i:i], s.children[i+1:]...)
				break
			}
		}
		s.mu.Unlock()
		time.Sleep(100 * time.Millisecond)
		s.spawn()
	}()
}

// signal sends a signal to one of the workers.
func (s *storm) signal(sig os.Signal) *os.Process {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.children) == 0 {
		return nil
	}
	p := s.children[rand.IntN(len(s.children))].Process
	_ = p.Signal(sig)
	return p
}

// disturb lets everything go wrong while the second half is handed over, and
// until nine tenths of all payments stand in the ledger: a fifth of the exchanges
// fail, at each step a worker is killed, or stopped beyond its lease, Postgres is
// stopped hard three times, and once restored from a backup that has become old
// meanwhile.
func (s *storm) disturb() {
	start := time.Now()
	s.vendor.Faults().Random(rand.Uint64(), 0.2, paymenttest.Faults()...)
	s.enqueue(s.payments[len(s.payments)/2:])
	at := map[int]func(){
		20: s.restart, 40: func() { s.server.Backup(s) }, 50: s.restart, 60: s.restart,
		70: func() { s.server.Restore(s); s.enqueue(s.payments) }, // the source hands over again what the backup has forgotten
	}
	step := max(1, min(5, 10_000/len(s.payments))) // in percent
	for percent := step; percent < 90; percent += step {
		s.await(percent)
		if do := at[percent]; do != nil {
			s.Logf("%d %% after %v", percent, time.Since(start).Round(time.Second))
			do()
		}
		s.torment()
	}
	s.await(90)
	s.vendor.Faults().Clear()
}

// await waits until a part of the payments stands in the ledger.
func (s *storm) await(percent int) {
	s.Helper()
	want := len(s.payments) * percent / 100
	pause := 20*time.Millisecond + time.Duration(want)*20*time.Microsecond
	for deadline := time.Now().Add(20 * time.Minute); ; time.Sleep(pause) {
		n := len(s.vendor.Payments())
		if n >= want {
			return
		}
		if time.Now().After(deadline) {
			s.Fatalf("%d payments are in the ledger, want %d", n, want)
		}
	}
}

// restart stops Postgres as a power cut would.
func (s *storm) restart() {
	s.server.Kill(s)
	time.Sleep(200 * time.Millisecond)
	s.server.Restart(s)
}

// torment kills a worker, or stops one beyond its lease.
func (s *storm) torment() {
	if rand.IntN(3) > 0 {
		s.signal(syscall.SIGKILL)
	} else if p := s.signal(syscall.SIGSTOP); p != nil {
		time.AfterFunc(lease+time.Second, func() { _ = p.Signal(syscall.SIGCONT) })
	}
}

// settle waits until every payment is recorded, or a person's.
func (s *storm) settle() {
	s.Helper()
	deadline := time.Now().Add(10 * time.Minute)
	for open := -1; open != 0; {
		var recorded int
		err := s.pool.QueryRow(s.Context(), `SELECT count(*) FILTER (WHERE status NOT IN ('recorded', 'unknown', 'conflict', 'recorded twice')),
			count(*) FILTER (WHERE status = 'recorded') FROM tenderkit_entries`).Scan(&open, &recorded)
		if err != nil {
			open = -1
		}
		if time.Now().After(deadline) {
			s.Fatalf("%d payments are still open, %d are recorded, %v", open, recorded, err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (s *storm) end() {
	s.mu.Lock()
	s.ending = true
	children := append([]*exec.Cmd(nil), s.children...)
	s.mu.Unlock()
	for _, c := range children {
		_ = c.Process.Signal(syscall.SIGCONT)
		_ = c.Process.Signal(syscall.SIGTERM)
		time.AfterFunc(20*time.Second, func() { _ = c.Process.Kill() })
	}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		s.mu.Lock()
		n := len(s.children)
		s.mu.Unlock()
		if n == 0 {
			return
		}
	}
}

// check compares the outbox with the vendor's ledger.
func (s *storm) check() {
	s.Helper()
	ledger := map[string]int{}
	for _, p := range s.vendor.Payments() {
		ledger[p.TransactionRef]++
	}
	statuses := map[payment.Status]int{}
	for l, err := range s.store.Entries(s.Context(), outbox.Filter{}) {
		if err != nil {
			s.Fatal(err)
		}
		statuses[l.Status]++
		if n := ledger[l.Key.Reference]; n > 1 || l.Status == payment.Recorded && n != 1 {
			s.Errorf("%s stands %d times in the ledger and is %s", l.Key.Reference, n, l.Status)
		}
		if l.Status != payment.Recorded {
			s.Errorf("%v: %s", l.Entry, l.Reason)
		}
	}
	if len(ledger) != len(s.payments) || statuses[payment.Recorded] != len(s.payments) {
		s.Errorf("%d payments, %d in the ledger, entries %v", len(s.payments), len(ledger), statuses)
	}
	s.Logf("%d requests at the vendor, %d faults struck", s.vendor.Faults().Requests(), len(s.vendor.Faults().Struck()))
}

// figures tells what the database did since it was last stopped hard, and how
// large the tables are, before and after recorded payments were archived.
func (s *storm) figures() {
	s.Helper()
	n := float64(len(s.payments))
	var active float64                  // milliseconds
	time.Sleep(1100 * time.Millisecond) // sessions report at most once a second
	if err := s.pool.QueryRow(s.Context(), `SELECT active_time FROM pg_stat_database WHERE datname = current_database()`).Scan(&active); err != nil {
		s.Fatal(err)
	}
	size := func() (entries, jobs float64) {
		const sizes = `SELECT pg_total_relation_size('tenderkit_entries'), pg_total_relation_size('river_job')`
		if err := s.pool.QueryRow(s.Context(), sizes).Scan(&entries, &jobs); err != nil {
			s.Fatal(err)
		}
		return entries / n, jobs / n
	}
	entries, jobs := size()
	if _, err := s.store.Archive(s.Context(), time.Now().Add(time.Hour)); err != nil {
		s.Fatal(err)
	}
	if _, err := s.pool.Exec(s.Context(), `VACUUM FULL tenderkit_entries`); err != nil {
		s.Fatal(err)
	}
	archived, _ := size()
	s.Logf("a payment: %.2f ms of the database's time, %.0f B of entries, %.0f B of jobs, %.0f B when archived", active/n, entries, jobs, archived)
}
