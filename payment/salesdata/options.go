package salesdata

import (
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

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

func newConfig(opts []Option) (config, error) {
	c := config{payments: "payments", lines: "lines", maxRecord: 4 << 20, version: Version12}
	for _, o := range opts {
		if o == nil {
			return c, &payment.FieldError{Field: "Option", Reason: "is nil"}
		}
		o(&c)
	}
	return c, c.check()
}

func (c config) check() error {
	switch {
	case c.shape != 0 && !c.shape.known():
		return &payment.FieldError{Field: "WithShape", Reason: "is neither root nor mds"}
	case c.version > Version12:
		return &payment.FieldError{Field: "WithVersion", Reason: "is not a documented version"}
	case c.maxRecord < 1 || c.maxRecord > hugeRecord:
		return &payment.FieldError{Field: "WithMaxRecord", Reason: "is not within 1 byte and 1 GiB"}
	case c.payments == c.lines || !freeName(c.payments) || !freeName(c.lines):
		return &payment.FieldError{Field: "WithArrays", Reason: "holds a name that is empty, given twice or a field's"}
	}
	return nil
}

// freeName reports whether a key is no field of an order or a payment.
func freeName(name string) bool {
	return name != "" && !orderTable.has(name) && !paymentTable.has(name)
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
