package transport

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"regexp"
	"slices"
	"sync/atomic"
	"time"
)

const (
	maxBody      = 10 << 20 // bytes of an answer that are read
	maxErrorBody = 64 << 10 // bytes of an error's body that are kept
	maxReads     = 2        // times that an attempt of a Read may be written: net/http repeats one on a dead connection
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
	resp, err := a.next.RoundTrip(c.request(call, req.WithContext(call.begin(ctx, cancel))))
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
	c.trace = newTrace()
	if c.req.Class.reads() {
		c.trace.stop = stop
	}
	return httptrace.WithClientTrace(ctx, &c.trace.hooks)
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
	body, err := readUpTo(resp.Body, limit+1, resp.ContentLength)
	tooLong := int64(len(body)) > limit
	r.Body, r.cut = body, tooLong || err != nil
	if tooLong {
		r.Body = body[:limit]
		if r.OK() {
			return errTooLarge
		}
	}
	return err
}

// readUpTo reads at most limit bytes. If the body is as long as it was declared
// to be, its bytes are written once.
func readUpTo(body io.Reader, limit, declared int64) ([]byte, error) {
	size := int64(bytes.MinRead)
	if declared >= 0 {
		size = min(declared, limit) + 1 // the end is found without room for more
	}
	b := make([]byte, 0, size)
	for int64(len(b)) < limit {
		n, err := body.Read(b[len(b):min(int64(cap(b)), limit)])
		b = b[:len(b)+n]
		switch {
		case err == io.EOF:
			return b, nil
		case err != nil:
			return b, err
		case len(b) == cap(b):
			b = slices.Grow(b, cap(b))
		}
	}
	return b, nil
}

// trace notes how far net/http came with one attempt. Its hooks run in other
// goroutines, some of them after the attempt has failed.
type trace struct {
	asked, connected atomic.Bool
	written          atomic.Int64 // how often the request's header went out
	stop             func()       // ends an attempt that is written too often; nil for a Write
	hooks            httptrace.ClientTrace
}

func newTrace() *trace {
	t := &trace{}
	t.hooks.GetConn = func(string) { t.asked.Store(true) }
	t.hooks.GotConn = t.gotConn
	t.hooks.WroteHeaders = func() { t.written.Add(1) }
	return t
}

// gotConn stops a Read that net/http goes on repeating by itself, as it does
// over HTTP/2 for as long as the server refuses each stream or connection.
func (t *trace) gotConn(httptrace.GotConnInfo) {
	t.connected.Store(true)
	if t.stop != nil && t.written.Load() >= maxReads {
		t.stop()
	}
}

// repeated reports whether the request went out more often than one attempt
// allows. A Write then has no outcome that an answer could tell.
func (t *trace) repeated(class Class) bool {
	limit := int64(1)
	if class.reads() {
		limit = maxReads
	}
	return t.written.Load() > limit
}

// mayHaveBeenSent reports false only if it is certain that the vendor has not
// worked on the request. Either net/http was asked for a connection and never
// had one, be it for DNS, dial, proxy or TLS, or the server said by HTTP/2 that
// it did not process the request. From the connection on nothing else is
// certain: WroteHeaders would seem to tell more, but HTTP/2 calls it after the
// bytes have left, and a plain or wrapped connection does not show which
// protocol runs on it.
func (t *trace) mayHaveBeenSent(err error) bool {
	switch {
	case isUnsent(err):
		return false
	case t.written.Load() <= 1 && isUnprocessed(err):
		return false
	case t.asked.Load():
		return t.connected.Load()
	}
	return !isDialError(err) // a transport that runs no hooks
}

// notProcessed are the texts of net/http for a request that the server has not
// processed (RFC 9113, sections 6.8 and 8.7): its stream was refused, or came
// after the last one that a GOAWAY names. There is no other way to tell. A text
// that changes one day leaves the outcome unknown.
var notProcessed = regexp.MustCompile(`^(?:` +
	`http2: Transport: cannot retry err \[(?:` +
	`stream error: stream ID \d+; REFUSED_STREAM; received from peer|` +
	`http2: Transport received Server's graceful shutdown GOAWAY` +
	`)\] after Request\.Body was written; define Request\.GetBody to avoid this error|` +
	`http2: Transport received GOAWAY from server ErrCode:[A-Z_0-9]+)$`)

func isUnprocessed(err error) bool {
	return err != nil && notProcessed.MatchString(withoutURL(err).Error())
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
