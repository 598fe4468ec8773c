package brightpearl

import (
	"net/http"
	"regexp"
	"strings"
	"unicode"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// Config says which account is called, and as whom.
type Config struct {
	Account    string // the account's code, first part of a private app's reference
	Datacenter string // "euw1" or "use1" (documented); not needed with BaseURL
	Auth       Auth   // from StaffToken, AccountToken, SignedToken or OAuth
	BaseURL    string // scheme and host in place of the datacentre's; /public-api/{account}/ is added
}

// Client calls one Brightpearl account. It is immutable and safe for
// concurrent use. Programs that share an account's pool of requests need not
// know of each other, but one program should make one Client an account.
type Client struct{ http *transport.Client }

// New checks config and options and gives a client. It does no I/O. What it
// refuses, it refuses with a [payment.FieldError].
func New(config Config, opts ...tenderkit.Option) (*Client, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	auth, err := config.Auth.open(config, opts)
	if err != nil {
		return nil, err
	}
	http, err := transport.New(config.transport(auth), opts...)
	if err != nil {
		return nil, err
	}
	return &Client{http: http}, nil
}

// transport says how calls are signed, held back and read.
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

const vendor = "brightpearl"

var datacenter = regexp.MustCompile(`^[a-z0-9-]+$`)

func (c Config) check() error {
	if err := transport.CheckSegment("Config.Account", c.Account); err != nil {
		return err
	}
	switch {
	case c.BaseURL == "" && !datacenter.MatchString(c.Datacenter):
		return invalid("Config.Datacenter", "is not a datacentre's name such as euw1")
	case c.Auth == nil:
		return invalid("Config.Auth", "is nil")
	}
	return nil
}

// origin is the documented host of the datacentre unless a base URL is given.
func (c Config) origin() string {
	if c.BaseURL != "" {
		return c.BaseURL
	}
	return "https://" + c.Datacenter + ".brightpearlconnect.com"
}

// get gives the request of a reading call.
func get(op, path string, ids ...string) transport.Request {
	return transport.Request{Op: op, Class: transport.Read, Method: http.MethodGet, Path: path, IDs: ids}
}

func invalid(field, reason string) error {
	return &payment.FieldError{Field: field, Reason: reason}
}

// hasEdges reports blanks at either end, or a control character anywhere.
func hasEdges(s string) bool {
	return s != strings.TrimSpace(s) || strings.ContainsFunc(s, unicode.IsControl)
}
