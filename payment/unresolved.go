package payment

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/internal/label"
)

// UnresolvedError is an outcome that stayed unknown, with the evidence.
type UnresolvedError struct {
	Payment Payment
	Key     Key
	Writes  int           // writes of the entry, over all calls
	Looks   int           // times this call asked the vendor
	Waited  time.Duration // by this call
	Seen    error         // what the last look gave, nil if it certainly showed none; or why a save failed
	Receipt *Receipt      // the vendor's answer, if the write succeeded and could not be saved
	Err     error         // of the last write whose outcome is not known; matches ErrOutcomeUnknown
}

// Error tells what was tried.
func (e *UnresolvedError) Error() string {
	seen := "the vendor shows none"
	if e.Seen != nil {
		seen = e.Seen.Error()
	}
	if e.Receipt != nil {
		return fmt.Sprintf("payment %q: recorded as %q by %s, but that could not be saved: %s", e.Payment.Reference, e.Receipt.ID, e.Receipt.Vendor, seen)
	}
	return fmt.Sprintf("payment %q: %v; looked %s in %v: %s", e.Payment.Reference, e.Err, times(e.Looks), e.Waited.Round(time.Millisecond), seen)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// Format prints the text for every verb, so that no verb prints the payment.
func (e UnresolvedError) Format(s fmt.State, verb rune) { label.Print(s, verb, e.Error()) }

// MarshalJSON writes the text, for logs. To take the payment up again, store
// the Payment itself.
func (e UnresolvedError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// Unwrap returns the error of the write. What a look gave is in Seen alone:
// an error there must not be taken for the outcome.
func (e *UnresolvedError) Unwrap() error { return e.Err }

// Is makes the error match [ErrOutcomeUnknown].
func (e *UnresolvedError) Is(target error) bool { return target == ErrOutcomeUnknown }

// unresolved ends the call without an outcome.
func (j *job) unresolved(ctx context.Context, next Progress) error {
	u := j.newUnresolved()
	next.Reason = u.Error()
	_ = j.finish(ctx, next) // if this fails, the entry still says what is known
	return u
}

func (j *job) newUnresolved() *UnresolvedError {
	return &UnresolvedError{
		Payment: j.p, Key: j.entry.Key, Writes: j.entry.Writes, Looks: j.looks,
		Waited: time.Since(j.began), Seen: j.lastLook, Err: j.unknown,
	}
}

// ConflictError is a reference under which something else is recorded, at the
// vendor or in the Store, or under which several records stand.
type ConflictError struct {
	Want   Payment
	Got    []Receipt // what the vendor shows; none if only the Store has another payment
	Fields []string  // fields of Payment that differ, as far as that is known
}

// Error names the reference, the fields and the vendor's ids.
func (e *ConflictError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "payment %q: ", e.Want.Reference)
	switch {
	case len(e.Got) > 1:
		fmt.Fprintf(&b, "%d records stand under this reference", len(e.Got))
	case len(e.Got) == 1:
		b.WriteString("another payment is recorded under this reference")
	default:
		b.WriteString("another payment was handed over under this reference")
	}
	if len(e.Fields) > 0 {
		fmt.Fprintf(&b, ", different in %s", strings.Join(e.Fields, ", "))
	}
	for _, r := range e.Got {
		fmt.Fprintf(&b, "; %s has id %s: %v", r.Vendor, quote(r.ID), r.Amount)
	}
	return b.String()
}

// Format prints the text for every verb, so that no verb prints the payment.
func (e ConflictError) Format(s fmt.State, verb rune) { label.Print(s, verb, e.Error()) }

// MarshalJSON writes the text, for logs.
func (e ConflictError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// Is makes the error match [ErrConflict] and, if several records stand,
// [ErrRecordedTwice].
func (e *ConflictError) Is(target error) bool {
	return target == ErrConflict || target == ErrRecordedTwice && len(e.Got) > 1
}

// needsHelp is a payment that may have been handed over before, at a vendor
// that cannot be asked. Nothing was sent.
type needsHelp struct {
	err               error // why it cannot be asked
	reference, vendor string
}

func (e *needsHelp) Error() string {
	return fmt.Sprintf("payment %q: %s cannot be asked whether it is recorded already (%v); "+
		"use a durable Store for all programs that hand it over, or WithFirstTry if none ever has", e.reference, e.vendor, e.err)
}

// Unwrap returns why the vendor cannot be asked; it matches ErrNoLookup.
func (e *needsHelp) Unwrap() error { return e.err }
