package payment

import (
	"context"
	"encoding/json"
)

// Recorder writes payments to one account of one vendor. Every vendor's client
// returns one; package paymenttest holds the suite that each of them passes.
// It is safe for concurrent use. It may implement [Deduplicator],
// [Repeater], [ReferenceFolder], [AttributeIdentifier] and [Operator] as well.
type Recorder interface {
	// Account returns where payments are written. It does no I/O.
	Account() Account

	// Prepare checks p and returns it with all defaults filled in: what will be
	// stored, compared and sent. It writes nothing. A payment that the vendor
	// cannot record is refused with a *FieldError.
	Prepare(ctx context.Context, p Payment) (Payment, error)

	// Record makes one attempt to write p, which has been prepared. It calls
	// a.Begin right before each request that changes something, after all reads
	// and checks, and sends nothing if Begin fails. It never repeats a write that
	// may have happened: then the error matches ErrOutcomeUnknown. A record that
	// the vendor answers with but that is not p is returned with Differs set.
	Record(ctx context.Context, p Payment, a *Attempt) (Receipt, error)

	// Find returns everything that the vendor shows under p's reference, also
	// what differs from p. It returns none without an error only if it is certain
	// that the vendor shows none. The error matches ErrNoLookup if the vendor
	// cannot tell. a holds what an earlier Record saved.
	Find(ctx context.Context, p Payment, a *Attempt) ([]Receipt, error)
}

// Receipt is what a vendor shows of a recorded payment.
type Receipt struct {
	Vendor          string
	ID              string          // the vendor's id of the record; "" if the vendor has none
	Reference       string          // the caller's reference, as read back or as sent
	Amount          Money           // what the vendor recorded
	AlreadyRecorded bool            // it was found, not written by this call
	Differs         []string        `json:",omitempty"` // fields of Payment in which the record is known not to be the payment that was asked for
	Raw             json.RawMessage `json:"-"`          // the vendor's answer; may hold personal data, and is neither printed nor stored
}

// Deduplicator is a [Recorder] whose vendor may refuse to record the same
// reference twice. Only there does [Once] write a second time by itself.
type Deduplicator interface {
	// RefusesDuplicates reports whether the vendor would refuse p if it is
	// recorded already. It may ask the vendor.
	RefusesDuplicates(ctx context.Context, p Payment) (bool, error)
}

// Repeater is a [Recorder] whose flow has writes that record nothing by
// themselves, such as opening a transaction.
type Repeater interface {
	// MayRepeat reports whether no write that was begun so far can have recorded
	// p, by what a's checkpoint says. [Once] then writes again, after a look that
	// certainly showed none. It does no I/O.
	MayRepeat(p Payment, a *Attempt) bool
}

// ReferenceFolder is a [Recorder] whose vendor takes different references for
// the same one, because it ignores case or blanks or keeps only a part.
type ReferenceFolder interface {
	// FoldReference returns the form that the vendor compares. It does no I/O.
	FoldReference(reference string) string
}

// AttributeIdentifier is a [Recorder] at whose vendor some attributes say which
// payment it is, as the items of a basket do.
type AttributeIdentifier interface {
	// IdentityAttributes returns the names of these attributes.
	IdentityAttributes() []string
}

// Operator is a [Recorder] of something other than a payment, such as the
// confirmation of a basket. Its entries in a [Store] have keys of their own.
type Operator interface {
	// Op returns the operation of its keys. Without it, that is "payment".
	Op() string
}

// KeyOf returns the key under which [Once] keeps p for r.
func KeyOf(r Recorder, p Payment) Key {
	k := Key{Account: r.Account(), Op: "payment", Reference: p.Reference}
	if o, ok := r.(Operator); ok {
		k.Op = o.Op()
	}
	if f, ok := r.(ReferenceFolder); ok {
		k.Reference = f.FoldReference(p.Reference)
	}
	return k
}
