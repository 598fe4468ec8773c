package spektrix

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// Order is a confirmed basket. Its members are documented, but for FriendlyID,
// Charges and the parts of a payment, which clients are observed to read.
type Order struct {
	ID                      string         `json:"id"`
	FriendlyID              string         `json:"friendlyId"` // such as "AB12CD"
	Customer                Ref            `json:"customer"`
	Total                   payment.Amount `json:"total"`
	TotalPaymentCharges     payment.Amount `json:"totalPaymentCharges"`
	TotalDeliveryCharges    payment.Amount `json:"totalDeliveryCharges"`
	TotalTransactionCharges payment.Amount `json:"totalTransactionCharges"`
	FirstTransactionDate    Time           `json:"firstTransactionDate"`
	FirstTransactionDateUTC Time           `json:"firstTransactionDateUtc"` // without a zone too: read it with In(nil)
	LastTransactionDate     Time           `json:"lastTransactionDate"`
	LastTransactionDateUTC  Time           `json:"lastTransactionDateUtc"`
	Tickets                 []Ticket       `json:"tickets"`
	Charges                 []Charge       `json:"charges"`
	Payments                []OrderPayment `json:"payments"`
	Refunds                 []OrderPayment `json:"refunds"`

	Deliveries              Items `json:"deliveries"`
	Donations               Items `json:"donations"`
	GiftVouchers            Items `json:"giftVouchers"`
	MembershipSubscriptions Items `json:"membershipSubscriptions"`
	MerchandiseItems        Items `json:"merchandiseItems"`
	TicketSubscriptions     Items `json:"ticketSubscriptions"`

	Members Members        `json:"-"` // all others, the venue's own attributes among them
	Raw     jsontext.Value `json:"-"` // the whole answer
}

// OrderPayment is one payment or refund of an order. Whether the attributes of
// a custom payment are shown is unknown (clause order.payments); if so, they stand in Attributes.
type OrderPayment struct {
	Amount     payment.Amount     `json:"amount"`
	Method     PaymentMethod      `json:"method"`
	Attributes []PaymentAttribute `json:"attributes"`

	Members Members `json:"-"` // all others
}

// UnmarshalJSONFrom reads a payment.
func (p *OrderPayment) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain OrderPayment
	*p = OrderPayment{}
	return readObject(d, (*plain)(p), &p.Members, reading)
}

// PaymentMethod names how an order was paid: for a custom payment, its type.
type PaymentMethod struct {
	Name string `json:"name"`
}

// UnmarshalJSONFrom reads an object with a name, or the bare name.
func (m *PaymentMethod) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain PaymentMethod
	*m = PaymentMethod{}
	if d.PeekKind() == '{' {
		return json.UnmarshalDecode(d, (*plain)(m), reading)
	}
	return readText(d, &m.Name)
}

// Order reads an order: GET orders/{id} (observed).
func (c *Client) Order(ctx context.Context, id string) (Order, error) {
	return transport.Call(ctx, c.http, read("Order", "orders/{id}", id), readOrder)
}

// orderNow is Order for who concludes from it.
func (c *Client) orderNow(ctx context.Context, id string) (Order, error) {
	return transport.Call(ctx, c.http, look("Order", "orders/{id}", id), readOrder)
}

// UnmarshalJSONFrom reads an order. Parts that nobody needs never fail it.
func (o *Order) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain Order
	*o = Order{}
	return readObject(d, (*plain)(o), &o.Members, tolerant)
}

func readOrder(r *transport.Reply) (Order, error) {
	order, err := transport.JSON[Order](r)
	if err == nil {
		err = checkHead(order.ID, order.Members)
	}
	if err != nil {
		return Order{}, err
	}
	order.Raw = r.Body
	return order, nil
}

// ChangedOrder names an order that was confirmed or changed (documented).
// [Client.Order] reads the order itself.
type ChangedOrder struct {
	OrderID            string `json:"orderId"`
	OrderFriendlyID    string `json:"orderFriendlyId"`
	CustomerID         string `json:"customerId"`
	CustomerFriendlyID string `json:"customerFriendlyId"`

	Members Members `json:"-"` // all others
}

// UnmarshalJSONFrom reads an entry.
func (o *ChangedOrder) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain ChangedOrder
	*o = ChangedOrder{}
	return readObject(d, (*plain)(o), &o.Members, reading)
}

// OrdersSince lists the confirmed orders that have changed at since or later,
// oldest first: GET orders/sync (documented, early access: a venue may not have
// it). It is how an order is found whose confirmation was lost. Pages of 100 are
// read as they are needed. An order that changes meanwhile may come twice; an
// error ends the list.
func (c *Client) OrdersSince(ctx context.Context, since time.Time) iter.Seq2[ChangedOrder, error] {
	return func(yield func(ChangedOrder, error) bool) {
		var before []ChangedOrder
		query, asked := url.Values{"since": {since.UTC().Format("2006-01-02T15:04:05.0000000Z")}}, map[string]bool{}
		for query != nil {
			asked[query.Encode()] = true
			page, err := c.ordersPage(ctx, query, asked)
			if err != nil {
				yield(ChangedOrder{}, err)
				return
			}
			for _, o := range page.Values {
				if !o.among(before) && !yield(o, nil) {
					return
				}
			}
			before, query = page.Values, page.following(before)
		}
	}
}

func (o ChangedOrder) among(list []ChangedOrder) bool {
	return slices.ContainsFunc(list, func(other ChangedOrder) bool { return other.OrderID == o.OrderID })
}

// orderPage is one answer of orders/sync.
type orderPage struct {
	Values []ChangedOrder `json:"values"`
	Paging struct {
		Limit wire.Lenient[wire.Int] `json:"limit"`
		Next  string                 `json:"next"` // path and query, without host and client name
	} `json:"paging"`

	Members Members `json:"-"`

	next url.Values // nil: there is none
}

// check refuses a page from which nothing can be concluded.
func (p orderPage) check() error {
	switch {
	case p.Members.nameAnError():
		return errNamed
	case p.Values == nil:
		return missing("$.values")
	}
	for i, o := range p.Values {
		if !usable(o.OrderID) {
			return missing(fmt.Sprintf("$.values[%d].orderId", i))
		}
	}
	return nil
}

// UnmarshalJSONFrom reads a page.
func (p *orderPage) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain orderPage
	return readObject(d, (*plain)(p), &p.Members, reading)
}

// ordersPage reads one page. One that names a page that was asked for already is
// the last, unless it is full.
func (c *Client) ordersPage(ctx context.Context, query url.Values, asked map[string]bool) (orderPage, error) {
	req := read("OrdersSince", "orders/sync")
	req.Class, req.Query = transport.Lookup, query
	return transport.Call(ctx, c.http, req, func(r *transport.Reply) (orderPage, error) {
		page, err := transport.JSON[orderPage](r)
		if err == nil {
			err = page.check()
		}
		if err != nil {
			return page, err
		}
		if page.Paging.Next != "" {
			next, err := url.Parse(page.Paging.Next)
			if err != nil || next.Query().Get("since") == "" {
				return page, &wire.DecodeError{Path: "$.paging.next", Reason: "does not name the next page"}
			}
			page.next = next.Query()
		}
		if page.next != nil && asked[page.next.Encode()] {
			if page.full() {
				return page, &wire.DecodeError{Path: "$.paging.next", Reason: "names a page that was read, and this one is full"}
			}
			page.next = nil
		}
		return page, nil
	})
}

const pageSize = 100 // of a page that does not tell its limit (documented)

// full reports whether there may be orders that the page has no room for.
func (p orderPage) full() bool {
	limit := int(p.Paging.Limit.Value)
	if limit <= 0 {
		limit = pageSize
	}
	return len(p.Values) >= limit
}

// following returns the query of the page after p, or nil. Since is inclusive,
// so a list may end with a page that shows nothing new and names itself.
func (p orderPage) following(before []ChangedOrder) url.Values {
	if !slices.ContainsFunc(p.Values, func(o ChangedOrder) bool { return !o.among(before) }) {
		return nil
	}
	return p.next
}

// customPayments returns what the order shows of its payments and refunds.
func (o Order) customPayments() (list []CustomPayment) {
	for _, paid := range slices.Concat(o.Payments, o.Refunds) {
		list = append(list, CustomPayment{Name: paid.Method.Name, Amount: paid.Amount, Attributes: paid.Attributes, Raw: o.Raw})
	}
	return list
}
