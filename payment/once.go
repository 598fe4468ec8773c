package payment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tenderkit/tenderkit/internal/label"
)

// Deduplicator is a [Recorder] whose vendor may refuse to record the same
// reference twice. Only there does [Once] write a second time.
type Deduplicator interface {
	// RefusesDuplicates reports whether the vendor would refuse p if it is
	// recorded already. It may ask the vendor.
	RefusesDuplicates(ctx context.Context, p Payment) (bool, error)
}

// OnceOption changes how patient [Once] and [Resume] are.
type OnceOption func(*patience)

// WithPatience sets how often an unknown outcome is looked up, and the wait
// before the second look, which doubles from look to look. The default is five
// looks with one second: 15 seconds in all. It has to outlast the time that the
// vendor needs to show a new payment. A value below 1 is taken for 1.
func WithPatience(looks int, wait time.Duration) OnceOption {
	return func(s *patience) { s.looks, s.wait = max(1, looks), max(1, wait) }
}

// WithSettle is the caller's word that a request which has not taken effect d
// after it was last heard of never will. With it, a payment that is not shown
// after d is written again even at a vendor that does not refuse duplicates:
// if the word is wrong, that records it twice. Without it, that never happens.
func WithSettle(d time.Duration) OnceOption {
	return func(s *patience) { s.settle = d }
}

type patience struct {
	looks  int
	wait   time.Duration
	settle time.Duration // 0: the caller vouches for nothing
}

const maxWrites = 3 // of one call of Once, the first included

// Once records p and, if the answer is lost, finds out what happened.
//
// The payment is recorded when Once returns without error; AlreadyRecorded
// tells that the record was found rather than written. An error that matches
// [ErrConflict] is a [*ConflictError]: something else stands under the same
// reference. One that matches [ErrOutcomeUnknown] is an [*UnresolvedError] with
// what was tried; hand the same payment to [Resume] later. After any other
// error the payment is not recorded.
//
// A refusal by a vendor that refuses duplicates may mean that the payment
// stands; it is believed only after the vendor has shown nothing for the whole
// of the patience. An error that matches none of this package's is taken for
// an unknown outcome.
//
// Many goroutines and processes may do this for the same reference at a vendor
// that refuses duplicates. At one that does not, two of them that start at the
// same time can record it twice, and a request that is held up on its way can
// take effect after Once has given up.
func Once(ctx context.Context, r Recorder, p Payment, opts ...OnceOption) (Receipt, error) {
	if err := p.Validate(); err != nil {
		return Receipt{}, err
	}
	receipt, err := r.Record(ctx, p)
	if err == nil {
		return receipt, nil
	}
	s := newSearch(r, p, opts)
	s.writes = 1
	return s.resolve(ctx, err)
}

// Resume takes up a payment of which it is not known whether it was ever
// handed to the vendor: after a crash, or when a queue delivers it again. It
// looks first and writes only if the vendor shows nothing and refuses
// duplicates, or if [WithSettle] allows it. Its errors are those of [Once]; a
// [*FieldError] says that the Recorder refuses the payment now, unsent.
func Resume(ctx context.Context, r Recorder, p Payment, opts ...OnceOption) (Receipt, error) {
	if err := p.Validate(); err != nil {
		return Receipt{}, err
	}
	return newSearch(r, p, opts).resume(ctx)
}

// errTakenUp is what stands in for the error of a write that another run made.
var errTakenUp = fmt.Errorf("taken up again: %w", ErrOutcomeUnknown)

// UnresolvedError is an outcome that stayed unknown, with the evidence.
type UnresolvedError struct {
	Payment Payment
	Writes  int           // writes that this call made
	Looks   int           // times the vendor was asked
	Waited  time.Duration // between them
	Seen    error         // what the last look gave: matches ErrNotFound, ErrNoLookup, or why it failed
	Err     error         // of the last write whose outcome is not known; matches ErrOutcomeUnknown
}

// Error tells what was tried.
func (e *UnresolvedError) Error() string {
	return fmt.Sprintf("payment %q: %v; looked %d times in %v: %v", e.Payment.Reference, e.Err, e.Looks, e.Waited.Round(time.Millisecond), e.Seen)
}

// Format prints the text for every verb, so that no verb prints the payment.
func (e UnresolvedError) Format(s fmt.State, verb rune) { label.Print(s, verb, e.Error()) }

// MarshalJSON gives the text, for logs. To take the payment up again, store
// the Payment itself.
func (e UnresolvedError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// Unwrap gives the error of the write. What a look gave is in Seen alone:
// an ErrNotFound there must not be taken for the outcome.
func (e *UnresolvedError) Unwrap() error { return e.Err }

// Is makes the error match [ErrOutcomeUnknown].
func (e *UnresolvedError) Is(target error) bool { return target == ErrOutcomeUnknown }

// ConflictError is a reference under which something else is recorded.
type ConflictError struct {
	Want Payment // what was to be recorded
	Got  Receipt // what stands
}

// Error names the reference and the vendor's id.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("payment %q: another payment is recorded under this reference: %s %s over %v", e.Want.Reference, e.Got.Vendor, e.Got.ID, e.Got.Amount)
}

// Format prints the text for every verb, so that no verb prints the payment.
func (e ConflictError) Format(s fmt.State, verb rune) { label.Print(s, verb, e.Error()) }

// MarshalJSON gives the text, for logs.
func (e ConflictError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// Is makes the error match [ErrConflict].
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

// mayBeDuplicate reports a refusal by which a vendor may mean that the payment
// stands already.
func mayBeDuplicate(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.Status < 400 || e.Status > 499 {
		return false
	}
	return errors.Is(err, ErrInvalid) || errors.Is(err, ErrConflict)
}

// isClear reports an error that says what happened, as all of this package's do
// but ErrOutcomeUnknown.
func isClear(err error) bool {
	for _, told := range [...]error{
		ErrInvalid, ErrUnauthorized, ErrForbidden, ErrNotFound, ErrConflict, ErrRateLimited, ErrUnavailable, ErrProtocol, ErrNoLookup,
	} {
		if errors.Is(err, told) {
			return true
		}
	}
	return false
}

// isRefusedUnsent reports that a Recorder refused its input, and not because
// the context had ended.
func isRefusedUnsent(ctx context.Context, err error) bool {
	var f *FieldError
	return ctx.Err() == nil && errors.As(err, &f)
}
