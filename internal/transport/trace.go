package transport

import (
	"context"
	"errors"
	"net"
	"net/http/httptrace"
	"regexp"
	"sync/atomic"
)

// maxReads is how often one attempt of a Read may be written: once, and once
// more by net/http itself if a kept connection turned out to be dead.
const maxReads = 2

// trace notes how far net/http came with one attempt. Its hooks run in other
// goroutines, some of them after the attempt has failed.
type trace struct {
	asked, connected atomic.Bool
	written          atomic.Int64 // how often the request's header went out
	stop             func()       // ends an attempt that is written too often; nil for a Write
}

func (t *trace) in(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { t.asked.Store(true) },
		GotConn:      t.gotConn,
		WroteHeaders: func() { t.written.Add(1) },
	})
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
