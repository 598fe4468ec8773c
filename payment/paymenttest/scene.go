package paymenttest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

const (
	unhurried = 30 * time.Second       // the time-out of tests that do not need one
	hurried   = 100 * time.Millisecond // and of those that do
)

// brief is the patience for a vendor that is a few microseconds away.
var brief = payment.WithPatience(2, time.Millisecond)

// scene is a vendor, and a Recorder that talks to it.
type scene struct {
	*testing.T
	h      Harness
	vendor Vendor
	line   *line
	r      payment.Recorder
}

// open starts a vendor and connects to it.
func (h Harness) open(t *testing.T, c Conditions, timeout time.Duration, retries int) *scene {
	t.Helper()
	s := &scene{T: t, h: h, vendor: h.Start(t, c)}
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
	r, err := s.h.Connect(s.line.connection(s.vendor.URL, timeout, retries))
	if err != nil {
		s.Fatalf("Connect: %v", err)
	}
	s.r = r
}

// standing counts the entries of a payment.
func (s *scene) standing(p payment.Payment) int { return len(under(s.vendor.Ledger(), p.Reference)) }

// act is Record, or Once or Resume with some patience.
type act func(ctx context.Context, r payment.Recorder, p payment.Payment) (payment.Receipt, error)

func record(ctx context.Context, r payment.Recorder, p payment.Payment) (payment.Receipt, error) {
	return r.Record(ctx, p)
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
// starts anew, at a vendor without faults.
func (s *scene) settled(p payment.Payment, err error) {
	s.Helper()
	s.vendor.Script.Clear()
	s.connect(unhurried, 0)
	var bad *payment.FieldError
	switch {
	case errors.Is(err, payment.ErrOutcomeUnknown):
		s.takenUp(p)
	case err == nil || errors.Is(err, payment.ErrConflict) || errors.As(err, &bad):
	default:
		s.must(once(brief), p) // nothing was recorded, so it can be
	}
}

// takenUp resumes a payment whose outcome is unknown. Where the vendor cannot be
// asked, the call was judged by the ledger already.
func (s *scene) takenUp(p payment.Payment) {
	s.Helper()
	before := s.standing(p)
	receipt, err := s.try(s.Context(), resume(brief), p)
	switch {
	case err == nil || s.h.NoLookup:
	case before == 0 && !s.h.RefusesDuplicates && errors.Is(lastLook(err), payment.ErrNotFound):
		receipt = s.must(resume(brief, payment.WithSettle(time.Millisecond)), p)
	default:
		s.Fatalf("Resume did not resolve %v: %v", p, err)
	}
	if err == nil && receipt.AlreadyRecorded != (before > 0) {
		s.Errorf("resumed with %v, and %d stood", receipt, before)
	}
}

// lastLook returns what the last look of an unknown outcome returned.
func lastLook(err error) error {
	var unresolved *payment.UnresolvedError
	if !errors.As(err, &unresolved) {
		return nil
	}
	return unresolved.Seen
}
