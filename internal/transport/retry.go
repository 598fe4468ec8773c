package transport

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	maxRetryAfter = time.Minute // a longer wait ends the call
	maxUnsent     = 2           // how often a Write goes out again after a failed connection
)

// checkRetry is the retrier's question after each attempt. It answers from the
// call, which knows the class; the arguments do not.
func (c *Client) checkRetry(ctx context.Context, _ *http.Response, err error) (bool, error) {
	call := callOf(ctx)
	if err != nil {
		call.endedBy(err)
	}
	if ctx.Err() != nil || !c.mayRepeat(call) {
		return false, nil
	}
	return waitFits(ctx, call.wait), nil
}

// mayRepeat applies the class, and sets the wait if the answer asks for one.
func (c *Client) mayRepeat(call *call) bool {
	read := call.req.Class.reads()
	switch {
	case isUnsent(call.err):
		return false
	case call.err != nil && call.reply == nil:
		return read || !call.sent && call.attempts <= maxUnsent
	case call.err != nil:
		return read && !errors.Is(call.err, errTooLarge)
	case call.reply.OK():
		return false
	}
	call.wait = retryAfter(call.reply.Header, c.set.clock())
	if call.wait > maxRetryAfter {
		return false
	}
	if refusal := c.refused(call); refusal != nil {
		call.wait = max(call.wait, refusal.Wait)
		return call.reply.Seen <= refusal.Tries
	}
	return read && repeatable(call.reply.Status)
}

// refused asks the vendor's package whether an answer means "not executed".
func (c *Client) refused(call *call) *Refusal {
	if c.cfg.Refused == nil || call.reply == nil || call.reply.OK() {
		return nil
	}
	return c.cfg.Refused(call.req, call.reply)
}

func repeatable(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

func waitFits(ctx context.Context, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > wait
}

// backoff is full jitter: anywhere between nothing and a bound that doubles.
// What an answer asked for is waited out in full.
func backoff(min, max time.Duration, attempt int, resp *http.Response) time.Duration {
	if resp != nil && resp.Request != nil {
		if asked := callOf(resp.Request.Context()).wait; asked > 0 {
			return asked
		}
	}
	return jitter(min, max, attempt)
}

func jitter(min, max time.Duration, attempt int) time.Duration {
	bound := max
	if attempt < 62 && min <= max>>attempt {
		bound = min << attempt
	}
	if bound <= 0 {
		return 0
	}
	return rand.N(bound) + 1
}

// retryAfter reads the Retry-After header: seconds, decimals allowed, or an
// HTTP date. What cannot be read is no wish.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	s, err := strconv.ParseFloat(v, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return seconds(s)
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	return max(0, at.Sub(now))
}

// seconds converts without overflow.
func seconds(s float64) time.Duration {
	switch {
	case math.IsNaN(s) || s <= 0:
		return 0
	case s > 1e9:
		return math.MaxInt64
	}
	return time.Duration(s * float64(time.Second))
}
