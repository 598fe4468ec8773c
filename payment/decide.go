package payment

import (
	"context"
	"errors"
	"time"
)

// Decision is what a person has found out about an entry that no call can
// resolve.
type Decision struct {
	Recorded bool      // whether the vendor has the payment
	ID       string    // the vendor's id of it, if Recorded and known
	By       string    // who decided; required
	At       time.Time // when; required
	Note     string
}

// decisionLease is how long a decision may take to be saved.
const decisionLease = time.Minute

// Inspect returns the entry of k without changing it. The error matches
// [ErrNotFound] if there is none, and is a [*HeldError] while a call holds it.
func Inspect(ctx context.Context, s Store, k Key) (Entry, error) {
	e, err := s.Claim(ctx, k, nil, decisionLease)
	if err != nil {
		return Entry{}, err
	}
	return s.Save(ctx, e, 0)
}

// Decide stores a person's decision about the entry that the person has seen.
// It fails with a [*HeldError] while a call holds the entry, and with an error
// that matches [ErrConflict] if the entry has changed since it was seen.
// An entry that is decided as not recorded is closed: see [Reopen].
func Decide(ctx context.Context, s Store, seen Entry, d Decision) (Entry, error) {
	switch {
	case d.By == "":
		return Entry{}, &FieldError{Field: "Decision.By", Reason: "is empty"}
	case d.At.IsZero():
		return Entry{}, &FieldError{Field: "Decision.At", Reason: "is not set"}
	case d.ID != "" && !d.Recorded:
		return Entry{}, &FieldError{Field: "Decision.ID", Reason: "is set for a payment that is not recorded"}
	}
	return change(ctx, s, seen, func(e *Entry) error {
		e.Decision, e.Reason = &d, "decided by "+d.By
		if e.Status = Closed; !d.Recorded {
			return nil
		}
		e.Status = Recorded
		p, err := e.Payment()
		e.Receipts = []Receipt{{Vendor: e.Key.Account.Vendor, ID: d.ID, Reference: p.Reference, Amount: p.Amount, AlreadyRecorded: true}}
		return err
	})
}

// Reopen allows another try of an entry that was closed as not recorded. The
// next call looks before it writes. by is who decided.
func Reopen(ctx context.Context, s Store, seen Entry, by string) (Entry, error) {
	if by == "" {
		return Entry{}, &FieldError{Field: "by", Reason: "is empty"}
	}
	return change(ctx, s, seen, func(e *Entry) error {
		if e.Status != Closed {
			return &EntryError{Key: e.Key, Reason: "it is not closed"}
		}
		e.Status, e.Writes, e.Checkpoint, e.Reason = Open, 0, nil, "reopened by "+by
		return nil
	})
}

// errChanged is an entry that is not what the person has seen.
var errChanged = errors.New("the entry has changed since it was seen")

// change takes the claim, checks the revision that was seen, and swaps.
func change(ctx context.Context, s Store, seen Entry, edit func(*Entry) error) (Entry, error) {
	e, err := s.Claim(ctx, seen.Key, nil, decisionLease)
	if err != nil {
		return Entry{}, err
	}
	next := e
	if err = edit(&next); err == nil && e.Revision != seen.Revision {
		err = errors.Join(ErrConflict, errChanged)
	}
	if err != nil {
		_, saveErr := s.Save(ctx, e, 0)
		return Entry{}, errors.Join(err, saveErr)
	}
	return s.Save(ctx, next, 0)
}
