package paymenttest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// kinds records every kind that the Recorder can express, plainly and by Once,
// and finds it again.
func (h Harness) kinds(t *testing.T) {
	for _, k := range h.Kinds {
		t.Run(string(k), func(t *testing.T) {
			t.Parallel()
			s := h.open(t, Conditions{}, unhurried, 0)
			plain := s.recordedAndFound(s.record, s.vendor.Payment(k, 1))
			s.store = newVault()
			if n := s.recordedAndFound(once(s.memory()...), s.vendor.Payment(k, 2)); n != plain {
				t.Errorf("Once makes %d requests, Record %d", n, plain)
			}
			s.checkClaim(s.vendor.Payment(k, 3))
			s.prepared(s.vendor.Payment(k, 4))
			s.writesOnlyBegun(s.vendor.Payment(k, 5))
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
	s.connect(unhurried, 0) // no call finds what an earlier one has cached
	before := s.vendor.Script.Requests()
	s.must(do, p)
	requests = s.vendor.Script.Requests() - before
	s.connect(unhurried, 0) // whatever the Recorder remembers
	shown, err := s.find(s.Context(), p)
	if err == nil && len(shown) != 1 || err != nil && !s.h.NoLookup {
		s.Errorf("found %v, error %v", shown, err)
	}
	if err := lookup(p, shown, err, s.vendor.Ledger(), s.h.NoLookup, false); err != nil {
		s.Error(err)
	}
	return requests
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
		"Prepare": func(ctx context.Context, r payment.Recorder, p payment.Payment) (payment.Receipt, error) {
			_, err := r.Prepare(ctx, p)
			return payment.Receipt{}, err
		},
		"Record": func(ctx context.Context, r payment.Recorder, p payment.Payment) (payment.Receipt, error) {
			return r.Record(ctx, p, payment.NewAttempt(nil, nil))
		},
		"Once": once(brief), "Once with a Store": once(brief, payment.WithStore(newVault())), "Resume": resume(brief),
		"Find": func(ctx context.Context, r payment.Recorder, p payment.Payment) (payment.Receipt, error) {
			_, err := r.Find(ctx, p, payment.NewAttempt(nil, nil))
			return payment.Receipt{}, err
		},
	} {
		_, err := do(s.Context(), s.r, p)
		var field *payment.FieldError
		if !errors.As(err, &field) || !errors.Is(err, payment.ErrInvalid) || errors.Is(err, payment.ErrOutcomeUnknown) {
			s.Errorf("%s: error %v, want a FieldError, as of Prepare, before anything is sent", name, err)
		}
	}
	if n := s.vendor.Script.Requests() - before; n != 0 {
		s.Errorf("%d requests were sent", n)
	}
	if ledger := s.vendor.Ledger(); len(ledger) != 0 {
		s.Errorf("recorded %v", ledger)
	}
}
