package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// victim is a vendor with a place for each of many orders, numbered from 1000.
type victim struct {
	document string
	args     []string // apart from the document
	env      map[string]string
	host     string
	ledger   func(order int) int // how often the vendor has the order's payment
	requests func() int
	// asked is false for a vendor that cannot be asked. There a payment that was
	// under way when the program was killed may stay unknown, and the store has
	// to say so.
	asked bool
}

func victims() map[string]func(*testing.T) victim {
	return map[string]func(*testing.T) victim{
		"brightpearl": brightpearlVictim, "backendpay": backendpayVictim, "spektrix": spektrixVictim, "rubi": rubiVictim,
	}
}

func (v victim) flags(t *testing.T, vendor, where, lease string) []string {
	t.Helper()
	return append([]string{"-to", vendor, "-file", write(t, "sales.json", v.document), "-store", where, "-loopback", "-lease", lease, "-currency", "GBP", "-looks", "1"}, v.args...)
}

func brightpearlVictim(t *testing.T) victim {
	server, env := account(t, brightpearltest.WithCurrencies("GBP"))
	return victim{
		host:     strings.TrimPrefix(server.URL, "http://"),
		document: many(*killedOrders),
		env:      env, asked: true,
		requests: func() int { return len(server.Requests()) },
		ledger: func(order int) (n int) {
			for _, p := range server.Payments() {
				if p.OrderID == int64(order) {
					n++
				}
			}
			return n
		},
	}
}

// The vendor does not refuse duplicates, so its user promises a settle time.
func backendpayVictim(t *testing.T) victim {
	server := backendpaytest.New()
	t.Cleanup(server.Close)
	server.AddPaymentType(backendpaytest.PaymentType{Name: "Card"})
	customers := make(map[int]string)
	for i := range *killedOrders {
		customers[1000+i] = server.AddCustomer(backendpaytest.Customer{AccountNumber: fmt.Sprint(1000 + i)})
	}
	return victim{
		host:     strings.TrimPrefix(server.URL, "http://"),
		document: many(*killedOrders),
		args:     []string{"-settle", "50ms"},
		env:      map[string]string{"BACKENDPAY_BASE_URL": server.URL, "BACKENDPAY_API_KEY": string(server.Config().APIKey)},
		asked:    true,
		requests: func() int { return len(server.Requests()) },
		ledger: func(order int) (n int) {
			for _, p := range server.Payments() {
				if p.CustomerID == customers[order] {
					n++
				}
			}
			return n
		},
	}
}

func spektrixVictim(t *testing.T) victim {
	server := spektrixtest.New()
	t.Cleanup(server.Close)
	server.AddPaymentType(spektrixtest.PaymentType{Name: "Card"})
	baskets := make(map[int]string)
	var orders strings.Builder
	for i := range *killedOrders {
		ticket := spektrixtest.Ticket{Price: amount(t, fmt.Sprintf("%d.00", i+1))}
		basket := server.AddBasket(spektrixtest.Basket{DeliveryType: 1, CommissionWaived: true, Tickets: []spektrixtest.Ticket{ticket}})
		baskets[1000+i] = basket
		fmt.Fprintf(&orders, "%d %s\n", 1000+i, basket)
	}
	return victim{
		host:     strings.TrimPrefix(server.URL, "http://"),
		document: many(*killedOrders),
		args:     []string{"-orders", write(t, "orders", orders.String())},
		env: map[string]string{
			"SPEKTRIX_CLIENT_NAME": server.Config().ClientName, "SPEKTRIX_LOGIN": spektrixtest.SampleLogin,
			"SPEKTRIX_SECRET": spektrixtest.SampleSecret, "SPEKTRIX_BASE_URL": server.URL,
		},
		requests: func() int { return len(server.Requests()) },
		ledger:   func(order int) int { return len(server.Payments(baskets[order])) },
	}
}

func rubiVictim(t *testing.T) victim {
	server := rubitest.New(rubitest.WithFacts(rubitest.Facts{BlankAddresses: true}))
	t.Cleanup(server.Close)
	for i := range *killedOrders {
		uid := fmt.Sprint(1000 + i)
		server.AddContact(rubitest.Contact{UID: uid})
		server.AddItem(rubitest.Item{Kind: rubitest.KindBooking, UID: uid, EID: rubitest.SampleEID, Value: amount(t, fmt.Sprintf("%d.00", i+1))})
	}
	document := strings.ReplaceAll(many(*killedOrders), `"payment_type_id":2`, `"payment_type_id":5`)
	return victim{
		host:     strings.TrimPrefix(server.URL, "http://"),
		document: document,
		env:      map[string]string{"RUBI_API_KEY": string(server.Config().APIKey), "RUBI_BASE_URL": server.URL, "RUBI_TENANT": "test"},
		requests: func() int { return len(server.Requests()) },
		ledger: func(order int) (n int) {
			for _, transaction := range server.Transactions() {
				if transaction.UID == fmt.Sprint(order) {
					n++
				}
			}
			return n
		},
	}
}
