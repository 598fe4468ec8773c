package payment

import (
	"context"
	"errors"
	"time"
)

// search is the effort to find out what became of one payment.
type search struct {
	r        Recorder
	p        Payment
	patience patience

	began    time.Time
	unknown  error // the last write, or the other run, whose outcome is not known
	lastLook error
	writes   int
	looks    int
	vouched  bool // the settle time has passed, once for each write
}

func newSearch(r Recorder, p Payment, opts []OnceOption) *search {
	s := &search{r: r, p: p, patience: patience{looks: 5, wait: time.Second}, began: time.Now()}
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
		s.writes++
		if receipt, err = s.r.Record(ctx, s.p); err == nil {
			return receipt, nil
		}
	}
}

// resume looks once before it writes where a second write is refused: the
// payment was probably never handed over, and patience would be wasted.
func (s *search) resume(ctx context.Context) (Receipt, error) {
	s.unknown = errTakenUp
	if !s.refusesDuplicates(ctx) {
		return s.resolve(ctx, errTakenUp)
	}
	receipt, found, err := s.look(ctx, 1)
	if found || err != nil {
		return receipt, err
	}
	if !s.mayWrite(ctx) {
		return Receipt{}, s.unresolved()
	}
	s.writes++
	if receipt, err = s.r.Record(ctx, s.p); err == nil {
		return receipt, nil
	}
	return s.resolve(ctx, err)
}

// explainRefusal looks whether a refusal means that the payment stands. If
// not, and nothing was in doubt before, the refusal itself is the answer.
func (s *search) explainRefusal(ctx context.Context, refusal error) (Receipt, error) {
	if s.refusesDuplicates(ctx) {
		receipt, found, err := s.look(ctx, s.patience.looks)
		if found || err != nil {
			return receipt, err
		}
	}
	if s.unknown != nil {
		s.lastLook = refusal
		return Receipt{}, s.unresolved()
	}
	return Receipt{}, refusal
}

// look asks until the payment shows or patience ends. The error is a conflict.
func (s *search) look(ctx context.Context, looks int) (r Receipt, found bool, err error) {
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
	return s.lookSettled(ctx)
}

// lookSettled waits out the settle time, if the caller vouches for one, and
// looks a last time.
func (s *search) lookSettled(ctx context.Context) (r Receipt, found bool, err error) {
	if s.patience.settle <= 0 || pause(ctx, s.patience.settle-time.Since(s.began)) != nil {
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
	case errors.Is(err, ErrConflict):
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
		s.vouched, s.began = false, time.Now()
		return true
	}
	return s.refusesDuplicates(ctx)
}

// refusesDuplicates asks the recorder; one that cannot tell does not.
func (s *search) refusesDuplicates(ctx context.Context) bool {
	d, ok := s.r.(Deduplicator)
	if !ok {
		return false
	}
	refuses, err := d.RefusesDuplicates(ctx, s.p)
	return err == nil && refuses
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
