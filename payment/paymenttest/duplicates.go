package paymenttest

import (
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

const callers = 8 // that hand over one payment at the same time

// duplicates hands over one payment several times: one after the other, and at
// the same time from goroutines and processes, without a Store and with one.
func (h Harness) duplicates(t *testing.T) {
	lags := []time.Duration{0}
	if !h.NoLookup {
		lags = append(lags, shortLag)
	}
	t.Run("one after the other", h.again)
	for _, lag := range lags {
		t.Run("goroutines with lag "+lag.String(), func(t *testing.T) {
			t.Parallel()
			s := h.open(t, Conditions{IndexLag: lag}, unhurried, 2)
			p := s.vendor.Payment(h.Kinds[0], 1)
			s.judgeAll(p, together(t.Context(), callers, s.r, p, once(patient, payment.WithFirstTry())))
		})
	}
	t.Run("goroutines with a Store", func(t *testing.T) {
		t.Parallel()
		s := h.open(t, Conditions{}, unhurried, 2)
		s.store = newVault()
		p := s.vendor.Payment(h.Kinds[0], 1)
		s.judgeAll(p, together(t.Context(), callers, s.r, p, once(s.memory()...)))
	})
	t.Run("processes", func(t *testing.T) {
		t.Parallel()
		h.processes(t, nil)
	})
	t.Run("processes with a Store", func(t *testing.T) {
		t.Parallel()
		h.processes(t, newVault())
	})
}

// again checks that calls for a recorded payment find it: at the vendor if it
// can be asked or refuses duplicates, and in the Store without a request.
func (h Harness) again(t *testing.T) {
	s := h.open(t, Conditions{}, unhurried, 0)
	p := s.vendor.Payment(h.Kinds[0], 1)
	first := s.must(s.record, p)
	var calls []act
	if h.RefusesDuplicates {
		calls = append(calls, once(brief, payment.WithFirstTry()))
	}
	if !h.NoLookup {
		calls = append(calls, once(brief), resume(brief), once(brief, payment.WithStore(payment.NewMemoryStore())))
	}
	for _, do := range calls {
		s.connect(unhurried, 0)
		if r := s.must(do, p); otherID(r, first) {
			t.Errorf("the first receipt is %v, a later one %v", first, r)
		}
	}
	s.store = newVault()
	p = s.vendor.Payment(h.Kinds[0], 2)
	first = s.must(once(s.memory()...), p)
	before := s.vendor.Script.Requests()
	for range 3 {
		s.connect(unhurried, 0)
		if r := s.must(once(s.memory()...), p); otherID(r, first) || !r.AlreadyRecorded {
			t.Errorf("the first receipt is %v, a later one %v", first, r)
		}
	}
	for _, r := range s.vendor.Script.since(before) {
		if !h.reads(r) {
			t.Errorf("a recorded payment took the request %s %s", r.Method, r.Path)
		}
	}
}

// judgeAll compares what several callers were told with the ledger. With a
// Store there is one entry. Where the vendor refuses duplicates and can be
// asked, all callers know of it in the end, if they did not have to leave it to
// another. Elsewhere every entry belongs to a caller that wrote it or does not
// know.
func (s *scene) judgeAll(p payment.Payment, all []said) {
	s.Helper()
	found := under(s.vendor.Ledger(), p.Reference)
	wrote, unknown, ids := 0, 0, map[string]bool{}
	for _, c := range all {
		switch {
		case c.Recorded:
			ids[c.ID] = true
			if !c.Already {
				wrote++
			}
		case c.Unknown:
			unknown++
		case !c.Known:
			s.Errorf("the error %q matches none of package payment", c.Text)
		}
		if !c.Recorded && s.store == nil && s.h.RefusesDuplicates && !s.h.NoLookup {
			s.Errorf("a caller was told: %s", c.Text)
		}
	}
	if len(found) < max(1, wrote) || len(found) > wrote+unknown {
		s.Errorf("%d entries; %d callers wrote one, %d do not know: %+v", len(found), wrote, unknown, all)
	}
	if (s.h.RefusesDuplicates || s.store != nil) && (len(found) != 1 || len(ids) > 1) {
		s.Errorf("%d entries, receipts with the ids %v", len(found), ids)
	}
}

// processes hands over one payment from several processes at the same time,
// with several callers in each.
func (h Harness) processes(t *testing.T, store payment.Store) {
	s := h.open(t, Conditions{}, unhurried, 2)
	s.store = store
	do := task{URL: s.vendor.URL, Callers: callers, Workers: 1, FirstTry: store == nil}
	if store != nil {
		do.Store = serveStore(t, store)
	}
	p := s.vendor.Payment(h.Kinds[0], 1)
	do.Payments = []payment.Stored{payment.Stored(p)}
	var second []*other
	for range others {
		second = append(second, s.startOther(do))
	}
	for _, o := range second {
		o.send("start")
	}
	var all []said
	for _, o := range second {
		all = append(all, o.report().Said...)
	}
	s.judgeAll(p, all)
}
