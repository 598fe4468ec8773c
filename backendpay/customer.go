package backendpay

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"time"
)

// Customer is a customer's id and record. The record is not taken apart: its
// fields are not all known, the currency's name among them.
type Customer struct {
	ID  string          `json:"id"`
	Raw json.RawMessage `json:"-"` // the customer as it came: personal data
}

// CustomerFilter narrows the list of customers down. AccountNumber and
// CRMReference match exactly and find one customer or none (documented).
type CustomerFilter struct {
	AccountNumber, CRMReference   string
	Active, Dropped               bool
	FinalBill, ExcludeFinalBill   bool
	CreatedSince, UpdatedSince    time.Time
	DroppedSince, ReinstatedSince time.Time

	IDAfter  int64      // ids above this one
	Offset   int        // skip as many; the list is then read as by ByOffset
	Limit    int        // at most as many customers in all; 0 is no limit
	PageSize int        // customers a request, sent as limit; 0 is 100
	Raw      url.Values // sent as given, such as expandNumbers=true
}

// Customer gives one customer: GET customers/{id} (documented).
func (c *Client) Customer(ctx context.Context, id string) (*Customer, error) {
	return getOne(ctx, c, "Customer", "customers/{id}", id, customerRecord)
}

// Customers lists customers: GET customers/ (documented).
func (c *Client) Customers(ctx context.Context, filter CustomerFilter) iter.Seq2[Customer, error] {
	query, err := filter.query()
	return listing[Customer]{
		op: "Customers", path: "customers", err: err, query: query, record: customerRecord, span: filter.span(),
		private: append(rawTexts(filter.Raw), filter.AccountNumber, filter.CRMReference),
	}.all(ctx, c)
}

func (f CustomerFilter) span() span {
	return span{after: f.IDAfter, offset: f.Offset, limit: f.Limit, pageSize: cmp.Or(f.PageSize, defaultPageSize)}
}

func (f CustomerFilter) query() (url.Values, error) {
	q := &query{of: "CustomerFilter", values: url.Values{}, err: f.span().check("CustomerFilter")}
	q.text("accountNumber", f.AccountNumber)
	q.text("CRMReference", f.CRMReference)
	q.flag("active", f.Active)
	q.flag("dropped", f.Dropped)
	q.flag("finalBill", f.FinalBill)
	q.flag("excludeFinalBill", f.ExcludeFinalBill)
	q.since("createdSince", "CreatedSince", f.CreatedSince)
	q.since("updatedSince", "UpdatedSince", f.UpdatedSince)
	q.since("droppedSince", "DroppedSince", f.DroppedSince)
	q.since("reinstatedSince", "ReinstatedSince", f.ReinstatedSince)
	q.raw(f.Raw)
	return q.values, q.err
}

// UnmarshalJSON reads a customer by the rules of an answer.
func (c *Customer) UnmarshalJSON(data []byte) error { return customerRecord.into(c, data) }

// customerRecord is never changed.
var customerRecord = &record[Customer]{
	fields: []field[Customer]{
		{"id", func(c *Customer, v value) error { return readText(v, &c.ID) }},
	},
	id:   func(c *Customer) string { return c.ID },
	keep: func(c *Customer, raw json.RawMessage) { c.Raw = raw },
}
