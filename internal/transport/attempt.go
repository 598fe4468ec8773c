package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/tenderkit/tenderkit/payment"
)

const (
	maxBody      = 10 << 20 // bytes of an answer that are read
	maxErrorBody = 64 << 10 // bytes of an error's body that are kept
)

var (
	errTooLarge = errors.New("answer above 10 MiB")
	errNoAnswer = errors.New("transport gave neither answer nor error")
	errTimedOut = fmt.Errorf("attempt timed out: %w", context.DeadlineExceeded)
	errHeldBack = errors.New("held back by a limiter")
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
	if err := a.client.hold(req.Context()); err != nil {
		call.err = err
		return nil, err
	}
	took := a.client.watch()
	ctx, cancel := context.WithTimeoutCause(req.Context(), a.client.set.timeout, errTimedOut)
	defer cancel()
	resp, err := a.next.RoundTrip(req.WithContext(call.begin(ctx)))
	reply, err := read(resp, err)
	if err != nil && context.Cause(ctx) == errTimedOut && !errors.Is(err, errTimedOut) {
		err = because(errTimedOut, err)
	}
	call.end(reply, err)
	if took != nil {
		a.client.report(call, took())
	}
	if err != nil {
		return nil, err
	}
	resp.Body, resp.Request = http.NoBody, req
	return resp, nil
}

// hold asks the limiters for leave: the caller's first, because the vendor's
// counts on being followed by a request.
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
	switch {
	case err != nil:
		return nil, err
	case resp == nil:
		return nil, errNoAnswer
	case resp.Body == nil:
		resp.Body = http.NoBody
	}
	defer func() { _ = resp.Body.Close() }()
	reply := &Reply{Status: resp.StatusCode, Header: resp.Header}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return reply, nil // what follows is no answer and may have no end
	}
	return reply, reply.readBody(resp)
}

func (r *Reply) readBody(resp *http.Response) error {
	limit := int64(maxBody)
	if !r.OK() {
		limit = maxErrorBody
	}
	var buf bytes.Buffer
	if n := resp.ContentLength; n > 0 {
		buf.Grow(int(min(n, limit)) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(resp.Body, limit+1))
	r.Body, r.cut = buf.Bytes(), n > limit || err != nil
	if n > limit {
		r.Body = r.Body[:limit]
		if r.OK() {
			return errTooLarge
		}
	}
	return err
}

// begin starts an attempt. Until end knows better it may have reached the vendor.
func (c *call) begin(ctx context.Context) context.Context {
	c.attempts++
	c.reply, c.err, c.wait, c.sent = nil, nil, 0, true
	return c.traced(ctx)
}

func (c *call) end(reply *Reply, err error) {
	c.reply, c.err = reply, err
	c.sent = reply != nil || c.trace.mayHaveBeenSent(err)
	if reply != nil && !reply.OK() {
		if c.statuses == nil {
			c.statuses = make(map[int]int)
		}
		c.statuses[reply.Status]++
		reply.Seen = c.statuses[reply.Status]
	}
}
