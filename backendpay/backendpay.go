// Package backendpay is a client for the payments of the UK telecoms billing
// platform's backend API (/backend/api/v1): payments, their allocation to
// invoices, payment types, and what changed since a time. Its types print
// without the customer's reference and record.
//
//	client, err := backendpay.New(backendpay.Config{
//		APIKey:  key,
//		BaseURL: "https://billing.example.com", // the installation's own host
//	})
//	made, err := client.CreatePayment(ctx, "123", backendpay.NewPayment{
//		OurReference:  "SDK-2024-000123",
//		PaymentDate:   payment.Date{Year: 2024, Month: 11, Day: 25},
//		PaymentAmount: amount, // from payment.ParseAmount("120.50")
//		PaymentMethod: "Bank Transfer",
//	})
//
// A created payment is a record; no money moves. The vendor is not known to
// refuse a second payment with the same reference, so a create is never sent
// twice: after an error that matches [payment.ErrOutcomeUnknown] ask
// [Client.FindPayment].
//
// # Evidence
//
// The vendor documents routes, filters and field names. Error bodies, status
// codes of writes, the encoding of bodies, required fields and limits are not
// documented anywhere public. Each doc comment says what is documented, what is
// only shown by an example, and what is inferred. [Config] has a switch where
// a wrong guess would leave a program stuck.
//
// # Money
//
// An amount is in the customer's currency, which no documented record names.
// This package assumes none: amounts are bare exact decimals.
package backendpay

import (
	"net/http"
	"strings"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

const (
	vendor = "backendpay"
	prefix = "/backend/api/v1/"
)

// Config says which installation is called, and with which key. All fields but
// the first two are for installations that differ from the documentation.
type Config struct {
	APIKey  tenderkit.Secret // sent as a bearer token (shown in every curl sample)
	BaseURL string           // scheme and host of the installation; /backend/api/v1/ is added

	Paging        Paging        // how lists are read
	TrailingSlash TrailingSlash // where paths end with a slash
	TextIDs       bool          // ids in paths may hold more than digits
	AmountAsText  bool          // amounts are written as JSON strings, not as numbers
}

// Client calls one installation. It is immutable and safe for concurrent use.
type Client struct {
	http   *transport.Client
	paging Paging
	form   form
}

// form is what Config says about the form of requests.
type form struct {
	slash                 TrailingSlash
	textIDs, amountAsText bool
}

// New checks config and options and gives a client. It does no I/O. What it
// refuses, it refuses with a [payment.FieldError].
func New(config Config, opts ...tenderkit.Option) (*Client, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	key := string(config.APIKey)
	http, err := transport.New(transport.Config{
		Vendor:      vendor,
		BaseURL:     config.BaseURL,
		Prefix:      prefix,
		Seal:        transport.NewSeal(key),
		Wrap:        func(next http.RoundTripper) http.RoundTripper { return &bearer{"Bearer " + key, next} },
		Fault:       readFault,
		FollowReads: true,
	}, opts...)
	if err != nil {
		return nil, err
	}
	return &Client{
		http:   http,
		paging: config.Paging,
		form:   form{config.TrailingSlash, config.TextIDs, config.AmountAsText},
	}, nil
}

func (c Config) check() error {
	switch {
	case c.APIKey == "":
		return invalid("Config.APIKey", "is empty")
	case strings.ContainsFunc(string(c.APIKey), func(r rune) bool { return r <= ' ' || r > '~' }):
		return invalid("Config.APIKey", "holds white space, a control character or a character beyond ASCII")
	case !c.Paging.known():
		return invalid("Config.Paging", "is none of the declared ways")
	case !c.TrailingSlash.known():
		return invalid("Config.TrailingSlash", "is none of the declared forms")
	}
	return nil
}

// bearer signs each attempt, below the retrier: a followed redirect is signed
// too, and the transport follows it on the same host only.
type bearer struct {
	header string
	next   http.RoundTripper
}

func (b *bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	signed := req.Clone(req.Context())
	signed.Header.Set("Authorization", b.header)
	return b.next.RoundTrip(signed)
}

func invalid(field, reason string) error {
	return &payment.FieldError{Field: field, Reason: reason}
}
