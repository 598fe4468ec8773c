package paymenttest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

var allKinds = []payment.Kind{payment.Sale, payment.Refund, payment.Authorization, payment.Capture, payment.Void}

// kinds records every kind that the Recorder can express, plainly and by Once,
// and finds it again.
func (h Harness) kinds(t *testing.T) {
	for _, k := range h.Kinds {
		t.Run(string(k), func(t *testing.T) {
			t.Parallel()
			s := h.open(t, Conditions{}, unhurried, 0)
			plain := s.recordedAndFound(record, s.vendor.Payment(k, 1))
			if n := s.recordedAndFound(once(brief), s.vendor.Payment(k, 2)); n != plain {
				t.Errorf("Once makes %d requests, Record %d", n, plain)
			}
			s.checkClaim(s.vendor.Payment(k, 3))
		})
	}
	for _, k := range allKinds {
		if slices.Contains(h.Kinds, k) {
			continue
		}
		t.Run("no "+string(k), func(t *testing.T) {
			t.Parallel()
			s := h.open(t, Conditions{}, unhurried, 0)
			p := s.vendor.Payment(h.Kinds[0], 1)
			p.Kind = k
			s.refusedUnsent(p)
		})
	}
}

// recordedAndFound returns how many requests recording took.
func (s *scene) recordedAndFound(do act, p payment.Payment) (requests int) {
	s.Helper()
	before := s.vendor.Script.Requests()
	s.must(do, p)
	requests = s.vendor.Script.Requests() - before
	s.connect(unhurried, 0) // whatever the Recorder remembers
	r, err := s.r.Find(s.Context(), p)
	if err == nil && !r.Amount.Equal(p.Amount) || err != nil && !s.h.NoLookup {
		s.Errorf("found %v, error %v", r, err)
	}
	if err := lookup(p, r, err, s.vendor.Ledger(), s.h.NoLookup); err != nil {
		s.Error(err)
	}
	return requests
}

// checkClaim compares what the Recorder says of duplicates with the harness.
func (s *scene) checkClaim(p payment.Payment) {
	s.Helper()
	claims := false
	if d, ok := s.r.(payment.Deduplicator); ok {
		var err error
		if claims, err = d.RefusesDuplicates(s.Context(), p); err != nil {
			s.Errorf("RefusesDuplicates: %v", err)
		}
	}
	if claims != s.h.RefusesDuplicates {
		s.Errorf("RefusesDuplicates says %v, the harness %v", claims, s.h.RefusesDuplicates)
	}
}

// badInput checks that what nobody could record is refused unsent.
func (h Harness) badInput(t *testing.T) {
	s := h.open(t, Conditions{}, unhurried, 0)
	good := s.vendor.Payment(h.Kinds[0], 1)
	for name, spoil := range map[string]func(*payment.Payment){
		"reference": func(p *payment.Payment) { p.Reference = "" },
		"kind":      func(p *payment.Payment) { p.Kind = "" },
		"amount":    func(p *payment.Payment) { p.Amount = payment.Money{} },
		"sign":      func(p *payment.Payment) { p.Amount = p.Amount.Neg() },
		"date":      func(p *payment.Payment) { p.Date = time.Time{} },
		"reverses":  func(p *payment.Payment) { p.Reverses = p.Reference },
	} {
		t.Run(name, func(t *testing.T) {
			p := good
			spoil(&p)
			at := *s
			at.T = t
			at.refusedUnsent(p)
		})
	}
}

// refusedUnsent checks that every call refuses a payment with a FieldError.
func (s *scene) refusedUnsent(p payment.Payment) {
	s.Helper()
	before := s.vendor.Script.Requests()
	for name, do := range map[string]act{
		"Record": record, "Once": once(brief), "Resume": resume(brief),
		"Find": func(ctx context.Context, r payment.Recorder, p payment.Payment) (payment.Receipt, error) {
			return r.Find(ctx, p)
		},
	} {
		_, err := do(s.Context(), s.r, p)
		var field *payment.FieldError
		if !errors.As(err, &field) || !errors.Is(err, payment.ErrInvalid) || errors.Is(err, payment.ErrOutcomeUnknown) {
			s.Errorf("%s: error %v, want a FieldError", name, err)
		}
	}
	if n := s.vendor.Script.Requests() - before; n != 0 {
		s.Errorf("%d requests were sent", n)
	}
	if ledger := s.vendor.Ledger(); len(ledger) != 0 {
		s.Errorf("recorded %v", ledger)
	}
}

// conflicts hands over a payment whose reference is taken by another one.
func (h Harness) conflicts(t *testing.T) {
	t.Run("another amount", func(t *testing.T) {
		t.Parallel()
		h.conflict(t, func(s *scene, p *payment.Payment) {
			p.Amount = s.more(p.Amount)
		})
	})
	if len(h.Kinds) < 2 {
		return
	}
	t.Run("another kind", func(t *testing.T) {
		t.Parallel()
		h.conflict(t, func(s *scene, p *payment.Payment) {
			other := s.vendor.Payment(h.Kinds[1], 2)
			other.Reference, other.Target, other.Amount = p.Reference, p.Target, p.Amount
			*p = other
		})
	})
}

// conflict records a payment and hands over a changed one. Where the vendor
// can be asked, Resume sees both; where it refuses duplicates, so do Record and
// Once, and the ledger stays as it was.
func (h Harness) conflict(t *testing.T, change func(*scene, *payment.Payment)) {
	s := h.open(t, Conditions{}, unhurried, 0)
	p := s.vendor.Payment(h.Kinds[0], 1)
	s.must(record, p)
	changed := p
	change(s, &changed)
	calls := []act{}
	if !h.NoLookup {
		calls = append(calls, resume(brief))
	}
	if h.RefusesDuplicates {
		calls = append(calls, record, once(brief))
	}
	for _, do := range calls {
		_, err := s.try(t.Context(), do, changed)
		s.checkConflict(err, changed, p)
	}
	if n := s.standing(p); n != 1 {
		t.Errorf("%d entries", n)
	}
}

func (s *scene) checkConflict(err error, want, stands payment.Payment) {
	s.Helper()
	var conflict *payment.ConflictError
	if !errors.Is(err, payment.ErrConflict) || !errors.As(err, &conflict) {
		if !s.h.NoLookup {
			s.Errorf("error %v, want a conflict", err)
		}
		return
	}
	got := conflict.Got.Amount
	if got.Sign() < 0 {
		got = got.Neg() // as seen from a payment the other way round
	}
	if conflict.Want.Reference != want.Reference || !got.Equal(stands.Amount) {
		s.Errorf("the conflict is between %v and %v", conflict.Want, conflict.Got)
	}
}

// more returns a little more money.
func (s *scene) more(m payment.Money) payment.Money {
	s.Helper()
	unit, err := payment.FromMinorUnits(1, m.Currency())
	if err != nil {
		s.Fatal(err)
	}
	sum, err := m.Add(unit)
	if err != nil {
		s.Fatal(err)
	}
	return sum
}
