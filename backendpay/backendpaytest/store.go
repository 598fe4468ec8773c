package backendpaytest

import (
	"cmp"
	"encoding/json"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment"
)

// row is what every stored record has.
type row struct {
	id      int64
	json    []byte // the record as answers show it
	created time.Time
	updated time.Time
	gone    bool // deleted; kept for the ledger
}

func (r *row) head() *row { return r }

type stored interface{ head() *row }

// table keeps one resource by ascending id. Ids are never reused.
type table[E stored] struct {
	nextID int64
	rows   []E
}

// add assigns an id to e. The stamps are now, unless they are set.
func (t *table[E]) add(e E, now time.Time) (id string) {
	r := e.head()
	r.id = t.nextID
	r.created = cmp.Or(r.created, now)
	r.updated = cmp.Or(r.updated, r.created)
	t.nextID++
	t.rows = append(t.rows, e)
	return strconv.FormatInt(r.id, 10)
}

// find returns a record that is not deleted, by its decimal id.
func (t *table[E]) find(id string) (found E, ok bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != id {
		return found, false
	}
	i, ok := search(t.rows, n)
	if !ok || t.rows[i].head().gone {
		return found, false
	}
	return t.rows[i], true
}

func search[E stored](rows []E, id int64) (int, bool) {
	return slices.BinarySearchFunc(rows, id, func(e E, id int64) int { return cmp.Compare(e.head().id, id) })
}

// live yields the records that are not deleted, in the order in which an answer
// lists them.
func live[E stored](rows []E, descending bool) iter.Seq[E] {
	return func(yield func(E) bool) {
		for i := range rows {
			e := rows[i]
			if descending {
				e = rows[len(rows)-1-i]
			}
			if !e.head().gone && !yield(e) {
				return
			}
		}
	}
}

// object writes a JSON object field by field, in the order of the calls.
type object struct {
	*Facts
	out []byte
}

func (f *Facts) object(dst []byte) *object { return &object{f, append(dst, '{')} }

func (o *object) end() []byte {
	if n := len(o.out); o.out[n-1] == ',' {
		o.out = o.out[:n-1]
	}
	return append(o.out, '}')
}

func (o *object) raw(name string, value []byte) {
	o.out = append(o.out, '"')
	o.out = append(o.out, name...)
	o.out = append(o.out, '"', ':')
	o.out = append(o.out, value...)
	o.out = append(o.out, ',')
}

// id writes an id, which is always set.
func (o *object) id(id string) {
	if o.NumericIDs && o.IDPrefix == "" {
		o.raw("id", []byte(id))
		return
	}
	o.raw("id", emulator.Encode(id))
}

// text writes a text, or what stands for one that is not set.
func (o *object) text(name, value string) {
	switch {
	case value != "":
		o.raw(name, emulator.Encode(value))
	case o.Absent == AbsentEmpty:
		o.raw(name, []byte(`""`))
	case o.Absent != AbsentMissing:
		o.raw(name, []byte(`null`))
	}
}

func (o *object) date(name string, d payment.Date) {
	value := d.String()
	if value == "" && o.Absent == AbsentZero {
		value = "0000-00-00"
	}
	if value != "" {
		value += [...]string{DateOnly: "", DateZoned: "T00:00:00Z", DateLocal: "T00:00:00", DateBlank: " 00:00:00"}[o.Dates]
	}
	o.text(name, value)
}

// amount writes an amount with two decimals at least.
func (o *object) amount(name string, a payment.Amount) {
	if !a.IsSet() {
		o.text(name, "")
		return
	}
	digits := a.String()
	if scale := a.Scale(); scale < 2 {
		digits = strings.TrimSuffix(digits, ".") + [...]string{".00", "0"}[scale]
	}
	if o.Amounts == AmountNumber {
		o.raw(name, []byte(digits))
		return
	}
	o.raw(name, emulator.Encode(digits))
}

func (o *object) texts(name string, list []string) { o.raw(name, emulator.Encode(list)) }

// fields reads the body of a write strictly.
type fields struct {
	*emulator.Fields
	sent AmountForm
}

// parseFields reads one JSON object, declared as JSON, with at least one field.
func (s *Server) parseFields(c call) (*fields, *reply) {
	if emulator.MediaType(c.request) != jsonType {
		return nil, badRequest("The body is not declared as " + jsonType)
	}
	f, err := emulator.ReadFields(emulator.Body(c.request))
	if err != nil {
		return nil, badRequest("The body is not one JSON object")
	}
	if f.Len() == 0 {
		return nil, badRequest("The body has no field")
	}
	return &fields{f, s.settings.AmountsSent}, nil
}

// set changes *to if the field is given; null is a wrong value.
func set[T any](f *fields, name string, to *T) {
	raw, given := f.Take(name)
	if given && (string(raw) == "null" || json.Unmarshal(raw, to) != nil) {
		f.IsWrong(name)
	}
}

// clearable is set for text that null clears. Whether null or "" clears a field
// is unknown (clause update.clear); both do here.
func (f *fields) clearable(name string, to *string) {
	raw, given := f.Take(name)
	if given && json.Unmarshal(append([]byte{}, raw...), to) != nil {
		f.IsWrong(name)
	}
	if string(raw) == "null" {
		*to = ""
	}
}

// amount reads a JSON number or a string that holds one, whichever the facts
// accept, digit for digit and without an exponent.
func (f *fields) amount(name string, to *payment.Amount) {
	raw, given := f.Take(name)
	if !given {
		return
	}
	digits, isText := strings.CutPrefix(strings.TrimSuffix(string(raw), `"`), `"`)
	a, err := payment.ParseAmount(digits)
	if err != nil || isText && f.sent == AmountNumber || !isText && f.sent == AmountString {
		f.IsWrong(name)
	}
	*to = a
}

// end refuses wrong types and unknown fields.
func (f *fields) end() *reply {
	for _, name := range f.Wrong() {
		return badRequest("The field " + name + " is wrong")
	}
	for _, name := range f.Left() {
		return badRequest("There is no field " + strconv.Quote(name) + " to write")
	}
	return nil
}
