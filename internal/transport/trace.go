package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
)

// trace notes how far net/http came with one attempt of a Write. Its hooks run
// in other goroutines, some of them after the attempt has failed.
type trace struct {
	asked, connected, wrote, multiplexed atomic.Bool
}

// traced follows a Write down to the first byte. A Read may be repeated
// anyway, and the trace has its cost.
func (c *call) traced(ctx context.Context) context.Context {
	if c.req.Class == Read {
		return ctx
	}
	t := &trace{}
	c.trace = t
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { t.asked.Store(true) },
		GotConn:      t.gotConn,
		WroteHeaders: func() { t.wrote.Store(true) },
	})
}

func (t *trace) gotConn(info httptrace.GotConnInfo) {
	if conn, ok := info.Conn.(*tls.Conn); ok {
		protocol := conn.ConnectionState().NegotiatedProtocol
		t.multiplexed.Store(protocol != "" && !strings.HasPrefix(protocol, "http/1"))
	}
	t.connected.Store(true)
}

// mayHaveBeenSent is false only if it is certain that the vendor has nothing:
// no connection was had, or on HTTP/1 not even the headers were written. The
// request is flushed after its headers, and a connection whose attempt has
// failed is closed, so what was not written then never will be.
func (c *call) mayHaveBeenSent() bool {
	t := c.trace
	switch {
	case t == nil || isUnsent(c.err):
		return false
	case t.connected.Load():
		return t.wrote.Load() || t.multiplexed.Load()
	case t.asked.Load():
		return false
	}
	return !isDialError(c.err) // a transport that runs no hooks
}

func isDialError(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &op) && op.Op == "dial" || errors.As(err, &dns)
}
