package backendpay

import (
	"cmp"
	"net/url"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// PaymentFilter narrows a list of payments down; its zero value asks for all
// that are not reversed. All parameters are documented.
//
// Days are the dates that a payment shows. The Since times are when something
// was done at the vendor; they are sent in whole seconds, cut down.
//
// MinReversedDate, MaxReversedDate and ReversedSince are sent as they are. What
// they select without Reversed or IncludeReversed is unknown (clause
// reversal.without-flag): the default list may hide it. So is what Reversed and
// IncludeReversed select together (clause reversal.both-flags).
type PaymentFilter struct {
	Reversed        bool // reversed payments (only those, inferred, clause filter.reversed)
	IncludeReversed bool // all, the reversed ones too

	MinDate, MaxDate                 payment.Date // paymentDate, both ends included
	MinReversedDate, MaxReversedDate payment.Date // paymentReversedDate, both ends included

	CreatedSince, UpdatedSince     time.Time
	ReversedSince, ReinstatedSince time.Time
	CollectedSince, CancelledSince time.Time // collected; its collection cancelled

	IDAfter int64 // ids above this one
	Offset  int   // skip as many; the list is then read as by ByOffset
	Limit   int   // at most as many payments in all; 0 is no limit

	PageSize int        // payments a request, sent as limit; 0 is 100
	Raw      url.Values // sent as given, for what the fields do not allow
}

func (f PaymentFilter) span() span {
	return span{after: f.IDAfter, offset: f.Offset, limit: f.Limit, pageSize: cmp.Or(f.PageSize, defaultPageSize)}
}

// query checks the filter and returns what is sent.
func (f PaymentFilter) query() (url.Values, error) {
	q := newQuery("PaymentFilter", f.span())
	q.flag("reversed", f.Reversed)
	q.flag("includeReversed", f.IncludeReversed)
	q.dates("minDate", f.MinDate, "maxDate", f.MaxDate)
	q.dates("minReversedDate", f.MinReversedDate, "maxReversedDate", f.MaxReversedDate)
	q.since("createdSince", f.CreatedSince)
	q.since("updatedSince", f.UpdatedSince)
	q.since("reversedSince", f.ReversedSince)
	q.since("reinstatedSince", f.ReinstatedSince)
	q.since("collectedSince", f.CollectedSince)
	q.since("cancelledSince", f.CancelledSince)
	q.raw(f.Raw)
	return q.values, q.err
}

// query collects the parameters of a list, and the first wrong one.
type query struct {
	of     string // the filter's type, for errors
	values url.Values
	err    error
}

func newQuery(of string, s span) *query {
	return &query{of: of, values: url.Values{}, err: s.check(of)}
}

func (q *query) refuse(field, reason string) {
	q.err = cmp.Or(q.err, invalid(q.of+"."+field, reason))
}

// fieldOf returns the field of a parameter: MinDate for minDate.
func fieldOf(parameter string) string { return strings.ToUpper(parameter[:1]) + parameter[1:] }

// flag sends "=true" or nothing: what "=false" does is unknown (clause
// reversal.false-flag).
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

// dates sends the two ends of a span of days.
func (q *query) dates(fromName string, from payment.Date, toName string, to payment.Date) {
	q.date(fromName, from)
	q.date(toName, to)
	if !from.IsZero() && !to.IsZero() && to.Before(from) {
		q.refuse(fieldOf(toName), "is before the day that the span starts with")
	}
}

func (q *query) date(name string, d payment.Date) {
	switch {
	case d.IsZero():
	case !d.Valid():
		q.refuse(fieldOf(name), "is not a day that exists, in the years 0001 to 9999")
	default:
		q.values.Set(name, d.String())
	}
}

// since sends a time in the documented form, in UTC. A fraction is cut down, so
// that a Since filter asks for a little more and never for less.
func (q *query) since(name string, t time.Time) {
	switch t = t.UTC(); {
	case t.IsZero():
	case t.Year() < 1 || t.Year() > 9999:
		q.refuse(fieldOf(name), "is outside the years 0001 to 9999")
	default:
		q.values.Set(name, t.Format("2006-01-02T15:04:05Z"))
	}
}

// raw adds parameters as they are. Paging's own are refused: they would lose
// records without an error.
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

// rawTexts returns the values given as they are: what they hold is not known,
// so an error's text must not show them.
func rawTexts(values url.Values) (texts []string) {
	for _, list := range values {
		texts = append(texts, list...)
	}
	return texts
}
