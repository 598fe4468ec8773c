package wire

import (
	"errors"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

func TestParseTime(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]struct {
		text  string
		zoned bool
	}{
		"2024-12-03":                          {"2024-12-03T00:00:00Z", false},
		"2024-12-03T18:30:00":                 {"2024-12-03T18:30:00Z", false},
		"2024-12-03T18:30:00Z":                {"2024-12-03T18:30:00Z", true},
		"2024-12-03T18:30:00.1234567":         {"2024-12-03T18:30:00.1234567Z", false},
		"2024-12-03T18:30:00.123456789Z":      {"2024-12-03T18:30:00.123456789Z", true},
		"2024-12-03T18:30:00.5+01:00":         {"2024-12-03T18:30:00.5+01:00", true},
		"2024-12-03T18:30:00+0000":            {"2024-12-03T18:30:00Z", true},
		"2024-02-29T23:59:59-0330":            {"2024-02-29T23:59:59-03:30", true},
		"0001-01-01T00:00:00":                 {"0001-01-01T00:00:00Z", false},
		"2024-12-03T18:30:00.100000000+05:45": {"2024-12-03T18:30:00.1+05:45", true},
	} {
		got, zoned, err := ParseTime(in)
		if err != nil || got.Format(time.RFC3339Nano) != want.text || zoned != want.zoned {
			t.Errorf("%s: %s, %v, %v", in, got.Format(time.RFC3339Nano), zoned, err)
		}
	}
}

func TestParseTimeRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"", "2024", "2024-12", "2024-1-2", "24-12-03", "2024-00-10", "2024-13-01", "2024-12-00", "2023-02-29", "2024-04-31", "0000-01-01",
		"2024-12-03 18:30:00", "2024-12-03t18:30:00", "2024-12-03T18:30", "2024-12-03T1830:00", "2024-12-03T24:00:00", "2024-12-03T18:60:00",
		"2024-12-03T18:30:60", "2024-12-03T18:30:00,5", "2024-12-03T18:30:00.", "2024-12-03T18:30:00.1234567890", "2024-12-03T18:30:00z",
		"2024-12-03T18:30:00+01", "2024-12-03T18:30:00+1:00", "2024-12-03T18:30:00+24:00", "2024-12-03T18:30:00+00:60", "2024-12-03T18:30:00Z ",
		" 2024-12-03", "2024-12-03Z", "+024-12-03", "2024-12-03T18:30:00+-1:00",
	} {
		if _, _, err := ParseTime(in); !errors.Is(err, payment.ErrInvalid) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestParseTimeAllocates(t *testing.T) {
	for _, in := range []string{"2024-12-03", "2024-12-03T18:30:00.1234567", "2024-12-03T18:30:00+01:00"} {
		if n := testing.AllocsPerRun(100, func() { _, _, _ = ParseTime(in) }); n != 0 {
			t.Errorf("%s: %v allocations", in, n)
		}
	}
}

func FuzzParseTime(f *testing.F) {
	f.Add("2024-12-03T18:30:00.1234567+01:00")
	f.Fuzz(func(t *testing.T, s string) {
		got, zoned, err := ParseTime(s)
		want, standard := time.Parse(time.RFC3339Nano, s)
		if err == nil && standard == nil && !got.Equal(want) {
			t.Errorf("%q: got %v, want %v", s, got, want)
		}
		if err == nil && zoned != (len(s) > 19 && (s[len(s)-1] == 'Z' || s[len(s)-5] == '+' || s[len(s)-5] == '-' || s[len(s)-3] == ':')) {
			t.Errorf("%q: zoned is %v", s, zoned)
		}
	})
}
