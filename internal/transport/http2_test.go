package transport

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// TestFactHTTP2RepeatsWithoutABody: net/http sends a request again whose stream
// the server has reset with a protocol error, also after the server has worked
// on it, unless the request has a body that cannot be had twice. That is why a
// Write always has one.
func TestFactHTTP2RepeatsWithoutABody(t *testing.T) {
	t.Parallel()
	r := Request{Op: "Delete", Class: Write, Method: http.MethodDelete, Path: "payments/{id}", IDs: []string{"7"}}
	ours, streams := resetting(t)
	_, err := send(t.Context(), newClient(t, ours.URL, WithHTTPClient(ours.Client())), r)
	failed(t, err, payment.ErrOutcomeUnknown)
	if streams.Load() != 1 {
		t.Errorf("a write was sent %d times", streams.Load())
	}

	theirs, streams := resetting(t)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond) // it waits longer from time to time
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodDelete, theirs.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := drain(theirs.Client().Do(req)); err == nil || streams.Load() < 2 {
		t.Errorf("net/http sent it %d times: %v", streams.Load(), err)
	}
}

// Frames of HTTP/2 (RFC 9113), as far as the tests send them.
const (
	frameHeaders, frameReset, frameSettings, frameGoAway, frameData = 1, 3, 4, 7, 0
	flagEndStream, flagEndHeaders                                   = 1, 4
	codeProtocol, codeRefused, codeCalm                             = 1, 7, 11
)

func frame(conn net.Conn, kind, flags byte, stream uint32, payload ...byte) {
	head := []byte{0, 0, byte(len(payload)), kind, flags}
	_, _ = conn.Write(append(binary.BigEndian.AppendUint32(head, stream), payload...))
}

func number(n uint32) []byte { return binary.BigEndian.AppendUint32(nil, n) }

// resetting is an HTTP/2 server that takes each request and then resets its
// stream with PROTOCOL_ERROR.
func resetting(t *testing.T) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	return byHand(t, func(conn net.Conn, stream uint32, _ int64) {
		frame(conn, frameReset, 0, stream, number(codeProtocol)...)
	})
}

// byHand is an HTTP/2 server, written by hand, that takes each request and then
// calls answer with the number of requests so far.
func byHand(t *testing.T, answer func(conn net.Conn, stream uint32, n int64)) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	var streams atomic.Int64
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.EnableHTTP2 = true
	s.Config.ErrorLog = quiet
	s.StartTLS()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	secure := tlsListener(l, s)
	go func() {
		for {
			conn, err := secure.Accept()
			if err != nil {
				return
			}
			go serveByHand(conn, func(stream uint32) { answer(conn, stream, streams.Add(1)) })
		}
	}()
	s.URL = "https://" + l.Addr().String()
	t.Cleanup(func() { _ = l.Close(); s.Client().CloseIdleConnections(); s.Close() })
	return s, &streams
}

func serveByHand(conn net.Conn, answer func(stream uint32)) {
	defer func() { _ = conn.Close() }()
	preface := make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
	if _, err := io.ReadFull(conn, preface); err != nil {
		return
	}
	frame(conn, frameSettings, 0, 0)
	for head := make([]byte, 9); ; {
		if _, err := io.ReadFull(conn, head); err != nil {
			return
		}
		size := int64(head[0])<<16 | int64(head[1])<<8 | int64(head[2])
		if _, err := io.CopyN(io.Discard, conn, size); err != nil {
			return
		}
		kind, flags, stream := head[3], head[4], binary.BigEndian.Uint32(head[5:])
		if kind == frameSettings && flags == 0 {
			frame(conn, frameSettings, 1, 0)
		}
		if stream != 0 && flags&flagEndStream != 0 {
			answer(stream)
		}
	}
}

// good answers with status 200 and a payment.
func good(conn net.Conn, stream uint32) {
	frame(conn, frameHeaders, flagEndHeaders, stream, 0x88) // :status 200
	frame(conn, frameData, flagEndStream, stream, []byte(`{"id":7}`)...)
}

// TestNotProcessed: a server that says by HTTP/2 that it has not processed a
// write gets it again, at most twice. One that only closes may have worked on it.
func TestNotProcessed(t *testing.T) {
	t.Parallel()
	refuse := func(conn net.Conn, stream uint32) { frame(conn, frameReset, 0, stream, number(codeRefused)...) }
	goAway := func(code, last uint32) func(net.Conn, uint32) {
		return func(conn net.Conn, _ uint32) {
			frame(conn, frameGoAway, 0, 0, append(number(last), number(code)...)...)
		}
	}
	for name, tt := range map[string]struct {
		bad   func(net.Conn, uint32)
		times int64 // requests that meet it
		want  error
		got   int64 // requests in all
	}{
		"refused":            {refuse, 2, nil, 3},
		"refused for good":   {refuse, 9, payment.ErrUnavailable, 3},
		"going away":         {goAway(0, 0), 2, nil, 3},
		"away for good":      {goAway(0, 0), 9, payment.ErrUnavailable, 3},
		"away with an error": {goAway(codeCalm, 0), 2, nil, 3},
		"in work, then away": {func(conn net.Conn, s uint32) { goAway(0, s)(conn, s); _ = conn.Close() }, 9, payment.ErrOutcomeUnknown, 1},
		"reset":              {func(conn net.Conn, s uint32) { frame(conn, frameReset, 0, s, number(codeProtocol)...) }, 9, payment.ErrOutcomeUnknown, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, streams := byHand(t, func(conn net.Conn, stream uint32, n int64) {
				if n <= tt.times {
					tt.bad(conn, stream)
				} else {
					good(conn, stream)
				}
			})
			_, err := send(t.Context(), newClient(t, s.URL, WithHTTPClient(s.Client())), writing())
			if tt.want != nil {
				failed(t, err, tt.want)
			} else if err != nil {
				t.Error(err)
			}
			if streams.Load() != tt.got {
				t.Errorf("%d requests, want %d: %v", streams.Load(), tt.got, err)
			}
		})
	}
}

// TestReadsAreBounded: net/http may repeat a read by itself, but not for ever.
func TestReadsAreBounded(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]func(net.Conn, uint32){
		"protocol error": func(conn net.Conn, s uint32) { frame(conn, frameReset, 0, s, number(codeProtocol)...) },
		"refused":        func(conn net.Conn, s uint32) { frame(conn, frameReset, 0, s, number(codeRefused)...) },
		"going away":     func(conn net.Conn, _ uint32) { frame(conn, frameGoAway, 0, 0, make([]byte, 8)...) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, streams := byHand(t, func(conn net.Conn, stream uint32, _ int64) { bad(conn, stream) })
			leaves := 0
			c := newClient(t, s.URL, WithHTTPClient(s.Client()), WithRetries(0), WithTimeout(10*time.Second),
				WithLimiter(limiter(func(context.Context) error { leaves++; return nil })))
			_, err := send(t.Context(), c, reading())
			failed(t, err, payment.ErrUnavailable)
			if n := streams.Load(); n > maxReads+1 || leaves != 1 {
				t.Errorf("%d requests, %d leaves: %v", n, leaves, err)
			}
		})
	}
}

// TestDeadHTTP2Connection: a hop swallows everything after one good write. The
// connection is found dead, and at most the write that finds it is lost.
func TestDeadHTTP2Connection(t *testing.T) {
	t.Parallel()
	const timeout = time.Second
	v := newVendor(t, found, func(s *httptest.Server) { startHTTP2(s, false) })
	var conns atomic.Int64
	own := pooled(timeout).(*http.Transport)
	own.TLSClientConfig = v.Client().Transport.(*http.Transport).TLSClientConfig
	own.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		if err != nil || conns.Add(1) > 1 {
			return conn, err
		}
		return &swallowing{Conn: conn, answered: func() bool { return v.got.Load() > 0 }}, nil
	}
	t.Cleanup(own.CloseIdleConnections)
	c := newClient(t, v.URL, WithHTTPClient(&http.Client{Transport: own}), WithTimeout(timeout))
	unknown := 0
	for range 20 {
		if _, err := send(t.Context(), c, writing()); err != nil {
			failed(t, err, payment.ErrOutcomeUnknown)
			unknown++
		}
	}
	if unknown == 0 || unknown > 2 || conns.Load() != 2 {
		t.Errorf("%d of 20 writes are unknown, on %d connections", unknown, conns.Load())
	}
}

// swallowing drops what is written once the server has been given a request.
type swallowing struct {
	net.Conn
	answered func() bool
	dead     atomic.Bool
}

func (s *swallowing) Write(b []byte) (int, error) {
	if s.dead.Load() {
		return len(b), nil
	}
	n, err := s.Conn.Write(b)
	s.dead.Store(s.answered())
	return n, err
}

// TestIdleConnections: a server closes idle connections after five seconds, and
// a till writes every five seconds. None of the writes meets a closing one.
func TestIdleConnections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
		server := &http.Server{Handler: http.HandlerFunc(found), ErrorLog: quiet, IdleTimeout: 5 * time.Second}
		go func() { _ = server.Serve(l) }()
		own := pooled(time.Minute).(*http.Transport)
		own.DialContext = func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			l.conns <- there
			return late{here}, nil
		}
		c := newClient(t, "http://localhost", WithHTTPClient(&http.Client{Transport: own}))
		for range 60 {
			if _, err := send(t.Context(), c, writing()); err != nil {
				t.Error(err)
			}
			time.Sleep(5*time.Second + latency/2)
		}
		own.CloseIdleConnections()
		_ = server.Close()
	})
}

const latency = 10 * time.Millisecond

// late is a connection whose end is noticed some time after the other side has
// closed it.
type late struct{ net.Conn }

func (l late) Read(b []byte) (int, error) {
	n, err := l.Conn.Read(b)
	if err != nil {
		time.Sleep(latency)
	}
	return n, err
}

// TestTransportThatRepeats: a caller's transport that sends a write twice leaves
// nobody able to tell what it did, whatever the second answer says.
func TestTransportThatRepeats(t *testing.T) {
	t.Parallel()
	for _, second := range []http.HandlerFunc{found, status(409, `{"error":"duplicate"}`), status(400, `{}`), raw("", false)} {
		v := newVendor(t, first(status(503, ""), second))
		own := &http.Transport{}
		t.Cleanup(own.CloseIdleConnections)
		twice := roundTrip(func(r *http.Request) (*http.Response, error) {
			body, _ := io.ReadAll(r.Body)
			var resp *http.Response
			var err error
			for range 2 {
				again := r.Clone(r.Context())
				again.Body = io.NopCloser(bytes.NewReader(body))
				if resp, err = own.RoundTrip(again); err == nil && resp.StatusCode == 503 {
					_ = resp.Body.Close()
				}
			}
			return resp, err
		})
		_, err := send(t.Context(), newClient(t, v.URL, over(twice)), writing())
		e := failed(t, err, payment.ErrOutcomeUnknown)
		if !errors.Is(err, errRepeated) || e.Attempts != 1 || v.got.Load() != 2 {
			t.Errorf("%v after %d requests", err, v.got.Load())
		}
	}
}

// tlsListener speaks TLS with s's certificate, and HTTP/2 only.
func tlsListener(l net.Listener, s *httptest.Server) net.Listener {
	config := s.TLS.Clone()
	config.NextProtos = []string{"h2"}
	return tls.NewListener(l, config)
}
