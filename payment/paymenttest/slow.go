package paymenttest

import (
	"errors"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

const (
	shortLag = 40 * time.Millisecond // of an index
	endless  = time.Hour
	held     = 400 * time.Millisecond // how long a late request is on its way
)

var (
	// patient outlasts shortLag many times: 1.27 seconds.
	patient = payment.WithPatience(8, 10*time.Millisecond)
	// hasty looks once.
	hasty = payment.WithPatience(1, 1)
	// vouched is a settle time that is longer than held.
	vouched = payment.WithSettle(3 * held)
)

// slowIndex loses the answer of a write at a vendor whose lookups show it late
// or never.
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
		if r := s.must(once(patient), p); !r.AlreadyRecorded {
			t.Errorf("receipt %v of a payment that was found", r)
		}
	})
	t.Run("it outlasts patience", func(t *testing.T) {
		t.Parallel()
		s := h.open(t, Conditions{IndexLag: endless}, unhurried, 2)
		p := s.vendor.Payment(h.Kinds[0], 1)
		s.vendor.Script.Next(at(steps-1, DropAfter())...)
		for _, do := range []act{once(hasty), resume(hasty)} {
			if _, err := s.try(t.Context(), do, p); !errors.Is(err, payment.ErrOutcomeUnknown) || s.standing(p) != 1 {
				t.Errorf("error %v, %d entries", err, s.standing(p))
			}
		}
	})
}

// foundNowhere checks that a lost answer stays one where the vendor cannot be
// asked.
func (h Harness) foundNowhere(t *testing.T) {
	steps := h.sunny(t)
	for _, lost := range []Fault{DropBefore(), DropAfter()} {
		s := h.open(t, Conditions{}, unhurried, 2)
		p := s.vendor.Payment(h.Kinds[0], 1)
		s.vendor.Script.Next(at(steps-1, lost)...)
		_, err := s.try(t.Context(), once(brief), p)
		s.settled(p, err)
	}
}

// sunny tells how many requests Once makes when nothing goes wrong. The last
// of them writes.
func (h Harness) sunny(t *testing.T) int {
	t.Helper()
	s := h.open(t, Conditions{}, unhurried, 0)
	before := s.vendor.Script.Requests()
	s.must(once(brief), s.vendor.Payment(h.Kinds[0], 1))
	return s.vendor.Script.Requests() - before
}

// lateEffects holds the write back until the program has given it up: the
// effect comes when nobody waits for it any more.
func (h Harness) lateEffects(t *testing.T) {
	step := h.sunny(t) - 1
	t.Run("given up", func(t *testing.T) {
		t.Parallel()
		s := h.open(t, Conditions{}, unhurried, 0)
		p := s.heldBack(step)
		_, err := s.try(t.Context(), once(brief), p)
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
		p := s.heldBack(step)
		if r := s.must(once(brief, vouched), p); !r.AlreadyRecorded {
			t.Errorf("receipt %v of a payment that came late", r)
		}
		s.idle()
		if n := s.standing(p); n != 1 {
			t.Errorf("%d entries after the late effect", n)
		}
	})
}

// heldBack gives a payment whose write, at that step, is given up and takes
// effect later.
func (s *scene) heldBack(step int) payment.Payment {
	script := s.vendor.Script
	script.Next(at(step, LateEffect(held))...)
	s.line.stopAt(stop{at: step, moment: givenUp, struck: func() bool { return len(script.Struck()) > 0 }})
	return s.vendor.Payment(s.h.Kinds[0], 1)
}
