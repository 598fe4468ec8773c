package paymenttest

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// decided lets a person decide while a worker has the payment in hand, and when
// the vendor shows something else than the person has said.
func (h Harness) decided(t *testing.T) {
	last := h.sunny(t) - 1
	s, v := h.shelve(t)
	p := s.vendor.Payment(h.Kinds[0], 1)
	decision := payment.Decision{By: "tester", At: time.Unix(1700000000, 0)}
	var seen payment.Entry
	s.vendor.Script.On(func(r *http.Request) bool {
		if seen.Token != "" || h.reads(Strike{Method: r.Method, Path: r.URL.Path}) {
			return false
		}
		seen, _ = v.entry(p.Reference) // as a person sees it in the database
		if _, err := payment.Decide(t.Context(), v, seen, decision); !errors.Is(err, payment.ErrOutcomeUnknown) {
			t.Errorf("decided while a worker holds the claim: %v", err)
		}
		return false
	}, Pass())
	s.vendor.Script.Next(at(last, DropAfter())...)
	_, err := s.try(t.Context(), once(s.memory(hasty)...), p)
	if _, err := payment.Decide(t.Context(), v, seen, decision); !errors.Is(err, payment.ErrConflict) {
		t.Errorf("decided on what has changed since: %v", err)
	}
	if err == nil {
		return // found at once
	}
	now, _ := v.entry(p.Reference)
	if _, err := payment.Decide(t.Context(), v, now, decision); err != nil {
		t.Fatalf("Decide: %v", err)
	}
	s.connect(unhurried, 0)
	_, err = s.try(t.Context(), once(s.memory()...), p)
	if want := payment.ErrConflict; !h.NoLookup && !errors.Is(err, want) || err == nil || s.standing(p) != 1 {
		t.Errorf("error %v, %d entries, of a payment that stands and was decided as not recorded", err, s.standing(p))
	}
}

// strangeCheckpoint leaves a checkpoint that a later version has written, or that
// is broken. Whoever cannot read it sends nothing.
func (h Harness) strangeCheckpoint(t *testing.T) {
	for name, checkpoint := range map[string][]byte{
		"a later version": []byte(`{"Version":999999,"version":999999,"v":999999}`), "not JSON": []byte("\x00\xff{"),
	} {
		s, v := h.shelve(t)
		p := s.vendor.Payment(h.Kinds[0], 1)
		v.failAt(1, failsBefore)
		_, _ = s.try(t.Context(), once(s.memory()...), p)
		v.expire()
		v.edit(p.Reference, func(e *payment.Entry) { e.Status, e.Writes, e.Checkpoint = payment.Begun, 1, checkpoint })
		before := s.vendor.Script.Requests()
		receipt, err := s.try(t.Context(), once(s.memory()...), p)
		writes := 0
		for _, r := range s.vendor.Script.since(before) {
			if !h.reads(r) {
				writes++
			}
		}
		if err == nil && !h.RefusesDuplicates || err != nil && writes > 0 {
			t.Errorf("%s: receipt %v, error %v, %d writes", name, receipt, err, writes)
		}
	}
}

// foldedReference hands over another payment whose reference the vendor takes for
// the same.
func (h Harness) foldedReference(t *testing.T) {
	s, _ := h.shelve(t)
	f, ok := s.r.(payment.ReferenceFolder)
	if !ok {
		return
	}
	p := s.vendor.Payment(h.Kinds[0], 1)
	s.must(once(s.memory()...), p)
	for _, other := range []string{strings.ToUpper(p.Reference), strings.ToLower(p.Reference), p.Reference + " ", " " + p.Reference} {
		if other == p.Reference || f.FoldReference(other) != f.FoldReference(p.Reference) {
			continue
		}
		changed := p
		changed.Reference = other
		_, err := payment.Once(t.Context(), s.r, changed, s.memory()...)
		if !errors.Is(err, payment.ErrConflict) && !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("reference %q after %q: error %v, want a conflict", other, p.Reference, err)
		}
		if n := len(s.vendor.Ledger()); n != 1 {
			t.Errorf("%d entries", n)
		}
	}
}
