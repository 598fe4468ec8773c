package payment

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Attempt is one try to write a payment, as a [Recorder] sees it. It carries
// what an earlier try saved, and saves before each write. [Once] makes one for
// each call of Record and of Find. It is safe for concurrent use.
type Attempt struct {
	save func(ctx context.Context, checkpoint []byte) (until time.Time, err error)

	mu         sync.Mutex
	checkpoint []byte
	doubt      bool // an earlier try may have written
	begins     int
	granted    bool      // Begin has returned and no write has started since
	until      time.Time // when the claim ends, on this process's clock; zero is never
}

// NewAttempt returns an Attempt for a caller that uses a [Recorder] without
// [Once]. A checkpoint that is not nil counts as that of a write in doubt. save is
// called by each Begin and has to keep the checkpoint durably before it returns;
// its error is that of Begin. A nil save keeps nothing.
func NewAttempt(checkpoint []byte, save func(ctx context.Context, checkpoint []byte) error) *Attempt {
	a := &Attempt{checkpoint: bytes.Clone(checkpoint), doubt: checkpoint != nil}
	a.save = func(ctx context.Context, checkpoint []byte) (time.Time, error) {
		if save == nil {
			return time.Time{}, nil
		}
		return time.Time{}, save(ctx, checkpoint)
	}
	return a
}

// Checkpoint returns what the last Begin saved, of this try or an earlier one,
// and nil if there was none. Its form is the Recorder's own.
func (a *Attempt) Checkpoint() []byte {
	if a == nil {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return bytes.Clone(a.checkpoint)
}

// Begin saves checkpoint, durably, and allows one write. A Recorder calls it
// right before each request that changes something, after all waits and reads,
// and again before a request that is sent a second time.
//
// checkpoint is what a later try has to know of this write, such as the id of a
// transaction that the vendor has opened. It replaces the one before. nil is
// right for a Recorder that has nothing to remember.
//
// If Begin fails, nothing may be sent, and its error is what Record returns:
// ErrUnavailable if ctx has ended or the Store cannot be reached, a [*HeldError]
// if another call holds the payment now, a *FieldError within Find.
func (a *Attempt) Begin(ctx context.Context, checkpoint []byte) error {
	if a == nil {
		return &FieldError{Field: "Attempt", Reason: "is nil"}
	}
	if err := ended(ctx); err != nil {
		return err
	}
	checkpoint = bytes.Clone(checkpoint)
	until, err := a.save(ctx, checkpoint)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.checkpoint, a.until, a.granted = checkpoint, until, true
	a.begins++
	return ended(ctx)
}

// ended returns an error if the context has ended: the write cannot be sent.
func ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("the write was not sent: %w: %w", ErrUnavailable, err)
	}
	return nil
}

// InDoubt reports whether a write that was begun, by this try or an earlier one,
// may have taken effect. It is false if all of them were refused or never sent:
// then the checkpoint says what was tried, and is no evidence that it happened.
func (a *Attempt) InDoubt() bool {
	if a == nil {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.doubt || a.begins > 0
}

// begun returns how often Begin has succeeded.
func (a *Attempt) begun() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.begins
}

var (
	errNotBegun  = errors.New("a write without Attempt.Begin: nothing was sent")
	errClaimOver = errors.New("the claim ended before the write could be sent")
)

type attemptKey struct{}

// withAttempt returns a context whose writes need a Begin of a.
func withAttempt(ctx context.Context, a *Attempt) context.Context {
	return context.WithValue(ctx, attemptKey{}, a)
}

// StartWrite is called by a transport at the start of a call that changes
// something. Within [Once] it fails unless the Recorder has called
// [Attempt.Begin] for this very call; outside it always succeeds.
func StartWrite(ctx context.Context) error {
	a, ok := ctx.Value(attemptKey{}).(*Attempt)
	if !ok {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.granted {
		return errNotBegun
	}
	a.granted = false
	return nil
}

// MayWrite is called by a transport right before each time it sends a write,
// after all waits. Within [Once] it fails if the write has not begun, or if the
// claim on the payment has ended meanwhile: then nothing may be sent.
func MayWrite(ctx context.Context) error {
	a, ok := ctx.Value(attemptKey{}).(*Attempt)
	if !ok {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.begins == 0:
		return errNotBegun
	case !a.until.IsZero() && !time.Now().Before(a.until):
		return errClaimOver
	}
	return nil
}
