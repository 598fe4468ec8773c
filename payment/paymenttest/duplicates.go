package paymenttest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

const callers = 8 // that hand over one payment at the same time

// said is what one of several callers was told.
type said struct {
	Recorded bool
	Already  bool
	ID       string
	Unknown  bool
	Text     string // of the error
	Known    bool   // it is one of package payment
}

func sayingOf(r payment.Receipt, err error) said {
	if err == nil {
		return said{Recorded: true, Already: r.AlreadyRecorded, ID: r.ID}
	}
	return said{Unknown: errors.Is(err, payment.ErrOutcomeUnknown), Text: err.Error(), Known: isKnown(err)}
}

// duplicates hands over one payment several times: one after the other, and at
// the same time from goroutines and processes.
func (h Harness) duplicates(t *testing.T) {
	lags := []time.Duration{0}
	if !h.NoLookup {
		lags = append(lags, shortLag)
	}
	if h.RefusesDuplicates {
		t.Run("one after the other", func(t *testing.T) { h.again(t, record, once(brief), resume(brief)) })
	}
	for _, lag := range lags {
		t.Run("goroutines with lag "+lag.String(), func(t *testing.T) {
			t.Parallel()
			s := h.open(t, Conditions{IndexLag: lag}, unhurried, 2)
			p := s.vendor.Payment(h.Kinds[0], 1)
			s.judgeAll(p, together(t.Context(), s.r, p, once(patient)))
		})
	}
	t.Run("processes", func(t *testing.T) {
		t.Parallel()
		h.processes(t)
	})
}

// again checks that calls for a recorded payment find it.
func (h Harness) again(t *testing.T, calls ...act) {
	s := h.open(t, Conditions{}, unhurried, 0)
	p := s.vendor.Payment(h.Kinds[0], 1)
	first := s.must(record, p)
	for _, do := range calls {
		s.connect(unhurried, 0)
		if r := s.must(do, p); r.ID != first.ID {
			t.Errorf("the first receipt is %v, a later one %v", first, r)
		}
	}
}

// together makes the same call from several goroutines at the same time.
func together(ctx context.Context, r payment.Recorder, p payment.Payment, do act) []said {
	all := make([]said, callers)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() {
			<-start
			all[i] = sayingOf(do(ctx, r, p))
		})
	}
	close(start)
	wg.Wait()
	return all
}

// judgeAll compares what several callers were told with the ledger. Where the
// vendor refuses duplicates and can be asked, all of them know in the end.
// Elsewhere every entry belongs to a caller that wrote it or does not know.
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
		if !c.Recorded && s.h.RefusesDuplicates && !s.h.NoLookup {
			s.Errorf("a caller was told: %s", c.Text)
		}
	}
	if len(found) < max(1, wrote) || len(found) > wrote+unknown {
		s.Errorf("%d entries; %d callers wrote one, %d do not know: %+v", len(found), wrote, unknown, all)
	}
	if s.h.RefusesDuplicates && (len(found) != 1 || len(ids) > 1) {
		s.Errorf("%d entries, receipts with the ids %v", len(found), ids)
	}
}
