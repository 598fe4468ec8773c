package payment

import (
	"context"
	"errors"
	"time"
)

// resolve looks until it is clear what stands, and writes where that cannot
// double the payment.
func (j *job) resolve(ctx context.Context) (Receipt, error) {
	seen, found := j.look(ctx, j.settings.looks)
	switch {
	case afterLook[seen] != "":
		return j.found(ctx, seen, found)
	case seen == sightBlind && !j.row().doubt:
		return Receipt{}, j.release(ctx, &needsHelp{err: j.lastLook, reference: j.p.Reference, vendor: j.entry.Key.Account.Vendor})
	case seen == sightNone && j.mayWrite(ctx):
		return j.write(ctx)
	case isRefusedUnsent(ctx, j.lastLook) && !j.row().doubt:
		return Receipt{}, j.release(ctx, j.lastLook)
	}
	next := j.entry.Progress
	if j.row().doubt && (seen == sightBlind || seen == sightNone && next.Writes >= j.mostWrites(ctx)) {
		next.Status = Unknown
	}
	return Receipt{}, j.unresolved(ctx, next)
}

// look asks until something shows or patience and the settle time have ended.
func (j *job) look(ctx context.Context, looks int) (seen sight, found []Receipt) {
	wait := j.settings.wait
	for i := range looks {
		if i > 0 {
			if j.pause(ctx, wait) != nil {
				return sightFailed, nil
			}
			wait *= 2
		}
		if seen, found = j.lookOnce(ctx); afterLook[seen] != "" || seen == sightBlind || isRefusedUnsent(ctx, j.lastLook) {
			return seen, found
		}
	}
	if j.settle > 0 && j.row().doubt {
		return j.lookSettled(ctx)
	}
	return seen, found
}

// lookSettled waits out the settle time, whole and on this process's own
// monotonic clock, and looks a last time.
func (j *job) lookSettled(ctx context.Context) (seen sight, found []Receipt) {
	if j.pause(ctx, j.settle-time.Since(j.heard)) != nil {
		return sightFailed, nil
	}
	seen, found = j.lookOnce(ctx)
	j.settled = seen == sightNone
	return seen, found
}

// lookOnce asks the vendor and compares what it shows with the payment.
func (j *job) lookOnce(ctx context.Context) (sight, []Receipt) {
	j.looks++
	j.tell(ctx, Event{Step: StepLook})
	a := NewAttempt(j.entry.Checkpoint, noWrite)
	a.doubt = j.mayHaveWritten()
	found, err := j.r.Find(ctx, j.p, a)
	j.lastLook = err
	var conflict *ConflictError
	switch {
	case errors.As(err, &conflict):
		return sightOther, conflict.Got
	case errors.Is(err, ErrNoLookup):
		return sightBlind, nil
	case err != nil:
		return sightFailed, nil
	case len(found) == 0:
		return sightNone, nil
	case len(found) > 1:
		return sightSeveral, found
	case len(mismatch(j.p, found[0])) > 0:
		return sightOther, found
	}
	return sightSame, found
}

// noWrite is what Begin does within Find.
func noWrite(context.Context, []byte) error {
	return &FieldError{Field: "Attempt", Reason: "is that of a look, which must not write"}
}

// found ends the call with what a look has shown.
func (j *job) found(ctx context.Context, seen sight, found []Receipt) (Receipt, error) {
	next := j.entry.Progress
	next.Status = afterLook[seen]
	if seen == sightSame {
		found[0].AlreadyRecorded = true
		return j.recorded(ctx, next, found[0])
	}
	err := j.lastLook
	var conflict *ConflictError
	if !errors.As(err, &conflict) {
		err = &ConflictError{Want: j.p, Got: found, Fields: allMismatches(j.p, found)}
	}
	return j.conflict(ctx, next, Receipt{}, err)
}

// mayWrite reports whether a write cannot double the payment, after a look that
// certainly showed none.
func (j *job) mayWrite(ctx context.Context) bool {
	switch {
	case ctx.Err() != nil || j.writes >= maxWrites || j.entry.Status == Unknown:
		return false
	case !j.row().doubt:
		return true
	case j.entry.Writes >= j.mostWrites(ctx):
		return false
	}
	return j.settled || j.isSafe(ctx)
}

// isSafe reports whether a second write cannot double the payment, whatever
// became of the first.
func (j *job) isSafe(ctx context.Context) bool {
	if r, ok := j.r.(Repeater); ok && r.MayRepeat(j.p, NewAttempt(j.entry.Checkpoint, noWrite)) {
		return true
	}
	refuses, err := j.refusesDuplicates(ctx)
	return refuses && err == nil
}

// mostWrites bounds the writes of the entry, over all calls.
func (j *job) mostWrites(ctx context.Context) int {
	if j.isSafe(ctx) {
		return maxSafe
	}
	return maxWrites
}

// pause waits for d, and renews the claim so that it outlasts the wait.
func (j *job) pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	j.tell(ctx, Event{Step: StepWait, Wait: d})
	for end := time.Now().Add(d); ; {
		left := time.Until(end)
		if left <= 0 {
			break
		}
		if err := sleep(ctx, min(left, j.lease/3)); err != nil {
			j.lastLook = err
			return err
		}
		if err := j.renew(ctx); err != nil {
			j.lastLook = err
			return err
		}
	}
	return nil
}

// renew saves the entry as it is when its lease is two thirds over.
func (j *job) renew(ctx context.Context) error {
	if time.Until(j.until) > j.lease/3 {
		return nil
	}
	return j.save(ctx, j.entry.Progress, j.lease)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// isRefusedUnsent reports that a Recorder refused its input, and not because
// the context had ended.
func isRefusedUnsent(ctx context.Context, err error) bool {
	var f *FieldError
	return ctx.Err() == nil && errors.As(err, &f)
}
