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
	facts *Facts
	user  *user

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

// places returns where the values of the parameters go; the type of each is the
// parameter's. What has no effect here is checked all the same: customers have
// no numbers and no final bills.
func (q *query) places() map[string]any {
	return map[string]any{
		"limit": &q.limit, "offset": &q.offset, "idAfter": &q.idAfter, "createdSince": &q.createdSince, "updatedSince": &q.updatedSince,
		"reversed": &q.reversed, "includeReversed": &q.includeReversed, "minDate": &q.minDate, "maxDate": &q.maxDate,
		"minReversedDate": &q.minReversed, "maxReversedDate": &q.maxReversed, "reversedSince": &q.reversedSince,
		"reinstatedSince": &q.reinstatedSince, "collectedSince": &q.collectedSince, "cancelledSince": &q.cancelledSince,
		"accountNumber": &q.accountNumber, "CRMReference": &q.crmReference, "dropped": &q.dropped, "active": &q.active,
		"expandNumbers": &q.expandNumbers, "numberActive": &q.ignored, "serviceActive": &q.ignored, "featureActive": &q.ignored,
		"finalBill": &q.ignored, "excludeFinalBill": &q.ignored, "droppedSince": &q.ignoredSince,
	}
}

// parseQuery reads the parameters. One of another name, repeated or wrong is
// refused (documented for a wrong value, inferred for the others, clause
// query.unknown).
func (s *Server) parseQuery(c call, known ...string) (*query, *reply) {
	q := &query{facts: &s.settings.Facts, user: c.user}
	values, err := url.ParseQuery(c.request.URL.RawQuery)
	if err != nil {
		return nil, badRequest("The query is not well-formed")
	}
	if len(values) == 0 {
		return q, nil
	}
	names, places := strings.Fields(strings.Join(known, " ")), q.places()
	for name, all := range values {
		if !slices.Contains(names, name) {
			return nil, badRequest("There is no parameter " + strconv.Quote(name))
		}
		if len(all) > 1 || !q.read(places[name], all[0]) {
			return nil, badRequest("The parameter " + name + " is wrong")
		}
	}
	both := bool(q.reversed && q.includeReversed)
	if q.limit.given && q.limit.n == 0 || both && q.facts.BothFlags == BothRefused {
		return nil, badRequest("The parameters do not go together")
	}
	return q, nil
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
		*to = flag(value != "false" || !q.facts.FalseFlags)
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

// window returns how many records to skip and how many to show.
func (q *query) window() (skip, left int64) {
	left = math.MaxInt64
	if q.limit.given && !q.facts.LimitIgnored {
		left = q.limit.n
	}
	if q.facts.MaxLimit > 0 {
		left = min(left, int64(q.facts.MaxLimit))
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

// page writes the answer to a list. keep applies the filters that only this
// resource has.
func page[E stored](s *Server, rows []E, q *query, keep func(E) bool) reply {
	if q.idAfter.given && !q.facts.IDAfterIgnored {
		i, found := search(rows, q.idAfter.n)
		if found {
			i++
		}
		rows = rows[i:]
	}
	buf := s.borrow()
	out := append(*buf, '[')
	skip, left := q.window()
	for e := range live(rows, q.facts.Descending) {
		if left == 0 {
			break
		}
		if !q.covers(e.head()) || !keep(e) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		out = append(append(out, e.head().json...), ',')
		left--
	}
	if n := len(out); out[n-1] == ',' {
		out = out[:n-1]
	}
	*buf = append(out, ']')
	return reply{status: 200, body: *buf, page: buf}
}

// borrow returns an empty buffer for a page. Pages are large and many, and what
// the emulator throws away would count against the client under test.
func (s *Server) borrow() *[]byte {
	if buf, ok := s.pages.Get().(*[]byte); ok {
		*buf = (*buf)[:0]
		return buf
	}
	return new([]byte)
}

func (s *Server) giveBack(buf *[]byte) {
	if buf != nil {
		s.pages.Put(buf)
	}
}
