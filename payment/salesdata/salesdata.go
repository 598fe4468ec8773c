// Package salesdata reads and writes the sales documents of a till by Munu:
// orders with their payments and lines, as the vendor delivers them in files.
//
//	for order, err := range salesdata.Decode(file) {
//		if err != nil {
//			log.Print(err) // says which order, which field, which byte
//			continue
//		}
//		for _, p := range order.Payments {
//			record, err := p.In("NOK", closed) // a payment.Payment
//			...
//		}
//	}
//
// The vendor documents the same records twice, and a file does not say which
// form it has: [Root], with every field optional, and [MDS]. Each record keeps
// the [Shape] it came from. A root net_amount and an MDS amount are never mixed
// up: the tip is outside the one and inside the other. Only [Payment.Convert]
// turns one into the other.
//
// Amounts are exact and keep their digits. What is decoded and encoded again is
// an equal document. A member on which neither money nor identity rests never
// costs an order, and one bad order never costs the others. [Balance] compares
// what the payments pay for lines with the revenue of the lines, and says what
// the comparison rests on.
//
// The vendor documents neither the currency nor the zone of times in these
// files, nor the signs of refunds: the caller supplies the first two, and no
// amount changes its sign with the type of its order.
package salesdata

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/internal/label"
	"github.com/tenderkit/tenderkit/internal/wire"
)

// Shape is one of the two forms in which the vendor documents the same
// records. Nothing inside a file names its shape. The keys show it.
type Shape uint8

// The two shapes.
const (
	Root Shape = 1 << iota // /salesdata/: amounts in net_amount, names of versions 1.0 to 1.2
	MDS                    // /mds/salesdata/, "Munu Data Store": amounts in amount, most fields required
)

const both = Root | MDS

// String returns "root", "mds" or "unknown".
func (s Shape) String() string {
	switch s {
	case Root:
		return "root"
	case MDS:
		return "mds"
	}
	return "unknown"
}

func (s Shape) known() bool { return s == Root || s == MDS }

// Version is a version of the root shape. The MDS shape has none.
type Version uint8

// The documented versions, oldest first. The zero value stands for the newest.
const (
	Version10  Version = iota + 1 // 1.0
	Version11                     // 1.1: psp_ref, par, order_type_id, order_channel
	Version111                    // 1.1.1: external_benefit_system_ident
	Version12                     // 1.2: pms_ref
)

// Extra holds the keys of a record that its shape does not document, in the
// order in which they are written back. It prints their number only: what they
// hold is unknown and may be personal.
type Extra []Member

// Member is one key with the JSON text of its value.
type Member struct{ Name, Raw string }

// Format prints the number of keys for every verb.
func (e Extra) Format(f fmt.State, verb rune) {
	label.Print(f, verb, strconv.Itoa(len(e))+" other keys")
}

// MarshalJSON writes what Format prints, for logs.
func (e Extra) MarshalJSON() ([]byte, error) { return json.Marshal(fmt.Sprint(e)) }

// Format prints nothing of the value for any verb.
func (m Member) Format(f fmt.State, verb rune) { label.Print(f, verb, "[another key]") }

// MarshalJSON writes what Format prints, for logs.
func (m Member) MarshalJSON() ([]byte, error) { return json.Marshal(fmt.Sprint(m)) }

// Get returns the JSON text of a key.
func (e Extra) Get(name string) (raw string, ok bool) {
	for _, m := range e {
		if m.Name == name {
			return m.Raw, true
		}
	}
	return "", false
}

// Option changes how documents are read or written. Options that do not
// concern a function are ignored by it; one with a wrong value is refused by
// every function, with a *payment.FieldError.
type Option func(*config)

// hugeRecord is the largest record that can be asked for.
const hugeRecord = 1 << 30

type config struct {
	shape      Shape
	strict     bool
	moneyText  bool
	location   *time.Location
	payments   string
	lines      string
	maxRecord  int
	version    Version
	olderNames bool
	separately bool
}

// WithShape reads every record as shape s whatever its keys show.
func WithShape(s Shape) Option { return func(c *config) { c.shape = s } }

// WithStrict makes every [Fault] an error, in reading and in writing.
func WithStrict() Option { return func(c *config) { c.strict = true } }

// WithMoneyText accepts amounts that are written as text, "318.00", and writes
// them so again. Without it they are refused.
func WithMoneyText() Option { return func(c *config) { c.moneyText = true } }

// WithLocation says where the clocks are whose times have no zone.
func WithLocation(loc *time.Location) Option { return func(c *config) { c.location = loc } }

// WithArrays names the two arrays inside an order. The vendor does not
// document the names; "payments" and "lines" are inferred from its pages.
func WithArrays(payments, lines string) Option {
	return func(c *config) { c.payments, c.lines = payments, lines }
}

// WithMaxRecord bounds one element of the input, an order with everything in
// it, in bytes, up to 1 GiB. The default is 4 MiB. An order of more than 1,024
// payments and lines that are shorter than 64 bytes on average is refused too:
// in memory it is many times as large.
func WithMaxRecord(bytes int) Option { return func(c *config) { c.maxRecord = bytes } }

// WithVersion writes the root shape of an older version: its fields only. A
// value that the version cannot hold is refused. The default is 1.2.
func WithVersion(v Version) Option {
	return func(c *config) {
		if v != 0 {
			c.version = v
		}
	}
}

// WithLegacyNames writes the root shape with the names from before 1.0, such
// as invoiceRef. They are always read, and listed as faults.
func WithLegacyNames() Option { return func(c *config) { c.olderNames = true } }

// WithSeparateRecords writes one record per line instead of one array.
func WithSeparateRecords() Option { return func(c *config) { c.separately = true } }

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
