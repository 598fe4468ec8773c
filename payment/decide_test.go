package payment

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// undecided leaves an entry that nobody can resolve.
func undecided(t *testing.T) (*vendor, *shelf, Entry) {
	v, s := &vendor{lookErr: ErrNoLookup}, newShelf()
	v.records = []func(Payment) (Receipt, error){lostBefore, v.store}
	if _, err := Once(t.Context(), v, sale(t), WithStore(s)); !errors.Is(err, ErrOutcomeUnknown) {
		t.Fatal(err)
	}
	return v, s, entryOf(t, s, v)
}

func TestDecideRecorded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v, s, seen := undecided(t)
		decided, err := Decide(t.Context(), s, seen, Decision{Recorded: true, ID: "77", By: "jo", At: noon})
		if err != nil || decided.Status != Recorded || decided.Decision.By != "jo" {
			t.Fatalf("%v, %v", decided.Progress, err)
		}
		receipt, err := Once(t.Context(), v, sale(t), WithStore(s))
		if err != nil || receipt.ID != "77" || v.writes != 1 {
			t.Errorf("receipt %v, err %v", receipt, err)
		}
		v.lookErr = nil // and now the vendor shows none
		if _, err := Once(t.Context(), v, sale(t), WithStore(s)); !errors.Is(err, ErrConflict) {
			t.Errorf("contradicted: %v", err)
		}
	})
}

func TestDecideNotRecorded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v, s, seen := undecided(t)
		closed, err := Decide(t.Context(), s, seen, Decision{By: "jo", At: noon})
		if err != nil || closed.Status != Closed {
			t.Fatalf("%v, %v", closed.Progress, err)
		}
		if _, err := Once(t.Context(), v, sale(t), WithStore(s)); !errors.Is(err, ErrInvalid) || v.writes != 1 {
			t.Errorf("closed: %v after %d writes", err, v.writes)
		}
		closed = entryOf(t, s, v)
		if _, err := Reopen(t.Context(), s, closed, "jo"); err != nil {
			t.Fatal(err)
		}
		v.lookErr = nil
		looks := v.looks
		if _, err := Once(t.Context(), v, sale(t), WithStore(s)); err != nil || v.writes != 2 || v.looks != looks+5 {
			t.Errorf("reopened: %v after %d writes and %d looks", err, v.writes, v.looks-looks)
		}
	})
}

func TestClosedButShown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v, s, seen := undecided(t)
		if _, err := Decide(t.Context(), s, seen, Decision{By: "jo", At: noon}); err != nil {
			t.Fatal(err)
		}
		v.lookErr = nil
		_, _ = v.store(sale(t))
		if _, err := Once(t.Context(), v, sale(t), WithStore(s)); !errors.Is(err, ErrConflict) || v.writes != 1 {
			t.Errorf("%v after %d writes", err, v.writes)
		}
	})
}

func TestDecideRefuses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v, s, seen := undecided(t)
		for _, d := range []Decision{{At: noon}, {By: "jo"}, {By: "jo", At: noon, ID: "1"}} {
			if _, err := Decide(t.Context(), s, seen, d); !errors.Is(err, ErrInvalid) {
				t.Errorf("%+v: %v", d, err)
			}
		}
		old := seen
		old.Revision--
		if _, err := Decide(t.Context(), s, old, Decision{By: "jo", At: noon}); !errors.Is(err, ErrConflict) {
			t.Errorf("an entry that has changed: %v", err)
		}
		if _, err := Reopen(t.Context(), s, entryOf(t, s, v), "jo"); !errors.Is(err, ErrProtocol) {
			t.Errorf("reopened what is not closed: %v", err)
		}
		held, err := s.Claim(t.Context(), seen.Key, nil, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		var heldErr *HeldError
		if _, err := Decide(t.Context(), s, held, Decision{By: "jo", At: noon}); !errors.As(err, &heldErr) {
			t.Errorf("while a call holds it: %v", err)
		}
		if _, err := Inspect(t.Context(), s, Key{Account: seen.Key.Account, Op: "payment", Reference: "none"}); !errors.Is(err, ErrNotFound) {
			t.Errorf("no entry: %v", err)
		}
	})
}
