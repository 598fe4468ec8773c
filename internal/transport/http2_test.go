package transport

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
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

// resetting is an HTTP/2 server, written by hand, that takes each request and
// then resets its stream with PROTOCOL_ERROR.
func resetting(t *testing.T) (*httptest.Server, *atomic.Int64) {
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
			go resetStreams(conn, &streams)
		}
	}()
	s.URL = "https://" + l.Addr().String()
	t.Cleanup(func() { _ = l.Close(); s.Client().CloseIdleConnections(); s.Close() })
	return s, &streams
}

func resetStreams(conn net.Conn, streams *atomic.Int64) {
	defer func() { _ = conn.Close() }()
	const settings, headers, reset, endStream, protocolError = 4, 1, 3, 1, 1
	preface := make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
	if _, err := io.ReadFull(conn, preface); err != nil {
		return
	}
	_, _ = conn.Write([]byte{0, 0, 0, settings, 0, 0, 0, 0, 0})
	for head := make([]byte, 9); ; {
		if _, err := io.ReadFull(conn, head); err != nil {
			return
		}
		size := int64(head[0])<<16 | int64(head[1])<<8 | int64(head[2])
		if _, err := io.CopyN(io.Discard, conn, size); err != nil {
			return
		}
		kind, flags, stream := head[3], head[4], binary.BigEndian.Uint32(head[5:])
		switch {
		case kind == settings && flags == 0:
			_, _ = conn.Write([]byte{0, 0, 0, settings, 1, 0, 0, 0, 0})
		case kind == headers:
			streams.Add(1)
		}
		if stream != 0 && flags&endStream != 0 {
			frame := []byte{0, 0, 4, reset, 0}
			frame = binary.BigEndian.AppendUint32(frame, stream)
			_, _ = conn.Write(binary.BigEndian.AppendUint32(frame, protocolError))
		}
	}
}

// tlsListener speaks TLS with s's certificate, and HTTP/2 only.
func tlsListener(l net.Listener, s *httptest.Server) net.Listener {
	config := s.TLS.Clone()
	config.NextProtos = []string{"h2"}
	return tls.NewListener(l, config)
}
