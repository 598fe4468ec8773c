// Package spektrix records payments that were taken outside Spektrix (at a
// till, by a donation device, on another platform) as custom payments that
// balance a basket, confirms the basket, and reads the order back.
//
// The shortest program sells two tickets that a till was paid for:
//
//	client, err := spektrix.New(spektrix.Config{
//		ClientName: "apitesting", Login: "till", Secret: secret, Currency: "GBP",
//	})
//	basket, err := client.CreateBasket(ctx, spektrix.NewBasket{
//		TicketDelivery: spektrix.TicketDelivery{Type: spektrix.CollectAtVenue},
//	})
//	err = client.AddTickets(ctx, basket.ID, seat, seat)
//	recorder := client.Recorder(spektrix.RecorderOptions{PaymentTypeID: till, ReferenceAttribute: "Reference"})
//	settlement, err := recorder.Settle(ctx, basket.ID, []payment.Payment{card}, payment.WithStore(store))
//	order, err := client.Confirm(ctx, basket.ID, spektrix.Confirmation{Settlement: &settlement}, payment.WithStore(store))
//
// [Recorder.Settle] is the guarded way to pay: it checks everything that can be
// checked before it sends the first payment. [Client.AddCustomPayment] is the
// one documented call without the guards.
//
// # Once
//
// Spektrix documents no idempotency key and no id of a payment, but it lists
// the payments of an open basket with their attributes. A venue whose payment
// type has an attribute for the caller's reference can therefore find out what
// became of a lost answer: name that attribute in [RecorderOptions]. What is
// known of payments and confirmations stands in the [payment.Store] of the
// caller: without one, nothing is remembered from call to call.
//
// # Evidence
//
// Each call's comment says what it rests on: documented (by the vendor),
// observed (in other people's working code), inferred, or unknown. For what is
// inferred or unknown it names the clause of spektrixtest.Contract that finds
// out how a system behaves. The whole chain of custom payment and confirmation
// is inferred (clause confirm.balanced): the vendor documents its parts. Member
// names are read in any case, because the vendor writes them in two.
package spektrix

import (
	"cmp"
	"crypto/fips140"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

const (
	vendor = "spektrix"
	origin = "https://system.spektrix.com"
)

// Config says which venue's system is called, and as whom. It prints without
// login and secret.
type Config struct {
	ClientName string           // the venue's system name, such as "apitesting"; sent in lower case
	Login      string           // login name of an API user with Settings Administrator rights
	Secret     tenderkit.Secret // that user's key, in base64 as Spektrix shows it once
	Currency   payment.Currency // the venue's currency: Spektrix writes amounts without one
	BaseURL    string           // scheme and host in place of https://system.spektrix.com, for a custom domain
}

// Client calls one venue's system in System Owner mode. It remembers the
// payment types for some minutes, and is safe for concurrent use. It prints
// without its secrets.
type Client struct {
	http     *transport.Client
	currency payment.Currency
	zero     payment.Amount // 0 with the currency's decimals
	account  payment.Account
	types    *typeCache
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
	key, err := decodeSecret(string(c.Secret))
	if err != nil {
		return nil, err
	}
	zero, err := payment.FromMinorUnits(0, c.Currency)
	if err != nil {
		return nil, invalid("Config.Currency", "is not the ISO 4217 code of a currency with a minor unit")
	}
	sign := newSigner(c.Login, key)
	client, err := transport.New(transport.Config{
		Vendor:  vendor,
		BaseURL: cmp.Or(c.BaseURL, origin),
		Prefix:  "/" + transport.EscapeSegment(strings.ToLower(c.ClientName)) + "/api/v3/",
		Seal:    c.seal(key),
		Wrap:    sign.wrap,
		Fault:   sign.readFault,
		Refused: sign.refused,
	}, opts...)
	if err != nil {
		return nil, err
	}
	sign.now = client.Now
	called, _ := url.Parse(cmp.Or(c.BaseURL, origin)) // the transport has checked it
	return &Client{
		http: client, currency: c.Currency, zero: zero.Amount(), types: &typeCache{},
		account: payment.Account{Vendor: vendor, Tenant: strings.ToLower(c.ClientName), Host: strings.ToLower(called.Host)},
	}, nil
}

func (c Config) check() error {
	if err := transport.CheckSegment("Config.ClientName", c.ClientName); err != nil {
		return err
	}
	switch {
	case c.Login == "":
		return invalid("Config.Login", "is empty")
	case !utf8.ValidString(c.Login) || strings.Contains(c.Login, ":") || strings.ContainsFunc(c.Login, isControl):
		return invalid("Config.Login", "holds a colon, a control character or bytes that are not UTF-8")
	case strings.ContainsFunc(c.BaseURL, func(r rune) bool { return r > '~' }):
		return invalid("Config.BaseURL", "is not ASCII: write the host as it goes over the wire")
	case fips140.Enforced():
		return invalid("Config", "needs HMAC-SHA1 and MD5 to sign requests, which GODEBUG=fips140=only forbids")
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }

// decodeSecret is stricter than encoding/base64, which passes over line ends.
func decodeSecret(secret string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(secret)
	switch {
	case secret == "":
		return nil, invalid("Config.Secret", "is empty")
	case err != nil || strings.ContainsAny(secret, "\r\n"):
		return nil, invalid("Config.Secret", "is not standard base64 with padding")
	}
	return key, nil
}

// seal keeps the credentials out of errors. A login of a few letters would
// blank out half of every text.
func (c Config) seal(key []byte) *transport.Seal {
	s := transport.NewSeal(string(c.Secret), string(key))
	if len(c.Login) >= 4 {
		s.Add(c.Login)
	}
	return s
}

// read returns the request of a call that changes nothing.
func read(op, path string, ids ...string) transport.Request {
	r := transport.Request{Op: op, Class: transport.Read, Method: http.MethodGet, Path: path, IDs: ids}
	if len(ids) > 0 {
		r.Target = ids[0]
	}
	return r
}

// look returns the request of a read that something is concluded from: no cache
// may answer it, and only the vendor's own word says that a thing is not there.
func look(op, path string, ids ...string) transport.Request {
	r := read(op, path, ids...)
	r.Class, r.Absent = transport.Lookup, isAbsent
	return r
}

// write returns the request of a call that changes the basket.
func write(op, method, path, basketID string) transport.Request {
	return transport.Request{
		Op: op, Class: transport.Write, Method: method, Path: path, IDs: []string{basketID}, Target: basketID,
	}
}

func invalid(field, reason string) error {
	return &payment.FieldError{Field: field, Reason: reason}
}
