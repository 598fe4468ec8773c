package paymenttest

import (
	"errors"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// conflicts hands over a payment whose reference stands for another one.
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

// more gives a little more money.
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
