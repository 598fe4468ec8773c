package payment

import (
	"context"
	"encoding/json"
)

// Recorder writes payments to one account of one vendor. Every vendor's client
// returns one; package paymenttest holds the suite that each of them passes, and
// that a Recorder of your own should pass. It is safe for concurrent use. It may
// implement [Deduplicator], [Repeater], [ReferenceFolder], [AttributeIdentifier]
// and [Operator] as well.
//
// An error says what is known, by the sentinels of this package. What a vendor
// has answered is an [*Error] with the Status of the answer. Once Begin was called,
// an error of Record that matches no sentinel counts as ErrOutcomeUnknown.
type Recorder interface {
	// Account returns where payments are written. It does no I/O, and returns the
	// same in every run: entries of a [Store] stand under it.
	Account() Account

	// Prepare checks p and returns it with all defaults filled in: what will be
	// stored, compared and sent. It may read, and writes nothing. Prepared again,
	// the result stays as it is. A payment that the vendor cannot record is refused
	// with a *FieldError; so is every kind that the Recorder does not know.
	Prepare(ctx context.Context, p Payment) (Payment, error)

	// Record makes one attempt to write p, which has been prepared: it refuses what
	// Prepare refuses all the same. It calls a.Begin right before each request that
	// changes something, after all reads and checks. It never repeats a write that
	// may have happened. It returns:
	//
	//   - The vendor says that p is recorded: a Receipt with the vendor's id and
	//     amount. If its answer shows something else than p, Differs names the
	//     fields of Payment, and the error is nil.
	//   - Begin fails: the error of Begin. Nothing is sent.
	//   - Something is wrong before Begin, or no connection can be had: an error
	//     that does not match ErrOutcomeUnknown, such as a *FieldError or
	//     ErrUnavailable.
	//   - The vendor itself says that it has not executed it, because it is busy,
	//     throttles or refuses the credentials: ErrUnavailable, ErrRateLimited or
	//     ErrUnauthorized. The payment stays open.
	//   - The vendor refuses p: ErrInvalid, ErrForbidden or ErrNotFound.
	//   - The vendor refuses p because its reference is taken, or may mean that: an
	//     *Error with the Status of the answer, from 400 to 499, and ErrConflict or
	//     ErrInvalid. At a [Deduplicator], Once then asks Find what stands there. It
	//     is not a success, and Record does not look itself.
	//   - Record has seen what stands there, and it is another payment: a
	//     *ConflictError. A person has to decide then.
	//   - Anything else after the request was sent: ErrOutcomeUnknown. That is a
	//     time-out, a lost connection, the end of ctx, any other status of 500 and
	//     above, and a success that cannot be read.
	Record(ctx context.Context, p Payment, a *Attempt) (Receipt, error)

	// Find returns everything that the vendor shows under p's reference, also what
	// differs from p. It only reads, and may ask several times. a.Checkpoint
	// returns what an earlier Record saved; a.Begin fails. It returns:
	//
	//   - The vendor shows one or more: a Receipt for each, with Differs where it is
	//     not p.
	//   - It is certain that the vendor shows none: no Receipt and no error. A 404
	//     proves that only where the vendor itself says it about the payment; that
	//     of a gateway or a wrong path matches ErrProtocol.
	//   - The vendor cannot tell, now or ever: ErrNoLookup.
	//   - The question could not be asked, or the answer not be read: any other
	//     error. Once asks again, as often as [WithPatience] says.
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
// reference twice. Only there does [Once] write a second time by itself, and only
// there does it look whether a refusal means that the payment stands already.
type Deduplicator interface {
	// RefusesDuplicates reports whether the vendor would refuse p if it is
	// recorded already. It may ask the vendor. After an error, a refusal is looked
	// into, and p is not written a second time on the strength of it.
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
