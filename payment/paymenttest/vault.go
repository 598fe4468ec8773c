package paymenttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// vault is a Store that outlives the programs of a test, and therefore counts
// as durable. It can fail, and it can lose what it has taken.
type vault struct {
	mu       sync.Mutex
	entries  map[payment.Key]payment.Entry
	epoch    int                 // how often it was restored
	of       map[payment.Key]int // the epoch in which an entry was saved last
	tokens   int
	saves    int
	failures map[int]failure // by number of the Save, from 1
	pending  []payment.Entry // saves that the next Claim will see
}

// failure says what a Save that fails does.
type failure string

const (
	failsBefore failure = "before its effect"
	failsAfter  failure = "after its effect"
	failsTorn   failure = "with an effect that the next claim sees"
)

var errVault = errors.New("the store has failed")

// NewStore returns a Store for tests that counts as durable: what it has taken
// outlives the clients and Recorders of a test, though not its process.
func NewStore() payment.Store { return newVault() }

func newVault() *vault {
	return &vault{entries: map[payment.Key]payment.Entry{}, of: map[payment.Key]int{}, failures: map[int]failure{}}
}

// Claim implements [payment.Store].
func (v *vault) Claim(ctx context.Context, k payment.Key, payload []byte, lease time.Duration) (payment.Entry, error) {
	if err := errors.Join(k.Validate(), ctx.Err(), unless(lease > 0, "no lease")); err != nil {
		return payment.Entry{}, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, e := range v.pending {
		v.put(e)
	}
	v.pending = nil
	e, ok := v.entries[k]
	now := time.Now()
	switch {
	case !ok && payload == nil:
		return payment.Entry{}, fmt.Errorf("entry of %v: %w", k, payment.ErrNotFound)
	case !ok:
		e = payment.Entry{Key: k, Payload: bytes.Clone(payload), Progress: payment.Progress{Status: payment.Open}}
		e.Certain = v.epoch == 0
	case now.Before(e.Until):
		return payment.Entry{}, &payment.HeldError{Key: k, Until: e.Until}
	default:
		e.Certain = e.Certain && v.of[k] == v.epoch
	}
	e.Token, e.Until = v.token(), now.Add(lease)
	v.entries[k] = e
	return clone(e), nil
}

// Save implements [payment.Store].
func (v *vault) Save(ctx context.Context, e payment.Entry, lease time.Duration) (payment.Entry, error) {
	if err := errors.Join(e.Validate(), ctx.Err(), unless(lease >= 0, "a negative lease")); err != nil {
		return payment.Entry{}, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.saves++
	old, ok := v.entries[e.Key]
	if !ok || old.Token != e.Token {
		return payment.Entry{}, &payment.HeldError{Key: e.Key}
	}
	next := clone(e)
	next.Token, next.Revision, next.Until = v.token(), old.Revision+1, time.Now().Add(lease)
	switch v.failures[v.saves] {
	case failsBefore:
		return payment.Entry{}, errVault
	case failsTorn:
		v.pending = append(v.pending, next)
		return payment.Entry{}, errVault
	case failsAfter:
		v.put(next)
		return payment.Entry{}, errVault
	}
	v.put(next)
	return clone(next), nil
}

func (v *vault) put(e payment.Entry) { v.entries[e.Key], v.of[e.Key] = e, v.epoch }

func (v *vault) token() string {
	v.tokens++
	return strconv.Itoa(v.tokens)
}

// clone returns an entry that shares no memory with e.
func clone(e payment.Entry) payment.Entry {
	e.Payload, e.Checkpoint = bytes.Clone(e.Payload), bytes.Clone(e.Checkpoint)
	e.Receipts, e.Fields = slices.Clone(e.Receipts), slices.Clone(e.Fields)
	return e
}

// backup returns a function that restores what the vault holds now, as from a
// backup: what was saved since is lost, and the epoch has changed.
func (v *vault) backup() (restore func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	entries, of := maps.Clone(v.entries), maps.Clone(v.of)
	return func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.entries, v.of, v.pending = entries, of, nil
		v.epoch++
	}
}

// failAt lets the nth Save from now fail.
func (v *vault) failAt(n int, f failure) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.failures[v.saves+n] = f
}

// count returns how many times Save was called.
func (v *vault) count() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.saves
}

// expire ends all claims, as if their leases had passed.
func (v *vault) expire() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for k, e := range v.entries {
		e.Until = time.Time{}
		v.entries[k] = e
	}
	for i := range v.pending {
		v.pending[i].Until = time.Time{}
	}
}

// edit changes an entry as somebody does who writes to the database by hand.
func (v *vault) edit(reference string, change func(*payment.Entry)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for k, e := range v.entries {
		if p, err := e.Payment(); err == nil && p.Reference == reference {
			change(&e)
			v.entries[k] = e
		}
	}
}

// entry returns what the vault holds under a reference.
func (v *vault) entry(reference string) (payment.Entry, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for k, e := range v.entries {
		if p, err := e.Payment(); k.Reference == reference || err == nil && p.Reference == reference {
			return clone(e), true
		}
	}
	return payment.Entry{}, false
}
