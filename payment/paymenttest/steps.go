package paymenttest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// operation is one thing that a program does with a payment.
type operation struct {
	name     string
	standing bool // the payment is recorded before
	stored   bool // the program has a Store
	try      func(s *scene, ctx context.Context, p payment.Payment) error
}

func (h Harness) operations() []operation {
	list := []operation{
		{"Record", false, false, tried((*scene).bare)},
		{"Once", false, false, tried(func(s *scene) act { return once(brief, payment.WithFirstTry()) })},
		{"Once with a Store", false, true, tried(func(s *scene) act { return once(s.memory()...) })},
		{"Resume", false, false, tried(func(s *scene) act { return resume(s.resuming()...) })},
		{"Resume with a Store", false, true, tried(func(s *scene) act { return resume(s.resuming()...) })},
		{"Resume of a recorded payment", true, false, tried(func(s *scene) act { return resume(s.resuming()...) })},
		{"Find nothing", false, false, find},
		{"Find", true, false, find},
	}
	if h.RefusesDuplicates {
		list = append(list, operation{"Once of a recorded payment", true, false,
			tried(func(s *scene) act { return once(brief, payment.WithFirstTry()) })})
	}
	return list
}

func (s *scene) bare() act { return s.record }

func tried(do func(*scene) act) func(*scene, context.Context, payment.Payment) error {
	return func(s *scene, ctx context.Context, p payment.Payment) error {
		s.Helper()
		_, err := s.try(ctx, do(s), p)
		return err
	}
}

// find returns no error: what a lookup says is not the outcome of a write.
func find(s *scene, ctx context.Context, p payment.Payment) error {
	s.Helper()
	before := s.vendor.Script.Requests()
	shown, err := s.find(ctx, p)
	came := s.vendor.Script.since(before)
	struck := len(came) > 0 && came[len(came)-1].Fault.kind != pass
	if err := lookup(p, shown, err, s.vendor.Ledger(), s.h.NoLookup, struck); err != nil {
		s.Error(err)
	}
	return nil
}

// faultsAtEveryStep makes every fault strike every request of every operation,
// and of Once also the requests that follow a first fault. A run without the
// last fault counts the requests.
func (h Harness) faultsAtEveryStep(t *testing.T) {
	for _, o := range h.operations() {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			g := newGroup(t)
			steps := g.count("no fault", func(t *testing.T) int { return h.play(t, o, Conditions{}, 0) })
			h.strikeAfter(g, o, Conditions{}, steps, nil)
			if steps == 0 || o.name != "Once" && o.name != "Once with a Store" {
				return
			}
			for _, lost := range []Fault{DropBefore(), DropAfter()} {
				h.strikeAfter(g, o, Conditions{}, 0, at(steps-1, lost))
			}
			if !h.NoLookup && o.stored {
				h.strikeAfter(g, o, Conditions{IndexLag: endless}, 0, at(steps-1, DropAfter()))
			}
		})
	}
}

// strikeAfter makes every fault strike each request that follows those of
// script, up to steps in all. 0 steps stands for all.
func (h Harness) strikeAfter(g *group, o operation, c Conditions, steps int, script []Fault) {
	if steps == 0 {
		steps = g.count(c.name(script), func(t *testing.T) int { return h.play(t, o, c, 0, script...) })
	}
	for step := len(script); step < steps; step++ {
		for _, f := range h.faults() {
			queue := slices.Concat(script, at(step-len(script), f))
			g.run(c.name(queue), func(t *testing.T) { h.play(t, o, c, 0, queue...) })
			if f.retryAfter == "" && len(script) == 0 {
				g.run(c.name(queue)+", with retries", func(t *testing.T) { h.play(t, o, c, 2, queue...) })
			}
		}
	}
	g.wait()
}

func (h Harness) faults() []Fault { return slices.Concat(Faults(), notFound(), h.Faults) }

// name says which fault strikes which request, counted from 1.
func (c Conditions) name(queue []Fault) string {
	var parts []string
	if c.IndexLag > 0 {
		parts = append(parts, "slow index")
	}
	for i, f := range queue {
		if f.kind != pass {
			parts = append(parts, fmt.Sprintf("%v at %d", f, i+1))
		}
	}
	return strings.Join(parts, ", ")
}

// play runs one operation with a queue of faults and returns how many requests
// it made. On a machine that is too slow, time-outs strike instead of the
// faults: play then starts again with a longer time-out.
func (h Harness) play(t *testing.T, o operation, c Conditions, retries int, queue ...Fault) (requests int) {
	t.Helper()
	timeout := unhurried
	if slices.ContainsFunc(queue, func(f Fault) bool { return f.kind == delayed }) {
		timeout = hurried
	}
	for {
		s := h.open(t, c, unhurried, retries)
		p := s.begin(o)
		if timeout != unhurried {
			s.connect(timeout, retries)
		}
		requests, pending := s.play(o, p, c, queue)
		if pending == 0 {
			return requests
		}
		if timeout *= 10; timeout > unhurried {
			t.Errorf("%d of the faults %v never struck", pending, queue)
			return requests
		}
	}
}

func (s *scene) play(o operation, p payment.Payment, c Conditions, queue []Fault) (requests, pending int) {
	s.Helper()
	script := s.vendor.Script
	before := script.Requests()
	script.Next(queue...)
	err := o.try(s, s.Context(), p)
	came, pending := script.since(before), script.Pending()
	if o.name == "Record" || !s.h.RefusesDuplicates {
		s.oneWrite(came, o.name == "Record")
	}
	if c == (Conditions{}) {
		s.settled(p, err)
	}
	return len(came), pending
}

// oneWrite checks that a write whose answer was lost was not made again. The
// ledger of a vendor that refuses duplicates would not show it.
func (s *scene) oneWrite(came []Strike, single bool) {
	s.Helper()
	for i, r := range came {
		again := func(later Strike) bool { return later.Method == r.Method && later.Path == r.Path }
		repeats := !single && s.h.Repeats != nil && s.h.Repeats(r.Method, r.Path)
		if r.Fault.loses() && !s.h.reads(r) && !repeats && slices.ContainsFunc(came[i+1:], again) {
			s.Errorf("after %v, the call made the same request again: %v", r.Fault, came)
		}
	}
}

func (h Harness) reads(r Strike) bool {
	if h.Reads == nil {
		return r.Method == http.MethodGet
	}
	return h.Reads(r.Method, r.Path)
}

// begin sets the scene for an operation and returns its payment.
func (s *scene) begin(o operation) payment.Payment {
	s.Helper()
	if o.stored {
		s.store = newVault()
	}
	p := s.vendor.Payment(s.h.Kinds[0], 1)
	if o.standing {
		s.must(s.record, p)
	}
	return p
}
