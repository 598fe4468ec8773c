package spektrix

import (
	"encoding/json"
	"time"

	"github.com/tenderkit/tenderkit/internal/wire"
)

// Time is a time as Spektrix writes it: mostly local to the venue and without
// a zone (observed), so that it is no instant until the caller says where.
type Time struct {
	Wall  time.Time // what the venue's clock shows; its zone is UTC unless Zoned. Zero if Text cannot be read
	Zoned bool      // Text names its zone, so Wall is an instant
	Text  string    // as written; empty if there was none
}

// In gives the instant. A time without a zone is taken for one in loc, the
// venue's location; nil is UTC.
func (t Time) In(loc *time.Location) time.Time {
	if loc == nil {
		loc = time.UTC
	}
	w := t.Wall
	if t.Zoned || w.IsZero() {
		return w
	}
	return time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), w.Nanosecond(), loc)
}

// UnmarshalJSON reads a string or null. Text that is no time is kept as Text.
func (t *Time) UnmarshalJSON(data []byte) error {
	*t = Time{}
	if err := json.Unmarshal(data, &t.Text); err != nil {
		return invalid("Time", "is not text")
	}
	if wall, zoned, err := wire.ParseTime(t.Text); err == nil {
		t.Wall, t.Zoned = wall, zoned
	}
	return nil
}

// MarshalJSON writes the text, and null if there was none.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.Text == "" {
		return []byte("null"), nil
	}
	return wire.Marshal(t.Text)
}
