package brightpearl

import (
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/internal/wire"
)

// What is sent is the same instant, whatever the zone.
func TestTimestamp(t *testing.T) {
	t.Parallel()
	at := time.Date(2016, 6, 19, 14, 3, 17, 999, time.UTC)
	for seconds, want := range map[int]string{
		0:      "2016-06-19T14:03:17+00:00",
		3600:   "2016-06-19T15:03:17+01:00",
		-12600: "2016-06-19T10:33:17-03:30",
		1172:   "2016-06-19T14:03:17+00:00", // local mean time of Amsterdam, +00:19:32
		90000:  "2016-06-19T14:03:17+00:00",
	} {
		in := at.In(time.FixedZone("", seconds))
		got := timeText(in, false)
		back, zoned, err := wire.ParseTime(got)
		if got != want || err != nil || !zoned || !back.Equal(at.Truncate(time.Second)) {
			t.Errorf("%d: %s, want %s; read back as %v, %v", seconds, got, want, back, err)
		}
		if p := (Period{From: in}); p.String() != want+"/" || !p.contains(back) {
			t.Errorf("%d: period %s", seconds, p)
		}
	}
	if writable(time.Date(1, 1, 1, 0, 0, 0, 0, time.FixedZone("", 1172))) {
		t.Error("a time whose UTC is in the year 0 was taken")
	}
}
