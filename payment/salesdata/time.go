package salesdata

import (
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/internal/wire"
)

// Time is a date and time as the till wrote it. The zero value is not set.
//
// The vendor's examples are RFC 3339 in UTC. Whether every file has a zone is
// not documented. A time without one is a wall time: it is an instant only if
// the decoder was given [WithLocation]. A text that is not a time is kept as it
// is and listed in [Order.Faults]; it is no instant, and its wall time is zero.
type Time struct {
	text  string
	wall  time.Time
	known bool // wall is an instant
}

// NewTime returns t in UTC, written by RFC 3339.
func NewTime(t time.Time) Time {
	t = t.UTC()
	return Time{text: t.Format(time.RFC3339Nano), wall: t, known: true}
}

// ParseTime reads a date or a date and time of ISO 8601, with or without a
// fraction and a zone. The error is a *payment.FieldError.
func ParseTime(s string) (Time, error) { return parseTime(s, nil) }

func parseTime(s string, loc *time.Location) (Time, error) {
	t, zoned, err := wire.ParseTime(s)
	if err != nil {
		return Time{}, err
	}
	if !zoned && loc != nil {
		t = time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), loc)
	}
	return Time{text: s, wall: t, known: zoned || loc != nil}, nil
}

// String returns the text as it was written.
func (t Time) String() string { return t.text }

// IsZero reports whether the time is not set.
func (t Time) IsZero() bool { return t.text == "" }

// isNone reports whether the text is a date of zeros, by which databases write
// that there is none: 0000-00-00, or the first day of the year 1.
func (t Time) isNone() bool {
	return strings.HasPrefix(t.text, "0000-00-00") || strings.HasPrefix(t.text, "0001-01-01")
}

// Instant returns the moment, and false if the text has no zone and no
// location was given.
func (t Time) Instant() (time.Time, bool) {
	if !t.known {
		return time.Time{}, false
	}
	return t.wall, true
}

// Wall returns the reading of the clock. For a time without a zone it is in
// UTC, which says nothing about where the clock was.
func (t Time) Wall() time.Time { return t.wall }
