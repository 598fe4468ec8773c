package backendpay

import (
	"cmp"
	"net/url"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// PaymentFilter narrows a list of payments down; its zero value asks for all
// that are not reversed. All parameters are documented.
//
// Days are the dates that a payment shows. The Since times are when something
// was done at the vendor; they are sent in whole seconds, cut down.
type PaymentFilter struct {
	Reversed        bool // reversed payments (only those, inferred)
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

// query checks the filter and gives what is sent.
func (f PaymentFilter) query() (url.Values, error) {
	q := &query{of: "PaymentFilter", values: url.Values{}, err: f.span().check("PaymentFilter")}
	f.checkFlags(q)
	q.flag("reversed", f.Reversed)
	q.flag("includeReversed", f.IncludeReversed)
	f.addDates(q)
	q.since("createdSince", "CreatedSince", f.CreatedSince)
	q.since("updatedSince", "UpdatedSince", f.UpdatedSince)
	q.since("reversedSince", "ReversedSince", f.ReversedSince)
	q.since("reinstatedSince", "ReinstatedSince", f.ReinstatedSince)
	q.since("collectedSince", "CollectedSince", f.CollectedSince)
	q.since("cancelledSince", "CancelledSince", f.CancelledSince)
	q.raw(f.Raw)
	return q.values, q.err
}

func (f PaymentFilter) addDates(q *query) {
	q.date("minDate", "MinDate", f.MinDate)
	q.date("maxDate", "MaxDate", f.MaxDate)
	q.dates(f.MinDate, f.MaxDate, "MaxDate")
	q.date("minReversedDate", "MinReversedDate", f.MinReversedDate)
	q.date("maxReversedDate", "MaxReversedDate", f.MaxReversedDate)
	q.dates(f.MinReversedDate, f.MaxReversedDate, "MaxReversedDate")
}

// checkFlags refuses filters on reversals without a flag that shows reversed
// payments: the default list may hide what they select.
func (f PaymentFilter) checkFlags(q *query) {
	const hidden = "needs Reversed or IncludeReversed: the default list may hide what it selects"
	shown := f.Reversed || f.IncludeReversed
	switch {
	case f.Reversed && f.IncludeReversed:
		q.refuse("Reversed", "cannot be combined with IncludeReversed")
	case !shown && !f.MinReversedDate.IsZero():
		q.refuse("MinReversedDate", hidden)
	case !shown && !f.MaxReversedDate.IsZero():
		q.refuse("MaxReversedDate", hidden)
	case !shown && !f.ReversedSince.IsZero():
		q.refuse("ReversedSince", hidden)
	}
}
