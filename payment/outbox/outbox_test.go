package outbox_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
	"github.com/tenderkit/tenderkit/payment/outbox/outboxtest"
)

// database is one of the two, with a way to open it again.
type database struct {
	dialect outbox.Dialect
	open    func(t testing.TB) *sql.DB
	url     string
	server  *outboxtest.Postgres
}

func openSQL(t testing.TB, driver, source string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func sqlite(t testing.TB) database {
	file := filepath.Join(t.TempDir(), "outbox.db")
	return database{dialect: outbox.SQLite, url: file, open: func(t testing.TB) *sql.DB { return openSQL(t, "sqlite", "file:"+file) }}
}

func postgres(t testing.TB) database {
	server := outboxtest.Start(t)
	return database{
		dialect: outbox.Postgres, url: server.URL(), server: server,
		open: func(t testing.TB) *sql.DB { return openSQL(t, "pgx", server.URL()) },
	}
}

func (d database) store(t testing.TB, opts ...outbox.Option) *outbox.Store {
	t.Helper()
	s, err := outbox.Open(t.Context(), d.open(t), d.dialect, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// each runs a test on both databases.
func each(t *testing.T, test func(t *testing.T, d database)) {
	t.Parallel()
	for name, start := range map[string]func(testing.TB) database{"SQLite": sqlite, "Postgres": postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, start(t))
		})
	}
}

var account = payment.Account{Vendor: "test", Tenant: "t", Host: "test.example"}

func key(reference string) payment.Key {
	return payment.Key{Account: account, Op: "payment", Reference: reference}
}

func sale(t testing.TB, reference string) payment.Payment {
	t.Helper()
	m, err := payment.ParseMoney("10.40", "GBP")
	if err != nil {
		t.Fatal(err)
	}
	return payment.Payment{Reference: reference, Kind: payment.Sale, Amount: m, Date: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC), Target: "S3NTINEL"}
}

func TestClaimAndSave(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		s := d.store(t)
		e, err := s.Claim(t.Context(), key("r"), []byte(`{}`), time.Minute)
		if err != nil || e.Status != payment.Open || !e.Certain || e.Token == "" {
			t.Fatalf("%+v, %v", e.Progress, err)
		}
		var held *payment.HeldError
		if _, err := s.Claim(t.Context(), key("r"), []byte(`{}`), time.Minute); !errors.As(err, &held) || time.Until(held.Until) > time.Minute || time.Until(held.Until) < 30*time.Second {
			t.Errorf("claimed twice: %v", err)
		}
		stale := e
		e.Status, e.Writes, e.Checkpoint, e.Reason = payment.Begun, 1, []byte("\x00step"), "x"
		e.Receipts = []payment.Receipt{{ID: "7"}}
		if e, err = s.Save(t.Context(), e, 0); err != nil || e.Revision != 1 {
			t.Fatalf("%+v, %v", e, err)
		}
		if _, err := s.Save(t.Context(), stale, 0); !errors.As(err, &held) {
			t.Errorf("saved with an old token: %v", err)
		}
		again := d.store(t)
		e, err = again.Claim(t.Context(), key("r"), nil, time.Minute)
		if err != nil || e.Status != payment.Begun || string(e.Checkpoint) != "\x00step" || e.Receipts[0].ID != "7" || e.Revision != 1 {
			t.Errorf("reopened: %+v, %v", e.Progress, err)
		}
		if _, err := again.Claim(t.Context(), key("none"), nil, time.Minute); !errors.Is(err, payment.ErrNotFound) {
			t.Errorf("no entry: %v", err)
		}
	})
}

func TestLeasesEnd(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		s := d.store(t)
		if _, err := s.Claim(t.Context(), key("r"), []byte(`{}`), 50*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			_, err := s.Claim(t.Context(), key("r"), nil, time.Minute)
			if err == nil {
				return
			}
			if time.Now().After(deadline) {
				t.Fatal(err)
			}
		}
	})
}

// Of many claims at once, in two handles, each key goes to one.
func TestClaimsExclude(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		stores := []*outbox.Store{d.store(t), d.store(t)}
		const keys, callers = 20, 64
		var mu sync.Mutex
		won := map[string]int{}
		var wg sync.WaitGroup
		for i := range callers {
			wg.Go(func() {
				for n := range keys {
					reference := fmt.Sprint("r", (n+i)%keys)
					_, err := stores[i%2].Claim(t.Context(), key(reference), []byte(`{}`), time.Minute)
					var held *payment.HeldError
					if err != nil && !errors.As(err, &held) {
						t.Error(err)
					}
					if err == nil {
						mu.Lock()
						won[reference]++
						mu.Unlock()
					}
				}
			})
		}
		wg.Wait()
		for reference, n := range won {
			if n != 1 {
				t.Errorf("%s was claimed %d times", reference, n)
			}
		}
		if len(won) != keys {
			t.Errorf("%d of %d keys were claimed", len(won), keys)
		}
	})
}

// Many programs may open the same new database at once.
func TestOpenTogether(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		var wg sync.WaitGroup
		for range 8 {
			db := d.open(t)
			wg.Go(func() {
				if _, err := outbox.Open(t.Context(), db, d.dialect); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	d := sqlite(t)
	s := d.store(t)
	loopback := key("r")
	loopback.Account.Host = "127.0.0.1:8080"
	for name, err := range map[string]error{
		"lease":    second(s.Claim(t.Context(), key("r"), nil, 0)),
		"key":      second(s.Claim(t.Context(), payment.Key{}, nil, time.Minute)),
		"loopback": second(s.Claim(t.Context(), loopback, []byte(`{}`), time.Minute)),
	} {
		if !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, host := range []string{"localhost", "LOCALHOST:1", "[::1]:80", "127.1.2.3"} {
		loopback.Account.Host = host
		if _, err := s.Claim(t.Context(), loopback, []byte(`{}`), time.Minute); !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("%s: %v", host, err)
		}
	}
	if _, err := d.store(t, outbox.AllowLoopback()).Claim(t.Context(), loopback, []byte(`{}`), time.Minute); err != nil {
		t.Error(err)
	}
	if _, err := s.Save(t.Context(), payment.Entry{Key: key("r"), Progress: payment.Progress{Status: "?"}}, 0); !errors.Is(err, payment.ErrProtocol) {
		t.Errorf("a broken entry: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Claim(ended, key("r"), nil, time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of the context: %v", err)
	}
	if _, err := outbox.Open(t.Context(), nil, outbox.SQLite); !errors.Is(err, payment.ErrInvalid) {
		t.Error("opened without a database")
	}
	if _, err := outbox.Open(t.Context(), d.open(t), 0); !errors.Is(err, payment.ErrInvalid) {
		t.Error("opened without a dialect")
	}
}

func second[T any](_ T, err error) error { return err }

// A row that nobody of ours has written, or a later version, is an error. It is
// held by nobody, and hides no other.
func TestBrokenTables(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		s, db := d.store(t), d.open(t)
		for _, reference := range []string{"r", "other"} {
			if _, err := s.Claim(t.Context(), key(reference), []byte(`{}`), time.Microsecond); err != nil {
				t.Fatal(err)
			}
		}
		for _, change := range []string{`progress = 'x'`, `progress = '{"Status":"recorded"}'`, `progress = '{}', status = ''`} {
			if _, err := db.ExecContext(t.Context(), `UPDATE tenderkit_entries SET `+change+` WHERE reference = 'r'`); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Millisecond)
			for _, payload := range [][]byte{nil, []byte(`{}`), nil} {
				var broken *payment.EntryError
				if _, err := s.Claim(t.Context(), key("r"), payload, time.Hour); !errors.As(err, &broken) || broken.Key != key("r") {
					t.Errorf("%s: %v", change, err)
				}
			}
			listed := map[string]bool{}
			for l, err := range s.Entries(t.Context(), outbox.Filter{}) {
				listed[l.Key.Reference] = errors.Is(err, payment.ErrProtocol) && !l.Changed.IsZero()
			}
			if want := map[string]bool{"r": true, "other": false}; !maps.Equal(listed, want) {
				t.Errorf("%s: broken are %v, want %v", change, listed, want)
			}
		}
		if _, err := db.ExecContext(t.Context(), `UPDATE tenderkit_meta SET version = 99`); err != nil {
			t.Fatal(err)
		}
		if _, err := outbox.Open(t.Context(), db, d.dialect); err == nil {
			t.Error("tables of a later version were opened")
		}
	})
}

func TestEpochs(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		s := d.store(t)
		certain := func(reference string) bool {
			e, err := s.Claim(t.Context(), key(reference), []byte(`{}`), time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Save(t.Context(), e, 0); err != nil {
				t.Fatal(err)
			}
			return e.Certain
		}
		for range 2 {
			if !certain("before") {
				t.Error("a new store is not certain")
			}
		}
		if err := s.Restored(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, reference := range []string{"before", "after", "after"} {
			if certain(reference) {
				t.Errorf("%s: a restored store is certain", reference)
			}
		}
		if err := s.AcceptEpoch(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !certain("accepted") || certain("before") || certain("after") {
			t.Error("after AcceptEpoch only what comes is certain")
		}
	})
}

// A Postgres that was restored from a backup has another timeline, and one that
// was stopped hard has lost nothing.
func TestPostgresEpochs(t *testing.T) {
	t.Parallel()
	d := postgres(t)
	s := d.store(t)
	claim := func(reference string) payment.Entry {
		t.Helper()
		var e payment.Entry
		var err error
		for range 50 { // the first connections are those of the old server
			if e, err = s.Claim(t.Context(), key(reference), []byte(`{}`), time.Microsecond); err == nil {
				return e
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Fatal(err)
		return e
	}
	claim("before")
	d.server.Kill(t)
	d.server.Restart(t)
	if !claim("before").Certain || !claim("killed").Certain {
		t.Error("a server that was stopped hard is not certain")
	}
	d.server.Backup(t)
	claim("lost")
	d.server.Restore(t)
	if claim("before").Certain || claim("lost").Certain || claim("new").Certain {
		t.Error("a restored backup is certain")
	}
}

// TestOneStoredForm: Put and Once write a payment alike, whatever
// its texts hold: what was put is not taken for another payment, or stored again.
func TestOneStoredForm(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		s, db := d.store(t), d.open(t)
		for i, method := range []string{"Bar & Café", "<card>", "a\u2028b", "\"quoted\""} {
			p := sale(t, fmt.Sprint("form-", i))
			p.Method = method
			if i%2 == 1 {
				p.Attributes = []payment.Attribute{{Name: method, Value: method}}
			}
			tx, err := db.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			k := payment.KeyOf(&instant{}, p)
			if err := errors.Join(s.Put(t.Context(), tx, k, p), tx.Commit()); err != nil {
				t.Fatal(err)
			}
			before, err := s.Entry(t.Context(), k)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := payment.Once(t.Context(), &instant{}, p, payment.WithStore(s), payment.WithFirstTry()); err != nil {
				t.Fatal(err)
			}
			if after, err := s.Entry(t.Context(), k); err != nil || string(after.Payload) != string(before.Payload) {
				t.Errorf("put as %s, stored by Once as %s, %v", before.Payload, after.Payload, err)
			}
		}
	})
}

func TestPut(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		s, db := d.store(t), d.open(t)
		put := func(p payment.Payment, commit bool) error {
			tx, err := db.BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tx.Rollback() }()
			if err := s.Put(t.Context(), tx, key(p.Reference), p); err != nil || !commit {
				return err
			}
			return tx.Commit()
		}
		p := sale(t, "r")
		for _, commit := range []bool{false, true, true} {
			if err := put(p, commit); err != nil {
				t.Fatal(err)
			}
			if n := count(t, s, outbox.Filter{}); commit != (n == 1) {
				t.Errorf("commit %v: %d entries", commit, n)
			}
		}
		p.Target = "corrected"
		if err := put(p, true); err != nil {
			t.Errorf("corrected: %v", err)
		}
		e, err := s.Claim(t.Context(), key("r"), nil, time.Minute)
		if stored, _ := e.Payment(); err != nil || stored.Target != "corrected" || !e.Certain {
			t.Fatalf("%v, %v", e, err)
		}
		e.Status, e.Writes = payment.Begun, 1
		if _, err := s.Save(t.Context(), e, 0); err != nil {
			t.Fatal(err)
		}
		p.Target = ""
		if err := put(p, true); err != nil {
			t.Errorf("with a field that was filled in later: %v", err)
		}
		p.Target = "too late"
		var conflict *payment.ConflictError
		if err := put(p, true); !errors.As(err, &conflict) || len(conflict.Fields) != 1 || conflict.Fields[0] != "Target" {
			t.Errorf("after the write began: %v", err)
		}
		p.Reference = ""
		if err := put(p, true); !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("no reference: %v", err)
		}
	})
}

func TestPutPgx(t *testing.T) {
	t.Parallel()
	d := postgres(t)
	s := d.store(t)
	c, err := pgx.Connect(t.Context(), d.url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(context.WithoutCancel(t.Context())) }()
	for range 2 {
		tx, err := c.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := outbox.PutPgx(t.Context(), s, tx, key("r"), sale(t, "r")); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(t, s, outbox.Filter{Statuses: []payment.Status{payment.Open}}); n != 1 {
		t.Errorf("%d entries", n)
	}
}

func count(t testing.TB, s *outbox.Store, f outbox.Filter) (n int) {
	t.Helper()
	for _, err := range s.Entries(t.Context(), f) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func TestEntries(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		s := d.store(t)
		const n = 1203
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				e, err := s.Claim(t.Context(), key(fmt.Sprintf("r%04d", i)), []byte(`{}`), time.Minute)
				if err == nil && i%3 == 0 {
					e.Status, e.Writes = payment.Begun, 2
				}
				if err == nil {
					_, err = s.Save(t.Context(), e, time.Duration(i%2)*time.Hour)
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, c := range []struct {
			f    outbox.Filter
			want int
		}{
			{outbox.Filter{}, n},
			{outbox.Filter{Statuses: []payment.Status{payment.Begun}}, n / 3},
			{outbox.Filter{Statuses: []payment.Status{payment.Begun, payment.Open}, Limit: 700}, 700},
			{outbox.Filter{MinWrites: 2, Free: true}, 201},
			{outbox.Filter{Reference: "r0007"}, 1},
			{outbox.Filter{Account: payment.Account{Vendor: "other"}}, 0},
			{outbox.Filter{Since: time.Now().Add(-time.Hour), Before: time.Now().Add(time.Hour), Op: "payment"}, n},
			{outbox.Filter{Before: time.Now().Add(-time.Hour)}, 0},
		} {
			if got := count(t, s, c.f); got != c.want {
				t.Errorf("%+v: %d entries, want %d", c.f, got, c.want)
			}
		}
	})
}

func TestRenameAccount(t *testing.T) {
	each(t, func(t *testing.T, d database) {
		s := d.store(t)
		e, err := s.Claim(t.Context(), key("r"), []byte(`{}`), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		to := account
		to.Host = "new.example"
		var held *payment.HeldError
		if _, err := s.RenameAccount(t.Context(), account, to); !errors.As(err, &held) {
			t.Errorf("while a call holds an entry: %v", err)
		}
		if _, err := s.Save(t.Context(), e, 0); err != nil {
			t.Fatal(err)
		}
		if n, err := s.RenameAccount(t.Context(), account, to); err != nil || n != 1 {
			t.Errorf("%d, %v", n, err)
		}
		if _, err := s.RenameAccount(t.Context(), account, to); !errors.Is(err, payment.ErrConflict) {
			t.Errorf("onto an account with entries: %v", err)
		}
		if n := count(t, s, outbox.Filter{Account: to}); n != 1 {
			t.Errorf("%d entries", n)
		}
		if _, err := s.RenameAccount(t.Context(), to, payment.Account{Vendor: "test"}); !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("half an account: %v", err)
		}
	})
}
