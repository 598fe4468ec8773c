// Package transport makes one call to a vendor: build, sign, send, retry,
// bound, classify, decode. It knows no vendor; a vendor's package tells it the
// host, how to sign, and how to read its errors.
//
// Every call has a class. A Read may be sent again; a Write is sent again only
// when nothing can have happened, and when nobody can say what happened the
// error matches payment.ErrOutcomeUnknown.
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

	// Wrap puts the vendor's signature on each attempt, below the retrier. What
	// fails there before the request goes out is reported as NotSent. The
	// request it gets is the attempt's own, but the header's map is shared.
	Wrap func(next http.RoundTripper) http.RoundTripper
	// Limiter is the vendor's own limit, asked after the caller's. Each leave it
	// gives is followed by one RoundTrip of Wrap's transport.
	Limiter Limiter
	// Fault reads code, message and request id of an answer that is no success.
	// It may replace e.Err by a more telling error.
	Fault func(r *Reply, e *payment.Error)
	// Refused tells an answer by which the vendor says that it did not execute
	// the call. Nil means that no answer says so.
	Refused func(req *Request, r *Reply) *Refusal
	// RequestID is the name of the header with the vendor's id of an exchange.
	RequestID string
	// FollowReads lets a Read follow a redirect to the same scheme and host.
	FollowReads bool
}

// Refusal is a vendor's word that nothing was executed, so that even a Write
// may be sent again.
type Refusal struct {
	Err   error         // what the call fails with in the end
	Wait  time.Duration // before the next attempt; 0 leaves it to the backoff
	Tries int           // how often one call may be sent again for it
}

// Client sends calls to one vendor. It is immutable and safe for concurrent use.
type Client struct {
	cfg    Config
	set    settings
	origin url.URL
	prefix string
	agent  []string // values of headers, shared by all requests
	json   []string
	blank  *http.Request // what all requests have in common
	retry  *retryablehttp.Client
}

// New checks cfg and opts and builds a client. It does no I/O.
func New(cfg Config, opts ...Option) (*Client, error) {
	set, err := collect(opts)
	if err != nil {
		return nil, err
	}
	origin, err := parseOrigin(cfg.BaseURL, set.insecure)
	if err != nil {
		return nil, err
	}
	if cfg.Seal == nil {
		cfg.Seal = NewSeal()
	}
	c := &Client{
		cfg: cfg, set: set, origin: origin, prefix: "/" + strings.TrimPrefix(cfg.Prefix, "/"),
		agent: []string{set.userAgent}, json: []string{"application/json"},
		blank: &http.Request{Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Host: origin.Host},
	}
	c.retry = c.newRetrier()
	return c, nil
}

// Now is the client's clock.
func (c *Client) Now() time.Time { return c.set.clock() }

func (c *Client) newRetrier() *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient:   c.newHTTPClient(),
		RetryWaitMin: c.set.backoffMin,
		RetryWaitMax: c.set.backoffMax,
		RetryMax:     c.set.retries,
		CheckRetry:   c.checkRetry,
		Backoff:      backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// newHTTPClient copies the caller's client. Its transport is wrapped in a type
// without CloseIdleConnections, because the retrier calls that on every
// failure and would drop everybody's connections.
func (c *Client) newHTTPClient() *http.Client {
	var client http.Client
	if c.set.client != nil {
		client = *c.set.client
	}
	next := client.Transport
	if next == nil {
		next = pooled()
	}
	if c.cfg.Wrap != nil {
		next = c.cfg.Wrap(next)
	}
	client.Transport = &attempts{client: c, next: next}
	client.CheckRedirect = c.checkRedirect
	return &client
}

// pooled is net/http's default transport with room for more than two idle
// connections to the one host that a client talks to.
func pooled() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = t.MaxIdleConns
	return t
}

// checkRedirect hands redirects out as answers: a followed one would carry
// credentials to another place, and turn a POST into a GET.
func (c *Client) checkRedirect(req *http.Request, via []*http.Request) error {
	from := via[len(via)-1]
	if c.cfg.FollowReads && callOf(req.Context()).req.Class.reads() && len(via) < 4 && sameOrigin(req.URL, from.URL) {
		return nil
	}
	return http.ErrUseLastResponse
}

func sameOrigin(a, b *url.URL) bool { return a.Scheme == b.Scheme && a.Host == b.Host }
