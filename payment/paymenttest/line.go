package paymenttest

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tenderkit/tenderkit"
)

// line is the HTTP client of a Recorder under test. It counts its open
// connections and can end a context at an exact point of an exchange.
type line struct {
	transport *http.Transport
	open      atomic.Int64
	gate      gate

	mu   sync.Mutex
	sent int
	stop *stop
}

// stop ends a context, or the exchange alone, at one exchange, counted from 0.
type stop struct {
	at     int
	moment moment
	cancel context.CancelFunc // of the context
	struck func() bool        // of givenUp: the vendor has the request
}

// moment is a point of an exchange.
type moment string

const (
	beforeSending moment = "before sending"
	afterEffect   moment = "after the effect"
	givenUp       moment = "given up" // only this exchange, as by a time-out
)

var errGivenUp = errors.New("the exchange was given up")

func newLine() *line {
	l := &line{}
	l.transport = &http.Transport{DialContext: l.dial, MaxIdleConnsPerHost: 100}
	return l
}

// dial counts the connections that are open.
func (l *line) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	l.open.Add(1)
	return &counted{Conn: conn, closed: sync.OnceFunc(func() { l.open.Add(-1) })}, nil
}

type counted struct {
	net.Conn
	closed func()
}

// Close counts a connection down once.
func (c *counted) Close() error {
	c.closed()
	return c.Conn.Close()
}

// RoundTrip sends the request. At the stop, the answer does not come through.
func (l *line) RoundTrip(req *http.Request) (*http.Response, error) {
	l.gate.pass("before a request")
	defer l.gate.pass("after a request")
	stop := l.next()
	switch {
	case stop == nil:
		return l.transport.RoundTrip(req)
	case stop.moment == givenUp:
		return nil, l.giveUp(req, stop.struck)
	case stop.moment == beforeSending:
		stop.cancel()
		return l.transport.RoundTrip(req)
	}
	resp, err := l.transport.RoundTrip(req)
	stop.cancel()
	if err == nil {
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
	}
	return nil, context.Canceled
}

// giveUp sends the request and leaves as soon as the vendor has it.
func (l *line) giveUp(req *http.Request, struck func() bool) error {
	ctx, cancel := context.WithCancel(req.Context())
	defer cancel()
	go func() {
		_ = eventually(ctx, struck)
		cancel()
	}()
	resp, err := l.transport.RoundTrip(req.WithContext(ctx))
	if err == nil {
		_ = resp.Body.Close()
	}
	return errGivenUp
}

// next counts an exchange and returns the stop if this is the one.
func (l *line) next() *stop {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.sent
	l.sent++
	if l.stop != nil && l.stop.at == n {
		return l.stop
	}
	return nil
}

// stopAt sets the stop, counted from the exchanges that were made so far.
func (l *line) stopAt(s stop) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.at += l.sent
	l.stop = &s
}

// connection returns how a Recorder talks over l.
func (l *line) connection(url string, timeout time.Duration, retries int) Connection {
	client := &http.Client{Transport: l}
	return Connection{
		URL: url, HTTPClient: client, Timeout: timeout,
		Options: []tenderkit.Option{
			tenderkit.WithHTTPClient(client), tenderkit.WithTimeout(timeout),
			tenderkit.WithRetries(retries), tenderkit.WithBackoff(0, time.Millisecond),
		},
	}
}

func (l *line) close() { l.transport.CloseIdleConnections() }

// eventually waits for what another goroutine or the vendor will do.
func eventually(ctx context.Context, done func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, unhurried)
	defer cancel()
	tick := time.NewTicker(100 * time.Microsecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}
