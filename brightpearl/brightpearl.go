// Package brightpearl records payments in Brightpearl (Sage): on sales orders,
// sales credits and purchase orders that were paid somewhere else.
//
// The shortest program:
//
//	client, err := brightpearl.New(brightpearl.Config{
//		Account:    "acme",
//		Datacenter: "euw1",
//		Auth:       brightpearl.StaffToken("acme_till", tenderkit.Secret(token)),
//	})
//	if err != nil {
//		return err
//	}
//	id, err := client.CreateCustomerPayment(ctx, brightpearl.CustomerPayment{
//		TransactionRef:    "till-7-receipt-4711",
//		PaymentMethodCode: "CARD",
//		PaymentType:       brightpearl.TypeReceipt,
//		OrderID:           2002,
//		CurrencyISOCode:   "GBP",
//		AmountPaid:        amount,
//		PaymentDate:       time.Now(),
//	})
//
// # Once
//
// Brightpearl has no idempotency key. Its one guard is TransactionRef: the pair
// of reference and payment method is accepted once, provided that the account
// knows the method. A reference is therefore required. It must be the caller's
// own and must stay the same on every attempt. A payment whose answer was lost
// can be looked up by it. [payment.Once] over [Client.Recorder] does all that.
//
// # What the vendor does with mistakes
//
// A misspelt method code is accepted, makes no journal and escapes the check of
// uniqueness. A missing amountPaid counts as 0, the amount field of another type
// is ignored, a long journalRef is cut, an over-payment becomes credit on
// account. Payments cannot be edited. This package refuses such mistakes, as far
// as it can see them, before anything is sent.
//
// # Limits
//
// An account answers 200 requests a minute, all private apps together. A Client
// follows what the vendor's headers say is left, slows down near the end of a
// window, and waits for the next one.
//
// # Evidence
//
// Doc comments say where a fact is from: documented by the vendor, observed in
// real traffic, or inferred. What is unknown is called unknown.
package brightpearl

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// Config names the account and the identity of its caller.
type Config struct {
	Account    string // the account's code, first part of a private app's reference
	Datacenter string // "euw1" or "use1" (documented); not looked at with BaseURL
	Auth       Auth   // from StaffToken, AccountToken, SignedToken or OAuth
	BaseURL    string // scheme and host in place of the datacentre's; /public-api/{account}/ is added
}

// Client calls one Brightpearl account. It is immutable and safe for concurrent
// use. Programs that share an account's pool of requests need not know of each
// other, but one program should make one Client for each account.
type Client struct {
	http    *transport.Client
	account payment.Account
}

// New checks config and options and returns a client. It does no I/O. The error
// names the vendor, and the field in a [*payment.FieldError].
func New(config Config, opts ...tenderkit.Option) (*Client, error) {
	client, err := config.client(opts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", vendor, err)
	}
	return client, nil
}

func (c Config) client(opts []tenderkit.Option) (*Client, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	auth, err := c.Auth.open(c.Account, c.origin(), opts)
	if err != nil {
		return nil, err
	}
	http, err := transport.New(c.transport(auth), opts...)
	if err != nil {
		return nil, err
	}
	return &Client{http: http, account: payment.Account{Vendor: vendor, Tenant: c.Account, Host: c.host()}}, nil
}

// transport returns how calls are signed, held back and read.
func (c Config) transport(auth authenticator) transport.Config {
	pool := newThrottle()
	return transport.Config{
		Vendor:      vendor,
		BaseURL:     c.origin(),
		Prefix:      "/public-api/" + transport.EscapeSegment(c.Account) + "/accounting-service/",
		Seal:        auth.seal(),
		Wrap:        func(next http.RoundTripper) http.RoundTripper { return &signer{auth, pool, next} },
		Limiter:     pool,
		Fault:       readFault,
		Refused:     refusal(auth),
		RequestID:   "Ruid",
		FollowReads: true,
	}
}

func (c Config) check() error {
	if err := transport.CheckSegment("Config.Account", c.Account); err != nil {
		return err
	}
	switch {
	case c.BaseURL == "" && c.Datacenter != "euw1" && c.Datacenter != "use1":
		return invalid("Config.Datacenter", "is neither euw1 nor use1, the documented ones; BaseURL takes another host")
	case c.Auth == nil:
		return invalid("Config.Auth", "is nil")
	}
	return nil
}

// origin returns the documented host of the datacentre unless a base URL is set.
func (c Config) origin() string {
	if c.BaseURL != "" {
		return c.BaseURL
	}
	return "https://" + c.Datacenter + ".brightpearlconnect.com"
}

// host returns host and port of the origin, in lower case.
func (c Config) host() string {
	u, err := url.Parse(c.origin())
	if err != nil {
		return "" // never: package transport has taken the origin
	}
	return strings.ToLower(u.Host)
}
