package reconcile

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// CSV reads a file of payments as a side: the first line names the columns, each
// other line is a payment. It is UTF-8, with or without a byte-order mark.
//
// Where the Kind column is missing or empty, a positive amount is a Sale and a
// negative one a Refund. Where it is not, a Refund may have either sign, and
// nothing else may be negative. No record keeps a sign.
//
// A line that cannot be read, a column that is not there, and a line of more
// than 1 MiB end the side with an error that names line and column, and never a
// value. It matches payment.ErrInvalid.
func CSV(r io.Reader, o CSVOptions) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		t := table{options: o, bounded: &bounded{from: r, left: maxLine}}
		err := t.open()
		for err == nil {
			var record Record
			if record, err = t.next(); err == nil && !yield(record, nil) {
				return
			}
		}
		if err != io.EOF {
			yield(Record{}, err)
		}
	}
}

const maxLine = 1 << 20 // bytes

// table is a CSV file that is being read.
type table struct {
	options CSVOptions
	bounded *bounded
	csv     *csv.Reader
	at      map[string]int // place of each column of Columns that the file has
	row     []string
}

// open reads the header.
func (t *table) open() error {
	text := bufio.NewReader(t.bounded)
	if mark, _ := text.Peek(3); string(mark) == "\ufeff" {
		_, _ = text.Discard(3)
	}
	t.csv = csv.NewReader(text)
	t.csv.ReuseRecord = true
	if t.options.Comma != 0 {
		t.csv.Comma = t.options.Comma
	}
	header, err := t.read()
	if err == io.EOF {
		return t.fail("", "the file is empty: its first line has to name the columns")
	}
	if err != nil {
		return err
	}
	return t.place(header)
}

// next reads the next line.
func (t *table) next() (r Record, err error) {
	if t.row, err = t.read(); err != nil {
		return Record{}, err
	}
	line, _ := t.csv.FieldPos(0)
	r = Record{
		Account: t.options.Account, ID: t.text("id"), Reference: t.text("reference"), Method: t.text("method"), Target: t.text("target"),
		Reverses: t.text("reverses"), Source: strings.TrimPrefix(fmt.Sprintf("%s, line %d", t.options.Name, line), ", "),
	}
	if r.Date, err = t.date(); err != nil {
		return Record{}, err
	}
	if r.Amount, err = t.amount(); err != nil {
		return Record{}, err
	}
	if r.Kind, err = t.kind(r.Amount.Sign() < 0); err != nil {
		return Record{}, err
	}
	r.Amount = r.Amount.Abs()
	return r, nil
}

// read reads one line of fields.
func (t *table) read() ([]string, error) {
	t.bounded.left = maxLine
	row, err := t.csv.Read()
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse) && errors.Is(parse.Err, csv.ErrFieldCount):
		return nil, t.failAt(parse.Line, "", "it has another number of columns than the first line")
	case errors.As(err, &parse):
		return nil, t.failAt(parse.Line, "", "it is not CSV")
	case err != nil && err != io.EOF:
		return nil, fmt.Errorf("reconcile: %s: %w", t.name(), err)
	}
	return row, err
}

func (t *table) text(name string) string {
	if i, ok := t.at[name]; ok {
		return strings.Clone(strings.TrimSpace(t.row[i]))
	}
	return ""
}

func (t *table) date() (payment.Date, error) {
	text := t.text("date")
	if text == "" {
		return payment.Date{}, nil
	}
	if t.options.DateLayout == "" {
		d, err := payment.ParseDate(text)
		if err != nil {
			err = t.fail("date", "is not a day such as 2006-01-02")
		}
		return d, err
	}
	at, err := time.Parse(t.options.DateLayout, text)
	if err != nil {
		return payment.Date{}, t.fail("date", "is not of the DateLayout")
	}
	return payment.DateOf(at), nil
}

func (t *table) amount() (payment.Money, error) {
	text := t.text("amount")
	if t.options.DecimalComma {
		if strings.Contains(text, ".") {
			return payment.Money{}, t.fail("amount", "holds a point, where DecimalComma is set")
		}
		text = strings.Replace(text, ",", ".", 1)
	}
	a, err := payment.ParseAmount(text)
	if err != nil {
		return payment.Money{}, t.fail("amount", "is not a decimal number")
	}
	currency := t.options.Currency
	if own := t.text("currency"); own != "" {
		currency = payment.Currency(own)
	}
	m, err := payment.NewMoney(a, currency)
	if err != nil {
		return payment.Money{}, t.fail("currency", "is not an active ISO 4217 code in upper case")
	}
	return m, nil
}

func (t *table) kind(negative bool) (payment.Kind, error) {
	word := t.text("kind")
	if word == "" {
		return either(negative, payment.Refund, payment.Sale), nil
	}
	kind, ok := t.options.Kinds[word]
	if !ok {
		kind = payment.Kind(strings.ToLower(word))
	}
	switch {
	case !kind.Known():
		return "", t.fail("kind", "is not sale, refund, authorization, capture or void, and not one of Kinds")
	case negative && kind != payment.Refund:
		return "", t.fail("amount", "is negative, and not a refund")
	}
	return kind, nil
}

func either(is bool, yes, no payment.Kind) payment.Kind {
	if is {
		return yes
	}
	return no
}

func (t *table) name() string {
	if t.options.Name == "" {
		return "CSV"
	}
	return t.options.Name
}

func (t *table) fail(column, reason string) error {
	line := 1
	if t.row != nil {
		line, _ = t.csv.FieldPos(0)
	}
	return t.failAt(line, column, reason)
}

func (t *table) failAt(line int, column, reason string) error {
	field := fmt.Sprintf("%s, line %d", t.name(), line)
	if column != "" {
		field += ", " + column
	}
	return &payment.FieldError{Field: field, Reason: reason}
}

var errLongLine = &payment.FieldError{Field: "line", Reason: "is longer than 1 MiB"}

// bounded ends the reading when one line takes too much.
type bounded struct {
	from io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLongLine
	}
	n, err := b.from.Read(p)
	b.left -= n
	return n, err
}
