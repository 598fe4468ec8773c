// Package transport makes one call to a vendor: build, sign, send, retry,
// bound, classify, decode. It knows no vendor. A vendor's package tells it the
// host, how to sign, and how to read its errors.
//
// Every call has a class. A [Read] may be sent again. A [Lookup] is a Read that
// asks whether a write took effect. A [Write] is sent again only when nothing
// can have happened; when nobody can say what happened, the error matches
// payment.ErrOutcomeUnknown. The rules are one table, in retry.go.
//
// The way of a call through the files: [Call] (call.go) builds a request
// (request.go, url.go) and hands it to retryablehttp, which sends attempts
// (attempt.go) as often as the table allows (retry.go, wait.go). outcome.go
// makes the error, without the credentials that seal.go knows.
package transport

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/tenderkit/tenderkit/payment"
)

const agent = "tenderkit/0.1 (+https://github.com/tenderkit/tenderkit)"

// Config is what a vendor's package fixes for its clients.
type Config struct {
	Vendor  string
	BaseURL string // scheme and host; the only part a user may change
	Prefix  string // escaped path before every call's own, with both slashes
	Seal    *Seal  // the credentials, so that no error shows them

	// Wrap returns a RoundTripper that puts the vendor's signature on each
	// attempt. An error made with [NotSent] says that the attempt ended there.
	// The request it gets is the attempt's own, its header too, and is signed in
	// place. The values of the header are shared: they may be replaced, not changed.
	Wrap func(next http.RoundTripper) http.RoundTripper
	// Limiter is the vendor's own limit, asked after the caller's. Each time it
	// lets an attempt pass, one RoundTrip of Wrap's transport follows. It may
	// tell how long it waits with [ReportWait].
	Limiter Limiter
	// Fault reads code, message and request id of an answer without success. It
	// may replace e.Err by a more telling error. The table decides whether that
	// error is what the call returns.
	Fault func(r *Reply, e *payment.Error)
	// Refused returns a Refusal for an answer by which the vendor says that it
	// did not execute the call, and nil for every other answer. A nil func means
	// that no answer says so.
	Refused func(req *Request, r *Reply) *Refusal
	// RequestID is the name of the header with the vendor's id of an exchange.
	RequestID string
	// FollowReads lets a Read or Lookup follow up to three redirects to the same
	// scheme and host.
	FollowReads bool
}

// Refusal says that nothing was executed, so that even a Write may be sent
// again.
type Refusal struct {
	Err   error         // what the call fails with in the end
	Wait  time.Duration // before the next attempt; 0 leaves it to the backoff
	Tries int           // how often one call may be sent again for it
}

// Client sends calls to one vendor. It is immutable and safe for concurrent use.
type Client struct {
	cfg    Config
	set    Settings
	origin url.URL
	prefix string
	agent  []string // values of headers, shared by all requests
	json   []string
	blank  *http.Request // what all requests have in common
	retry  *retryablehttp.Client
}

// New checks cfg and opts and returns a client. It does no I/O. Errors are
// *payment.FieldError.
func New(cfg Config, opts ...Option) (*Client, error) {
	set, err := collect(opts)
	if err != nil {
		return nil, err
	}
	origin, err := parseOrigin(cfg.BaseURL, set.InsecureHTTP)
	if err != nil {
		return nil, err
	}
	if cfg.Seal == nil {
		cfg.Seal = NewSeal()
	}
	c := &Client{
		cfg: cfg, set: set, origin: origin, prefix: "/" + strings.TrimPrefix(cfg.Prefix, "/"),
		agent: []string{set.userAgent()}, json: []string{"application/json"},
		blank: &http.Request{Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1},
	}
	c.retry = c.newRetrier()
	return c, nil
}

// Now returns the time of the client's clock.
func (c *Client) Now() time.Time { return c.set.Clock() }
