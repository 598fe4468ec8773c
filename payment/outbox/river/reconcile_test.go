package outboxriver

import (
	"errors"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/tenderkit/tenderkit/payment"
)

// TestDaily: the schedule comes once a day, also where the clocks change, and a
// day is compared when its time has come, not before.
func TestDaily(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	d := daily{zone, 6 * time.Hour}
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for now, want := range map[string]struct{ next, due string }{
		"2026-11-28 00:05": {"2026-11-28 06:00", "2026-11-26"},
		"2026-11-28 05:59": {"2026-11-28 06:00", "2026-11-26"},
		"2026-11-28 06:00": {"2026-11-29 06:00", "2026-11-27"},
		"2026-11-28 23:59": {"2026-11-29 06:00", "2026-11-27"},
		"2026-10-24 12:00": {"2026-10-25 05:00", "2026-10-23"}, // the night has 25 hours: six hours after midnight
		"2026-12-31 12:00": {"2027-01-01 06:00", "2026-12-30"},
	} {
		next, due := d.Next(at(now)), d.due(at(now))
		if !next.Equal(at(want.next)) || due.String() != want.due {
			t.Errorf("at %s: next %v, due %v; want %s, %s", now, next, due, want.next, want.due)
		}
	}
}

func TestReconcilerIsWhole(t *testing.T) {
	t.Parallel()
	var field *payment.FieldError
	if err := (&Reconciler{}).AddTo(river.NewWorkers()); !errors.As(err, &field) || field.Field != "Reconciler.Store" {
		t.Errorf("got %v", err)
	}
}
