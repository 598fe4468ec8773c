package transport

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	maxBody      = 10 << 20 // bytes of an answer that are read
	maxErrorBody = 64 << 10 // bytes of an error's body that are kept
)

var (
	errTooLarge = errors.New("answer above 10 MiB")
	errNoAnswer = errors.New("transport returned neither answer nor error")
	errTimedOut = fmt.Errorf("attempt timed out: %w", context.DeadlineExceeded)
	errAnswered = errors.New("an answer came")
	errRepeated = errors.New("the transport sent the request more than once")
)

// attempts is the RoundTripper below the retrier. It makes one attempt, reads
// the answer to its end, and notes in the call what came of it.
type attempts struct {
	client *Client
	next   http.RoundTripper
}

// RoundTrip makes one attempt. The body of the response it returns is empty: the
// call holds what was read.
func (a *attempts) RoundTrip(req *http.Request) (*http.Response, error) {
	c, call := a.client, callOf(req.Context())
	if err := c.holdBack(call); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(req.Context(), c.set.Timeout, errTimedOut)
	defer cancel()
	var start time.Time
	if c.set.watched() {
		start = time.Now()
	}
	resp, err := a.next.RoundTrip(req.WithContext(call.begin(ctx, cancel)))
	reply, err := read(resp, err)
	call.end(ctx, reply, err)
	if c.set.watched() {
		c.reportAttempt(call, time.Since(start))
	}
	if call.err != nil {
		return nil, call.err
	}
	resp.Body, resp.Request = http.NoBody, req
	return resp, nil
}

// begin starts an attempt. Until end knows better it may have reached the vendor.
func (c *call) begin(ctx context.Context, stop func()) context.Context {
	c.attempts++
	c.reply, c.err, c.sent = nil, nil, true
	c.trace = &trace{}
	if c.req.Class.reads() {
		c.trace.stop = stop
	}
	return c.trace.in(ctx)
}

// end notes what came of an attempt.
func (c *call) end(ctx context.Context, reply *Reply, err error) {
	switch {
	case c.trace.repeated(c.req.Class):
		err = because(errRepeated, cmp.Or(err, errAnswered))
	case err != nil && context.Cause(ctx) == errTimedOut && !errors.Is(err, errTimedOut):
		err = because(errTimedOut, err)
	}
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

// read reads the whole answer, bounded. For a body that breaks off it returns
// both the reply and the error.
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
		return reply, nil // what follows is not an answer and may have no end
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
