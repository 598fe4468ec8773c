//go:build unix

package paymenttest_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// fileStore is the smallest durable Store: a file for each entry, and a lock for
// all of them.
type fileStore struct {
	dir   string
	flaws flaws
}

// flaws are what can be wrong with it.
type flaws struct {
	noLock, noToken, keepsClaim, inPlace, foldsKeys bool
}

// kept is what a file holds.
type kept struct {
	Key      payment.Key
	Payload  []byte
	Progress payment.Progress
	Revision int64
	Token    string
	Until    time.Time
	Epoch    int
	Certain  bool
}

func (s *fileStore) Claim(ctx context.Context, k payment.Key, payload []byte, lease time.Duration) (payment.Entry, error) {
	if err := errors.Join(k.Validate(), ctx.Err()); err != nil {
		return payment.Entry{}, err
	}
	if lease <= 0 {
		return payment.Entry{}, &payment.FieldError{Field: "lease", Reason: "is not positive"}
	}
	defer s.lock()()
	e, err := s.read(k)
	epoch, now := s.epoch(), time.Now()
	e.Certain = e.Certain && e.Epoch == epoch
	switch {
	case err != nil && payload == nil:
		return payment.Entry{}, fmt.Errorf("%v: %w", k, payment.ErrNotFound)
	case err != nil:
		e = kept{Key: k, Payload: bytes.Clone(payload), Progress: payment.Progress{Status: payment.Open}, Epoch: epoch, Certain: epoch == 0}
	case now.Before(e.Until):
		return payment.Entry{}, &payment.HeldError{Key: k, Until: e.Until}
	}
	e.Token, e.Until = s.token(e), now.Add(lease)
	if err := s.write(e); err != nil {
		return payment.Entry{}, err
	}
	return e.entry(), nil
}

func (s *fileStore) Save(ctx context.Context, e payment.Entry, lease time.Duration) (payment.Entry, error) {
	if err := errors.Join(e.Validate(), ctx.Err()); err != nil {
		return payment.Entry{}, err
	}
	if lease < 0 {
		return payment.Entry{}, &payment.FieldError{Field: "lease", Reason: "is negative"}
	}
	defer s.lock()()
	old, err := s.read(e.Key)
	if err != nil || old.Token != e.Token && !s.flaws.noToken {
		return payment.Entry{}, &payment.HeldError{Key: e.Key}
	}
	next := kept{e.Key, e.Payload, e.Progress, old.Revision + 1, s.token(old), time.Now().Add(lease), s.epoch(), e.Certain}
	if s.flaws.keepsClaim {
		next.Until = old.Until
	}
	return next.entry(), s.write(next)
}

func (k kept) entry() payment.Entry {
	return payment.Entry{Key: k.Key, Payload: k.Payload, Progress: k.Progress, Revision: k.Revision, Token: k.Token, Until: k.Until, Certain: k.Certain}
}

func (s *fileStore) token(k kept) string {
	n, _ := strconv.Atoi(k.Token)
	return strconv.Itoa(n + 1)
}

// lock keeps everybody else out, and ends with the process.
func (s *fileStore) lock() (unlock func()) {
	if s.flaws.noLock {
		return func() {}
	}
	f, err := os.OpenFile(filepath.Join(s.dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		panic(err)
	}
	for syscall.Flock(int(f.Fd()), syscall.LOCK_EX) != nil {
	}
	return func() { _ = f.Close() }
}

func (s *fileStore) path(k payment.Key) string {
	text := fmt.Sprintf("%q", []string{k.Account.Vendor, k.Account.Tenant, k.Account.Host, k.Op, k.Reference})
	if s.flaws.foldsKeys {
		text = fmt.Sprint(k.Account.Vendor, "/", k.Account.Tenant, "/", k.Account.Host, k.Op, k.Reference)
	}
	return filepath.Join(s.dir, fmt.Sprintf("%x", sha256.Sum256([]byte(text))))
}

func (s *fileStore) read(k payment.Key) (e kept, err error) {
	text, err := os.ReadFile(s.path(k))
	if err == nil {
		err = json.Unmarshal(text, &e)
	}
	return e, err
}

// write replaces the file as a whole.
func (s *fileStore) write(e kept) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if s.flaws.inPlace {
		return os.WriteFile(s.path(e.Key), text, 0o600)
	}
	part := s.path(e.Key) + ".part"
	if err := os.WriteFile(part, text, 0o600); err != nil {
		return err
	}
	return os.Rename(part, s.path(e.Key))
}

func (s *fileStore) epoch() int {
	text, _ := os.ReadFile(filepath.Join(s.dir, "epoch"))
	return len(text)
}

// restore adds a byte to the file of the epoch.
func restore(place string) error {
	f, err := os.OpenFile(filepath.Join(place, "epoch"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString("x")
	return errors.Join(err, f.Close())
}

// brokenStores are stores with a flaw, the part of the suite that notices, and
// what it says.
var brokenStores = map[string]struct {
	flaws
	part, says string
}{
	"no lock":             {flaws{noLock: true}, "goroutines,_one_key", "storerace.go"},
	"tokens do not count": {flaws{noToken: true}, "old_token", "want a HeldError"},
	"a save frees nobody": {flaws{keepsClaim: true}, "claim", "held by another call"},
	"keys run together":   {flaws{foldsKeys: true}, "keys", "shares the entry"},
}

// TestFileStore runs the suite against a good Store; in a process that
// TestRunStoreNotices starts, against a broken one.
func TestFileStore(t *testing.T) {
	t.Parallel()
	how := brokenStores[os.Getenv(brokenEnv)]
	paymenttest.RunStore(t, paymenttest.StoreHarness{
		Open:    func(place string) (payment.Store, error) { return &fileStore{place, how.flaws}, nil },
		Restore: restore,
	})
}

func TestRunStoreNotices(t *testing.T) {
	t.Parallel()
	for name, how := range brokenStores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			notices(t, name, "^TestFileStore$/^"+how.part+"$", how.says)
		})
	}
}
