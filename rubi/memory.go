package rubi

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

const maxRemembered = 1024 // references of one recorder; the oldest goes first

// memory holds the checkouts that a recorder has made. The zero value is ready.
type memory struct {
	mu      sync.Mutex
	entries map[string]*remembered
	order   []string // the keys of entries, the oldest first
}

// remembered is the checkout under one reference. One goroutine at a time has it.
type remembered struct {
	turn     chan struct{}
	users    int // goroutines that have it or wait for it, counted under the memory's lock
	checkout Checkout
}

// take waits for the reference's turn: two at the same time would both see the
// items in the basket, and both submit them.
func (m *memory) take(ctx context.Context, reference string) (*remembered, error) {
	if ctx == nil {
		return nil, invalid("ctx", "is nil")
	}
	e := m.enter(reference)
	select {
	case e.turn <- struct{}{}:
		return e, nil
	case <-ctx.Done():
		m.leave(e)
		return nil, fmt.Errorf("%w: %w", invalid("ctx", "has ended"), ctx.Err())
	}
}

func (m *memory) release(e *remembered) {
	<-e.turn
	m.leave(e)
}

func (m *memory) enter(reference string) *remembered {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.entries[reference]
	if e == nil {
		if m.entries == nil {
			m.entries = make(map[string]*remembered)
		}
		e = &remembered{turn: make(chan struct{}, 1)}
		m.entries[reference] = e
		m.order = append(m.order, reference)
	}
	e.users++
	return e
}

// leave forgets the oldest references, but none that is in use: a second caller
// would then not wait for the first.
func (m *memory) leave(e *remembered) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e.users--
	for i := 0; i < len(m.order) && len(m.order) > maxRemembered; {
		if reference := m.order[i]; m.entries[reference].users == 0 {
			delete(m.entries, reference)
			m.order = slices.Delete(m.order, i, i+1)
		} else {
			i++
		}
	}
}
