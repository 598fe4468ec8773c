package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// errInterrupted ends a run at the user's wish.
var errInterrupted = errors.New("interrupted: run it again with the same document and store to go on")

// task is an order on its way through the run.
type task struct {
	from  salesdata.Order
	order *order // nil if the run ended before it
	done  chan struct{}
}

// document records all orders: workers take them in parallel, and they are
// printed in the order of the document. Memory is bounded by the number of
// workers and the size of a batch.
func (j *job) document(ctx context.Context, workers int, out *report) error {
	// The calls may go on for a while after an interrupt: a payment in hand is
	// better finished than looked for.
	calls, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(grace, cut) })()
	ctx, halt := context.WithCancelCause(ctx)
	defer halt(nil)
	j.hurry = ctx.Done()

	work, sequence := make(chan *task), make(chan *task, 4*workers)
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for t := range work {
				var err error
				if t.order, err = j.order(calls, t.from); err != nil {
					halt(err)
				}
				close(t.done)
			}
		})
	}
	wait.Go(func() {
		defer close(sequence)
		defer close(work)
		j.read(ctx, work, sequence)
	})
	show := &shower{to: j.to, dry: j.dry, out: out}
	for t := range sequence {
		<-t.done
		if t.order == nil {
			continue
		}
		if err := show.order(calls, t.order); err != nil {
			halt(err)
		}
	}
	wait.Wait()
	if err := show.flush(calls); err != nil {
		halt(err)
	}
	return j.ending(ctx, out)
}

// ending returns why the run ended before the document did.
func (j *job) ending(ctx context.Context, out *report) error {
	err := context.Cause(ctx)
	if errors.Is(err, context.Canceled) {
		return errInterrupted
	}
	if err != nil && out.orders > 0 {
		return fmt.Errorf("stopped after %s: %w", count(out.orders, "order"), err)
	}
	return err
}

// read hands out the orders of the document until it ends, or the run does. One
// that cannot be read stops no other.
func (j *job) read(ctx context.Context, work, sequence chan<- *task) {
	for from, err := range salesdata.Decode(j.till.document) {
		if ctx.Err() != nil {
			return
		}
		t := &task{from: from, done: make(chan struct{})}
		if err != nil {
			t.order = unreadable(fmt.Errorf("%s: %w", j.till.name, err))
		}
		select {
		case sequence <- t:
		case <-ctx.Done():
			return
		}
		if err != nil {
			close(t.done)
			continue
		}
		select {
		case work <- t:
		case <-ctx.Done():
			close(t.done)
			return
		}
	}
}

// shower prints orders. Where the vendor can be asked for many orders at once,
// it waits until there are enough.
type shower struct {
	to    *destination
	dry   bool
	out   *report
	batch []*order // recorded, and not read back yet
}

func (s *shower) order(ctx context.Context, o *order) error {
	if s.to.readBack == nil || s.dry {
		return s.out.order(o)
	}
	s.batch = append(s.batch, o)
	if len(s.batch) < s.to.batch {
		return nil
	}
	return s.flush(ctx)
}

// flush reads back the orders that wait, and prints them.
func (s *shower) flush(ctx context.Context) error {
	if len(s.batch) == 0 {
		return nil
	}
	err := s.to.readBack(ctx, s.batch)
	if err != nil && !stops(err) {
		s.batch[0].problem = fmt.Errorf("%s at the vendor: %w", count(len(s.batch), "order"), err)
	}
	for _, o := range s.batch {
		if err != nil {
			o.vendor = "cannot be read"
		}
	}
	if !stops(err) {
		err = nil
	}
	for _, o := range s.batch {
		err = errors.Join(err, s.out.order(o))
	}
	s.batch = nil
	return err
}
