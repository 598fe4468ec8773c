package payment

import (
	"cmp"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

// Date is a calendar day without a time or a zone. The zero value is a day
// that is not set. Dates may be compared with ==.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads "2006-01-02": exactly ten bytes, a day that exists, and a
// year from 0001. Anything else is refused with a [*FieldError].
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, dateError("is not a day such as 2006-01-02")
	}
	if t.Year() < 1 {
		return Date{}, dateError("is outside the years 1 to 9999")
	}
	return Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}, nil
}

// DateOf gives the day on which t falls in its own zone. The zero time gives
// the zero Date, not 0001-01-01.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	year, month, day := t.Date()
	return Date{Year: year, Month: month, Day: day}
}

// Valid reports a day that exists, in the years 1 to 9999. The zero Date is
// not valid.
func (d Date) Valid() bool {
	if d.Year < 1 || d.Year > 9999 {
		return false
	}
	year, month, day := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Date()
	return d == Date{Year: year, Month: month, Day: day}
}

// IsZero reports that the day is not set.
func (d Date) IsZero() bool { return d == Date{} }

// Compare gives -1 if d is before e, 0 if they are the same day, and 1 if it
// is after. A day that is not set is before every other.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// In gives the start of the day in loc: midnight, or 01:00 where the clocks
// skip midnight. A nil location is UTC. The zero Date gives the zero time.
func (d Date) In(loc *time.Location) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	if loc == nil {
		loc = time.UTC
	}
	midnight := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
	if midnight.Hour() != 0 {
		return time.Date(d.Year, d.Month, d.Day, 1, 0, 0, 0, loc)
	}
	return midnight
}

// String gives "2006-01-02", and "" for a day that is not set.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText gives what [Date.String] gives. It refuses a day that does not
// exist.
func (d Date) MarshalText() ([]byte, error) {
	if !d.IsZero() && !d.Valid() {
		return nil, dateError("is not a day that exists")
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what [ParseDate] reads; empty text leaves the day not
// set.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d = Date{}
	if len(text) == 0 {
		return nil
	}
	*d, err = ParseDate(string(text))
	return err
}

// MarshalJSON writes "2006-01-02" in quotes, and null for a day that is not
// set. It refuses a day that does not exist.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	text, err := d.MarshalText()
	if err != nil {
		return nil, err
	}
	return append(append([]byte{'"'}, text...), '"'), nil
}

// UnmarshalJSON reads what [Date.MarshalJSON] writes. A null leaves the day
// not set; an empty string is refused.
func (d *Date) UnmarshalJSON(data []byte) (err error) {
	*d = Date{}
	if string(data) == "null" {
		return nil
	}
	n := len(data)
	if n < 2 || data[0] != '"' || data[n-1] != '"' {
		return dateError("is not a JSON string")
	}
	*d, err = ParseDate(string(data[1 : n-1]))
	return err
}

// Value stores the text of [Date.String], and NULL for a day that is not set.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	text, err := d.MarshalText()
	return string(text), err
}

// Scan reads the text that [Date.Value] stores, or the time that a driver
// gives for a column of days. NULL leaves the day not set.
func (d *Date) Scan(src any) error {
	*d = Date{}
	switch v := src.(type) {
	case nil:
		return nil
	case time.Time:
		*d = DateOf(v)
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	}
	return dateError("is neither text nor a time in the database")
}

func dateError(reason string) error {
	return &FieldError{Field: "date", Reason: reason}
}

var (
	_ json.Marshaler   = Date{}
	_ json.Unmarshaler = (*Date)(nil)
	_ driver.Valuer    = Date{}
	_ sql.Scanner      = (*Date)(nil)
)
