package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// deadAddress is an address of this machine where nobody listens.
func deadAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// dialing sets how a client connects.
func dialing(dial func(context.Context, string, string) (net.Conn, error)) Option {
	return WithHTTPClient(&http.Client{Transport: &http.Transport{DialContext: dial}})
}

// TestDialErrorComesBeforeTheRequest: net/http was never given a connection,
// so a write goes out again, but not for ever.
func TestDialErrorComesBeforeTheRequest(t *testing.T) {
	t.Parallel()
	noDNS := &net.Dialer{Resolver: &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("no name server")
	}}}
	over := make(chan struct{}) // net/http goes on dialing for later requests
	defer close(over)
	slow := func(context.Context, string, string) (net.Conn, error) {
		<-over
		return nil, errors.New("too late")
	}
	for name, tt := range map[string]struct {
		base string
		opt  Option
	}{
		"refused": {"http://" + deadAddress(t), quickly},
		"DNS":     {"https://api.example.com", dialing(noDNS.DialContext)},
		"slow":    {"https://api.example.com", dialing(slow)},
		"proxy":   {"https://api.example.com", WithHTTPClient(&http.Client{Transport: deadProxy(t)})},
	} {
		var attempts atomic.Int64
		c := newClient(t, tt.base, tt.opt, counted(&attempts), WithTimeout(100*time.Millisecond), WithRetries(9))
		_, err := send(t.Context(), c, writing())
		if e := failed(t, err, payment.ErrUnavailable); e.Attempts != 1+maxUnsent || attempts.Load() != 1+maxUnsent {
			t.Errorf("%s: %d attempts, the error tells %d", name, attempts.Load(), e.Attempts)
		}
	}
}

func deadProxy(t *testing.T) *http.Transport {
	return &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return url.Parse("http://" + deadAddress(t)) }}
}

// TestTLSHandshakeErrorComesBeforeTheRequest: a certificate nobody knows, and
// a server that hangs up inside the handshake.
func TestTLSHandshakeErrorComesBeforeTheRequest(t *testing.T) {
	t.Parallel()
	v := newVendor(t, found, func(s *httptest.Server) { s.StartTLS() })
	hangsUp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = hangsUp.Close() }()
	go func() {
		for {
			conn, err := hangsUp.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	for _, base := range []string{v.URL, "https://" + hangsUp.Addr().String()} {
		_, err := send(t.Context(), newClient(t, base), writing())
		if e := failed(t, err, payment.ErrUnavailable); e.Attempts != 1+maxUnsent || v.got.Load() != 0 {
			t.Errorf("%v after %d requests", err, v.got.Load())
		}
	}
}

// TestWriteGoesOutOnceAConnectionIsThere: the connection comes at the second
// attempt, and the vendor sees one request.
func TestWriteGoesOutOnceAConnectionIsThere(t *testing.T) {
	t.Parallel()
	v := newVendor(t, found)
	var dials, attempts atomic.Int64
	c := newClient(t, v.URL, counted(&attempts), dialing(func(ctx context.Context, network, addr string) (net.Conn, error) {
		if dials.Add(1) == 1 {
			return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
		}
		return (&net.Dialer{}).DialContext(ctx, network, addr)
	}))
	got, err := send(t.Context(), c, writing())
	if err != nil || got.ID != 7 || v.got.Load() != 1 || attempts.Load() != 2 {
		t.Errorf("%v, %v after %d requests in %d attempts", got, err, v.got.Load(), attempts.Load())
	}
}

func TestRetriesOffMeansOneAttempt(t *testing.T) {
	t.Parallel()
	for _, r := range []Request{reading(), writing()} {
		_, err := send(t.Context(), newClient(t, "http://"+deadAddress(t), WithRetries(0)), r)
		if e := failed(t, err, payment.ErrUnavailable); e.Attempts != 1 {
			t.Errorf("%s: %d attempts", r.Op, e.Attempts)
		}
	}
}

// TestWriteCancelledWhileDialing: nothing was sent, and the error says so.
func TestWriteCancelledWhileDialing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := newClient(t, "https://api.example.com", dialing(func(context.Context, string, string) (net.Conn, error) {
		cancel()
		<-t.Context().Done()
		return nil, errors.New("too late")
	}))
	_, err := send(ctx, c, writing())
	if e := failed(t, err, payment.ErrUnavailable); !errors.Is(err, context.Canceled) || e.Attempts != 1 {
		t.Errorf("got %v", err)
	}
}

// TestTransportWithoutHooks: a caller's own RoundTripper may not run the trace.
// Then only a dial error on its own proves that nothing was sent.
func TestTransportWithoutHooks(t *testing.T) {
	t.Parallel()
	dial := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	dns := &net.DNSError{Err: "no such host", Name: "api.example.com"}
	read := &net.OpError{Op: "read", Err: syscall.ECONNRESET}
	for _, tt := range []struct {
		err      error
		attempts int
		want     error
	}{
		{dial, 1 + maxUnsent, payment.ErrUnavailable},
		{dns, 1 + maxUnsent, payment.ErrUnavailable},
		{fmt.Errorf("proxy: %w", dial), 1 + maxUnsent, payment.ErrUnavailable},
		{read, 1, payment.ErrOutcomeUnknown},
		{errors.New("broken"), 1, payment.ErrOutcomeUnknown},
		{errors.Join(read, dial), 1, payment.ErrOutcomeUnknown}, // it tried twice itself
		{fmt.Errorf("%w after %w", dial, read), 1, payment.ErrOutcomeUnknown},
		{context.DeadlineExceeded, 1, payment.ErrOutcomeUnknown},
	} {
		var got int
		c := newClient(t, "https://api.example.com", over(func(*http.Request) (*http.Response, error) {
			got++
			return nil, tt.err
		}))
		_, err := send(t.Context(), c, writing())
		if e := failed(t, err, tt.want); got != tt.attempts || e.Attempts != got {
			t.Errorf("%v: sent %d times, want %d", tt.err, got, tt.attempts)
		}
	}
}

// TestBadTransport: a RoundTripper that breaks its contract breaks nothing else.
func TestBadTransport(t *testing.T) {
	t.Parallel()
	nothing := over(func(*http.Request) (*http.Response, error) { return nil, nil })
	_, err := send(t.Context(), newClient(t, "https://api.example.com", nothing), writing())
	failed(t, err, payment.ErrOutcomeUnknown)
	noBody := over(func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: 204}, nil })
	if _, err := Call(t.Context(), newClient(t, "https://api.example.com", noBody), writing(), Ignore); err != nil {
		t.Error(err)
	}
}

// TestNotSent: what fails while signing is told as the signer says, once.
func TestNotSent(t *testing.T) {
	t.Parallel()
	broken := errors.New("no token")
	for _, r := range []Request{reading(), writing()} {
		c := clientOf(t, Config{Wrap: func(http.RoundTripper) http.RoundTripper {
			return roundTrip(func(*http.Request) (*http.Response, error) {
				return nil, fmt.Errorf("signing: %w", NotSent(payment.ErrUnauthorized, broken))
			})
		}})
		_, err := send(t.Context(), c, r)
		if e := failed(t, err, payment.ErrUnauthorized); e.Attempts != 1 || !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	}
}

// TestDroppedIdleConnection: the vendor closes a kept connection at the moment
// it is used again. A write is not repeated on another one.
func TestDroppedIdleConnection(t *testing.T) {
	t.Parallel()
	v := newVendor(t, first(found, raw("", false)))
	c := newClient(t, v.URL)
	if _, err := send(t.Context(), c, writing()); err != nil {
		t.Fatal(err)
	}
	_, err := send(t.Context(), c, writing())
	failed(t, err, payment.ErrOutcomeUnknown)
	if v.got.Load() != 2 || v.conns.Load() != 1 {
		t.Errorf("%d requests on %d connections", v.got.Load(), v.conns.Load())
	}
}

// TestClosedIdleConnection: every call meets a connection that the vendor has
// closed or is closing. However the race ends, none is sent twice, and one
// that the vendor saw is never called unsent. The vendor may see a request
// after its call has failed: each carries a number, and they are counted at the
// end.
func TestClosedIdleConnection(t *testing.T) {
	t.Parallel()
	const calls = 50
	var seen [calls]atomic.Int64
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if n, convErr := strconv.Atoi(string(body)); err == nil && convErr == nil {
			seen[n].Add(1)
		}
		found(w, r)
	})
	c := newClient(t, v.URL)
	var outcomes [calls]error
	for n := range calls {
		r := writing()
		r.Payload, r.Body = nil, []byte(strconv.Itoa(n))
		_, outcomes[n] = send(t.Context(), c, r)
		go v.CloseClientConnections()
	}
	v.Close() // waits for every request
	for n, err := range outcomes {
		got := seen[n].Load()
		if got > 1 || got == 1 && errors.Is(err, payment.ErrUnavailable) || got == 0 && err == nil {
			t.Errorf("call %d: %d requests and %v", n, got, err)
		}
	}
}

// TestWaitsBetweenUnsentAttempts: a wait that the context ends keeps the
// verdict that nothing was sent.
func TestWaitsBetweenUnsentAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		dial := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
		c := newClient(t, "https://api.example.com", WithBackoff(time.Hour, time.Hour),
			over(func(*http.Request) (*http.Response, error) { return nil, dial }))
		_, err := send(ctx, c, writing())
		e := failed(t, err, payment.ErrUnavailable)
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, syscall.ECONNREFUSED) || e.Attempts != 1 {
			t.Errorf("got %v", err)
		}
	})
}
