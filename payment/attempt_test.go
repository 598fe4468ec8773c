package payment

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestAttemptGuardsWrites(t *testing.T) {
	t.Parallel()
	if err := StartWrite(t.Context()); err != nil {
		t.Errorf("outside Once: %v", err)
	}
	a := NewAttempt([]byte("old"), nil)
	ctx := withAttempt(t.Context(), a)
	if StartWrite(ctx) == nil || MayWrite(ctx) == nil {
		t.Error("a write without Begin was allowed")
	}
	if err := a.Begin(ctx, []byte("new")); err != nil || string(a.Checkpoint()) != "new" {
		t.Fatalf("%q, %v", a.Checkpoint(), err)
	}
	if err := errors.Join(StartWrite(ctx), MayWrite(ctx), MayWrite(ctx)); err != nil {
		t.Errorf("a write after Begin: %v", err)
	}
	if StartWrite(ctx) == nil {
		t.Error("a second write without a Begin of its own was allowed")
	}
}

func TestAttemptEndsWithItsClaim(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &Attempt{save: func(context.Context, []byte) (time.Time, error) { return time.Now().Add(time.Minute), nil }}
		ctx := withAttempt(t.Context(), a)
		if err := errors.Join(a.Begin(ctx, nil), StartWrite(ctx), MayWrite(ctx)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if MayWrite(ctx) == nil {
			t.Error("a write after the end of the claim was allowed")
		}
	})
}

func TestAttemptSavesFirst(t *testing.T) {
	t.Parallel()
	var none *Attempt
	if none.Checkpoint() != nil || !errors.Is(none.Begin(t.Context(), nil), ErrInvalid) {
		t.Error("a nil Attempt began")
	}
	a := NewAttempt(nil, func(context.Context, []byte) error { return errDisk })
	if err := a.Begin(t.Context(), []byte("x")); !errors.Is(err, errDisk) || a.Checkpoint() != nil || a.begun() != 0 {
		t.Errorf("a save that failed: %v, checkpoint %q", err, a.Checkpoint())
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := NewAttempt(nil, nil).Begin(ended, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of the context: %v", err)
	}
}

func TestAttemptInDoubt(t *testing.T) {
	t.Parallel()
	var none *Attempt
	fresh, taken := NewAttempt(nil, nil), NewAttempt([]byte("{}"), nil)
	if none.InDoubt() || fresh.InDoubt() || !taken.InDoubt() {
		t.Errorf("in doubt: %v, %v, %v", none.InDoubt(), fresh.InDoubt(), taken.InDoubt())
	}
	if err := fresh.Begin(t.Context(), nil); err != nil || !fresh.InDoubt() {
		t.Errorf("not in doubt after Begin, %v", err)
	}
	for status, want := range map[Status]bool{Open: false, Refused: false, Begun: true, Unknown: true, Recorded: true, Closed: true, Conflict: true, Duplicate: true} {
		j := job{entry: Entry{Progress: Progress{Status: status, Checkpoint: []byte("{}")}}}
		if got := j.attempt().InDoubt(); got != want {
			t.Errorf("%s: %v", status, got)
		}
	}
}

func TestNewReference(t *testing.T) {
	t.Parallel()
	if got, want := NewReference("till-4", "1001"), NewReference("till-4", "1001"); got != want || len(got) != 36 || got[14] != '5' {
		t.Errorf("%s, then %s", want, got)
	}
	seen := map[string]bool{}
	for _, parts := range [][]string{{"a", "bc"}, {"ab", "c"}, {"abc"}, {"abc", ""}, {"", "abc"}, {}, {""}, {"A", "bc"}} {
		if r := NewReference(parts...); seen[r] {
			t.Errorf("%q: a reference of other parts", parts)
		} else {
			seen[r] = true
		}
	}
	if got := NewReference("tenderkit"); got != "0fe345f4-97a9-53f5-aa7f-fa3122ef5d58" {
		t.Errorf("references must never change: %s", got)
	}
}
