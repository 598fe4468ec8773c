package payment

import (
	"context"
	"time"
)

// Once records p, no matter how often it is handed over: in one call or many,
// from one process or several, after a crash or out of a queue.
//
// What is known of p stands in an entry of a [Store], see [WithStore]:
//
//   - Recorded before: the stored receipt is returned.
//   - Never handed over, and the Store is sure of that: it is written.
//   - Never handed over as far as this Store knows: the vendor is asked first,
//     with full patience ([WithPatience]). This is so without a Store, with a
//     Store in memory, and after a durable Store has lost data. [WithFirstTry]
//     leaves the question out.
//   - A write was begun by anybody, and its outcome is not known: the vendor is
//     asked. If it certainly shows none, p is written again only where the vendor
//     refuses duplicates or after [WithSettle]: three times at most in one call,
//     and in all where only the settle time allows it.
//
// The payment is recorded when Once returns without error. The errors:
//
//   - ErrOutcomeUnknown: nobody can say yet. An [*UnresolvedError] tells what was
//     tried, a [*HeldError] that another call has the payment in hand. Hand the
//     same payment over again later.
//   - ErrConflict: a [*ConflictError]. Another payment stands under the reference,
//     at the vendor or in the Store, or several do (ErrRecordedTwice). A person has
//     to decide, see [Decide].
//   - ErrNoLookup: the vendor cannot be asked whether p was recorded before, and
//     nobody vouches that it was not. Nothing was sent.
//   - Any other error: this call has recorded nothing. Whether an earlier one has
//     is known only to a durable Store that all of them used.
//
// A payment can be corrected until its first write was begun. After that, a call
// with another kind, amount, day, method, target, link or reversal, or other
// attributes that say which payment it is, is a conflict that names the fields.
//
// What remains possible: a process that is stopped between its last check and
// the sending, for longer than its lease ([WithLease]), can send late. Another
// call then looks, and does not write blindly; with [WithSettle] the settle time
// has to outlast such a stop too.
func Once(ctx context.Context, r Recorder, p Payment, opts ...OnceOption) (Receipt, error) {
	return run(ctx, r, p, opts, false)
}

// Resume is [Once] for a payment that may have been handed over before without
// a trace in the Store: it asks the vendor in any case before it writes.
func Resume(ctx context.Context, r Recorder, p Payment, opts ...OnceOption) (Receipt, error) {
	return run(ctx, r, p, opts, true)
}

// OnceOption changes how [Once] and [Resume] work.
type OnceOption func(*settings)

type settings struct {
	store    Store
	looks    int
	wait     time.Duration
	settle   time.Duration // 0: nothing is promised
	lease    time.Duration
	first    bool // the caller vouches that p was never handed over
	observe  func(context.Context, Event)
	mistaken error
}

func collect(opts []OnceOption) (settings, error) {
	s := settings{looks: 5, wait: time.Second, lease: 2 * time.Minute}
	for _, o := range opts {
		if o == nil {
			return s, &FieldError{Field: "OnceOption", Reason: "is nil"}
		}
		o(&s)
	}
	if s.store == nil {
		s.store = NewMemoryStore()
	}
	return s, s.mistaken
}

func (s *settings) require(ok bool, option, reason string) {
	if !ok && s.mistaken == nil {
		s.mistaken = &FieldError{Field: option, Reason: reason}
	}
}

// WithStore keeps what is known of each payment in store, so that it outlives
// the call and, if the Store is durable, the run and the machine. All calls that
// may hand over the same payments have to use the same Store.
func WithStore(store Store) OnceOption {
	return func(s *settings) {
		s.require(store != nil, "WithStore", "is nil")
		s.store = store
	}
}

// WithFirstTry promises that the payment was never handed over to the vendor,
// by any program, unless the Store knows of it. Then it is written without
// asking first. If the promise is wrong, that can record it twice.
func WithFirstTry() OnceOption { return func(s *settings) { s.first = true } }

// WithPatience sets how often the vendor is asked, and the wait before the
// second look, which doubles from look to look. The default is five looks and one
// second: 15 seconds in all. It has to outlast the time that the vendor needs to
// show a new payment.
func WithPatience(looks int, wait time.Duration) OnceOption {
	return func(s *settings) {
		s.require(looks > 0, "WithPatience.looks", "is not positive")
		s.require(wait >= 0, "WithPatience.wait", "is negative")
		s.looks, s.wait = looks, wait
	}
}

// WithSettle promises that a request that has had no effect within d never
// will. With it, a payment of which the vendor shows nothing at the end of d is
// written again, also at a vendor that does not refuse duplicates. d is counted
// from when this process last heard of the write, or from its first look at
// another process's. If the promise is wrong, that records the payment twice.
func WithSettle(d time.Duration) OnceOption {
	return func(s *settings) {
		s.require(d > 0, "WithSettle", "is not positive")
		s.settle = d
	}
}

// WithLease sets how long a call holds the payment's entry without renewing it.
// The default is two minutes. It has to be longer than one exchange with the
// vendor; after a crash, other calls get a [*HeldError] for as long.
func WithLease(d time.Duration) OnceOption {
	return func(s *settings) {
		s.require(d > 0, "WithLease", "is not positive")
		s.lease = d
	}
}

// WithObserver reports what a call does and what it waits for, before it does
// it. observe must be quick; if it panics, that is ignored.
func WithObserver(observe func(context.Context, Event)) OnceOption {
	return func(s *settings) {
		s.require(observe != nil, "WithObserver", "is nil")
		s.observe = observe
	}
}

// Event is one step of a call of [Once].
type Event struct {
	Key    Key
	Step   Step
	Wait   time.Duration // of a StepWait: how long it will take at most
	Writes int           // writes of the entry so far
	Looks  int           // looks of this call so far
	Status Status        // of the entry when the step begins; after StepEnd the last one
	Err    error         // of a StepEnd
}

// Step names what a call of [Once] does next.
type Step string

// The steps.
const (
	StepLook  Step = "look"
	StepWrite Step = "write"
	StepWait  Step = "wait"
	StepEnd   Step = "end"
)
