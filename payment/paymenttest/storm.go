package paymenttest

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// StormOptions set the size of a [Storm]. A field that is zero has a default.
type StormOptions struct {
	Payments int           // 1000
	Workers  int           // 64
	Rate     float64       // share of the exchanges that a fault strikes, 0.2
	Seed     uint64        // of the faults; a random one, which is logged
	Store    payment.Store // of the program that records; nil is none

	// Processes is how many processes record the payments, instead of this one.
	// They share a Store, hand each payment over three times, and are killed at
	// random. Rate and Store do not apply.
	Processes int
}

// Storm records many payments at the same time while faults strike at random,
// and compares every answer with the ledger: each payment is recorded, reported
// unknown or refused, and each recorded payment stands once. Then the faults
// end. A program that starts anew resumes every unknown outcome and records
// every refused payment. Where the vendor can be asked, the ledger then holds
// all payments once. No goroutine and no connection is left behind.
//
// It counts the goroutines of the whole process: the test that calls it must
// not be parallel.
func Storm(t *testing.T, h Harness, o StormOptions) {
	if err := h.check(); err != nil {
		t.Fatal(err)
	}
	o.Payments, o.Workers = cmp.Or(o.Payments, 1000), cmp.Or(o.Workers, 64)
	o.Rate, o.Seed = cmp.Or(o.Rate, 0.2), cmp.Or(o.Seed, rand.Uint64())
	t.Logf("%d payments, %d workers, faults strike %.0f %%, seed %d", o.Payments, o.Workers, 100*o.Rate, o.Seed)
	h.test = t.Name()
	if isChild() {
		h.child(t)
		t.SkipNow()
	}
	if o.Processes > 0 {
		h.siege(t, o)
		return
	}
	s := h.open(t, Conditions{}, 250*time.Millisecond, 2)
	s.store = o.Store
	w := &storm{scene: s, payments: make([]payment.Payment, o.Payments), workers: o.Workers}
	for i := range w.payments {
		w.payments[i] = s.vendor.Payment(h.Kinds[i%len(h.Kinds)], i+1)
	}
	goroutines := runtime.NumGoroutine()
	s.vendor.Script.Random(o.Seed, o.Rate, h.stormFaults()...)
	unknown, refused := w.judge(w.all(w.payments, once(s.memory()...)))
	s.vendor.Script.Clear()
	s.line.close()
	s.idle()
	t.Logf("%d recorded, %d unknown, %d refused; %d faults struck",
		o.Payments-len(unknown)-len(refused), len(unknown), len(refused), len(s.vendor.Script.Struck()))
	w.calm(unknown, refused)
	w.checkEnd()
	w.checkLeaks(goroutines)
}

// stormFaults leaves out what makes a retry wait for a second.
func (h Harness) stormFaults() []Fault {
	return slices.DeleteFunc(h.faults(), func(f Fault) bool { return f.retryAfter != "" })
}

type storm struct {
	*scene
	payments []payment.Payment
	workers  int
}

// all makes a call for each payment, several at a time.
func (w *storm) all(payments []payment.Payment, do act) []call {
	calls := make([]call, len(payments))
	ledger := byReference(w.vendor.Ledger())
	next := make(chan int)
	var wg sync.WaitGroup
	for range w.workers {
		wg.Go(func() {
			for i := range next {
				c := call{payment: payments[i], before: len(ledger[payments[i].Reference]), disturbed: true}
				c.receipt, c.err = do(w.Context(), w.r, c.payment)
				calls[i] = c
			}
		})
	}
	for i := range payments {
		next <- i
	}
	close(next)
	wg.Wait()
	return calls
}

// judge compares the calls with the ledger and returns the payments that are not
// certainly recorded.
func (w *storm) judge(calls []call) (unknown, refused []payment.Payment) {
	w.Helper()
	ledger := byReference(w.vendor.Ledger())
	for _, c := range calls {
		if err := c.verdict(ledger[c.payment.Reference]); err != nil {
			w.Error(err)
		}
		switch {
		case errors.Is(c.err, payment.ErrOutcomeUnknown):
			unknown = append(unknown, c.payment)
		case c.err != nil:
			refused = append(refused, c.payment)
		}
	}
	return unknown, refused
}

func byReference(ledger []Entry) map[string][]Entry {
	m := map[string][]Entry{}
	for _, e := range ledger {
		m[e.Reference] = append(m[e.Reference], e)
	}
	return m
}

// calm takes up what the storm left open. At a vendor that can be asked but does
// not refuse duplicates, a payment that is not shown needs a settle time.
func (w *storm) calm(unknown, refused []payment.Payment) {
	w.Helper()
	w.line.close()
	w.connect(unhurried, 2)
	resumed := w.all(unknown, resume(w.resuming()...))
	rest, none := w.judge(resumed)
	if len(none) > 0 && !w.h.NoLookup {
		w.Errorf("Resume gave clear errors for %d unknown outcomes", len(none))
	}
	if len(rest) > 0 && !w.h.NoLookup {
		for _, c := range resumed {
			if c.err != nil && (w.h.RefusesDuplicates || !showsNone(c.err)) {
				w.Errorf("not resolved: %v", c.err)
			}
		}
		w.mustAll(w.all(rest, resume(w.resuming(payment.WithSettle(held))...)))
	}
	w.mustAll(w.all(refused, once(w.memory()...)))
	w.line.close()
}

func (w *storm) mustAll(calls []call) {
	w.Helper()
	for _, c := range calls {
		if c.err != nil {
			w.Errorf("%v: %v", c.payment, c.err)
		}
	}
	w.judge(calls)
}

// checkEnd checks the ledger as a whole.
func (w *storm) checkEnd() {
	w.Helper()
	ledger := byReference(w.vendor.Ledger())
	missing := 0
	for _, p := range w.payments {
		switch n := len(ledger[p.Reference]); {
		case n == 0:
			missing++
		case n > 1:
			w.Errorf("%v: %d entries", p, n)
		}
		delete(ledger, p.Reference)
	}
	if missing > 0 && !w.h.NoLookup {
		w.Errorf("%d payments are missing", missing)
	}
	if len(ledger) > 0 {
		w.Errorf("%d entries are of no payment: %v", len(ledger), ledger)
	}
}

// checkLeaks waits until no more goroutines run than before and all connections
// are closed.
func (w *storm) checkLeaks(goroutines int) {
	w.Helper()
	open := func() int64 { return w.line.open.Load() }
	err := eventually(context.WithoutCancel(w.Context()), func() bool { return open() == 0 && runtime.NumGoroutine() <= goroutines })
	if err != nil {
		w.Errorf("%d goroutines, %d before; %d open connections", runtime.NumGoroutine(), goroutines, open())
	}
}
