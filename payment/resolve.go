package payment

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// search is the effort to find out what became of one payment.
type search struct {
	r        Recorder
	p        Payment
	patience patience

	began    time.Time
	heard    time.Time // when a write was last heard of
	unknown  error     // the last write, or the other run, whose outcome is not known
	lastLook error
	writes   int
	looks    int
	nothing  bool // patience has ended, and the last look showed nothing
	vouched  bool // the settle time has passed since the last write
}

func newSearch(r Recorder, p Payment, opts []OnceOption) *search {
	now := time.Now()
	s := &search{r: r, p: p, patience: patience{looks: 5, wait: time.Second}, began: now, heard: now}
	for _, o := range opts {
		o(&s.patience)
	}
	return s
}

// resolve finds out what a failed write means, and writes again where that
// cannot double the payment. Once an outcome was unknown, only a find or a
// successful write can end the doubt.
func (s *search) resolve(ctx context.Context, err error) (Receipt, error) {
	for {
		switch {
		case errors.Is(err, ErrOutcomeUnknown):
			s.unknown = err
		case !isClear(err):
			s.unknown = fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
		case mayBeDuplicate(err):
			return s.explainRefusal(ctx, err)
		case s.unknown != nil && !errors.Is(err, ErrConflict):
			s.lastLook = err
			return Receipt{}, s.unresolved()
		default:
			return Receipt{}, err
		}
		receipt, found, err1 := s.look(ctx, s.patience.looks)
		if found || err1 != nil {
			return receipt, err1
		}
		if !s.mayWrite(ctx) {
			return Receipt{}, s.unresolved()
		}
		if receipt, err = s.write(ctx); err == nil {
			return receipt, nil
		}
	}
}

func (s *search) write(ctx context.Context) (Receipt, error) {
	s.writes++
	receipt, err := s.r.Record(ctx, s.p)
	s.heard, s.vouched = time.Now(), false
	return receipt, err
}

// resume looks once before it writes where a second write is refused: the
// payment was probably never handed over, and patience would be wasted.
func (s *search) resume(ctx context.Context) (Receipt, error) {
	s.unknown = errTakenUp
	receipt, found, err := s.lookOnce(ctx)
	switch {
	case found || err != nil:
		return receipt, err
	case isRefusedUnsent(ctx, s.lastLook):
		return Receipt{}, s.lastLook // as Record would
	case errors.Is(s.lastLook, ErrNoLookup):
		return Receipt{}, s.unresolved()
	case !s.mayWrite(ctx):
		return s.resolve(ctx, errTakenUp)
	}
	if receipt, err = s.write(ctx); err == nil {
		return receipt, nil
	}
	return s.resolve(ctx, err)
}

// explainRefusal looks whether a refusal means that the payment stands. The
// refusal itself is the answer only if nothing was in doubt before and the
// vendor, if it may have refused a duplicate, shows nothing to the very end of
// patience.
func (s *search) explainRefusal(ctx context.Context, refusal error) (Receipt, error) {
	refuses, err := s.refusesDuplicates(ctx)
	if refuses || err != nil {
		receipt, found, err := s.look(ctx, s.patience.looks)
		if found || err != nil {
			return receipt, err
		}
	}
	switch {
	case s.unknown != nil:
		s.lastLook = refusal
	case s.nothing || !refuses && err == nil:
		return Receipt{}, refusal
	default:
		s.unknown = fmt.Errorf("refused, perhaps as a duplicate: %w: %v", ErrOutcomeUnknown, refusal)
	}
	return Receipt{}, s.unresolved()
}

// look asks until the payment shows or patience ends. The error is a conflict.
func (s *search) look(ctx context.Context, looks int) (r Receipt, found bool, err error) {
	s.nothing = false
	wait := s.patience.wait
	for i := range looks {
		if i > 0 {
			if pause(ctx, wait) != nil {
				return r, false, nil
			}
			wait *= 2
		}
		if r, found, err = s.lookOnce(ctx); found || err != nil || errors.Is(s.lastLook, ErrNoLookup) {
			return r, found, err
		}
	}
	if s.patience.settle > 0 {
		r, found, err = s.lookSettled(ctx)
	}
	s.nothing = !found && errors.Is(s.lastLook, ErrNotFound)
	return r, found, err
}

// lookSettled waits out the settle time that the caller vouches for, and looks
// a last time.
func (s *search) lookSettled(ctx context.Context) (r Receipt, found bool, err error) {
	if err := pause(ctx, s.patience.settle-time.Since(s.heard)); err != nil {
		s.lastLook = err
		return r, false, nil
	}
	r, found, err = s.lookOnce(ctx)
	s.vouched = errors.Is(s.lastLook, ErrNotFound)
	return r, found, err
}

// lookOnce asks the vendor and holds what it shows against the payment.
func (s *search) lookOnce(ctx context.Context) (Receipt, bool, error) {
	s.looks++
	r, err := s.r.Find(ctx, s.p)
	s.lastLook = err
	switch {
	case errors.Is(err, ErrConflict) && !mayBeDuplicate(err): // not a mere status 409
		return Receipt{}, false, err
	case err != nil:
		return Receipt{}, false, nil
	case !r.Amount.Equal(s.p.Amount):
		return Receipt{}, false, &ConflictError{Want: s.p, Got: r}
	}
	r.AlreadyRecorded = true
	return r, true, nil
}

// mayWrite reports whether a second write cannot double the payment.
func (s *search) mayWrite(ctx context.Context) bool {
	if ctx.Err() != nil || s.writes >= maxWrites || !errors.Is(s.lastLook, ErrNotFound) {
		return false
	}
	if s.vouched {
		return true
	}
	refuses, err := s.refusesDuplicates(ctx)
	return refuses && err == nil
}

// refusesDuplicates asks the recorder, if it can tell.
func (s *search) refusesDuplicates(ctx context.Context) (bool, error) {
	d, ok := s.r.(Deduplicator)
	if !ok {
		return false, nil
	}
	return d.RefusesDuplicates(ctx, s.p)
}

func (s *search) unresolved() error {
	return &UnresolvedError{
		Payment: s.p, Writes: s.writes, Looks: s.looks, Waited: time.Since(s.began), Seen: s.lastLook, Err: s.unknown,
	}
}

// pause waits for d or for the context's end.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(max(0, d))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
