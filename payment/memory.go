package payment

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"
)

// NewMemoryStore returns a [Store] that lives as long as the process. It keeps
// every entry. It is for tests, and for programs that hand each payment over
// in one run only; see [WithStore] for what it cannot do.
func NewMemoryStore() Store { return &memoryStore{entries: make(map[Key]*Entry)} }

type memoryStore struct {
	mu      sync.Mutex
	entries map[Key]*Entry
	tokens  uint64
}

// Claim implements [Store].
func (s *memoryStore) Claim(ctx context.Context, k Key, payload []byte, lease time.Duration) (Entry, error) {
	if err := checkClaim(ctx, k, lease); err != nil {
		return Entry{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entries[k]
	now := time.Now()
	switch {
	case e == nil && payload == nil:
		return Entry{}, fmt.Errorf("entry of %v: %w", k, ErrNotFound)
	case e == nil:
		e = &Entry{Key: k, Payload: bytes.Clone(payload), Progress: Progress{Status: Open}}
		s.entries[k] = e
	case now.Before(e.Until):
		return Entry{}, &HeldError{Key: k, Until: e.Until}
	}
	e.Token, e.Until = s.token(), now.Add(lease)
	return e.clone(), nil
}

// Save implements [Store].
func (s *memoryStore) Save(ctx context.Context, e Entry, lease time.Duration) (Entry, error) {
	if err := checkSave(ctx, e, lease); err != nil {
		return Entry{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.entries[e.Key]
	if old == nil || old.Token != e.Token {
		return Entry{}, &HeldError{Key: e.Key}
	}
	e.Token, e.Revision, e.Certain = s.token(), old.Revision+1, false
	e.Until = time.Now().Add(lease)
	*old = e.clone()
	return e, nil
}

func (s *memoryStore) token() string {
	s.tokens++
	return strconv.FormatUint(s.tokens, 10)
}

func (e Entry) clone() Entry {
	e.Payload, e.Checkpoint = bytes.Clone(e.Payload), bytes.Clone(e.Checkpoint)
	e.Receipts, e.Fields = slices.Clone(e.Receipts), slices.Clone(e.Fields)
	return e
}

// checkClaim refuses what no Store may take.
func checkClaim(ctx context.Context, k Key, lease time.Duration) error {
	if lease <= 0 {
		return &FieldError{Field: "lease", Reason: "is not positive"}
	}
	if err := k.Validate(); err != nil {
		return err
	}
	return ctx.Err()
}

func checkSave(ctx context.Context, e Entry, lease time.Duration) error {
	if lease < 0 {
		return &FieldError{Field: "lease", Reason: "is negative"}
	}
	if err := e.Validate(); err != nil {
		return err
	}
	return ctx.Err()
}
