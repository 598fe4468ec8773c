package main

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"sync"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/payment"
	"github.com/tenderkit/tenderkit/payment/salesdata"
)

// toBackendpay records payments of customers. The methods are the names of the
// till's payment types. An order is the account number of a customer.
var toBackendpay = vendor{
	name: "backendpay",
	environment: []variable{
		{"BACKENDPAY_BASE_URL", "scheme and host of the installation"},
		{"BACKENDPAY_API_KEY", "its API key"},
	},
	open: func(env environment, currency payment.Currency, opts ...tenderkit.Option) (*destination, error) {
		config := backendpay.Config{BaseURL: env("BACKENDPAY_BASE_URL"), APIKey: tenderkit.Secret(env("BACKENDPAY_API_KEY"))}
		return connectBackendpay(config, currency, "the billing system at "+config.BaseURL, func() {}, opts)
	},
	emulate: emulateBackendpay,
}

// emulateBackendpay starts an emulator that knows the sample's orders as
// customers, and the documented payment types.
func emulateBackendpay(currency payment.Currency, opts ...tenderkit.Option) (*destination, error) {
	server := backendpaytest.New()
	for _, name := range []string{"Cash", "Card", "Vipps", "Gift Card", "Invoice"} {
		server.AddPaymentType(backendpaytest.PaymentType{Name: name})
	}
	for _, number := range []string{"2001", "2002", "2003"} {
		server.AddCustomer(backendpaytest.Customer{AccountNumber: number})
	}
	return connectBackendpay(server.Config(), currency, "a billing system's emulator at "+server.URL, server.Close, opts)
}

func connectBackendpay(config backendpay.Config, currency payment.Currency, name string, stop func(), opts []tenderkit.Option) (*destination, error) {
	client, err := backendpay.New(config, opts...)
	if err != nil {
		stop()
		return nil, err
	}
	customers := &customerIDs{client: client}
	return &destination{
		name: name, close: stop,
		recorder: client.Recorder(backendpay.RecorderOptions{Currency: currency}),
		resolve:  customers.id,
		adapt: func(_ context.Context, p *payment.Payment, kind salesdata.PaymentType) (string, error) {
			p.Method = kind.Name
			return p.Method, nil
		},
		takesAll: true,
		readBack: func(ctx context.Context, orders []*order) error { return readCustomers(ctx, client, orders) },
		batch:    200,
	}, nil
}

// customerIDs holds the ids of the customers that were looked up last.
type customerIDs struct {
	client *backendpay.Client
	mu     sync.Mutex
	ids    map[string]string
}

// id finds a customer by account number, which matches exactly.
func (c *customerIDs) id(ctx context.Context, account string) (id string, err error) {
	c.mu.Lock()
	id = c.ids[account]
	c.mu.Unlock()
	if id != "" {
		return id, nil
	}
	for customer, err := range c.client.Customers(ctx, backendpay.CustomerFilter{AccountNumber: account}) {
		switch {
		case err != nil:
			return "", err
		case id != "":
			return "", fmt.Errorf("several customers have the account number %s", account)
		}
		id = customer.ID
	}
	if id == "" {
		return "", fmt.Errorf("no customer has the account number %s", account)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.ids)%1000 == 0 { // so that memory does not grow
		c.ids = make(map[string]string)
	}
	c.ids[account] = id
	return id, nil
}

// readCustomers looks for the payments of the orders, customer by customer. What
// is wrong with one customer is a problem of that customer's orders.
func readCustomers(ctx context.Context, client *backendpay.Client, orders []*order) error {
	byCustomer := make(map[string][]*order)
	for _, o := range orders {
		if len(o.ids()) == 0 {
			continue // nothing was recorded
		}
		byCustomer[o.target] = append(byCustomer[o.target], o)
	}
	for customer, list := range byCustomer {
		err := readCustomer(ctx, client, customer, list)
		if err != nil && stops(err) {
			return err
		}
		for _, o := range list {
			if err != nil {
				o.problem = fmt.Errorf("order %s at the vendor: %w", o.called(), err)
			}
		}
	}
	return nil
}

// readCustomer reads a customer's list from the first payment of the orders on,
// until all of them have shown.
func readCustomer(ctx context.Context, client *backendpay.Client, customer string, orders []*order) error {
	wanted := make(map[string]bool)
	for _, o := range orders {
		for _, id := range o.ids() {
			wanted[id] = true
		}
	}
	shown := make(map[string]payment.Amount)
	for p, err := range client.CustomerPayments(ctx, customer, backendpay.PaymentFilter{IDAfter: before(wanted)}) {
		if err != nil {
			return err
		}
		if wanted[p.ID] {
			shown[p.ID] = p.PaymentAmount
		}
		if len(shown) == len(wanted) {
			break
		}
	}
	for _, o := range orders {
		if err := o.showIn(shown); err != nil {
			return err
		}
	}
	return nil
}

// before returns an id below all of these, and 0 if they are not numbers.
func before(ids map[string]bool) int64 {
	first := int64(math.MaxInt64)
	for id := range ids {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil || n < 1 {
			return 0
		}
		first = min(first, n-1)
	}
	return first
}

// showIn fills in what the vendor shows of an order's payments.
func (o *order) showIn(shown map[string]payment.Amount) error {
	total, err := payment.ParseAmount("0.00")
	n := 0
	for _, l := range o.lines {
		amount, ok := shown[l.id]
		if ok {
			total = total.Add(amount)
			n++
		} else if l.id != "" {
			l.unseen()
		}
	}
	o.vendor = fmt.Sprintf("%v in %s", total, count(n, "payment"))
	return err
}
