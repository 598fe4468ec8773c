package rubitest

import (
	"maps"
	"slices"
	"strings"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment"
)

// record is one record of an answer, its fields in order.
type record []field

// field holds a text, an amount, a list of texts or a transactionID.
type field struct {
	name  string
	value any
}

// transactionID is a text that stands as a number by [Facts].
type transactionID string

// object writes a record, by the facts about its values.
func (f Facts) object(r record) []byte {
	var members []member
	for _, field := range r {
		if value := f.value(field.value); value != nil {
			members = append(members, member{field.name, value})
		}
	}
	if f.UnknownMember {
		members = append(members, member{"NotDocumented", []byte(`{"a":[1]}`)})
	}
	return object(members...)
}

// value returns a value as JSON, or nil if its member is left out.
func (f Facts) value(v any) []byte {
	switch v := v.(type) {
	case payment.Amount:
		return f.amount(v)
	case []string:
		return f.list(v)
	case transactionID:
		if f.NumericTransactionIDs {
			return []byte(v)
		}
		return quote(string(v))
	case string:
		return f.text(v)
	}
	return nil
}

func (f Facts) text(s string) []byte {
	switch {
	case s != "" || f.Blanks == BlankText:
		return quote(s)
	case f.Blanks == BlankNull:
		return []byte(`null`)
	}
	return nil
}

func (f Facts) list(texts []string) []byte {
	data := emulator.Encode(texts)
	switch f.EmailLists {
	case ListText:
		return quote(string(data))
	case ListEmpty:
		return []byte(`""`)
	case ListNull:
		return []byte(`null`)
	case ListMissing:
		return nil
	}
	return data
}

func (f Facts) amount(a payment.Amount) []byte {
	digits := twoDecimals(a)
	switch f.Amounts {
	case AmountNumber:
		return []byte(digits)
	case AmountFour:
		digits += "00"
	case AmountGrouped:
		digits = grouped(digits)
	case AmountBlank:
		digits = ""
	}
	return quote(digits)
}

// details returns the name of the description's field: ItemDetails in baskets,
// ItemDetail in payments (documented), or the other way round.
func (f Facts) details(documented string) string {
	switch {
	case !f.SwappedDetails:
		return documented
	case documented == "ItemDetail":
		return "ItemDetails"
	}
	return "ItemDetail"
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

// orZero returns 0.00 for an amount that is not set.
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
