package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	outboxriver "github.com/tenderkit/tenderkit/payment/outbox/river"
)

// engine is River with the outbox on one database.
type engine struct {
	where  string
	db     *sql.DB
	store  *outbox.Store
	client *river.Client[*sql.Tx]
	close  func()
}

// openDatabase opens Postgres, or a SQLite file with one connection, which River
// asks for.
func openDatabase(set settings) (e *engine, driver riverdriver.Driver[*sql.Tx], dialect outbox.Dialect, err error) {
	e = &engine{where: "Postgres", close: func() {}}
	if strings.HasPrefix(set.database, "postgres") {
		if e.db, err = sql.Open("pgx", set.database); err != nil {
			return nil, nil, 0, err
		}
		e.db.SetMaxIdleConns(16) // a new connection costs Postgres more than a payment does
		return e, riverdatabasesql.New(e.db), outbox.Postgres, nil
	}
	path, remove := set.database, func() {}
	if path == "" {
		dir, err := os.MkdirTemp("", "tenderkit-worker-")
		if err != nil {
			return nil, nil, 0, err
		}
		path, remove = filepath.Join(dir, "outbox.db"), func() { _ = os.RemoveAll(dir) }
	}
	e.where, e.close = "SQLite", remove
	source := "file:" + path + "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(5000)&_txlock=immediate"
	if e.db, err = sql.Open("sqlite", source); err != nil {
		return nil, nil, 0, err
	}
	e.db.SetMaxOpenConns(1)
	return e, riversqlite.New(e.db), outbox.SQLite, nil
}

// startEngine opens the database, updates its tables and starts the workers.
func startEngine(ctx context.Context, set settings, a *account, t *telemetry, out io.Writer) (*engine, error) {
	e, driver, dialect, err := openDatabase(set)
	if err != nil {
		return nil, err
	}
	if err := e.start(ctx, set, a, t, driver, dialect, out); err != nil {
		e.close()
		return nil, errors.Join(err, e.db.Close())
	}
	remove := e.close
	e.close = func() {
		end, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		_ = e.client.Stop(end)
		_ = e.db.Close()
		remove()
	}
	return e, nil
}

func (e *engine) start(ctx context.Context, set settings, a *account, t *telemetry, driver riverdriver.Driver[*sql.Tx], dialect outbox.Dialect, out io.Writer) error {
	var opts []outbox.Option
	if a.emulated || set.loopback {
		opts = append(opts, outbox.AllowLoopback()) // the temporary file goes with the emulator
	}
	var err error
	if e.store, err = outbox.Open(ctx, e.db, dialect, opts...); err != nil {
		return err
	}
	if err := migrate(ctx, driver); err != nil {
		return err
	}
	worker, err := outboxriver.NewWorker[*sql.Tx](outboxriver.Config{Store: e.store, Recorder: a.find, Options: t.once(e.store)})
	if err != nil {
		return err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, worker)
	(&outboxriver.Sweeper[*sql.Tx]{Store: e.store}).AddTo(workers)
	periodic := outboxriver.Periodic(time.Minute, 6*time.Hour)
	if set.stay {
		r := a.reconciler(e.store, out)
		if err := r.AddTo(workers); err != nil {
			return err
		}
		periodic = append(periodic, r.Daily(afterMidnight))
	}
	queues := outboxriver.Queues(set.workers, a.recorder.Account())
	queues[river.QueueDefault] = river.QueueConfig{MaxWorkers: 1}
	e.client, err = river.NewClient(driver, &river.Config{
		Queues: queues, Workers: workers, PeriodicJobs: periodic, Logger: quiet,
		FetchCooldown: 20 * time.Millisecond, FetchPollInterval: 200 * time.Millisecond, RescueStuckJobsAfter: 20 * time.Minute,
		Middleware: t.river(),
	})
	if err != nil {
		return err
	}
	return e.client.Start(context.WithoutCancel(ctx))
}

// migrate updates River's tables. Two processes that do it at once disturb each
// other: the one that fails tries again, and finds it done.
func migrate(ctx context.Context, driver riverdriver.Driver[*sql.Tx]) error {
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return err
	}
	for range 10 {
		if _, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err == nil || ctx.Err() != nil {
			return err
		}
		time.Sleep(200 * time.Millisecond)
	}
	return err
}

// quiet is River's logger: what matters to a user is printed by watch.
var quiet = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))

// watch prints progress until the document is settled, or the program is stopped.
func (e *engine) watch(ctx context.Context, set settings, a *account, out io.Writer) error {
	last := ""
	for {
		states, err := e.states(ctx, a)
		if ctx.Err() != nil {
			fmt.Fprintln(out, "stopped; what is left stays in the outbox")
			return nil
		}
		if err != nil {
			return err
		}
		if line := describe(states); line != last {
			fmt.Fprintln(out, line)
			last = line
		}
		open := states[payment.Open] + states[payment.Begun]
		switch {
		case set.stay || open > 0:
		case len(states) == 0 || states[payment.Recorded] > 0 && len(states) == 1:
			return nil
		default:
			return errors.New("some payments are not recorded")
		}
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// states counts the account's entries.
func (e *engine) states(ctx context.Context, a *account) (map[payment.Status]int, error) {
	states := map[payment.Status]int{}
	for l, err := range e.store.Entries(ctx, outbox.Filter{Account: a.recorder.Account()}) {
		if err != nil {
			return nil, err
		}
		states[l.Status]++
	}
	return states, nil
}

func describe(states map[payment.Status]int) string {
	var parts []string
	for _, s := range []payment.Status{payment.Recorded, payment.Open, payment.Begun, payment.Unknown, payment.Refused, payment.Conflict, payment.Duplicate, payment.Closed} {
		if n := states[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	if parts == nil {
		return "the outbox is empty"
	}
	return strings.Join(parts, ", ")
}
