package backendpaytest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// shown is a record as an answer shows it; its numbers are json.Number.
type shown map[string]any

func readJSON(data []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(to)
}

// text returns a text, or the digits of a number, and "" for anything else.
func (s shown) text(name string) string {
	switch v := s[name].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

func (s shown) id() string { return s.text("id") }

// number returns the digits of the id behind a prefix.
func (s shown) number() (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimLeftFunc(s.id(), func(r rune) bool { return r < '0' || r > '9' }), 10, 64)
	return n, err == nil
}

// on returns the day of a date. A zero date is not one.
func (s shown) on(name string) (time.Time, bool) {
	text := s.text(name)
	day, err := time.Parse(time.DateOnly, text[:min(len(text), len(time.DateOnly))])
	return day, err == nil
}

// rowsOf reads one page of a list.
func rowsOf(ctx context.Context, t *paymenttest.Trial, path, query string, form paymenttest.Form) ([]shown, error) {
	e, err := ask{path: path, list: true, query: query}.send(ctx, t)
	if err != nil {
		return nil, err
	}
	if err := t.Want(e, http.StatusOK, form); err != nil {
		return nil, err
	}
	var rows []shown
	if err := readJSON(e.Body, &rows); err != nil {
		return nil, t.Differs(e.Place(), "the answer cannot be read")
	}
	return rows, nil
}

// paymentsOf reads one page of payments.
func paymentsOf(ctx context.Context, t *paymenttest.Trial, query string) ([]shown, error) {
	return rowsOf(ctx, t, "/payments", query, paymentsForm)
}

// itemOf reads one record.
func itemOf(ctx context.Context, t *paymenttest.Trial, path, query string, form paymenttest.Form) (shown, error) {
	e, err := ask{path: path, query: query}.send(ctx, t)
	if err != nil {
		return nil, err
	}
	return recordOf(t, e, http.StatusOK, form)
}

func recordOf(t *paymenttest.Trial, e paymenttest.Exchange, status int, form paymenttest.Form) (record shown, err error) {
	if err := t.Want(e, status, form); err != nil {
		return nil, err
	}
	if readJSON(e.Body, &record) != nil {
		return nil, t.Differs(e.Place(), "the answer cannot be read")
	}
	return record, nil
}

// maxPages is how many pages of a list are read at most.
const maxPages = 50

// allRows reads a list to its end by offset.
func allRows(ctx context.Context, t *paymenttest.Trial, path, query string, until func(shown) bool) (all []shown, err error) {
	held := map[string]bool{}
	for range maxPages {
		page, err := rowsOf(ctx, t, path, fmt.Sprintf("%s&limit=100&offset=%d", query, len(all)), paymentsForm)
		if err != nil || len(page) == 0 {
			return all, err
		}
		for _, row := range page {
			if held[row.id()] {
				return nil, t.NotDecidable("the list cannot be paged by offset")
			}
			held[row.id()] = true
			all = append(all, row)
			if until != nil && until(row) {
				return all, nil
			}
		}
	}
	return nil, t.NotDecidable("the list is longer than %d pages", maxPages)
}

// findRow looks for a payment in a list.
func findRow(ctx context.Context, t *paymenttest.Trial, path, query, id string) (shown, bool, error) {
	is := func(row shown) bool { return row.id() == id }
	rows, err := allRows(ctx, t, path, query, is)
	if at := slices.IndexFunc(rows, is); err == nil && at >= 0 {
		return rows[at], true, nil
	}
	return nil, false, err
}

// shows reports whether the list of all payments shows one.
func shows(ctx context.Context, t *paymenttest.Trial, query, id string) (bool, error) {
	_, found, err := findRow(ctx, t, "/payments", query, id)
	return found, err
}

// wantSame returns nil if two answers show one record alike.
func wantSame(t *paymenttest.Trial, place string, got, want shown) error {
	for name := range want {
		if _, ok := got[name]; !ok || !reflect.DeepEqual(got[name], want[name]) {
			return t.Differs(place+" "+name, "is not as GET by id shows it")
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			return t.Differs(place+" "+name, "is not shown by GET by id")
		}
	}
	return nil
}

func stampOf(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05Z") }

func dayOf(at time.Time) string { return at.Format(time.DateOnly) }

// sinceAlways is a Since filter that leaves nothing out.
const sinceAlways = "2000-01-01T00:00:00Z"

// path returns the path of an object, or of what is below it.
func path(resource, id string, below ...string) string {
	return strings.Join(append([]string{"", resource, url.PathEscape(id)}, below...), "/")
}
