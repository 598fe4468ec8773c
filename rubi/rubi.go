// Package rubi pays for what members put into their basket in Rubi (RubiCRM):
// event bookings and membership subscriptions, by invoice, by card, or as free.
//
// The shortest program pays all bookings of one contact by invoice:
//
//	client, err := rubi.New(rubi.Config{APIKey: tenderkit.Secret(key), Tenant: "chamber-of-leeds"})
//	if err != nil {
//		return err
//	}
//	checkout, err := client.Checkout(ctx, rubi.CheckoutRequest{
//		Item: rubi.Bookings, Total: total, // what the payer agreed to
//		Payment: rubi.UserPayment{
//			Reference: "order-4711", UID: uid, PaymentType: rubi.Invoice,
//			Address1: "1 High St", Address4: "Leeds", County: "West Yorkshire", Postcode: "LS1 1AA", Country: "United Kingdom",
//			EmailAddress: "jo@example.org", MobCountry: "+44", Mob: "07700900000",
//		},
//	}, payment.WithStore(store))
//
// For a card, [Client.Checkout] opens a transaction: charge its Total with
// Stripe, and pass the charge to [Client.Complete], with the same Store.
//
// # Who may call
//
// The API key is the only credential, and with it any uid acts for that person.
// Both belong on a server, never in a browser or a log. The key is part of
// every request's body, so this package shows the body of a request to nobody
// and removes the key from answers. Types with a uid or an address print
// without them.
//
// # Once
//
// Rubi documents no idempotency key, no check for duplicates, no query for a
// transaction, no refund and no void. It has the basket: items that were paid
// leave it. So [Client.Checkout], [Client.Complete] and [Client.Recorder] work
// through [payment.Once]: what was submitted stands in the entry of a Store, and
// after a lost answer the basket is read. A charge that Rubi is not known to have
// recorded is a [*ChargedError].
//
// Rubi lists no payments either. Where two sides are compared, its side is what
// the Store holds: Records of payment/outbox's Store. The day of a Checkout has
// no place in Rubi, so compare without days.
//
// # Mails
//
// Rubi mails a confirmation by itself after Invoice and Confirm (documented);
// only its support can turn that off. The answers hold EmailSubject and
// EmailBody. Sending them too would mean two mails. This package sends none.
//
// # Evidence
//
// Doc comments say where a fact comes from: documented by the vendor, inferred,
// or unknown. What is inferred or unknown names the clause of
// [github.com/tenderkit/tenderkit/rubi/rubitest.Contract] that finds out how an
// installation behaves; the clauses of one call begin with one word. No traffic has been observed. The form of a request and the
// layers of an answer are taken from the vendor's own jQuery sample.
package rubi

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// Config says which installation is called, as whom, and what the vendor's
// documentation leaves open.
type Config struct {
	APIKey   tenderkit.Secret // sent as the last element of every call
	BaseURL  string           // scheme and host; "" is the vendor's shared host
	Currency payment.Currency // of all amounts, because no call names one; "" is GBP

	// Tenant names the client organisation that the key belongs to, in a word of
	// the caller's own that never changes. A [payment.Store] keeps payments under
	// it, so Recorder, Checkout and Complete need it. It is not sent.
	Tenant string

	// ParseAmount reads an amount of an answer, for an installation that writes
	// separators. Nil is [payment.ParseAmount], for which "1,234.50" is not
	// readable. The text of its error is not used.
	ParseAmount func(text string) (payment.Amount, error)
	// EncodePaymentItems writes the list of ItemGUIDs of UserPayment, which the
	// vendor documents both as an array and as text. Nil writes the JSON text of
	// an array (inferred: clause card.documented).
	EncodePaymentItems func(guids []string) string
	// EncodeStripeResponse writes the answer of Stripe for StripeResult, which
	// the vendor documents as text. Nil writes the JSON text of an object with
	// id, status and amount (inferred: clause stripe.result).
	EncodeStripeResponse func(StripePayment) string
}

// Client calls one Rubi installation. It is immutable and safe for concurrent
// use.
type Client struct {
	http   *transport.Client
	config *settled
}

// settled is a checked Config with its defaults. The key is held by a function:
// package fmt prints unexported fields without asking their types, and under
// some verbs it follows pointers.
type settled struct {
	key            func() string
	currency       payment.Currency
	paymentItems   func([]string) string
	stripeResponse func(StripePayment) string // nil is the default
	account        payment.Account
	reading        *reading
}

const (
	vendor     = "rubi"
	sharedHost = "https://web-integration-v3.rubicrm.com"
	pounds     = payment.Currency("GBP")
)

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
	set, err := c.settle()
	if err != nil {
		return nil, err
	}
	http, err := transport.New(transport.Config{
		Vendor:  vendor,
		BaseURL: cmp.Or(c.BaseURL, sharedHost),
		Prefix:  "/api/",
		Seal:    transport.NewSeal(inLayers(set.key())...),
		Fault:   readFault,
	}, opts...)
	if err != nil {
		return nil, err
	}
	return &Client{http: http, config: set}, nil
}

func (c Config) settle() (*settled, error) {
	set := &settled{
		key:            func() string { return string(c.APIKey) },
		currency:       cmp.Or(c.Currency, pounds),
		paymentItems:   c.EncodePaymentItems,
		stripeResponse: c.EncodeStripeResponse,
		account:        payment.Account{Vendor: vendor, Tenant: c.Tenant},
	}
	if called, err := url.Parse(cmp.Or(c.BaseURL, sharedHost)); err == nil {
		set.account.Host = strings.ToLower(called.Host)
	}
	set.reading = newReading(c.ParseAmount)
	if c.ParseAmount == nil {
		set.reading = newReading(payment.ParseAmount)
	}
	if set.paymentItems == nil {
		set.paymentItems = jsonText[[]string]
	}
	switch {
	case !set.currency.Known():
		return nil, invalid("Config.Currency", "is not an active ISO 4217 code in upper case")
	case blank(set.key()):
		return nil, invalid("Config.APIKey", "is blank")
	}
	return set, checkText("Config.APIKey", set.key())
}
