package paymenttest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// stopLease is the lease of a process that is stopped beyond it.
const stopLease = 500 * time.Millisecond

// killed ends a process at each point of recording one payment with a Store:
// before and after each claim, each save and each request. Another process
// takes the payment up.
func (h Harness) killed(t *testing.T) {
	g := newGroup(t)
	for n, point := range h.points(g) {
		g.run(fmt.Sprintf("%d, %s", n+1, point), func(t *testing.T) {
			s, v := h.shelve(t)
			p := s.vendor.Payment(h.Kinds[0], 1)
			o, w := s.strikeAt(n, p, v, (*other).kill)
			<-w.struck
			<-o.ended
			w.release()
			v.expire()
			s.idle()
			s.takenOver(p, v)
		})
	}
	g.wait()
}

// stopped holds a process at each point for longer than its lease. Another one
// takes the payment up meanwhile, and then the first goes on.
func (h Harness) stopped(t *testing.T) {
	g := newGroup(t)
	for n, point := range h.points(g) {
		g.run(fmt.Sprintf("%d, %s", n+1, point), func(t *testing.T) {
			s, v := h.shelve(t)
			p := s.vendor.Payment(h.Kinds[0], 1)
			o, w := s.strikeAt(n, p, v, (*other).freeze)
			<-w.struck
			time.Sleep(stopLease + stopLease/5)
			_, err := s.try(t.Context(), once(s.memory()...), p)
			if thawErr := thaw(o.cmd.Process); thawErr != nil {
				t.Errorf("going on: %v", thawErr)
			}
			w.release()
			told := o.report().Said[0]
			<-o.ended
			s.idle()
			if n := s.standing(p); n > 1 || n == 0 && (err == nil || told.Recorded) {
				t.Errorf("%d entries; one process was told %v, the other %+v", n, err, told)
			}
			if !told.Recorded && !told.Known {
				t.Errorf("the error %q matches none of package payment", told.Text)
			}
			v.expire()
			s.takenOver(p, v)
		})
	}
	g.wait()
}

// takenOver records the payment in the end, in a process that knows only what the
// Store and the vendor tell.
func (s *scene) takenOver(p payment.Payment, v *vault) {
	s.Helper()
	s.connect(unhurried, 0)
	before := s.standing(p)
	_, err := s.try(s.Context(), once(s.memory()...), p)
	switch {
	case err == nil || s.h.NoLookup:
	case before == 0 && !s.h.RefusesDuplicates && showsNone(err):
		s.undecidable(p, v)
		s.must(once(s.memory(payment.WithSettle(time.Millisecond))...), p)
	default:
		s.Errorf("%v, %d entries: %v", p, before, err)
	}
	s.stored(p)
}

// undecidable checks that an unknown outcome could not be known: a write was
// begun, and the vendor shows nothing.
func (s *scene) undecidable(p payment.Payment, v *vault) {
	s.Helper()
	e, ok := v.entry(p.Reference)
	if !ok || e.Status != payment.Begun && e.Status != payment.Unknown {
		s.Errorf("%v is unknown, its entry is %v", p, e)
	}
	if !s.h.NoLookup && s.standing(p) > 0 {
		s.Errorf("%v is unknown, and the vendor shows it", p)
	}
}

func (o *other) freeze() {
	if err := freeze(o.cmd.Process); err != nil {
		o.Errorf("stopping the process: %v", err)
	}
}

// points names the points that a process comes to when nothing goes wrong.
func (h Harness) points(g *group) (names []string) {
	g.t.Helper()
	g.count("all points", func(t *testing.T) int {
		s, v := h.shelve(t)
		w := newWatchpost(-1, nil)
		o := s.send(s.vendor.Payment(h.Kinds[0], 1), v, w)
		if told := o.report().Said[0]; !told.Recorded {
			t.Fatalf("told %+v although nothing went wrong", told)
		}
		<-o.ended
		names = w.names
		return len(names)
	})
	return names
}

// strikeAt starts a process that records p and strikes it at the nth point.
func (s *scene) strikeAt(n int, p payment.Payment, v *vault, strike func(*other)) (*other, *watchpost) {
	s.Helper()
	w := newWatchpost(n, strike)
	return s.send(p, v, w), w
}

// send starts a process that records p and reports its points to w.
func (s *scene) send(p payment.Payment, v *vault, w *watchpost) *other {
	s.Helper()
	server := httptest.NewServer(w)
	s.Cleanup(func() {
		w.release()
		server.CloseClientConnections()
		server.Close()
	})
	o := s.startOther(task{
		URL: s.vendor.URL, Store: serveStore(s.T, v), Gate: gate(server.URL), Lease: stopLease, Callers: 1, Workers: 1,
		Payments: []payment.Stored{payment.Stored(p)},
	})
	w.mu.Lock()
	w.other = o
	w.mu.Unlock()
	o.send("start")
	return o
}

// watchpost is told of each point to which a process comes. At one of them it
// strikes the process and holds it until release.
type watchpost struct {
	at      int
	strike  func(*other)
	struck  chan struct{}
	held    chan struct{}
	release func()

	mu    sync.Mutex
	other *other
	names []string
}

func newWatchpost(at int, strike func(*other)) *watchpost {
	w := &watchpost{at: at, strike: strike, struck: make(chan struct{}), held: make(chan struct{})}
	w.release = sync.OnceFunc(func() { close(w.held) })
	return w
}

// ServeHTTP lets the process go on when it has returned.
func (w *watchpost) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	name, err := io.ReadAll(r.Body)
	if err != nil && !errors.Is(err, io.EOF) {
		return
	}
	w.mu.Lock()
	w.names = append(w.names, string(name))
	here, o := len(w.names)-1 == w.at, w.other
	w.mu.Unlock()
	if here {
		w.strike(o)
		close(w.struck)
		<-w.held
	}
}
