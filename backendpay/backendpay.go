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
// a wrong guess would leave a program stuck. A clause that a comment names, such as
// clause paths.form, is one of backendpaytest.Contract: it finds out on an
// installation what is true there.
//
// # Keys
//
// A key acts for one user, and a new key of that user invalidates the old one
// at once (documented). The error of a rejected key matches
// [payment.ErrUnauthorized]; a list or pass that it ends is incomplete. A user
// may see some customers only (documented). What the key's user may not see is
// left out of lists and answered like an unknown id (inferred, clauses
// access.list and access.payment).
//
// # Money
//
// An amount is in the customer's currency, which no documented record names.
// This package assumes none: amounts are bare exact decimals.
package backendpay

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

const vendor = "backendpay"

// Config says which installation is called, and with which key. All fields but
// BaseURL and the key are for installations that differ from the documentation.
type Config struct {
	APIKey  tenderkit.Secret // sent as a bearer token (documented)
	BaseURL string           // scheme and host of the installation; /backend/api/v1/ is added

	// Tenant names the installation in a payment.Store; the host's name if empty.
	// It must stay the same over runs.
	Tenant string

	// KeySource replaces APIKey for a program whose key may change while it runs.
	// It is called once for each request and must be safe for concurrent use. If
	// it returns an error, the request is not sent.
	KeySource func(context.Context) (tenderkit.Secret, error)

	Paging        Paging        // how lists are read (clauses list.order and list.id-after)
	TrailingSlash TrailingSlash // where paths end with a slash (clause paths.form)
	TextIDs       bool          // ids in paths may hold more than digits (clause payment.ids)
	AmountAsText  bool          // amounts are written as JSON strings, not as numbers (clause create.amount-form)
}

// Paging is how lists are read.
type Paging uint8

// The ways to read a list. idAfter is documented for every list, limit and
// offset for most. Which of them an installation honours shows only there: clauses
// list.id-after and list.order, clauses list.limit and list.offset.
const (
	// ByID asks for ids above the highest one seen until a page is empty: a
	// short page may be the server's own cap. It alone misses nothing while
	// payments are added or deleted, and it ends in an error where the server
	// does not keep to it. Ids must be numbers.
	ByID Paging = iota
	// ByOffset skips as many as were seen. Each page begins with the last record
	// of the page before, so a list that moves meanwhile, because a record was
	// added or deleted, ends in an error.
	ByOffset
	// OnePage sends one request without a limit and trusts its answer to be
	// complete. One above 10 MiB, some 40,000 payments, is an error.
	OnePage
)

// TrailingSlash says where the paths of an installation end with a slash. A read
// in the wrong form may be redirected, which is followed on the same host; a
// redirected write is not. Clause paths.form finds out.
type TrailingSlash uint8

// The forms of paths.
const (
	// SlashOnCollections is the form of the documentation's routes:
	// payments/ and payments/501.
	SlashOnCollections TrailingSlash = iota
	// SlashNowhere is the form of its curl samples: payments and payments/501.
	SlashNowhere
	// SlashEverywhere is a guess: payments/ and payments/501/.
	SlashEverywhere
)

// Client calls one installation. It is immutable and safe for concurrent use.
type Client struct {
	http    *transport.Client
	account payment.Account
	paging  Paging
	form    form
}

// form is what Config says about the form of requests.
type form struct {
	slash                 TrailingSlash
	textIDs, amountAsText bool
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
	seal := transport.NewSeal(string(c.APIKey))
	http, err := transport.New(transport.Config{
		Vendor:  vendor,
		BaseURL: c.BaseURL,
		Prefix:  "/backend/api/v1/",
		Seal:    seal,
		Wrap: func(next http.RoundTripper) http.RoundTripper {
			return &bearer{c, seal, authorization(c.APIKey), next}
		},
		Fault:       readFault,
		FollowReads: true,
	}, opts...)
	if err != nil {
		return nil, err
	}
	return &Client{
		http:    http,
		account: c.account(),
		paging:  c.Paging,
		form:    form{c.TrailingSlash, c.TextIDs, c.AmountAsText},
	}, nil
}

// account returns the account of a configuration whose BaseURL the transport has
// checked.
func (c Config) account() payment.Account {
	called, _ := url.Parse(strings.ToLower(c.BaseURL))
	return payment.Account{Vendor: vendor, Tenant: cmp.Or(c.Tenant, called.Hostname()), Host: strings.TrimSuffix(called.Host, ":443")}
}

func (c Config) check() error {
	switch {
	case c.APIKey != "" && c.KeySource != nil:
		return invalid("Config.KeySource", "cannot be combined with APIKey")
	case c.Paging > OnePage:
		return invalid("Config.Paging", "is not one of the declared ways")
	case c.TrailingSlash > SlashEverywhere:
		return invalid("Config.TrailingSlash", "is not one of the declared forms")
	case c.KeySource != nil:
		return nil
	}
	return checkKey("Config.APIKey", c.APIKey)
}

func checkKey(field string, key tenderkit.Secret) error {
	switch {
	case key == "":
		return invalid(field, "is empty")
	case strings.ContainsFunc(string(key), func(r rune) bool { return r <= ' ' || r > '~' }):
		return invalid(field, "holds white space, a control character or a character beyond ASCII")
	}
	return nil
}

var errOddKey = errors.New("Config.KeySource returned a key that is empty or not printable ASCII without blanks")

// bearer signs each attempt, below the retrier: a followed redirect is signed
// too, and the transport follows it on the same host only.
type bearer struct {
	config Config
	seal   *transport.Seal
	fixed  []string // value of the header with the configured key
	next   http.RoundTripper
}

func (b *bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	value := b.fixed
	if b.config.KeySource != nil {
		key, err := b.nextKey(req.Context())
		if err != nil {
			return nil, transport.NotSent(payment.ErrUnauthorized, err)
		}
		value = authorization(key)
	}
	req.Header["Authorization"] = value
	return b.next.RoundTrip(req)
}

func (b *bearer) nextKey(ctx context.Context) (tenderkit.Secret, error) {
	key, err := b.config.KeySource(ctx)
	if err == nil && checkKey("", key) != nil {
		err = errOddKey
	}
	b.seal.Add(string(key))
	return key, err
}

func authorization(key tenderkit.Secret) []string { return []string{"Bearer " + string(key)} }

// collection returns the path of a list, or of a creation in it.
func (f form) collection(path string) string {
	if f.slash == SlashNowhere {
		return path
	}
	return path + "/"
}

// item returns the path of one object.
func (f form) item(path string) string {
	if f.slash == SlashEverywhere {
		return path + "/"
	}
	return path
}

// checkID refuses what cannot be an id in a path. The documentation calls the
// path parameter numeric.
func (f form) checkID(field, id string) error {
	switch {
	case id == "":
		return invalid(field, "is empty")
	case !f.textIDs && !isDigits(id):
		return invalid(field, "is not made of digits; Config.TextIDs allows other ids")
	}
	return transport.CheckSegment(field, id)
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// invalid refuses an input.
func invalid(field, reason string) error {
	return &payment.FieldError{Field: field, Reason: reason}
}

// conflict reports what the vendor shows and what was asked for as different.
func conflict(cause error) error { return fmt.Errorf("%w: %w", payment.ErrConflict, cause) }
