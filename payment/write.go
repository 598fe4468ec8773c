package payment

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// write hands the payment to the Recorder and goes on from its answer.
func (j *job) write(ctx context.Context) (Receipt, error) {
	before, doubt := j.entry.Progress, j.row().doubt
	j.tell(ctx, Event{Step: StepWrite})
	a := j.attempt()
	receipt, err := j.r.Record(withAttempt(ctx, a), j.p, a)
	j.writes++
	j.heard, j.settled = time.Now(), false
	got := judge(j.p, receipt, err, a.begun() > 0)
	next := j.entry.Progress
	next.Status = afterWrite[got].clear
	if doubt {
		next.Status = afterWrite[got].inDoubt
	}
	switch got {
	case answerRecorded:
		return j.recorded(ctx, next, receipt)
	case answerDiffers:
		return j.conflict(ctx, next, receipt, err)
	case answerUnsent:
		next.Writes = before.Writes
		if !doubt {
			next.Status = before.Status
		}
		return j.failed(ctx, next, err, doubt)
	case answerRefused:
		if !doubt {
			next.Writes = before.Writes
		}
		return j.refused(ctx, next, err, doubt)
	}
	j.unknown = asUnknown(err)
	return j.resolve(ctx)
}

// judge says what an answer means.
func judge(p Payment, receipt Receipt, err error, begun bool) answer {
	var field *FieldError
	var conflict *ConflictError
	var held *HeldError
	switch {
	case err == nil && len(mismatch(p, receipt)) > 0:
		return answerDiffers
	case err == nil:
		return answerRecorded
	case errors.As(err, &held): // Begin has failed: somebody else goes on
		return answerUnsent
	case errors.Is(err, ErrOutcomeUnknown):
		return answerUnknown
	case errors.As(err, &conflict):
		return answerDiffers
	case !begun, errors.As(err, &field), isLater(err):
		return answerUnsent
	case isClear(err):
		return answerRefused
	}
	return answerUnknown
}

// isLater reports an answer that says nothing about the payment itself.
func isLater(err error) bool {
	return errors.Is(err, ErrRateLimited) || errors.Is(err, ErrUnavailable) || errors.Is(err, ErrUnauthorized)
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

func asUnknown(err error) error {
	if errors.Is(err, ErrOutcomeUnknown) {
		return err
	}
	return &unknownError{err}
}

// unknownError is an error that says nothing of what happened.
type unknownError struct{ cause error }

func (e *unknownError) Error() string   { return ErrOutcomeUnknown.Error() + ": " + e.cause.Error() }
func (e *unknownError) Unwrap() []error { return []error{ErrOutcomeUnknown, e.cause} }

func (j *job) recorded(ctx context.Context, next Progress, receipt Receipt) (Receipt, error) {
	next.Receipts, next.Fields, next.Reason = []Receipt{receipt}, nil, ""
	if err := j.finish(ctx, next); err != nil {
		u := j.newUnresolved()
		u.Receipt, u.Seen = &receipt, err
		return Receipt{}, u
	}
	return receipt, nil
}

// conflict stores that the answer showed something else. A Recorder's own
// ConflictError is returned as it is.
func (j *job) conflict(ctx context.Context, next Progress, receipt Receipt, err error) (Receipt, error) {
	var conflict *ConflictError
	if !errors.As(err, &conflict) {
		conflict = &ConflictError{Want: j.p, Got: []Receipt{receipt}, Fields: mismatch(j.p, receipt)}
		err = conflict
	}
	next.Receipts, next.Fields, next.Reason = conflict.Got, conflict.Fields, err.Error()
	return Receipt{}, j.end(ctx, next, err)
}

// end ends the call with err. If the save fails, the entry says that a write
// was begun, and the next call looks.
func (j *job) end(ctx context.Context, next Progress, err error) error {
	_ = j.finish(ctx, next)
	return err
}

// failed ends the call with an error by which this write had no effect.
func (j *job) failed(ctx context.Context, next Progress, err error, doubt bool) (Receipt, error) {
	next.Reason = err.Error()
	if doubt {
		j.lastLook = err
		return Receipt{}, j.unresolved(ctx, next)
	}
	return Receipt{}, j.end(ctx, next, err)
}

// refused looks whether a refusal means that the payment stands already, which
// only a vendor that refuses duplicates can mean by it.
func (j *job) refused(ctx context.Context, next Progress, err error, doubt bool) (Receipt, error) {
	if !mayBeDuplicate(err) || !j.mayRefuseDuplicates(ctx) {
		return j.failed(ctx, next, err, doubt)
	}
	looks := j.settings.looks
	if j.entry.Certain && !doubt {
		looks = 1 // nobody else has sent anything that could show late
	}
	seen, found := j.look(ctx, looks)
	switch {
	case seen == sightNone && !j.again:
		return j.failed(ctx, next, err, doubt)
	case afterLook[seen] != "":
		return j.found(ctx, seen, found)
	}
	j.unknown = fmt.Errorf("refused, perhaps as a duplicate: %w: %v", ErrOutcomeUnknown, err)
	return Receipt{}, j.unresolved(ctx, j.entry.Progress)
}

// mayBeDuplicate reports a refusal by which a vendor may mean that the payment
// stands already. Which status a vendor has for that is often unknown. Only what
// is said before the payment is looked at cannot mean it.
func mayBeDuplicate(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.Status < 400 || e.Status > 499 {
		return false
	}
	for _, early := range [...]error{ErrUnauthorized, ErrRateLimited, ErrOutcomeUnknown} {
		if errors.Is(err, early) {
			return false
		}
	}
	return true
}

// mayRefuseDuplicates is true as well if the vendor could not be asked.
func (j *job) mayRefuseDuplicates(ctx context.Context) bool {
	refuses, err := j.refusesDuplicates(ctx)
	return refuses || err != nil
}

func (j *job) refusesDuplicates(ctx context.Context) (bool, error) {
	d, ok := j.r.(Deduplicator)
	if !ok {
		return false, nil
	}
	return d.RefusesDuplicates(ctx, j.p)
}
