package paymenttest

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// slowIndex loses the answer of a write at a vendor whose lookups show the
// payment late or never.
func (h Harness) slowIndex(t *testing.T) {
	if h.NoLookup {
		h.foundNowhere(t)
		return
	}
	steps := h.sunny(t)
	t.Run("patience outlasts it", func(t *testing.T) {
		t.Parallel()
		s := h.open(t, Conditions{IndexLag: shortLag}, unhurried, 2)
		p := s.vendor.Payment(h.Kinds[0], 1)
		s.vendor.Script.Next(at(steps-1, DropAfter())...)
		if r := s.must(once(patient, payment.WithFirstTry()), p); !r.AlreadyRecorded {
			t.Errorf("receipt %v of a payment that was found", r)
		}
	})
	t.Run("it outlasts patience", func(t *testing.T) {
		t.Parallel()
		s := h.open(t, Conditions{IndexLag: endless}, unhurried, 2)
		s.store = newVault()
		p := s.vendor.Payment(h.Kinds[0], 1)
		s.vendor.Script.Next(at(steps-1, DropAfter())...)
		for _, do := range []act{once(s.memory(hasty)...), resume(s.memory(hasty)...), once(s.memory(hasty)...)} {
			_, err := s.try(t.Context(), do, p)
			if err == nil {
				t.Fatal("the vendor shows a payment at once: does Harness.Start heed Conditions.IndexLag?")
			}
			if !errors.Is(err, payment.ErrOutcomeUnknown) || s.standing(p) != 1 {
				t.Errorf("error %v, %d entries", err, s.standing(p))
			}
		}
	})
}

// foundNowhere checks that a lost answer stays unknown where the vendor cannot
// be asked, and that nothing is sent where nobody vouches for the first try.
func (h Harness) foundNowhere(t *testing.T) {
	steps := h.sunny(t)
	for _, lost := range []Fault{DropBefore(), DropAfter()} {
		s := h.open(t, Conditions{}, unhurried, 2)
		s.store = newVault()
		p := s.vendor.Payment(h.Kinds[0], 1)
		s.vendor.Script.Next(at(steps-1, lost)...)
		_, err := s.try(t.Context(), once(s.memory()...), p)
		s.settled(p, err)
	}
	s := h.open(t, Conditions{}, unhurried, 2)
	p := s.vendor.Payment(h.Kinds[0], 1)
	s.must(s.record, p)
	for _, do := range []act{once(brief), resume(brief), once(brief, payment.WithStore(payment.NewMemoryStore()))} {
		s.connect(unhurried, 2)
		if _, err := s.try(t.Context(), do, p); err != nil && !errors.Is(err, payment.ErrNoLookup) {
			t.Errorf("error %v, want ErrNoLookup", err)
		}
	}
}

// sunny returns how many requests Once makes when nothing goes wrong. The last
// of them writes.
func (h Harness) sunny(t *testing.T) int {
	t.Helper()
	s := h.open(t, Conditions{}, unhurried, 0)
	before := s.vendor.Script.Requests()
	s.must(once(brief, payment.WithFirstTry()), s.vendor.Payment(h.Kinds[0], 1))
	return s.vendor.Script.Requests() - before
}

// lateEffects delays the effect of the write until the program has given up
// waiting for it.
func (h Harness) lateEffects(t *testing.T) {
	step := h.sunny(t) - 1
	t.Run("given up", func(t *testing.T) {
		t.Parallel()
		s := h.open(t, Conditions{}, unhurried, 0)
		s.store = newVault()
		p := s.heldBack(step)
		_, err := s.try(t.Context(), once(s.memory()...), p)
		s.idle()
		if n := s.standing(p); n > 1 || n == 0 && errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("%d entries after the late effect, error %v", n, err)
		}
		s.settled(p, err)
	})
	if h.NoLookup {
		return
	}
	t.Run("settled", func(t *testing.T) {
		t.Parallel()
		s := h.open(t, Conditions{}, unhurried, 2)
		s.store = newVault()
		p := s.heldBack(step)
		if r := s.must(once(s.memory(vouched)...), p); !r.AlreadyRecorded {
			t.Errorf("receipt %v of a payment that came late", r)
		}
		s.idle()
		if n := s.standing(p); n != 1 {
			t.Errorf("%d entries after the late effect", n)
		}
	})
	t.Run("after the settle time", func(t *testing.T) {
		t.Parallel()
		h.tooLate(t, step)
	})
}

// tooLate lets the effect come after the settle time that the caller promised.
// A vendor that takes duplicates then has two records, and the next call says so.
func (h Harness) tooLate(t *testing.T, step int) {
	s := h.open(t, Conditions{}, unhurried, 0)
	s.store = newVault()
	p := s.heldBack(step)
	_, err := payment.Once(t.Context(), s.r, p, s.memory(payment.WithSettle(time.Millisecond))...)
	if err != nil && !errors.Is(err, payment.ErrOutcomeUnknown) {
		t.Errorf("error %v", err)
	}
	s.idle()
	s.connect(unhurried, 0)
	receipt, err := payment.Once(t.Context(), s.r, p, s.memory()...)
	switch n := s.standing(p); {
	case n == 1 && err == nil && receipt.AlreadyRecorded:
	case n == 2 && !h.RefusesDuplicates && errors.Is(err, payment.ErrRecordedTwice):
		var conflict *payment.ConflictError
		if !errors.As(err, &conflict) || len(conflict.Got) != 2 {
			t.Errorf("the error shows %v", err)
		}
	default:
		t.Errorf("receipt %v, error %v, %d entries", receipt, err, n)
	}
}

// heldBack returns a payment whose write, at that step, is given up and takes
// effect later.
func (s *scene) heldBack(step int) payment.Payment {
	script := s.vendor.Script
	script.Next(at(step, LateEffect(held))...)
	s.line.stopAt(stop{at: step, moment: givenUp, struck: func() bool { return len(script.Struck()) > 0 }})
	return s.vendor.Payment(s.h.Kinds[0], 1)
}

// lookupsWithoutWord answers every lookup of a recorded payment with a 404 that
// is not the vendor's word. Such an answer proves nothing: a Recorder that takes
// it for "not recorded" has Once and Resume write a second time as soon as the
// settle time has passed.
func (h Harness) lookupsWithoutWord(t *testing.T) {
	if h.NoLookup {
		return
	}
	last := h.sunny(t) - 1
	settled := payment.WithSettle(time.Millisecond)
	for _, f := range notFound() {
		t.Run("Once, "+f.String(), func(t *testing.T) {
			t.Parallel()
			s := h.open(t, Conditions{}, unhurried, 0)
			s.vendor.Script.Next(at(last, DropAfter())...)
			s.store = newVault()
			s.unanswered(once(s.memory(settled)...), s.vendor.Payment(h.Kinds[0], 1), f)
		})
		t.Run("Resume, "+f.String(), func(t *testing.T) {
			t.Parallel()
			s := h.open(t, Conditions{}, unhurried, 0)
			p := s.vendor.Payment(h.Kinds[0], 1)
			s.must(s.record, p)
			s.unanswered(resume(brief, settled), p, f)
		})
	}
}

// unanswered makes a call while f strikes every lookup of the recorded payment.
func (s *scene) unanswered(do act, p payment.Payment, f Fault) {
	s.Helper()
	isLookup := func(r *http.Request) bool {
		return s.h.reads(Strike{Method: r.Method, Path: r.URL.Path}) && s.standing(p) > 0
	}
	s.vendor.Script.On(isLookup, slices.Repeat([]Fault{f}, 100)...)
	_, err := s.try(s.Context(), do, p)
	if !errors.Is(err, payment.ErrOutcomeUnknown) || showsNone(err) {
		s.Errorf("error %v, although no lookup was answered", err)
	}
	s.vendor.Script.Clear()
	s.connect(unhurried, 0)
	if r := s.must(resume(s.resuming()...), p); !r.AlreadyRecorded {
		s.Errorf("receipt %v of a payment that stood", r)
	}
}
