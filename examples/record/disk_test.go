package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/examples/internal/store"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/outbox"
)

// full is a store on a disk that is full for a moment.
type full struct {
	payment.Store
	mu    sync.Mutex
	saves int
	from  int
}

func (f *full) Save(ctx context.Context, e payment.Entry, lease time.Duration) (payment.Entry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.saves++; f.saves >= f.from && f.saves < f.from+3 {
		return e, errors.New("no space left on device")
	}
	return f.Store.Save(ctx, e, lease)
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	for from := range 9 {
		server, env := account(t)
		kept := &full{Store: payment.NewMemoryStore(), from: from + 1}
		for range 3 {
			_, _ = recordIn(t, kept, env, many(4), "-workers", "1", "-lease", "50ms")
		}
		if tally, err := recordIn(t, kept, env, many(4), "-workers", "1", "-lease", "50ms"); err != nil || tally[already] != 4 || len(server.Payments()) != 4 {
			t.Errorf("save %d fails: %v, %v, %d payments", from+1, tally, err, len(server.Payments()))
		}
	}
}

// A store whose file cannot grow stops the run and says so. With room again, the
// next run records the rest, and nothing twice.
func TestFullDatabase(t *testing.T) {
	t.Parallel()
	server, env := account(t)
	path := filepath.Join(t.TempDir(), "store.db")
	full := 0
	for pages := 9; ; pages += 3 {
		kept := storeOfPages(t, path, pages)
		tally, err := recordIn(t, kept, env, many(40), "-workers", "1")
		if err == nil {
			break
		}
		if !strings.Contains(err.Error(), "database or disk is full") || !strings.Contains(err.Error(), "stopped after ") || tally[recorded]+tally[already] == 40 {
			t.Fatalf("%d pages: %v, %v", pages, tally, err)
		}
		full++
	}
	if n := len(server.Payments()); n != 40 || server.Count(brightpearltest.OpCreateCustomerPayment) != 40 || full < 2 {
		t.Errorf("%d payments, %d writes, %d times full", n, server.Count(brightpearltest.OpCreateCustomerPayment), full)
	}
}

// storeOfPages opens a store whose file has at most as many pages of 4 KiB.
func storeOfPages(t *testing.T, path string, pages int) payment.Store {
	t.Helper()
	db, err := sql.Open("sqlite", fmt.Sprintf("file:%s?_pragma=max_page_count(%d)", path, pages))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	kept, err := outbox.Open(t.Context(), db, outbox.SQLite, outbox.AllowLoopback())
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

// recordIn records a document with a store of the test's own.
func recordIn(t testing.TB, kept payment.Store, env map[string]string, document string, more ...string) (map[state]int, error) {
	t.Helper()
	set, err := parse(real(t, document, more...), nothing{})
	if err != nil {
		t.Fatal(err)
	}
	till, err := openTill(set)
	if err != nil {
		t.Fatal(err)
	}
	defer till.close()
	to, err := openDestination(set, func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	defer to.close()
	opened := &store.Store{Store: kept}
	j := &job{
		till: till, to: to, look: opened.Look, once: onceOptions(set, to, opened, newProgress(nothing{}, "")), lease: set.lease, onDone: func() {},
	}
	out := newReport(nothing{}, nothing{}, false)
	err = j.document(t.Context(), set.workers, out)
	return out.tally, errors.Join(err, out.summary(false))
}

type nothing struct{}

func (nothing) Write(b []byte) (int, error) { return len(b), nil }
