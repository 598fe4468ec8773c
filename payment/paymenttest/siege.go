package paymenttest

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

const (
	handovers  = 3                      // of each payment
	kills      = 4                      // of each process, one after the other
	siegeLease = 2 * time.Second        // of its processes
	lifetime   = 400 * time.Millisecond // of a process that is killed, at most
)

// siege hands each payment over three times, from several processes that share
// one Store and are killed at random. Whatever was said meanwhile, at the end
// each payment stands once. What stays unknown is what the vendor cannot show.
func (h Harness) siege(t *testing.T, o StormOptions) {
	s := h.open(t, Conditions{}, unhurried, 2)
	v := newVault()
	s.store = v
	list := make([]payment.Payment, o.Payments)
	for i := range list {
		list[i] = s.vendor.Payment(h.Kinds[i%len(h.Kinds)], i+1)
	}
	q := newQueue(list, o.Seed)
	url := serveStore(t, v)
	began := time.Now()
	var wg sync.WaitGroup
	for range o.Processes {
		wg.Go(func() {
			s.besiege(q, task{URL: s.vendor.URL, Store: url, Lease: siegeLease, Callers: 1, Workers: max(1, o.Workers/o.Processes)})
		})
	}
	wg.Wait()
	s.idle()
	t.Logf("%d payments, handed over %d times by %d processes that were killed %d times, in %v: %d recorded, %d unknown, %d refused",
		len(list), q.handed, o.Processes, q.killed, time.Since(began).Round(time.Millisecond), q.recorded, q.unknown, q.refused)
	v.expire()
	s.relieve(list, v, o.Workers)
}

// besiege works on the queue in one process after the other.
func (s *scene) besiege(q *queue, do task) {
	for n := 0; ; n++ {
		batch := q.take()
		if len(batch) == 0 {
			return
		}
		do.Payments = nil
		for _, p := range batch {
			do.Payments = append(do.Payments, payment.Stored(p))
		}
		o := s.startOther(do)
		if n < kills {
			stop := time.AfterFunc(rand.N(lifetime), func() {
				o.kill()
				q.count(func() { q.killed++ })
			})
			defer stop.Stop()
		}
		_ = o.out.Encode("start") // a process that was killed says nothing
		done := map[int]bool{}
		for len(done) < len(batch) {
			var r report
			if o.in.Decode(&r) != nil {
				break
			}
			done[r.Index] = true
			q.told(s, r.Said[0], batch[r.Index])
		}
		o.kill()
		<-o.ended
		for i, p := range batch {
			if !done[i] {
				q.put(p)
			}
		}
	}
}

// relieve takes up what the siege left open: first without any promise, and then
// with a settle time where the vendor shows nothing.
func (s *scene) relieve(list []payment.Payment, v *vault, workers int) {
	s.Helper()
	s.line.close()
	s.connect(unhurried, 2)
	w := &storm{scene: s, payments: list, workers: workers}
	var open []payment.Payment
	for _, c := range w.all(list, once(s.memory()...)) {
		switch {
		case c.err == nil:
		case s.h.NoLookup && errors.Is(c.err, payment.ErrOutcomeUnknown), showsNone(c.err):
			s.undecidable(c.payment, v)
			open = append(open, c.payment)
		default:
			s.Errorf("%v: %v", c.payment, c.err)
		}
	}
	s.Logf("%d stay unknown without a promise", len(open))
	v.expire()
	if !s.h.NoLookup {
		w.mustAll(w.all(open, once(s.memory(payment.WithSettle(time.Millisecond))...)))
	}
	w.checkEnd()
}

// queue is what is left to hand over, and what was said so far.
type queue struct {
	mu   sync.Mutex
	left []payment.Payment

	handed, killed, recorded, unknown, refused int
}

func newQueue(list []payment.Payment, seed uint64) *queue {
	q := &queue{}
	rng := rand.New(rand.NewPCG(seed, seed))
	for range handovers {
		for _, i := range rng.Perm(len(list)) {
			q.left = append(q.left, list[i])
		}
	}
	return q
}

// take returns the next payments for one process.
func (q *queue) take() []payment.Payment {
	const batch = 500
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(batch, len(q.left))
	taken := q.left[:n:n]
	q.left = q.left[n:]
	q.handed += n
	return taken
}

// put gives back what a process that was killed has said nothing of.
func (q *queue) put(p payment.Payment) { q.count(func() { q.left = append(q.left, p) }) }

func (q *queue) count(change func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	change()
}

// told counts what a process was told. A payment that is said to be recorded is.
func (q *queue) told(s *scene, c said, p payment.Payment) {
	q.count(func() {
		switch {
		case c.Recorded:
			q.recorded++
		case c.Unknown:
			q.unknown++
		case c.Known:
			q.refused++
		default:
			s.Errorf("%v: the error %q matches none of package payment", p, c.Text)
		}
	})
}
