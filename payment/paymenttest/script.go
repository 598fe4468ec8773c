package paymenttest

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
)

// Script decides which fault strikes which request. Every emulator has one.
// It is safe for concurrent use. A script with nothing queued lets everything
// through.
//
// A request takes its fault from the first of these that has one: the queues of
// [Script.On], in the order they were made; the queue of [Script.Next]; the
// draw of [Script.Random].
type Script struct {
	mu     sync.Mutex
	on     []*matchQueue
	next   []Fault
	random *draw
	came   []Strike // all requests, struck or not
	struck []Strike
	busy   int // requests in hand
}

type matchQueue struct {
	match  func(*http.Request) bool
	faults []Fault
}

type draw struct {
	rng    *rand.Rand
	rate   float64
	faults []Fault
}

// Strike is a fault that struck a request.
type Strike struct {
	Fault  Fault
	Method string
	Path   string
}

// NewScript returns a script that lets everything through.
func NewScript() *Script { return &Script{} }

// Next queues faults for the coming requests, one each, in order.
func (s *Script) Next(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = append(s.next, faults...)
}

// On queues faults for the coming requests that match, one each, in order.
// match must not read the body, must be quick and must not call the script.
func (s *Script) On(match func(*http.Request) bool, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on = append(s.on, &matchQueue{match: match, faults: slices.Clone(faults)})
}

// Random lets one of the faults strike a share of all requests: rate 0.2 is
// every fifth. The same seed gives the same sequence of draws; which of several
// concurrent requests meets which draw is up to the scheduler. A later call
// replaces an earlier one; no faults or rate 0 turn it off.
func (s *Script) Random(seed uint64, rate float64, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.random = nil
	if len(faults) > 0 && rate > 0 {
		s.random = &draw{rng: rand.New(rand.NewPCG(seed, seed)), rate: rate, faults: slices.Clone(faults)}
	}
}

// Clear removes everything that is queued and turns Random off. What has struck
// stays on the list.
func (s *Script) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on, s.next, s.random = nil, nil, nil
}

// Struck lists the faults that struck, oldest first.
func (s *Script) Struck() []Strike {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.struck)
}

// Requests counts all requests that came to the script, struck or not. The
// next one that comes takes the next fault.
func (s *Script) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.came)
}

// since lists the requests that came after the first n. Those that were let
// through have the fault Pass.
func (s *Script) since(n int) []Strike {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.came[n:])
}

// Pending counts the queued faults that have not struck yet. A test that ends
// with one pending did not test what it meant to.
func (s *Script) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.next)
	for _, q := range s.on {
		n += len(q.faults)
	}
	return n
}

// Wrap puts the script in front of an emulator's handler. throttle writes the
// vendor's own answer for [Throttle]; nil stands for a plain 429. Drops and resets
// need HTTP/1.1 connections, as httptest.NewServer gives them.
func (s *Script) Wrap(next http.Handler, throttle http.HandlerFunc) http.Handler {
	if throttle == nil {
		throttle = func(w http.ResponseWriter, _ *http.Request) { TooManyRequests("").writeFixed(w) }
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.work(1)
		defer s.work(-1)
		f := s.strike(r)
		if f.kind == pass {
			next.ServeHTTP(w, r)
			return
		}
		f.serve(w, r, next, throttle)
	})
}

func (s *Script) work(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy += n
}

// running counts the requests that the vendor works on.
func (s *Script) running() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.busy
}

// strike takes the fault for r and notes it.
func (s *Script) strike(r *http.Request) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.take(r)
	came := Strike{Fault: f, Method: r.Method, Path: r.URL.Path}
	s.came = append(s.came, came)
	if f.kind != pass {
		s.struck = append(s.struck, came)
	}
	return f
}

func (s *Script) take(r *http.Request) Fault {
	for _, q := range s.on {
		if len(q.faults) > 0 && q.match(r) {
			return shift(&q.faults)
		}
	}
	if len(s.next) > 0 {
		return shift(&s.next)
	}
	return s.random.take()
}

func shift(queue *[]Fault) Fault {
	f := (*queue)[0]
	*queue = (*queue)[1:]
	return f
}

func (d *draw) take() Fault {
	if d == nil || d.rng.Float64() >= d.rate {
		return Pass()
	}
	return d.faults[d.rng.IntN(len(d.faults))]
}

// at returns a queue that lets step requests through before f.
func at(step int, f Fault) []Fault {
	queue := make([]Fault, step, step+1)
	for i := range queue {
		queue[i] = Pass()
	}
	return append(queue, f)
}
