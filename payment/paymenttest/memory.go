package paymenttest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// memory checks Once with a Store that fails, that loses what it has taken, that
// is not the only one, and that a person writes to.
func (h Harness) memory(t *testing.T) {
	for name, part := range map[string]func(*testing.T){
		"failing saves": h.failingSaves, "changed": h.changed, "corrected": h.corrected, "restored": h.restored,
		"two Stores": h.twoStores, "decided": h.decided, "strange checkpoint": h.strangeCheckpoint, "reference": h.foldedReference,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			part(t)
		})
	}
}

// shelve opens a scene whose program has a Store.
func (h Harness) shelve(t *testing.T) (*scene, *vault) {
	t.Helper()
	s, v := h.open(t, Conditions{}, unhurried, 0), newVault()
	s.store = v
	return s, v
}

// failingSaves lets each save of a call fail: before its effect, after it, and
// with an effect that shows only at the next claim.
func (h Harness) failingSaves(t *testing.T) {
	s, v := h.shelve(t)
	s.must(once(s.memory()...), s.vendor.Payment(h.Kinds[0], 1))
	for n := 1; n <= v.count(); n++ {
		for _, f := range []failure{failsBefore, failsAfter, failsTorn} {
			t.Run(fmt.Sprintf("save %d fails %s", n, f), func(t *testing.T) {
				t.Parallel()
				s, v := h.shelve(t)
				p := s.vendor.Payment(h.Kinds[0], 1)
				v.failAt(n, f)
				_, err := s.try(t.Context(), once(s.memory()...), p)
				if err == nil && n < v.count() {
					t.Error("no error, although a save failed")
				}
				if stands := s.standing(p); stands > 0 && err != nil && !errors.Is(err, payment.ErrOutcomeUnknown) {
					t.Errorf("error %v, %d entries", err, stands)
				}
				v.expire()
				if s.connect(unhurried, 0); err != nil {
					s.takenUp(p)
				}
				v.expire()
				s.stored(p)
			})
		}
	}
}

// stored checks that a payment which stands is returned from the Store or found,
// and that nothing is written.
func (s *scene) stored(p payment.Payment) {
	s.Helper()
	if s.standing(p) == 0 {
		return
	}
	receipt, err := s.try(s.Context(), once(s.memory()...), p)
	if err == nil && !receipt.AlreadyRecorded || err != nil && !s.h.NoLookup {
		s.Errorf("receipt %v, error %v of a payment that stands", receipt, err)
	}
}

// changes are what a caller may turn a payment into under the same reference.
var changes = map[string]func(s *scene, p *payment.Payment){
	"Amount":   func(s *scene, p *payment.Payment) { p.Amount = s.more(p.Amount) },
	"Date":     func(_ *scene, p *payment.Payment) { p.Date = p.Date.AddDate(1, 0, 0) },
	"Method":   func(_ *scene, p *payment.Payment) { p.Method += "9" },
	"Target":   func(_ *scene, p *payment.Payment) { p.Target += "9" },
	"Link":     func(_ *scene, p *payment.Payment) { p.Link += "9" },
	"Reverses": func(_ *scene, p *payment.Payment) { p.Reverses += "9" },
	"Kind": func(s *scene, p *payment.Payment) {
		for _, k := range allKinds {
			if k != p.Kind {
				p.Kind, p.Expires = k, time.Time{}
				return
			}
		}
	},
}

// changed hands over a payment that was begun, with each field changed: that is
// a conflict which names the field, and nothing is sent.
func (h Harness) changed(t *testing.T) {
	last := h.sunny(t) - 1
	for field, change := range changes {
		for name, lost := range map[string]Fault{"recorded": Pass(), "lost": DropBefore()} {
			t.Run(name+", then another "+field, func(t *testing.T) {
				t.Parallel()
				s, _ := h.shelve(t)
				p := s.vendor.Payment(h.Kinds[0], 1)
				s.vendor.Script.Next(at(last, lost)...)
				_, _ = s.try(t.Context(), once(s.memory(hasty)...), p)
				changed, before := p, s.vendor.Script.Requests()
				change(s, &changed)
				_, err := s.try(t.Context(), once(s.memory()...), changed)
				var conflict *payment.ConflictError
				if !errors.As(err, &conflict) || fmt.Sprint(conflict.Fields) != "["+field+"]" {
					t.Errorf("error %v, want a conflict in %s", err, field)
				}
				for _, r := range s.vendor.Script.since(before) {
					if !h.reads(r) {
						t.Errorf("the changed payment took the request %s %s", r.Method, r.Path)
					}
				}
			})
		}
	}
}

// corrected changes a payment of which nothing was sent. A Recorder may refuse
// the changed one.
func (h Harness) corrected(t *testing.T) {
	s, v := h.shelve(t)
	p := s.vendor.Payment(h.Kinds[0], 1)
	v.failAt(1, failsBefore) // the save of Begin
	if _, err := s.try(t.Context(), once(s.memory()...), p); err == nil || s.standing(p) > 0 {
		t.Fatalf("error %v, %d entries, although Begin was not saved", err, s.standing(p))
	}
	v.expire()
	changed := p
	changed.Amount = s.more(p.Amount)
	if _, err := s.try(t.Context(), once(s.memory()...), changed); !errors.Is(err, payment.ErrInvalid) {
		p = changed
	}
	s.must(once(s.memory()...), p)
}

// restored brings back a backup that was taken before the payment was recorded,
// and one from the middle of the write: the Store's silence proves nothing then.
func (h Harness) restored(t *testing.T) {
	s, v := h.shelve(t)
	restore := v.backup()
	p := s.vendor.Payment(h.Kinds[0], 1)
	first := s.must(once(s.memory()...), p)
	restore()
	for range 2 {
		s.connect(unhurried, 0)
		receipt, err := s.try(t.Context(), once(s.memory()...), p)
		switch {
		case err == nil && (!receipt.AlreadyRecorded || receipt.ID != first.ID):
			t.Errorf("receipt %v, the first was %v", receipt, first)
		case err != nil && !(h.NoLookup && errors.Is(err, payment.ErrNoLookup)):
			t.Errorf("error %v", err)
		}
	}
	if n := s.standing(p); n != 1 {
		t.Errorf("%d entries", n)
	}
}

// twoStores hands one payment over with two Stores. The second knows nothing of
// the first: where it is not durable, or Resume is used, the vendor is asked.
func (h Harness) twoStores(t *testing.T) {
	if h.NoLookup {
		return
	}
	for name, do := range map[string]act{
		"in memory": once(brief, payment.WithStore(payment.NewMemoryStore())),
		"resumed":   resume(brief, payment.WithStore(newVault())),
	} {
		s, _ := h.shelve(t)
		p := s.vendor.Payment(h.Kinds[0], 1)
		first := s.must(once(s.memory()...), p)
		if r := s.must(do, p); !r.AlreadyRecorded || r.ID != first.ID {
			t.Errorf("%s: receipt %v, the first was %v", name, r, first)
		}
	}
	if h.RefusesDuplicates {
		s, _ := h.shelve(t)
		p := s.vendor.Payment(h.Kinds[0], 1)
		s.must(once(s.memory()...), p)
		s.must(once(brief, payment.WithStore(newVault())), p)
	}
}

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
