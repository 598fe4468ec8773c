package backendpaytest

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// query is what a list was asked for. A zero field was not given.
type query struct {
	set *settings

	limit, offset, idAfter count
	createdSince           time.Time
	updatedSince           time.Time

	reversed, includeReversed                                      flag
	minDate, maxDate, minReversed, maxReversed                     payment.Date
	reversedSince, reinstatedSince, collectedSince, cancelledSince time.Time

	accountNumber, crmReference text
	dropped, active             flag
	expandNumbers, ignored      flag
	ignoredSince                time.Time
}

// The types of parameters beside dates and times.
type (
	count struct {
		n     int64
		given bool
	}
	flag bool
	text struct {
		s     string
		given bool
	}
)

// The parameters that a list takes.
const (
	pagingParameters  = "limit offset"
	recordParameters  = "idAfter createdSince updatedSince"
	paymentParameters = "reversed includeReversed minDate maxDate minReversedDate maxReversedDate " +
		"reversedSince reinstatedSince collectedSince cancelledSince"
	customerParameters = "accountNumber CRMReference dropped active numberActive serviceActive featureActive " +
		"finalBill excludeFinalBill droppedSince reinstatedSince expandNumbers"
	expandParameters = "expandNumbers numberActive serviceActive featureActive"
)

// parseQuery reads the parameters. One that is unknown, repeated or wrong is
// refused (documented for a wrong value, inferred for the others).
func (s *Server) parseQuery(c call, known ...string) (*query, *reply) {
	q := &query{set: s.settings}
	values, err := url.ParseQuery(c.request.URL.RawQuery)
	if err != nil {
		return nil, badRequest("The query is not well-formed")
	}
	names := strings.Fields(strings.Join(known, " "))
	for name, all := range values {
		if !slices.Contains(names, name) {
			return nil, badRequest("There is no parameter " + strconv.Quote(name))
		}
		if len(all) > 1 || !q.read(q.parameter(name), all[0]) {
			return nil, badRequest("The parameter " + name + " is wrong")
		}
	}
	if q.limit.given && q.limit.n == 0 || bool(q.reversed && q.includeReversed) {
		return nil, badRequest("The parameters do not go together")
	}
	return q, nil
}

// parameter gives the place of a parameter's value; its type is the
// parameter's.
func (q *query) parameter(name string) any {
	switch name {
	case "limit":
		return &q.limit
	case "offset":
		return &q.offset
	case "idAfter":
		return &q.idAfter
	case "createdSince":
		return &q.createdSince
	case "updatedSince":
		return &q.updatedSince
	case "reversed":
		return &q.reversed
	case "includeReversed":
		return &q.includeReversed
	case "minDate":
		return &q.minDate
	case "maxDate":
		return &q.maxDate
	}
	return q.parameterMore(name)
}

func (q *query) parameterMore(name string) any {
	switch name {
	case "minReversedDate":
		return &q.minReversed
	case "maxReversedDate":
		return &q.maxReversed
	case "reversedSince":
		return &q.reversedSince
	case "reinstatedSince":
		return &q.reinstatedSince
	case "collectedSince":
		return &q.collectedSince
	case "cancelledSince":
		return &q.cancelledSince
	case "droppedSince":
		return &q.ignoredSince
	}
	return q.customerParameter(name)
}

func (q *query) customerParameter(name string) any {
	switch name {
	case "accountNumber":
		return &q.accountNumber
	case "CRMReference":
		return &q.crmReference
	case "dropped":
		return &q.dropped
	case "active":
		return &q.active
	case "expandNumbers":
		return &q.expandNumbers
	}
	return &q.ignored // checked as a flag, without effect: customers have no numbers here
}

// read parses value as the type of what to points to.
func (q *query) read(to any, value string) bool {
	var err error
	switch to := to.(type) {
	case *count:
		to.given = true
		to.n, err = strconv.ParseInt(value, 10, 64)
		return err == nil && to.n >= 0
	case *flag:
		*to = flag(value != "false" || !q.set.falseClears)
		return value == "" || value == "true" || value == "false"
	case *payment.Date:
		*to, err = payment.ParseDate(value)
	case *time.Time:
		*to, err = parseInstant(value)
	case *text:
		*to = text{s: value, given: true}
	}
	return err == nil
}

// parseInstant reads 2024-11-25T08:30:00 with Z, an offset or no zone, which
// is taken as UTC. The length keeps out fractions, which package time would
// read unasked and which the documentation does not have.
func parseInstant(s string) (time.Time, error) {
	const local = "2006-01-02T15:04:05"
	switch len(s) {
	case len(local):
		return time.Parse(local, s)
	case len(local) + len("Z"), len(local) + len("+00:00"):
		if strings.ContainsAny(s, ".,") {
			break
		}
		return time.Parse(time.RFC3339, s)
	}
	return time.Time{}, &time.ParseError{Layout: time.RFC3339, Value: s}
}

// window gives how many records to skip and how many to show.
func (q *query) window() (skip, left int64) {
	left = math.MaxInt64
	if q.limit.given && !q.set.ignoredLimit {
		left = q.limit.n
	}
	if q.set.maxLimit > 0 {
		left = min(left, int64(q.set.maxLimit))
	}
	return q.offset.n, left
}

// covers applies the filters that every list has. They go by the system's own
// times and are inclusive.
func (q *query) covers(r *row) bool {
	return since(r.created, q.createdSince) && since(r.updated, q.updatedSince)
}

// since reports whether at is not before from. What never happened, at zero,
// is before everything but a filter that was not given.
func since(at, from time.Time) bool {
	return from.IsZero() || !at.IsZero() && !at.Before(from)
}
