package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

const (
	maxBody      = 10 << 20 // bytes of an answer that are read
	maxErrorBody = 64 << 10 // bytes of an error's body that are kept
)

var (
	errTooLarge  = errors.New("answer above 10 MiB")
	errTimedOut  = fmt.Errorf("attempt timed out: %w", context.DeadlineExceeded)
	errHeldBack  = errors.New("held back by a limiter")
	errRedirects = errors.New("redirect not followed")
)

// attempts is the RoundTripper below the retrier: it makes one attempt, reads
// the answer to its end, and notes in the call what came of it.
type attempts struct {
	client *Client
	next   http.RoundTripper
}

// RoundTrip makes one attempt. The body of the response it gives is empty: the
// call holds what was read.
func (a *attempts) RoundTrip(req *http.Request) (*http.Response, error) {
	call := callOf(req.Context())
	call.begin()
	if err := a.client.hold(req.Context()); err != nil {
		return nil, call.end(nil, err)
	}
	start := time.Now()
	ctx, cancel := context.WithTimeoutCause(req.Context(), a.client.set.timeout, errTimedOut)
	defer cancel()
	resp, err := a.next.RoundTrip(req.WithContext(call.traced(ctx)))
	reply, err := read(resp, err)
	if err != nil && context.Cause(ctx) == errTimedOut && !errors.Is(err, errTimedOut) {
		err = because(errTimedOut, err)
	}
	err = call.end(reply, err)
	a.client.report(call, time.Since(start))
	if err != nil {
		return nil, err
	}
	resp.Body, resp.Request = http.NoBody, req
	return resp, nil
}

// hold asks the limiters for leave.
func (c *Client) hold(ctx context.Context) error {
	for _, l := range [...]Limiter{c.set.limiter, c.cfg.Limiter} {
		if l == nil {
			continue
		}
		if err := l.Wait(ctx); err != nil {
			return NotSent(payment.ErrRateLimited, because(errHeldBack, err))
		}
	}
	return nil
}

// read takes the whole answer, bounded. A body that breaks off gives both the
// reply and the error.
func read(resp *http.Response, err error) (*Reply, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	reply := &Reply{Status: resp.StatusCode, Header: resp.Header}
	limit := int64(maxBody)
	if !reply.OK() {
		limit = maxErrorBody
	}
	var buf bytes.Buffer
	if n := resp.ContentLength; n > 0 {
		buf.Grow(int(min(n, limit)) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, limit+1))
	reply.Body = buf.Bytes()
	if n > limit {
		reply.Body = reply.Body[:limit]
		if reply.OK() {
			err = errTooLarge
		}
	}
	return reply, err
}

func (c *call) begin() {
	c.attempts++
	c.reply, c.err, c.trace, c.wait = nil, nil, nil, 0
}

func (c *call) end(reply *Reply, err error) error {
	c.reply, c.err = reply, err
	if reply != nil && !reply.OK() {
		if c.statuses == nil {
			c.statuses = make(map[int]int)
		}
		c.statuses[reply.Status]++
		reply.Seen = c.statuses[reply.Status]
	}
	return err
}
