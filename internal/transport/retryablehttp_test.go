package transport

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/tenderkit/tenderkit/payment"
)

// The tests of this file hold the facts about retryablehttp that the package is
// built on, each beside what we do about it.

// TestFactRetryableRepeatsAPost: with its defaults the library sends a POST
// five times, also if the server has worked on it. Hence our own CheckRetry.
func TestFactRetryableRepeatsAPost(t *testing.T) {
	t.Parallel()
	v := newVendor(t, raw("", false))
	rc := retryablehttp.NewClient()
	rc.Logger, rc.RetryWaitMin, rc.RetryWaitMax = nil, 0, 0
	resp, err := rc.Post(v.URL, "application/json", []byte("{}"))
	if v.got.Load() != 5 || resp != nil || !strings.Contains(err.Error(), v.URL) {
		t.Errorf("%d requests, %v", v.got.Load(), err)
	}
}

// TestFactErrorHandler: it returns the last answer when the tries
// are used up, and the error of net/http unwrapped.
func TestFactErrorHandler(t *testing.T) {
	t.Parallel()
	c := newClient(t, "https://api.example.com", stub(503, ""), WithRetries(1))
	resp, err := c.retry.Do(retryRequest(t, c))
	if err != nil || resp.StatusCode != 503 {
		t.Errorf("got %v, %v", resp, err)
	}
	_ = resp.Body.Close()
	c = newClient(t, "https://api.example.com", over(func(*http.Request) (*http.Response, error) { return nil, io.EOF }))
	resp, err = c.retry.Do(retryRequest(t, c)) //nolint:bodyclose // there is none
	if _, plain := err.(*url.Error); !plain || resp != nil {
		t.Errorf("got %v, %v", resp, err)
	}
}

func retryRequest(t *testing.T, c *Client) *retryablehttp.Request {
	t.Helper()
	req, err := c.build(&call{Context: t.Context(), req: reading()})
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// TestFactCheckRetryGetsTheRequestsContext: the library hands over the context
// of the request, which is the call.
func TestFactCheckRetryGetsTheRequestsContext(t *testing.T) {
	t.Parallel()
	c := newClient(t, "https://api.example.com", stub(200, ""))
	req := retryRequest(t, c)
	check := c.retry.CheckRetry
	c.retry.CheckRetry = func(ctx context.Context, resp *http.Response, err error) (bool, error) {
		if ctx != req.Context() || callOf(ctx).attempts != 1 {
			t.Errorf("got %v", ctx)
		}
		return check(ctx, resp, err)
	}
	if err := drain(c.retry.Do(req)); err != nil {
		t.Error(err)
	}
}

// TestFactRetryAfterOfTheLibrary: it is neither capped nor safe from overflow.
// Hence our own Backoff.
func TestFactRetryAfterOfTheLibrary(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{"7200": true, "9223372036854775807": false, "0.5": false} {
		resp := &http.Response{StatusCode: 503, Header: http.Header{"Retry-After": {header}}}
		if got := retryablehttp.DefaultBackoff(time.Second, time.Minute, 0, resp); (got > time.Minute) != want {
			t.Errorf("%s waits %v", header, got)
		}
	}
}

// TestFactFailureClosesIdleConnections: the library does so on every failing
// path, with whatever transport has the method.
func TestFactFailureClosesIdleConnections(t *testing.T) {
	t.Parallel()
	closed := &closing{}
	rc := &retryablehttp.Client{HTTPClient: &http.Client{Transport: closed}, CheckRetry: retryablehttp.DefaultRetryPolicy, Backoff: retryablehttp.DefaultBackoff}
	if err := drain(rc.Get("https://api.example.com")); err == nil || closed.times != 1 {
		t.Errorf("closed %d times: %v", closed.times, err)
	}
	closed.times = 0
	_, err := send(t.Context(), newClient(t, "https://api.example.com", WithHTTPClient(&http.Client{Transport: closed})), reading())
	failed(t, err, payment.ErrUnavailable)
	if closed.times != 0 {
		t.Errorf("our client closed %d times", closed.times)
	}
}

type closing struct{ times int }

func (c *closing) RoundTrip(*http.Request) (*http.Response, error) { return nil, io.EOF }
func (c *closing) CloseIdleConnections()                           { c.times++ }

// TestFactWaitLosesTheAnswer: when the context ends in a wait, the library
// returns neither the answer nor its status. Hence the call keeps them.
func TestFactWaitLosesTheAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		c := newClient(t, "https://api.example.com", stub(503, ""))
		rc := &retryablehttp.Client{
			HTTPClient: &http.Client{Transport: c.retry.HTTPClient.Transport.(*attempts).next.(gate).next}, RetryMax: 1,
			CheckRetry: retryablehttp.DefaultRetryPolicy, Backoff: retryablehttp.DefaultBackoff, RetryWaitMin: time.Hour, RetryWaitMax: time.Hour,
			ErrorHandler: retryablehttp.PassthroughErrorHandler,
		}
		req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, "https://api.example.com", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := rc.Do(req) //nolint:bodyclose // there is none
		if resp != nil || err != context.DeadlineExceeded {
			t.Errorf("got %v, %v", resp, err)
		}
	})
}

// TestFactNoPrepareBeforeTheFirstAttempt: signing belongs into the transport,
// which is asked for every attempt.
func TestFactNoPrepareBeforeTheFirstAttempt(t *testing.T) {
	t.Parallel()
	prepared, signed := 0, 0
	c := clientOf(t, Config{Wrap: func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			signed++
			return next.RoundTrip(r)
		})
	}}, stub(503, ""), WithRetries(2))
	c.retry.PrepareRetry = func(*http.Request) error { prepared++; return nil }
	_, err := send(t.Context(), c, reading())
	failed(t, err, payment.ErrUnavailable)
	if prepared != 2 || signed != 3 {
		t.Errorf("prepared %d times, signed %d times", prepared, signed)
	}
}

// TestFactNewRequestSetsGetBody: so does SetBody, for every kind of body.
func TestFactNewRequestSetsGetBody(t *testing.T) {
	t.Parallel()
	req, err := retryablehttp.NewRequest(http.MethodPost, "https://api.example.com", []byte("{}"))
	if err != nil || req.GetBody == nil {
		t.Errorf("GetBody is not set: %v", err)
	}
}

// TestLoggerIsOff: the library's default logger would print every URL.
func TestLoggerIsOff(t *testing.T) {
	t.Parallel()
	if c := newClient(t, "https://api.example.com"); c.retry.Logger != nil {
		t.Errorf("the logger is %v", c.retry.Logger)
	}
	if retryablehttp.NewClient().Logger == nil {
		t.Error("the library has become silent by default")
	}
}

// TestFactDrainIsShort: the library reads 4 KiB of what it throws away, less
// than keeps a connection. Our attempts hand it nothing to throw away.
func TestFactDrainIsShort(t *testing.T) {
	t.Parallel()
	v := newVendor(t, status(503, string(bytes.Repeat([]byte("x"), 40<<10))))
	_, err := send(t.Context(), newClient(t, v.URL), reading())
	failed(t, err, payment.ErrUnavailable)
	if v.got.Load() != 4 || v.conns.Load() != 1 {
		t.Errorf("%d requests on %d connections", v.got.Load(), v.conns.Load())
	}
	own := &http.Transport{}
	rc := retryablehttp.NewClient()
	rc.Logger, rc.RetryWaitMin, rc.RetryWaitMax, rc.HTTPClient = nil, 0, 0, &http.Client{Transport: own}
	long := newVendor(t, status(503, string(bytes.Repeat([]byte("x"), 4<<20))))
	if err := drain(rc.Get(long.URL)); err == nil || long.conns.Load() == 1 {
		t.Errorf("the library keeps the connection of a long answer: %v", err)
	}
	own.CloseIdleConnections()
}
