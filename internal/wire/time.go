package wire

import (
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// ParseTime reads a date or a date and time of ISO 8601 the way vendors write
// them: "2024-12-03", "2024-12-03T18:30:00", one to nine digits of a fraction,
// and a zone of "Z", "+01:00" or "+0100", or none.
//
// Text without a zone is read as UTC and zoned is false; a date alone is its
// midnight. Everything else is refused: a space for the T, lower case, a comma,
// an hour of 24, a second of 60, a zone of hours alone. The result keeps the
// offset it was written with. Nothing is allocated but for an offset that is
// not in whole hours.
func ParseTime(s string) (t time.Time, zoned bool, err error) {
	var c clock
	rest, ok := c.date(s)
	if !ok {
		return time.Time{}, false, timeError("is not a date of the form 2006-01-02")
	}
	loc := time.UTC
	if rest != "" {
		if rest, ok = c.time(rest); !ok {
			return time.Time{}, false, timeError("is not a time of the form 2006-01-02T15:04:05")
		}
		if loc, zoned, ok = zone(rest); !ok {
			return time.Time{}, false, timeError("has a zone that is not Z, +01:00 or +0100")
		}
	}
	t = time.Date(c.year, time.Month(c.month), c.day, c.hour, c.minute, c.second, c.nano, loc)
	if t.Day() != c.day {
		return time.Time{}, false, timeError("is not a day of the calendar")
	}
	return t, zoned, nil
}

func timeError(reason string) error { return &payment.FieldError{Field: "time", Reason: reason} }

type clock struct{ year, month, day, hour, minute, second, nano int }

// date reads "2006-01-02" and gives the rest.
func (c *clock) date(s string) (rest string, ok bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return "", false
	}
	var y, m, d bool
	c.year, y = number(s[:4])
	c.month, m = number(s[5:7])
	c.day, d = number(s[8:10])
	return s[10:], y && m && d && c.year > 0 && c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= 31
}

// time reads "T15:04:05" with its fraction and gives the rest.
func (c *clock) time(s string) (rest string, ok bool) {
	if len(s) < 9 || s[0] != 'T' || s[3] != ':' || s[6] != ':' {
		return "", false
	}
	var h, m, sec bool
	c.hour, h = number(s[1:3])
	c.minute, m = number(s[4:6])
	c.second, sec = number(s[7:9])
	if !h || !m || !sec || c.hour > 23 || c.minute > 59 || c.second > 59 {
		return "", false
	}
	return c.fraction(s[9:])
}

func (c *clock) fraction(s string) (rest string, ok bool) {
	if s == "" || s[0] != '.' {
		return s, true
	}
	n, unit := 1, int(time.Second)
	for ; n < len(s) && n <= 9 && isDigit(s[n]); n++ {
		unit /= 10
		c.nano += int(s[n]-'0') * unit
	}
	return s[n:], n > 1
}

// zone reads what follows the time.
func zone(s string) (loc *time.Location, zoned, ok bool) {
	switch {
	case s == "":
		return time.UTC, false, true
	case s == "Z":
		return time.UTC, true, true
	case s[0] != '+' && s[0] != '-':
		return nil, false, false
	}
	var hours, minutes int
	var h, m bool
	switch {
	case len(s) == 5:
		hours, h = number(s[1:3])
		minutes, m = number(s[3:5])
	case len(s) == 6 && s[3] == ':':
		hours, h = number(s[1:3])
		minutes, m = number(s[4:6])
	}
	if !h || !m || hours > 23 || minutes > 59 {
		return nil, false, false
	}
	return offset(s[0] == '-', hours*3600+minutes*60), true, true
}

func offset(west bool, seconds int) *time.Location {
	if seconds == 0 {
		return time.UTC
	}
	if west {
		seconds = -seconds
	}
	return time.FixedZone("", seconds)
}

// number reads ASCII digits only.
func number(s string) (n int, ok bool) {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}
