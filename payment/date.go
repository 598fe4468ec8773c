package payment

import (
	"cmp"
	"time"
)

const notADay = "is not a day such as 2006-01-02"

// Date is a calendar day without a time or a zone. The zero value is a day
// that is not set. Dates may be compared with ==.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads "2006-01-02": exactly ten bytes, a day that exists, and a
// year from 0001. Anything else is refused with a [*FieldError].
func ParseDate(s string) (Date, error) { return readDate(s) }

func readDate[T string | []byte](s T) (Date, error) {
	const form = "0000-00-00"
	if len(s) != len(form) {
		return Date{}, dateError(notADay)
	}
	for i := range len(form) {
		digit := s[i] >= '0' && s[i] <= '9'
		if form[i] == '0' && !digit || form[i] == '-' && s[i] != '-' {
			return Date{}, dateError(notADay)
		}
	}
	number := func(text T) (n int) {
		for i := range len(text) {
			n = n*10 + int(text[i]-'0')
		}
		return n
	}
	d := Date{Year: number(s[:4]), Month: time.Month(number(s[5:7])), Day: number(s[8:])}
	if !d.Valid() {
		return Date{}, dateError(notADay)
	}
	return d, nil
}

// DateOf returns the day on which t falls in its own zone. For the zero time it
// returns the zero Date, not 0001-01-01.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	year, month, day := t.Date()
	return Date{Year: year, Month: month, Day: day}
}

// Valid reports whether the day exists, in the years 1 to 9999. The zero Date is
// not valid.
func (d Date) Valid() bool {
	return d.Year >= 1 && d.Year <= 9999 && d.Month >= time.January && d.Month <= time.December &&
		d.Day >= 1 && d.Day <= daysIn(d.Month, d.Year)
}

func daysIn(month time.Month, year int) int {
	switch month {
	case time.April, time.June, time.September, time.November:
		return 30
	case time.February:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// IsZero reports whether the day is not set.
func (d Date) IsZero() bool { return d == Date{} }

// Compare returns -1 if d is before e, 0 if they are the same day, and 1 if it
// is after. A day that is not set is before every other.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// In returns the first instant of the day in loc. That is midnight, the first of
// two where the clocks go back over it, or the moment to which the clocks skip.
// For a day that a zone left out, as Apia did with 2011-12-30, it is the first
// instant of the next. A nil location is UTC. The zero Date returns the zero time.
func (d Date) In(loc *time.Location) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	if loc == nil {
		loc = time.UTC
	}
	midnight := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	t := midnight.AddDate(0, 0, -2).In(loc) // the day has begun nowhere yet
	for {
		start, end := t.ZoneBounds() // one offset is in use between them
		_, offset := t.Zone()
		first := midnight.Add(-time.Duration(offset) * time.Second).In(loc)
		if !start.IsZero() && first.Before(start) {
			first = start
		}
		if end.IsZero() || first.Before(end) {
			return first
		}
		t = end
	}
}

func dateError(reason string) error {
	return &FieldError{Field: "date", Reason: reason}
}
