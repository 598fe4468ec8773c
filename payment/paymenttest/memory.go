package paymenttest

import (
	"errors"
	"fmt"
	"net/http"
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

// corrected changes each field of a payment of which nothing was sent. A
// Recorder may refuse the changed one; then the first goes on.
func (h Harness) corrected(t *testing.T) {
	for field, change := range changes {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			s, v := h.shelve(t)
			p := s.vendor.Payment(h.Kinds[0], 1)
			v.failAt(1, failsBefore) // the save of Begin
			if _, err := s.try(t.Context(), once(s.memory()...), p); err == nil || s.standing(p) > 0 {
				t.Fatalf("error %v, %d entries, although Begin was not saved", err, s.standing(p))
			}
			v.expire()
			changed := p
			change(s, &changed)
			_, err := s.try(t.Context(), once(s.memory()...), changed)
			if err == nil {
				p = changed
			} else if s.standing(p) > 0 || errors.Is(err, payment.ErrOutcomeUnknown) || errors.Is(err, payment.ErrConflict) {
				t.Errorf("error %v, %d entries", err, s.standing(p))
			}
			s.must(once(s.memory()...), p)
		})
	}
}

// restored brings back a backup that was taken before the payment was handed
// over, and one from the middle of its write. What the Store says, or does not
// say, proves nothing then.
func (h Harness) restored(t *testing.T) {
	for name, middle := range map[string]bool{"before": false, "in the middle": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, v := h.shelve(t)
			p := s.vendor.Payment(h.Kinds[0], 1)
			restore := v.backup()
			if middle {
				s.vendor.Script.On(func(r *http.Request) bool {
					if !h.reads(Strike{Method: r.Method, Path: r.URL.Path}) {
						restore = v.backup()
					}
					return false
				}, Pass())
			}
			first := s.must(once(s.memory()...), p)
			s.vendor.Script.Clear()
			restore()
			v.expire()
			for range 2 {
				s.connect(unhurried, 0)
				receipt, err := s.try(t.Context(), once(s.memory()...), p)
				switch {
				case err == nil && (!receipt.AlreadyRecorded || otherID(receipt, first)):
					t.Errorf("receipt %v, the first was %v", receipt, first)
				case err != nil && !h.NoLookup:
					t.Errorf("error %v", err)
				}
			}
			if n := s.standing(p); n != 1 {
				t.Errorf("%d entries", n)
			}
		})
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
		if r := s.must(do, p); !r.AlreadyRecorded || otherID(r, first) {
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
