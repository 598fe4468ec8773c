package paymenttest

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// cancelAtEveryStep ends the context at every request of every operation: before
// it is sent, while the vendor works on it, and after its effect, which is what
// a crash looks like to the vendor. A program that starts anew then takes the
// payment up.
func (h Harness) cancelAtEveryStep(t *testing.T) {
	for _, o := range h.operations() {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			g := newGroup(t)
			steps := g.count("no end", func(t *testing.T) int { return h.play(t, o, Conditions{}, 0) })
			for step := range steps {
				for _, m := range []moment{beforeSending, afterEffect} {
					g.run(fmt.Sprintf("%s of request %d", m, step+1), func(t *testing.T) { h.cancelAt(t, o, step, m) })
				}
				g.run(fmt.Sprintf("during request %d", step+1), func(t *testing.T) { h.cancelDuring(t, o, step) })
			}
			g.wait()
		})
	}
	t.Run("before the first request", func(t *testing.T) {
		t.Parallel()
		for _, o := range h.operations() {
			h.cancelledBefore(t, o)
		}
	})
}

func (h Harness) cancelAt(t *testing.T, o operation, step int, m moment) {
	s := h.open(t, Conditions{}, unhurried, 2)
	p := s.begin(o)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s.line.stopAt(stop{at: step, moment: m, cancel: cancel})
	err := o.try(s, ctx, p)
	if ctx.Err() == nil {
		t.Error("the request was never made")
	}
	s.settled(p, err)
}

// cancelDuring ends the context while the vendor holds the request.
func (h Harness) cancelDuring(t *testing.T, o operation, step int) {
	s := h.open(t, Conditions{}, unhurried, 2)
	p := s.begin(o)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	struck := len(s.vendor.Script.Struck())
	s.vendor.Script.Next(at(step, Delay(time.Hour))...)
	go func() {
		_ = eventually(ctx, func() bool { return len(s.vendor.Script.Struck()) > struck })
		cancel()
	}()
	err := o.try(s, ctx, p)
	if n := s.vendor.Script.Pending(); n > 0 {
		t.Error("the fault never struck")
	}
	s.idle() // the effect has happened, or never will
	s.settled(p, err)
}

// cancelledBefore checks that an ended context sends nothing.
func (h Harness) cancelledBefore(t *testing.T, o operation) {
	s := h.open(t, Conditions{}, unhurried, 2)
	p := s.begin(o)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before := s.vendor.Script.Requests()
	_ = o.try(s, ctx, p)
	if n := s.vendor.Script.Requests() - before; n != 0 {
		t.Errorf("%s: %d requests", o.name, n)
	}
}
