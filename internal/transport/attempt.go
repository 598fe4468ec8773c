package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
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
	resp, err := a.next.RoundTrip(req.WithContext(call.begin(ctx)))
	reply, err := read(resp, err)
	if err != nil && context.Cause(ctx) == errTimedOut && !errors.Is(err, errTimedOut) {
		err = because(errTimedOut, err)
	}
	call.end(reply, err)
	if c.set.watched() {
		c.reportAttempt(call, time.Since(start))
	}
	if err != nil {
		return nil, err
	}
	resp.Body, resp.Request = http.NoBody, req
	return resp, nil
}

// begin starts an attempt. Until end knows better it may have reached the vendor.
func (c *call) begin(ctx context.Context) context.Context {
	c.attempts++
	c.reply, c.err, c.sent, c.trace = nil, nil, true, nil
	if c.req.Class.reads() {
		return ctx // it may be sent again anyway, and a trace has its cost
	}
	c.trace = &trace{}
	return c.trace.in(ctx)
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

// trace notes how far net/http came with one attempt of a Write. Its hooks run
// in other goroutines, some of them after the attempt has failed.
type trace struct {
	asked, connected atomic.Bool
}

func (t *trace) in(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { t.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { t.connected.Store(true) },
	})
}

// mayHaveBeenSent reports false only if it is certain that the vendor has
// nothing: net/http was asked for a connection and never had one, be it for DNS,
// dial, proxy or TLS. From the connection on nothing is certain. WroteHeaders
// would seem to tell more, but HTTP/2 calls it after the bytes have left, and a
// plain or wrapped connection does not show which protocol runs on it.
func (t *trace) mayHaveBeenSent(err error) bool {
	switch {
	case isUnsent(err):
		return false
	case t == nil: // a Read: nobody asks
		return true
	case t.asked.Load():
		return t.connected.Load()
	}
	return !isDialError(err) // a transport that runs no hooks
}

// isDialError looks along a single chain only. A transport that joins several
// errors has tried several times, and one of them may have come through.
func isDialError(err error) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		switch e := err.(type) {
		case *net.OpError:
			if e.Op == "dial" {
				return true
			}
		case *net.DNSError:
			return true
		}
	}
	return false
}
