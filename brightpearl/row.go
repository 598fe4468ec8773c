package brightpearl

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// row is one row of a search. Its readers note the first cell that cannot be
// read; a column that was not asked for reads as not set.
type row struct {
	raw      json.RawMessage
	cells    map[string]json.RawMessage
	zoneless []string
	err      error
}

func readRow(raw json.RawMessage, names []string) (row, error) {
	var cells []json.RawMessage
	if err := wire.Unmarshal(raw, &cells); err != nil {
		return row{}, err
	}
	if len(cells) != len(names) {
		return row{}, fmt.Errorf("has %d cells for %d columns", len(cells), len(names))
	}
	r := row{raw: raw, cells: make(map[string]json.RawMessage, len(names))}
	for i, name := range names {
		r.cells[name] = cells[i]
	}
	return r, nil
}

// cell decodes one cell into v, and reports whether there is one.
func (r *row) cell(name string, v any) bool {
	raw, ok := r.cells[name]
	if !ok || string(raw) == "null" {
		return false
	}
	if err := json.Unmarshal(raw, v); err != nil {
		r.fail(name, "is not of the column's type")
		return false
	}
	return true
}

func (r *row) fail(name, reason string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s: %w", name, errors.New(reason))
	}
}

// id reads an id, which also arrives as text (observed).
func (r *row) id(name string) int64 {
	var text looseText
	if !r.cell(name, &text) {
		return 0
	}
	id, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		r.fail(name, "is not a whole number")
	}
	return id
}

// requiredID reads an id that every row has; without it the row is useless.
func (r *row) requiredID(name string) int64 {
	id := r.id(name)
	if _, asked := r.cells[name]; asked && id <= 0 {
		r.fail(name, "is not a positive id")
	}
	return id
}

func (r *row) text(name string) (s string) {
	r.cell(name, &s)
	return s
}

func (r *row) amount(name string) (a payment.Amount) {
	r.cell(name, &a)
	return a
}

// time reads a time. One without a zone is taken for UTC and noted, because
// its meaning is unknown.
func (r *row) time(name string) time.Time {
	var s string
	if !r.cell(name, &s) {
		return time.Time{}
	}
	t, zoned, err := wire.ParseTime(s)
	if err != nil {
		r.fail(name, "is not a time")
	}
	if !zoned {
		r.zoneless = append(r.zoneless, name)
	}
	return t
}
