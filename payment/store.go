package payment

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tenderkit/tenderkit/internal/label"
)

// Store keeps what is known of each payment, beyond the call, the run and, if
// it is durable, the machine. It is dumb on purpose: all rules stand in the
// table of [Once]. Package paymenttest holds the suite that each Store passes.
// It is safe for concurrent use, by many processes if it is shared by them.
//
// Both methods refuse a key or entry for which Validate returns an error, and an
// unfit lease, with a *FieldError or *EntryError. They change nothing if ctx has
// ended, and return its error. What they are given and what they return shares no
// memory with what is kept.
type Store interface {
	// Claim returns the entry of k with a new token, and holds it for lease, which
	// is positive and runs by the Store's own clock:
	//
	//   - There is none: it is created as Open with the payload. A nil payload
	//     creates none, and the error matches ErrNotFound.
	//   - There is one, and no claim on it lives: it is returned as it was saved
	//     last. The payload is not used.
	//   - Another claim lives: a *HeldError that says until when. It does not
	//     matter who made that claim; there is no second claim by the same caller.
	//   - The Store cannot be asked: any other error. Once sends nothing then.
	Claim(ctx context.Context, k Key, payload []byte, lease time.Duration) (Entry, error)

	// Save replaces the entry that has e's key and token, and returns it with a new
	// token, Revision one higher:
	//
	//   - The token is the entry's: it is replaced, durably when Save returns, and
	//     the claim is renewed for lease. A lease of 0 ends the claim. A claim whose
	//     lease is over is renewed too, as long as nobody has claimed the entry since.
	//   - The token is another, or there is no such entry: nothing is changed, and
	//     the error is a *HeldError.
	//   - Any other error: nothing was changed, or all of it was, which the next
	//     Claim shows.
	Save(ctx context.Context, e Entry, lease time.Duration) (Entry, error)
}

// Status says what is known of an entry.
type Status string

// The states of an entry.
const (
	Open      Status = "open"           // nothing was sent
	Begun     Status = "begun"          // a write was begun, and its outcome is not known
	Unknown   Status = "unknown"        // as Begun, but no call can find out more: a person decides
	Recorded  Status = "recorded"       // the vendor shows it, or a person has said so
	Refused   Status = "refused"        // the vendor refused it, and no earlier write is in doubt
	Conflict  Status = "conflict"       // something else stands under the reference: a person decides
	Duplicate Status = "recorded twice" // several records stand under the reference: a person decides
	Closed    Status = "closed"         // a person has said that it is not recorded
)

// Known reports whether s is one of the states above.
func (s Status) Known() bool {
	_, ok := rowOf(s)
	return ok
}

// Entry is what a [Store] keeps under a [Key].
type Entry struct {
	Key     Key
	Payload []byte // the payment as it was prepared: the JSON of a [Stored]; replaced by Save
	Progress

	Revision int64     // counts the saves; set by the Store
	Token    string    // changes with each Claim and Save; set by the Store
	Until    time.Time // end of the claim by the Store's clock; set by the Store

	// Certain reports that the entry tells all that ever happened. Claim sets it
	// for an entry created just now if the Store is durable and has never changed
	// its epoch. Save keeps it as it is given: what was uncertain stays so. Claim
	// clears it if the epoch has changed since the last Save. A Store in memory
	// leaves it false.
	Certain bool
}

// Progress is the part of an entry that [Once] writes.
type Progress struct {
	Status     Status
	Writes     int       // writes that were begun and may have taken effect
	Checkpoint []byte    // what the Recorder saved at its last Begin
	Receipts   []Receipt // what the vendor has shown
	Fields     []string  // of a Conflict: the fields that differ
	Reason     string    // why the entry is not Recorded; at most 500 bytes
	Decision   *Decision // a person's, if there was one
}

// String returns key and status. The payload is never printed.
func (e Entry) String() string { return fmt.Sprintf("%v: %s", e.Key, e.Status) }

// Format prints what [Entry.String] returns, for every verb.
func (e Entry) Format(s fmt.State, verb rune) { label.Print(s, verb, e.String()) }

// MarshalJSON writes the text, for logs.
func (e Entry) MarshalJSON() ([]byte, error) { return json.Marshal(e.String()) }

// Payment decodes the payload.
func (e Entry) Payment() (Payment, error) {
	var p Stored
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		return Payment{}, &EntryError{Key: e.Key, Reason: "its payload is not a payment"}
	}
	return Payment(p), nil
}

// Validate refuses an entry that no call can have left behind.
func (e Entry) Validate() error {
	switch {
	case !e.Status.Known():
		return &EntryError{Key: e.Key, Reason: "its status is not known"}
	case e.Token == "":
		return &EntryError{Key: e.Key, Reason: "it has no token"}
	case e.Writes < 0, e.Writes == 0 && e.Status == Begun:
		return &EntryError{Key: e.Key, Reason: "its count of writes does not fit its status"}
	}
	return nil
}

// EntryError is an entry that cannot be used. Nothing was sent.
type EntryError struct {
	Key    Key
	Reason string
}

// Error names key and reason.
func (e *EntryError) Error() string { return fmt.Sprintf("entry of %v: %s", e.Key, e.Reason) }

// Is makes the error match [ErrProtocol].
func (e *EntryError) Is(target error) bool { return target == ErrProtocol }

// HeldError is an entry that somebody else holds. Whether the payment is
// recorded is not known to this call; it has sent nothing since the claim was lost.
type HeldError struct {
	Key   Key
	Until time.Time // end of the claim by the Store's clock; zero if unknown
}

// Error names key and time.
func (e *HeldError) Error() string {
	if e.Until.IsZero() {
		return fmt.Sprintf("%v: held by another call", e.Key)
	}
	return fmt.Sprintf("%v: held by another call until %s", e.Key, e.Until.UTC().Format(time.RFC3339))
}

// Is makes the error match [ErrOutcomeUnknown].
func (e *HeldError) Is(target error) bool { return target == ErrOutcomeUnknown }
