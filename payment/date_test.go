package payment_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones below, on machines that have none

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/tenderkit/tenderkit/payment"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2006-01-02", "2024-02-29", "0001-01-01", "9999-12-31", "2000-02-29"} {
		d, err := payment.ParseDate(s)
		if err != nil || d.String() != s || !d.Valid() || d.IsZero() {
			t.Errorf("ParseDate(%q) = %v, %v", s, d, err)
		}
	}
	for _, s := range []string{
		"", "2006-1-2", "2006-01-2", "07-01-02", "2006/01/02", "20060102", "2007-01-02 ", " 2007-01-02", "2007-01-02T00:00:00Z",
		"2006-13-01", "2006-00-01", "2006-01-00", "2006-01-32", "2023-02-29", "1900-02-29", "2006-04-31",
		"0000-01-01", "-006-01-02", "+006-01-02", "10000-01-01", "２００６-01-02", "01-02-2006",
		"2006-01-0" + strings.Repeat("0", 1<<16),
	} {
		d, err := payment.ParseDate(s)
		wantField(t, err, "date", s)
		if !d.IsZero() {
			t.Errorf("ParseDate(%.20q) returns %v besides the error", s, d)
		}
	}
}

func TestDateValid(t *testing.T) {
	t.Parallel()
	for _, d := range []payment.Date{
		{}, {Year: 2006}, {Year: 2006, Month: 2, Day: 30}, {Year: 2006, Month: 13, Day: 1}, {Year: 2006, Month: 1, Day: -1},
		{Year: 10000, Month: 1, Day: 1}, {Year: -1, Month: 1, Day: 1}, {Year: 0, Month: 1, Day: 1},
	} {
		if d.Valid() {
			t.Errorf("%#v is valid", d)
		}
	}
}

// TestDateOf shows one instant that is three different days.
func TestDateOf(t *testing.T) {
	t.Parallel()
	instant := time.Date(2024, 12, 31, 23, 30, 0, 0, time.UTC)
	for offset, want := range map[int]string{-24 * 3600: "2024-12-30", 0: "2024-12-31", 3600: "2025-01-01"} {
		if got := payment.DateOf(instant.In(time.FixedZone("", offset))).String(); got != want {
			t.Errorf("the day at offset %d is %s, want %s", offset, got, want)
		}
	}
	if d := payment.DateOf(time.Time{}); !d.IsZero() {
		t.Errorf("the zero time falls on %v", d)
	}
}

func TestDateIn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ day, zone, want string }{
		{"2024-06-01", "UTC", "2024-06-01T00:00:00Z"},
		{"2024-06-01", "Europe/London", "2024-06-01T00:00:00+01:00"},
		{"2024-03-31", "Europe/London", "2024-03-31T00:00:00Z"},
		{"2018-11-04", "America/Sao_Paulo", "2018-11-04T01:00:00-02:00"}, // midnight was skipped
		{"2022-09-11", "America/Santiago", "2022-09-11T01:00:00-03:00"},
		{"2022-02-25", "Asia/Amman", "2022-02-25T01:00:00+03:00"}, // skipped
		{"2021-10-29", "Asia/Amman", "2021-10-29T00:00:00+03:00"}, // 00:00 comes twice
		{"2021-03-26", "Asia/Amman", "2021-03-26T01:00:00+03:00"},
		{"2023-11-05", "America/Havana", "2023-11-05T00:00:00-04:00"}, // twice
		{"2023-03-12", "America/Havana", "2023-03-12T01:00:00-04:00"},
		{"2019-02-17", "America/Sao_Paulo", "2019-02-17T00:00:00-03:00"}, // 23:00 to 24:00 came twice before it
		{"2010-11-07", "America/St_Johns", "2010-11-07T00:00:00-02:30"},  // went back at 00:01
		{"2010-09-26", "Pacific/Apia", "2010-09-26T01:00:00-10:00"},
		{"2011-12-29", "Pacific/Apia", "2011-12-29T00:00:00-10:00"},
		{"2011-12-31", "Pacific/Apia", "2011-12-31T00:00:00+14:00"},
		{"2024-06-01", "Pacific/Kiritimati", "2024-06-01T00:00:00+14:00"},
		{"2024-06-01", "Asia/Kathmandu", "2024-06-01T00:00:00+05:45"},
	} {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		d := date(t, tt.day)
		start := d.In(zone)
		if got := start.Format(time.RFC3339); got != tt.want {
			t.Errorf("%s in %s starts at %s, want %s", tt.day, tt.zone, got, tt.want)
		}
		if payment.DateOf(start) != d {
			t.Errorf("%s in %s starts on %v", tt.day, tt.zone, payment.DateOf(start))
		}
	}
	apia, err := time.LoadLocation("Pacific/Apia")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := date(t, "2011-12-30").In(apia), date(t, "2011-12-31").In(apia); !got.Equal(want) {
		t.Errorf("a day that Apia left out starts at %v", got)
	}
	if got := date(t, "2024-06-01").In(nil); got != time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC) {
		t.Errorf("no location returns %v", got)
	}
	if got := (payment.Date{}).In(time.UTC); !got.IsZero() {
		t.Errorf("the zero Date starts at %v", got)
	}
}

// TestDateInIsFirst asks for the nanosecond before: it is of an earlier day.
func TestDateInIsFirst(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Asia/Amman", "Pacific/Apia", "America/Havana", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo", "Asia/Tehran",
		"Atlantic/Azores", "America/Asuncion", "Europe/London", "Australia/Lord_Howe", "America/St_Johns", "Asia/Damascus",
	} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for at := time.Date(1985, 1, 1, 12, 0, 0, 0, time.UTC); at.Year() < 2040; at = at.AddDate(0, 0, 1) {
			d := payment.DateOf(at)
			start := d.In(zone)
			if payment.DateOf(start) == d && payment.DateOf(start.Add(-1)).Before(d) || name == "Pacific/Apia" && d == date(t, "2011-12-30") {
				continue
			}
			t.Errorf("%v in %s starts at %v", d, name, start)
		}
	}
}

func date(t testing.TB, s string) payment.Date {
	t.Helper()
	d, err := payment.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDateOrder(t *testing.T) {
	t.Parallel()
	ascending := []payment.Date{
		{}, date(t, "2023-12-31"), date(t, "2024-01-01"), date(t, "2024-01-31"), date(t, "2024-02-01"), date(t, "2025-01-01"),
	}
	if !slices.IsSortedFunc(ascending, payment.Date.Compare) {
		t.Error("Compare does not follow the calendar")
	}
	for i, d := range ascending {
		for j, e := range ascending {
			if d.Before(e) != (i < j) || d.After(e) != (i > j) || (d.Compare(e) == 0) != (i == j) {
				t.Errorf("%v against %v: Before %t, After %t, Compare %d", d, e, d.Before(e), d.After(e), d.Compare(e))
			}
		}
	}
}

func TestDateJSON(t *testing.T) {
	t.Parallel()
	for _, in := range []string{`"2024-02-29"`, `null`} {
		d := date(t, "1999-09-09")
		if err := json.Unmarshal([]byte(in), &d); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		if out, err := json.Marshal(d); err != nil || string(out) != in {
			t.Errorf("%s is written as %s, %v", in, out, err)
		}
		if err := jsonv2.Unmarshal([]byte(in), &d); err != nil {
			t.Errorf("%s by v2: %v", in, err)
		}
		if out, err := jsonv2.Marshal(d); err != nil || string(out) != in {
			t.Errorf("%s is written by v2 as %s, %v", in, out, err)
		}
	}
	for _, in := range []string{`""`, `"2024-02-30"`, `20240229`, `"2024-02-29`, `"`, ``, `{}`, `"2024-02-29T00:00:00Z"`} {
		d := date(t, "1999-09-09")
		wantField(t, d.UnmarshalJSON([]byte(in)), "date", in)
		if !d.IsZero() {
			t.Errorf("%s leaves %v behind", in, d)
		}
	}
	_, err := json.Marshal(payment.Date{Year: 2024, Month: 2, Day: 30})
	wantField(t, err, "date", "2024-02-30")
	_, err = jsonv2.Marshal(payment.Date{Year: 2024, Month: 2, Day: 30})
	wantField(t, err, "date", "2024-02-30")
}

func TestDateText(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2024-02-29"} {
		d := date(t, "1999-09-09")
		if err := d.UnmarshalText([]byte(s)); err != nil {
			t.Errorf("%q: %v", s, err)
		}
		if text, err := d.MarshalText(); err != nil || string(text) != s {
			t.Errorf("%q is written as %q, %v", s, text, err)
		}
	}
	var d payment.Date
	wantField(t, d.UnmarshalText([]byte("29.02.2024")), "date", "29.02.2024")
	_, err := payment.Date{Year: 2024, Month: 2, Day: 30}.MarshalText()
	wantField(t, err, "date", "2024-02-30")
}

func TestDateSQL(t *testing.T) {
	t.Parallel()
	at := time.Date(2024, 2, 29, 23, 0, 0, 0, time.FixedZone("", -3600))
	for _, tt := range []struct{ src, want any }{
		{nil, nil}, {"", nil}, {time.Time{}, nil},
		{"2024-02-29", "2024-02-29"}, {[]byte("2024-02-29"), "2024-02-29"}, {at, "2024-02-29"},
	} {
		d := date(t, "1999-09-09")
		if err := d.Scan(tt.src); err != nil {
			t.Errorf("Scan(%v): %v", tt.src, err)
		}
		if got, err := d.Value(); err != nil || got != tt.want {
			t.Errorf("Scan(%v) is stored as %v, %v", tt.src, got, err)
		}
	}
	for _, src := range []any{int64(20240229), 1.5, "29.02.2024"} {
		d := date(t, "1999-09-09")
		wantField(t, d.Scan(src), "date", "")
	}
	_, err := payment.Date{Year: 2024, Month: 2, Day: 30}.Value()
	wantField(t, err, "date", "2024-02-30")
}
