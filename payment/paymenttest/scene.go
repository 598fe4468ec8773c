package paymenttest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// scene is a vendor, a Recorder that talks to it, and the memory of the program.
type scene struct {
	*testing.T
	h      Harness
	vendor Vendor
	line   *line
	r      payment.Recorder
	store  payment.Store // nil: the program has none

	saved *checkpoints
}

// checkpoints are what bare Records have saved, by reference.
type checkpoints struct {
	mu sync.Mutex
	of map[string][]byte
}

func (c *checkpoints) attempt(reference string) *payment.Attempt {
	c.mu.Lock()
	defer c.mu.Unlock()
	return payment.NewAttempt(c.of[reference], func(_ context.Context, checkpoint []byte) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.of[reference] = checkpoint
		return nil
	})
}

// open starts a vendor and connects to it.
func (h Harness) open(t *testing.T, c Conditions, timeout time.Duration, retries int) *scene {
	t.Helper()
	s := &scene{T: t, h: h, vendor: h.Start(t, c), saved: &checkpoints{of: map[string][]byte{}}}
	if err := s.vendor.check(); err != nil {
		t.Fatal(err)
	}
	s.connect(timeout, retries)
	return s
}

// connect makes a new Recorder, as a program does that was started again.
func (s *scene) connect(timeout time.Duration, retries int) {
	s.Helper()
	s.line = newLine()
	s.Cleanup(s.line.close)
	r, err := s.h.connect(s.line.connection(s.vendor.URL, timeout, retries))
	if err != nil {
		s.Fatalf("Connect: %v", err)
	}
	s.r = r
}

// standing counts the entries of a payment.
func (s *scene) standing(p payment.Payment) int { return len(under(s.vendor.Ledger(), p.Reference)) }

// act is a bare Record, or Once or Resume with some options.
type act func(ctx context.Context, r payment.Recorder, p payment.Payment) (payment.Receipt, error)

// record is one bare attempt without Once.
func (s *scene) record(ctx context.Context, r payment.Recorder, p payment.Payment) (payment.Receipt, error) {
	p, err := r.Prepare(ctx, p)
	if err != nil {
		return payment.Receipt{}, err
	}
	return r.Record(ctx, p, s.saved.attempt(p.Reference))
}

// find looks up what stands under the reference of p.
func (s *scene) find(ctx context.Context, p payment.Payment) ([]payment.Receipt, error) {
	p, err := s.r.Prepare(ctx, p)
	if err != nil {
		return nil, err
	}
	return s.r.Find(ctx, p, s.saved.attempt(p.Reference))
}

func once(opts ...payment.OnceOption) act {
	return func(ctx context.Context, r payment.Recorder, p payment.Payment) (payment.Receipt, error) {
		return payment.Once(ctx, r, p, opts...)
	}
}

func resume(opts ...payment.OnceOption) act {
	return func(ctx context.Context, r payment.Recorder, p payment.Payment) (payment.Receipt, error) {
		return payment.Resume(ctx, r, p, opts...)
	}
}

// memory returns the options of a program: brief patience and its Store. One
// without a Store at a vendor that cannot be asked vouches for the first try.
func (s *scene) memory(opts ...payment.OnceOption) []payment.OnceOption {
	opts = append([]payment.OnceOption{brief}, opts...)
	switch {
	case s.store != nil:
		return append(opts, payment.WithStore(s.store))
	case s.h.NoLookup:
		return append(opts, payment.WithFirstTry())
	}
	return opts
}

// try makes a call and judges it by the ledger.
func (s *scene) try(ctx context.Context, do act, p payment.Payment) (payment.Receipt, error) {
	s.Helper()
	c := call{payment: p, before: s.standing(p)}
	struck := len(s.vendor.Script.Struck())
	c.receipt, c.err = do(ctx, s.r, p)
	c.disturbed = ctx.Err() != nil || len(s.vendor.Script.Struck()) > struck
	if err := c.verdict(s.vendor.Ledger()); err != nil {
		s.Error(err)
	}
	return c.receipt, c.err
}

// must makes a call that must leave the payment recorded.
func (s *scene) must(do act, p payment.Payment) payment.Receipt {
	s.Helper()
	receipt, err := s.try(s.Context(), do, p)
	if err != nil {
		s.Fatalf("%v: %v", p, err)
	}
	return receipt
}

// settled checks that what a call's error promises holds for a program that
// starts anew with the same Store, at a vendor without faults.
func (s *scene) settled(p payment.Payment, err error) {
	s.Helper()
	s.vendor.Script.Clear()
	s.connect(unhurried, 0)
	var bad *payment.FieldError
	switch {
	case errors.Is(err, payment.ErrOutcomeUnknown):
		s.takenUp(p)
	case err == nil, errors.Is(err, payment.ErrConflict), errors.As(err, &bad):
	case s.standing(p) > 0 && s.h.NoLookup && s.store == nil: // nobody can know
	default:
		s.must(once(s.memory()...), p) // this call has recorded nothing
	}
}

// takenUp resumes a payment whose outcome is unknown. Where the vendor cannot be
// asked, the call was judged by the ledger already.
func (s *scene) takenUp(p payment.Payment) {
	s.Helper()
	before := s.standing(p)
	do := resume(s.resuming()...)
	receipt, err := s.try(s.Context(), do, p)
	switch {
	case s.h.NoLookup && err != nil:
		return
	case err != nil && before == 0 && !s.h.RefusesDuplicates && showsNone(err):
		receipt, err = s.must(resume(s.resuming(payment.WithSettle(time.Millisecond))...), p), nil
	case err != nil:
		s.Fatalf("Resume did not resolve %v: %v", p, err)
	}
	if receipt.AlreadyRecorded != (before > 0) {
		s.Errorf("resumed with %v, and %d stood", receipt, before)
	}
}

// resuming returns the options of a program that takes a payment up: it never
// vouches for a first try.
func (s *scene) resuming(opts ...payment.OnceOption) []payment.OnceOption {
	opts = append([]payment.OnceOption{brief}, opts...)
	if s.store != nil {
		opts = append(opts, payment.WithStore(s.store))
	}
	return opts
}

// showsNone reports an outcome that stayed unknown although the vendor
// certainly showed nothing at the last look.
func showsNone(err error) bool {
	var unresolved *payment.UnresolvedError
	return errors.As(err, &unresolved) && unresolved.Seen == nil && unresolved.Looks > 0
}

// idle waits until the vendor works on no request.
func (s *scene) idle() {
	s.Helper()
	if err := eventually(s.Context(), func() bool { return s.vendor.Script.running() == 0 }); err != nil {
		s.Fatalf("the vendor is still at work: %v", err)
	}
}

// group runs several subtests at a time, whatever -parallel says: most of them
// wait.
type group struct {
	t     *testing.T
	slots chan struct{}
	wg    sync.WaitGroup
}

func newGroup(t *testing.T) *group { return &group{t: t, slots: make(chan struct{}, 8)} }

func (g *group) run(name string, test func(t *testing.T)) {
	g.slots <- struct{}{}
	g.wg.Go(func() {
		defer func() { <-g.slots }()
		g.t.Run(name, test)
	})
}

func (g *group) wait() { g.wg.Wait() }

// count runs a subtest that counts something, and waits for it.
func (g *group) count(name string, test func(t *testing.T) int) (n int) {
	g.t.Helper()
	if !g.t.Run(name, func(t *testing.T) { n = test(t) }) {
		g.t.FailNow()
	}
	return n
}

// together makes the same call from several goroutines at the same time.
func together(ctx context.Context, n int, r payment.Recorder, p payment.Payment, do act) []said {
	all := make([]said, n)
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

// shelve opens a scene whose program has a Store.
func (h Harness) shelve(t *testing.T) (*scene, *vault) {
	t.Helper()
	s, v := h.open(t, Conditions{}, unhurried, 0), newVault()
	s.store = v
	return s, v
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
