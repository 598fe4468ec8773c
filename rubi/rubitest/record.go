package rubitest

import (
	"maps"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

// record is one record of an answer, its fields in order.
type record []field

// field holds a text, an amount, a list of texts or a transactionID.
type field struct {
	name  string
	value any
}

// transactionID is a text that a switch turns into a number.
type transactionID string

// object writes a JSON object field by field.
type object struct{ out []byte }

func (o *object) raw(name string, value []byte) {
	o.out = append(o.out, ',')
	o.out = append(o.out, encode(name)...)
	o.out = append(o.out, ':')
	o.out = append(o.out, value...)
}

func (o *object) end() []byte {
	if len(o.out) == 0 {
		return []byte(`{}`)
	}
	o.out[0] = '{'
	return append(o.out, '}')
}

func (r record) encode(set *settings) []byte {
	var o object
	for _, f := range r {
		if value := set.value(f.value); value != nil {
			o.raw(f.name, value)
		}
	}
	if set.unknownName != "" {
		o.raw(set.unknownName, set.unknownValue)
	}
	return o.end()
}

// value gives a value as JSON, or nil if its key is to be left out.
func (set *settings) value(v any) []byte {
	switch v := v.(type) {
	case payment.Amount:
		return set.amount(v)
	case []string:
		return set.list(v)
	case transactionID:
		if set.numericIDs {
			return []byte(v)
		}
		return encode(string(v))
	case string:
		return set.text(v)
	}
	return nil
}

func (set *settings) text(s string) []byte {
	switch {
	case s != "" || set.blanks == BlankText:
		return encode(s)
	case set.blanks == BlankNull:
		return []byte(`null`)
	}
	return nil
}

func (set *settings) list(texts []string) []byte {
	data := encode(append([]string{}, texts...))
	switch set.emailLists {
	case ListText:
		return quote(data)
	case ListEmpty:
		return []byte(`""`)
	case ListNull:
		return []byte(`null`)
	case ListMissing:
		return nil
	}
	return data
}

func (set *settings) amount(a payment.Amount) []byte {
	digits := twoDecimals(a)
	switch set.amounts {
	case AmountNumber:
		return []byte(digits)
	case AmountFour:
		digits += "00"
	case AmountGrouped:
		digits = grouped(digits)
	case AmountBlank:
		digits = ""
	}
	return encode(digits)
}

// twoDecimals writes an amount in the documented style: 0.00.
func twoDecimals(a payment.Amount) string {
	digits := a.String()
	if scale := a.Scale(); scale < 2 {
		digits += [...]string{".00", "0"}[scale]
	}
	return digits
}

// grouped puts a comma in front of every three whole digits but the first.
func grouped(digits string) string {
	whole, decimals, _ := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole + "." + decimals
}

// amount reads one of this package's own amounts.
func amount(s string) payment.Amount {
	a, err := payment.ParseAmount(s)
	if err != nil {
		return payment.Amount{} // never: the texts are constants
	}
	return a
}

// orZero gives 0.00 for an amount that is not set.
func orZero(a payment.Amount) payment.Amount {
	if a.IsSet() {
		return a
	}
	return amount("0.00")
}

func ownRecords(given []map[string]string) []record {
	records := make([]record, len(given))
	for i, m := range given {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			records[i] = append(records[i], field{name, m[name]})
		}
	}
	return records
}
