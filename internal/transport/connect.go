package transport

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/tenderkit/tenderkit/payment"
)

const (
	maxRedirects = 3               // that a Read follows
	maxIdle      = 4 * time.Second // below the five seconds of Apache and Node
	maxSilence   = 5 * time.Second // of an HTTP/2 connection, and for its answer to a ping
)

// newRetrier returns the library's client with our own rules in all its hooks.
// It never waits itself: see [call.pause].
func (c *Client) newRetrier() *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient:   c.newHTTPClient(),
		RetryMax:     c.set.Retries,
		CheckRetry:   c.checkRetry,
		Backoff:      noBackoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// newHTTPClient copies the caller's client. Its transport is wrapped in a type
// without CloseIdleConnections, because the retrier calls that method on every
// failure and would drop everybody's connections. Its time-out bounds each
// attempt and is moved there: in http.Client it would run while a limiter waits.
func (c *Client) newHTTPClient() *http.Client {
	var client http.Client
	if c.set.Client != nil {
		client = *c.set.Client
	}
	if client.Timeout > 0 {
		c.set.Timeout, client.Timeout = min(c.set.Timeout, client.Timeout), 0
	}
	next := client.Transport
	if next == nil {
		next = pooled(c.set.Timeout)
	}
	next = gate{next}
	if c.cfg.Wrap != nil {
		next = c.cfg.Wrap(next)
	}
	client.Transport = &attempts{client: c, next: next}
	client.CheckRedirect = c.checkRedirect
	return &client
}

// pooled returns net/http's default transport with room for more than two idle
// connections to the one host that a client talks to. An idle connection is
// closed before common servers close it: a write that meets a closing one has no
// known outcome. A silent HTTP/2 connection is asked for a sign of life early
// enough that a dead one fails the attempt that finds it, and no other.
func pooled(timeout time.Duration) http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = t.MaxIdleConns
	t.IdleConnTimeout = maxIdle
	var http2 http.HTTP2Config
	if t.HTTP2 != nil {
		http2 = *t.HTTP2
	}
	http2.SendPingTimeout = min(maxSilence, timeout/4)
	http2.PingTimeout = min(maxSilence, timeout/4)
	t.HTTP2 = &http2
	return t
}

// checkRedirect returns redirects as answers. A followed one would carry
// credentials to another place, and turn a POST into a GET.
func (c *Client) checkRedirect(req *http.Request, via []*http.Request) error {
	from := via[len(via)-1]
	if c.cfg.FollowReads && callOf(req.Context()).req.Class.reads() && len(via) <= maxRedirects && sameOrigin(req.URL, from.URL) {
		return nil
	}
	return http.ErrUseLastResponse
}

func sameOrigin(a, b *url.URL) bool { return a.Scheme == b.Scheme && a.Host == b.Host }

// gate is the layer right before the connection. It stops a Write that its
// payment.Attempt does not allow any more, after all waits and all signing.
type gate struct{ next http.RoundTripper }

func (g gate) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if err := callOf(ctx).allowed(ctx, payment.MayWrite); err != nil {
		return nil, err
	}
	return g.next.RoundTrip(req)
}

// allowed asks whether a Write may go on: its payment.Attempt may not have
// begun, or may have lost its claim.
func (c *call) allowed(ctx context.Context, ask func(context.Context) error) error {
	if c.req.Class != Write {
		return nil
	}
	if err := ask(ctx); err != nil {
		return NotSent(payment.ErrUnavailable, err)
	}
	return nil
}
