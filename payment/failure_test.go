package payment

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A Save that fails before a write stops it; one that fails after it is told
// with the receipt, and the next call finds the record.
func TestFailingSaves(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		at     int
		fail   func(func() (Entry, error)) (Entry, error)
		want   error
		writes int
	}{
		"begin, without effect": {1, before, ErrUnavailable, 0},
		"begin, with effect":    {1, after, ErrUnavailable, 0},
		"end, without effect":   {2, before, ErrOutcomeUnknown, 1},
		"end, with effect":      {2, after, ErrOutcomeUnknown, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				v, s := &vendor{}, newShelf()
				v.records = always(v.store)
				s.fail = map[int]func(func() (Entry, error)) (Entry, error){c.at: c.fail}
				_, err := Once(t.Context(), v, sale(t), WithStore(s))
				if !errors.Is(err, c.want) || !errors.Is(err, errDisk) && c.writes == 0 || v.writes != c.writes {
					t.Errorf("err %v after %d writes", err, v.writes)
				}
				var unresolved *UnresolvedError
				if c.writes == 1 && (!errors.As(err, &unresolved) || unresolved.Receipt == nil || unresolved.Receipt.ID != "1") {
					t.Errorf("the receipt is lost: %v", err)
				}
				time.Sleep(time.Hour) // any claim ends
				receipt, err := Once(t.Context(), v, sale(t), WithStore(s), WithSettle(time.Minute))
				if err != nil || receipt.AlreadyRecorded != (c.writes == 1) || len(v.ledger) != 1 {
					t.Errorf("then: receipt %v, err %v, %d stored", receipt, err, len(v.ledger))
				}
			})
		})
	}
}

func TestClaimFails(t *testing.T) {
	t.Parallel()
	v := &vendor{}
	v.records = always(v.store)
	for name, c := range map[string]struct {
		broken func(*Entry)
		want   error
	}{
		"another key": {func(e *Entry) { e.Key.Reference = "ref-2" }, ErrProtocol},
		"no status":   {func(e *Entry) { e.Status = "?" }, ErrProtocol},
		"no token":    {func(e *Entry) { e.Token = "" }, ErrProtocol},
		"no writes":   {func(e *Entry) { e.Status, e.Writes = Begun, 0 }, ErrProtocol},
		"no payment":  {func(e *Entry) { e.Payload = []byte(`{"Reference":`) }, ErrProtocol},
		"other shape": {func(e *Entry) { e.Payload = []byte(`[]`) }, ErrProtocol},
	} {
		s := newShelf()
		s.broken = c.broken
		if _, err := Once(t.Context(), v, sale(t), WithStore(s)); !errors.Is(err, c.want) || v.writes+v.looks != 0 {
			t.Errorf("%s: %v after %d writes and %d looks", name, err, v.writes, v.looks)
		}
	}
}

// Two calls at once: one has the payment, the other is told so.
func TestHeld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v, s := &vendor{}, newShelf()
		var second error
		v.records = always(func(p Payment) (Receipt, error) {
			_, second = Once(t.Context(), v, sale(t), WithStore(s))
			return v.store(p)
		})
		if _, err := Once(t.Context(), v, sale(t), WithStore(s), WithLease(time.Minute)); err != nil {
			t.Fatal(err)
		}
		var held *HeldError
		if !errors.As(second, &held) || !errors.Is(second, ErrOutcomeUnknown) || time.Until(held.Until) != time.Minute || v.writes != 1 {
			t.Errorf("err %v after %d writes", second, v.writes)
		}
	})
}

// A process that stands still beyond its lease loses the payment to another, and
// sends nothing when it goes on.
func TestLostClaim(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v, s := &vendor{}, newShelf()
		v.records = always(v.store)
		stopped := &vendor{prepare: func(p Payment) (Payment, error) { return p, nil }}
		stopped.records = always(v.store)
		slow := pausing{stopped, func() {
			time.Sleep(time.Hour)
			if _, err := Once(t.Context(), v, sale(t), WithStore(s)); err != nil {
				t.Error(err)
			}
		}}
		_, err := Once(t.Context(), slow, sale(t), WithStore(s))
		var held *HeldError
		if !errors.As(err, &held) || stopped.writes != 0 || len(v.ledger) != 1 {
			t.Errorf("err %v after %d writes, %d stored", err, stopped.writes, len(v.ledger))
		}
	})
}

// pausing stands still before Begin.
type pausing struct {
	*vendor
	pause func()
}

func (p pausing) Record(ctx context.Context, pay Payment, a *Attempt) (Receipt, error) {
	p.pause()
	return p.vendor.Record(ctx, pay, a)
}

// A claim is renewed while a call waits.
func TestClaimOutlastsWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v, s := &vendor{}, newShelf()
		v.records = always(lostBefore)
		time.AfterFunc(30*time.Minute, func() {
			var held *HeldError
			if _, err := s.Claim(t.Context(), KeyOf(v, sale(t)), nil, time.Second); !errors.As(err, &held) {
				t.Errorf("claimed in the middle of a wait: %v", err)
			}
		})
		_, err := Once(t.Context(), v, sale(t), WithStore(s), WithPatience(2, time.Hour), WithLease(time.Minute))
		if !errors.Is(err, ErrOutcomeUnknown) {
			t.Error(err)
		}
	})
}

// What came of a write is saved when the caller's context has ended.
func TestSavedAfterTheContext(t *testing.T) {
	t.Parallel()
	v, s := &vendor{}, newShelf()
	ctx, cancel := context.WithCancel(t.Context())
	v.records = always(func(p Payment) (Receipt, error) { cancel(); return v.store(p) })
	if _, err := Once(ctx, v, sale(t), WithStore(s)); err != nil {
		t.Error(err)
	}
	if got := entryOf(t, s, v).Status; got != Recorded {
		t.Errorf("the entry is %s", got)
	}
}

// A payment that Prepare refuses now is refused if it was never begun, and goes
// on as it was stored if it was.
func TestPrepareRefusesLater(t *testing.T) {
	t.Parallel()
	v, s := &vendor{}, newShelf()
	v.records = always(v.store)
	refused := func(Payment) (Payment, error) {
		return Payment{}, &FieldError{Field: "Payment.Method", Reason: "is closed"}
	}
	v.prepare = refused
	if _, err := Once(t.Context(), v, sale(t), WithStore(s)); !errors.Is(err, ErrInvalid) {
		t.Errorf("never begun: %v", err)
	}
	v.prepare = func(p Payment) (Payment, error) { p.Method = "CARD"; return p, nil }
	if _, err := Once(t.Context(), v, sale(t), WithStore(s)); err != nil {
		t.Fatal(err)
	}
	v.prepare = refused
	receipt, err := Once(t.Context(), v, sale(t), WithStore(s))
	if err != nil || !receipt.AlreadyRecorded || v.writes != 1 {
		t.Errorf("recorded before: receipt %v, err %v, %d writes", receipt, err, v.writes)
	}
}

// The Recorder gets what an earlier try saved.
func TestCheckpointSurvives(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v, s := &vendor{}, newShelf()
		v.records = []func(Payment) (Receipt, error){lostBefore, v.store}
		_, _ = Once(t.Context(), v, sale(t), WithStore(s))
		if v.seen != nil {
			t.Errorf("the first try saw %q", v.seen)
		}
		if _, err := Once(t.Context(), v, sale(t), WithStore(s), WithSettle(time.Hour)); err != nil || string(v.seen) != "step 1" {
			t.Errorf("the second try saw %q, err %v", v.seen, err)
		}
	})
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]OnceOption{
		"nil": nil, "store": WithStore(nil), "looks": WithPatience(0, 1), "wait": WithPatience(1, -1),
		"settle": WithSettle(0), "lease": WithLease(0), "observer": WithObserver(nil),
	} {
		v := &vendor{}
		var field *FieldError
		if _, err := Once(t.Context(), v, sale(t), o); !errors.As(err, &field) || v.writes+v.looks != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	bad := sale(t)
	bad.Reference = "\xff"
	if _, err := Once(t.Context(), &vendor{}, bad); !errors.Is(err, ErrInvalid) {
		t.Errorf("a reference that is not UTF-8: %v", err)
	}
}

// The observer hears of each step, and its panic harms nobody.
func TestObserver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := &vendor{hidden: 1}
		v.records = always(v.lostAfter())
		var steps []Step
		var waits time.Duration
		_, err := Once(t.Context(), v, sale(t), WithFirstTry(), WithObserver(func(_ context.Context, e Event) {
			steps, waits = append(steps, e.Step), waits+e.Wait
			panic("observer")
		}))
		want := []Step{StepWrite, StepLook, StepWait, StepLook, StepEnd}
		if err != nil || len(steps) != len(want) || steps[0] != want[0] || steps[4] != want[4] || waits != time.Second {
			t.Errorf("steps %v, waited %v, err %v", steps, waits, err)
		}
	})
}
