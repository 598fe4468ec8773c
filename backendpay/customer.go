package backendpay

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"time"
)

// Customer is a customer's id and record. The fields of the record are not all
// known, the currency's name among them, so Raw is the rest.
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

// Customer returns one customer: GET customers/{id} (documented).
func (c *Client) Customer(ctx context.Context, id string) (Customer, error) {
	return get[Customer](ctx, c, "Customer", "customers/{id}", id)
}

// Customers lists the customers that the key's user may see: GET customers/
// (documented).
func (c *Client) Customers(ctx context.Context, filter CustomerFilter) iter.Seq2[Customer, error] {
	query, err := filter.query()
	return listing[Customer, *Customer]{
		op: "Customers", path: "customers", err: err, query: query, span: filter.span(),
		private: append(rawTexts(filter.Raw), filter.AccountNumber, filter.CRMReference),
	}.all(ctx, c)
}

func (f CustomerFilter) span() span {
	return span{after: f.IDAfter, offset: f.Offset, limit: f.Limit, pageSize: cmp.Or(f.PageSize, defaultPageSize)}
}

func (f CustomerFilter) query() (url.Values, error) {
	q := newQuery("CustomerFilter", f.span())
	q.text("accountNumber", f.AccountNumber)
	q.text("CRMReference", f.CRMReference)
	q.flag("active", f.Active)
	q.flag("dropped", f.Dropped)
	q.flag("finalBill", f.FinalBill)
	q.flag("excludeFinalBill", f.ExcludeFinalBill)
	q.since("createdSince", f.CreatedSince)
	q.since("updatedSince", f.UpdatedSince)
	q.since("droppedSince", f.DroppedSince)
	q.since("reinstatedSince", f.ReinstatedSince)
	q.raw(f.Raw)
	return q.values, q.err
}

// UnmarshalJSON reads a customer by the rules of an answer.
func (c *Customer) UnmarshalJSON(data []byte) (err error) {
	*c, err = decodeItem[Customer](data)
	return err
}

func (c *Customer) head() (*string, *json.RawMessage) { return &c.ID, &c.Raw }

func (c *Customer) member(r *reader, name []byte) (bool, error) {
	if string(name) == "id" {
		return id(r, &c.ID)
	}
	return false, nil
}
