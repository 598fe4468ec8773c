package payment

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

const (
	maxWrites   = 3                // of one call, and of an entry where a second write can double it
	maxSafe     = 50               // of an entry where it cannot: killed tries count too
	saveTimeout = 10 * time.Second // for a save after the caller's context has ended
)

// job is one call of Once.
type job struct {
	settings
	r     Recorder
	p     Payment // as it is compared and sent
	entry Entry
	again bool      // the payment may have been handed over without a trace
	began time.Time // of the call
	heard time.Time // when a write was last heard of
	until time.Time // when the claim ends, on this process's own clock

	looks    int
	writes   int
	lastLook error // nil: the last look certainly showed none
	unknown  error // of the last write whose outcome is not known
	settled  bool  // the settle time has passed since the last write
}

func run(ctx context.Context, r Recorder, p Payment, opts []OnceOption, resumed bool) (Receipt, error) {
	set, err := collect(opts)
	if err == nil {
		err = checkCall(ctx, r, p)
	}
	if err != nil {
		return Receipt{}, err
	}
	now := time.Now()
	j := &job{settings: set, r: r, p: p, again: resumed, began: now, heard: now, unknown: errTakenUp}
	if err := j.claim(ctx); err != nil {
		return Receipt{}, err
	}
	receipt, err := j.move(ctx)
	j.tell(ctx, Event{Step: StepEnd, Err: err})
	return receipt, err
}

// errTakenUp stands in for the error of a write that another call made.
var errTakenUp = fmt.Errorf("taken up again: %w", ErrOutcomeUnknown)

func checkCall(ctx context.Context, r Recorder, p Payment) error {
	switch {
	case ctx == nil:
		return &FieldError{Field: "ctx", Reason: "is nil"}
	case r == nil:
		return &FieldError{Field: "Recorder", Reason: "is nil"}
	}
	if err := checkKeyPart("Payment.Reference", p.Reference); err != nil {
		return err
	}
	if err := r.Account().Validate(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("payment %q: nothing was sent: %w: %w", p.Reference, ErrUnavailable, err)
	}
	return nil
}

// claim prepares the payment and takes its entry. A payment that is refused now
// but was begun earlier goes on as it was then.
func (j *job) claim(ctx context.Context) error {
	given := j.p
	prepared, refusal := j.r.Prepare(ctx, given)
	var payload []byte
	if refusal == nil {
		j.p = prepared
		var err error
		if payload, err = json.Marshal(Stored(prepared), json.FormatNilSliceAsNull(true)); err != nil {
			return &FieldError{Field: "Payment", Reason: "cannot be stored as JSON"}
		}
	}
	if err := j.take(ctx, payload); err != nil {
		if refusal != nil && errors.Is(err, ErrNotFound) {
			return refusal
		}
		return err
	}
	if err := j.match(ctx, given, payload, refusal); err != nil {
		return err
	}
	if payload != nil && !j.row().frozen {
		j.entry.Payload = payload
	}
	return nil
}

func (j *job) take(ctx context.Context, payload []byte) error {
	k := KeyOf(j.r, j.p)
	before := time.Now()
	e, err := j.store.Claim(ctx, k, payload, j.lease)
	if err == nil && e.Key != k {
		err = &EntryError{Key: k, Reason: "the store returned the entry of another key"}
	}
	if err == nil {
		err = e.Validate()
	}
	if err != nil {
		return j.storeError(err)
	}
	j.entry, j.until = e, before.Add(j.lease)
	return nil
}

// match compares the payment with the one that the entry holds. One that was
// begun is frozen: the stored payment is what is looked for and sent.
func (j *job) match(ctx context.Context, given Payment, payload []byte, refusal error) error {
	if bytes.Equal(payload, j.entry.Payload) {
		return nil
	}
	if archived, ok := j.entry.digests(); ok {
		fields := differFrom(archived, j.entry.Key, j.p, identityOf(j.r), refusal != nil)
		return j.mustMatch(ctx, given, fields)
	}
	stored, err := j.entry.Payment()
	switch {
	case err != nil:
		return j.release(ctx, err)
	case stored.Reference != j.p.Reference:
		return j.mustMatch(ctx, given, []string{"Reference"})
	case !j.row().frozen && refusal != nil:
		return j.release(ctx, refusal)
	case !j.row().frozen:
		return nil
	case refusal != nil:
		j.p = fillBlanks(given, stored)
	}
	if err := j.mustMatch(ctx, given, differences(stored, j.p, identityOf(j.r))); err != nil {
		return err
	}
	j.p = stored
	return nil
}

func (j *job) mustMatch(ctx context.Context, given Payment, fields []string) error {
	if len(fields) == 0 {
		return nil
	}
	return j.release(ctx, &ConflictError{Want: given, Fields: fields, Got: j.entry.Receipts})
}

// storeError tells what a Store has refused. A Store that could not be reached
// is unavailable: nothing was sent.
func (j *job) storeError(err error) error {
	var held *HeldError
	var entry *EntryError
	var field *FieldError
	switch {
	case errors.As(err, &held), errors.As(err, &entry), errors.As(err, &field), errors.Is(err, ErrNotFound):
		return fmt.Errorf("payment %q: store: %w", j.p.Reference, err)
	}
	return fmt.Errorf("payment %q: store: %w: %w", j.p.Reference, ErrUnavailable, err)
}

// row is the entry's line of the table.
func (j *job) row() row {
	r, _ := rowOf(j.entry.Status)
	return r
}

// move does what the table says.
func (j *job) move(ctx context.Context) (Receipt, error) {
	r := j.row()
	next := r.uncertain
	if (j.entry.Certain || j.first) && !j.again && j.entry.Decision == nil {
		next = r.certain
	}
	switch next {
	case write:
		return j.write(ctx)
	case lookFirst, find:
		return j.resolve(ctx)
	case give:
		return j.give(ctx)
	case verify:
		return j.verifyClosed(ctx)
	}
	return Receipt{}, j.release(ctx, &ConflictError{Want: j.p, Got: j.entry.Receipts, Fields: j.entry.Fields})
}

// save stores the entry. A save outlasts the caller's context if it must.
func (j *job) save(ctx context.Context, p Progress, lease time.Duration) error {
	e := j.entry
	e.Progress = p
	before := time.Now()
	saved, err := j.store.Save(ctx, e, lease)
	if err != nil {
		return j.storeError(err)
	}
	saved.Certain = j.entry.Certain
	j.entry, j.until = saved, before.Add(lease)
	return nil
}

// finish saves what came of the call and ends the claim, also when the caller's
// context has ended.
func (j *job) finish(ctx context.Context, p Progress) error {
	p.Reason = clip(p.Reason)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	return j.save(ctx, p, 0)
}

// release ends the claim without a change and returns err. If that fails, the
// claim ends with its lease.
func (j *job) release(ctx context.Context, err error) error {
	_ = j.finish(ctx, j.entry.Progress)
	return err
}

// mayHaveWritten reports whether a write that the entry tells of may have taken
// effect.
func (j *job) mayHaveWritten() bool {
	return j.entry.Status != Open && j.entry.Status != Refused
}

// attempt is what the Recorder gets. Its Begin saves that a write is on its way.
func (j *job) attempt() *Attempt {
	a := &Attempt{checkpoint: bytes.Clone(j.entry.Checkpoint), doubt: j.mayHaveWritten()}
	a.save = func(ctx context.Context, checkpoint []byte) (time.Time, error) {
		next := j.entry.Progress
		if next.Status != Unknown {
			next.Status = Begun
		}
		if a.begun() == 0 {
			next.Writes++
		}
		next.Checkpoint, next.Reason = checkpoint, "a write was begun"
		err := j.save(ctx, next, j.lease)
		return j.until, err
	}
	return a
}

func (j *job) tell(ctx context.Context, e Event) {
	if j.observe == nil {
		return
	}
	defer func() { _ = recover() }()
	e.Key, e.Writes, e.Looks, e.Status = j.entry.Key, j.entry.Writes, j.looks, j.entry.Status
	j.observe(ctx, e)
}

func clip(s string) string {
	const limit = 500
	if len(s) <= limit {
		return s
	}
	return validPrefix(s, limit)
}
