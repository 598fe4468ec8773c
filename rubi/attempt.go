package rubi

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/tenderkit/tenderkit/payment"
)

const maxRemembered = 1024 // references of one recorder; the oldest goes first

// memory holds the checkouts that a recorder has made. The zero value is ready.
type memory struct {
	mu      sync.Mutex
	entries map[string]*remembered
	order   []string
}

// remembered is the checkout under one reference. One goroutine at a time has it.
type remembered struct {
	turn     chan struct{}
	checkout Checkout
}

// take waits for the reference's turn: two at the same time would both see the
// items in the basket, and both submit them.
func (m *memory) take(ctx context.Context, reference string) (*remembered, error) {
	if ctx == nil {
		return nil, invalid("ctx", "is nil")
	}
	e := m.entry(reference)
	select {
	case e.turn <- struct{}{}:
		return e, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", invalid("ctx", "has ended"), ctx.Err())
	}
}

func (e *remembered) release() { <-e.turn }

func (m *memory) entry(reference string) *remembered {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.entries[reference]; ok {
		return e
	}
	if m.entries == nil {
		m.entries = make(map[string]*remembered)
	}
	if len(m.order) == maxRemembered {
		delete(m.entries, m.order[0])
		m.order = m.order[1:]
	}
	e := &remembered{turn: make(chan struct{}, 1)}
	m.entries[reference] = e
	m.order = append(m.order, reference)
	return e
}

// attempt makes the checkout, or takes up the one that was begun.
func (e *remembered) attempt(ctx context.Context, c *Client, r CheckoutRequest, charge StripePayment) error {
	if e.checkout.State == StateUnknown || e.checkout.State == StateCharged {
		co, err := c.Resume(ctx, e.checkout)
		if co.State.Done() {
			e.checkout = co
			return nil
		}
		if err != nil && !errors.Is(err, payment.ErrNotFound) {
			return err
		}
	}
	if e.checkout.State != StateCharge && e.checkout.State != StateCharged {
		if err := e.submit(ctx, c, r); err != nil {
			return err
		}
	}
	if e.checkout.State.Done() {
		return nil
	}
	co, err := c.Complete(ctx, e.checkout, charge)
	e.checkout = co
	return err
}

// submit keeps what was unknown before if nothing new was submitted.
func (e *remembered) submit(ctx context.Context, c *Client, r CheckoutRequest) error {
	co, err := c.Checkout(ctx, r)
	if co.State != "" {
		e.checkout = co
	}
	return err
}
