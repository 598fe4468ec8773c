package backendpay

import (
	"net/url"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// query collects the parameters of a list, and the first wrong one.
type query struct {
	of     string // the filter's type, for errors
	values url.Values
	err    error
}

func (q *query) refuse(field, reason string) {
	if q.err == nil {
		q.err = invalid(q.of+"."+field, reason)
	}
}

// flag sends "=true" or nothing: what "=false" does is unknown.
func (q *query) flag(name string, on bool) {
	if on {
		q.values.Set(name, "true")
	}
}

func (q *query) text(name, value string) {
	if value != "" {
		q.values.Set(name, value)
	}
}

func (q *query) date(name, field string, d payment.Date) {
	switch {
	case d.IsZero():
	case !d.Valid():
		q.refuse(field, "is not a day that exists, in the years 0001 to 9999")
	default:
		q.values.Set(name, d.String())
	}
}

// dates refuses a span that ends before it starts.
func (q *query) dates(from, to payment.Date, field string) {
	if !from.IsZero() && !to.IsZero() && to.Before(from) {
		q.refuse(field, "is before the day that the span starts with")
	}
}

func (q *query) since(name, field string, t time.Time) {
	switch t = t.UTC(); {
	case t.IsZero():
	case t.Year() < 1 || t.Year() > 9999:
		q.refuse(field, "is outside the years 0001 to 9999")
	default:
		q.values.Set(name, formatTime(t))
	}
}

// formatTime writes the documented form, in UTC. A fraction is cut down, so
// that a Since filter asks for a little more and never for less.
func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// raw adds parameters as they are. Paging's own are refused: they would lose
// items without an error.
func (q *query) raw(values url.Values) {
	for name, list := range values {
		switch name {
		case "limit", "offset", "idAfter":
			q.refuse("Raw", "holds limit, offset or idAfter, which have fields of their own")
		}
		if q.values.Has(name) {
			q.refuse("Raw", "holds a parameter that is set by a field too")
		}
		q.values[name] = list
	}
}

// rawTexts are the values given as they are: what they hold is not known, so
// an error's text must not show them.
func rawTexts(values url.Values) (texts []string) {
	for _, list := range values {
		texts = append(texts, list...)
	}
	return texts
}
