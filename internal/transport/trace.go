package transport

import (
	"context"
	"errors"
	"net"
	"net/http/httptrace"
	"sync/atomic"
)

// trace notes how far net/http came with one attempt of a Write. Its hooks run
// in other goroutines, some of them after the attempt has failed.
type trace struct {
	asked, connected atomic.Bool
}

// traced follows a Write to its connection. A Read may be repeated anyway, and
// the trace has its cost.
func (c *call) traced(ctx context.Context) context.Context {
	if c.req.Class.reads() {
		return ctx
	}
	t := &trace{}
	c.trace = t
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { t.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { t.connected.Store(true) },
	})
}

// mayHaveBeenSent is false only if it is certain that the vendor has nothing:
// net/http was asked for a connection and never had one, be it for DNS, dial,
// proxy or TLS. From the connection on nothing is certain. WroteHeaders would
// seem to tell more, but HTTP/2 calls it after the bytes have left, and a
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

// isDialError looks along a single chain only: a transport that joins several
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
