package reconcile

import (
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

// Columns are the header texts of a CSV file's columns, compared without case
// and outer blanks. "" is a column that the file does not have.
type Columns struct {
	ID, Reference, Kind, Amount, Currency, Date, Method, Target, Reverses string
}

// CSVOptions say how a CSV file is read. The zero value reads a file of comma
// separated values whose columns have the names of [Columns], each optional but
// for Amount, with dates such as 2006-01-02 and amounts such as -10.40.
type CSVOptions struct {
	Columns      Columns                 // if none is set: those that the file has, by their own names
	Comma        rune                    // ',' if 0
	DecimalComma bool                    // 10,40 in place of 10.40; a point is then refused
	DateLayout   string                  // as in package time; "2006-01-02" if empty
	Currency     payment.Currency        // of rows that name none
	Kinds        map[string]payment.Kind // what words of the Kind column mean, beside the five kinds

	Account payment.Account // of all records
	Name    string          // the file's name, for Source and errors
}

// place finds the columns in the header.
func (t *table) place(header []string) error {
	places := map[string]int{}
	for i, name := range header {
		name = folded(name)
		if _, twice := places[name]; twice && name != "" {
			return t.fail(name, "is the name of two columns")
		}
		places[name] = i
	}
	t.at = map[string]int{}
	for _, c := range t.options.Columns.list(places) {
		i, ok := places[folded(c.header)]
		if !ok {
			return t.fail(c.header, "is not a column of the file")
		}
		t.at[c.name] = i
	}
	if _, ok := t.at["amount"]; !ok {
		return t.fail("Columns.Amount", "is not set: a file without amounts cannot be compared")
	}
	return nil
}

func folded(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

type column struct{ name, header string }

// list returns the columns that are wanted. If none is named, they are those of
// the file that have the names of fields.
func (c Columns) list(places map[string]int) (list []column) {
	named := c != Columns{}
	for _, column := range [...]column{
		{"id", c.ID}, {"reference", c.Reference}, {"kind", c.Kind}, {"amount", c.Amount}, {"currency", c.Currency},
		{"date", c.Date}, {"method", c.Method}, {"target", c.Target}, {"reverses", c.Reverses},
	} {
		if _, has := places[column.name]; !named && has {
			column.header = column.name
		}
		if column.header != "" {
			list = append(list, column)
		}
	}
	return list
}
