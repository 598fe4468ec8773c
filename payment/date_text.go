package payment

import (
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// String returns "2006-01-02", and "" for a day that is not set.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	var buf [16]byte
	return string(d.append(buf[:0]))
}

func (d Date) append(b []byte) []byte {
	if !d.Valid() {
		return fmt.Appendf(b, "%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
	}
	digit := func(n int) byte { return byte('0' + n%10) }
	month := int(d.Month)
	return append(b,
		digit(d.Year/1000), digit(d.Year/100), digit(d.Year/10), digit(d.Year), '-',
		digit(month/10), digit(month), '-', digit(d.Day/10), digit(d.Day))
}

// AppendText appends what [Date.MarshalText] returns.
func (d Date) AppendText(b []byte) ([]byte, error) {
	switch {
	case d.IsZero():
		return b, nil
	case !d.Valid():
		return b, dateError("is not a day that exists")
	}
	return d.append(b), nil
}

// MarshalText returns what [Date.String] returns. It refuses a day that does not
// exist.
func (d Date) MarshalText() ([]byte, error) { return d.AppendText(nil) }

// UnmarshalText reads what [ParseDate] reads. Empty text leaves the day not
// set.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d = Date{}
	if len(text) == 0 {
		return nil
	}
	*d, err = readDate(text)
	return err
}

// MarshalJSON writes "2006-01-02" in quotes, and null for a day that is not
// set. It refuses a day that does not exist.
func (d Date) MarshalJSON() ([]byte, error) { return d.appendJSON(make([]byte, 0, 12)) }

// MarshalJSONTo writes what [Date.MarshalJSON] returns.
func (d Date) MarshalJSONTo(enc *jsontext.Encoder) error {
	b, err := d.appendJSON(enc.AvailableBuffer())
	if err != nil {
		return err
	}
	return enc.WriteValue(b)
}

func (d Date) appendJSON(b []byte) ([]byte, error) {
	if d.IsZero() {
		return append(b, "null"...), nil
	}
	b, err := d.AppendText(append(b, '"'))
	return append(b, '"'), err
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
	*d, err = readDate(data[1 : n-1])
	return err
}

// UnmarshalJSONFrom reads what [Date.UnmarshalJSON] reads.
func (d *Date) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	data, err := dec.ReadValue()
	if err != nil {
		return err
	}
	return d.UnmarshalJSON(data)
}

// Value returns the text of [Date.String], and NULL for a day that is not set.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	text, err := d.MarshalText()
	return string(text), err
}

// Scan reads the text that [Date.Value] returns, or the time that a driver
// returns for a column of days. NULL leaves the day not set.
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

var (
	_ json.MarshalerTo     = Date{}
	_ json.UnmarshalerFrom = (*Date)(nil)
	_ driver.Valuer        = Date{}
)
