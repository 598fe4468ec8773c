package transport

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// together makes n calls of do that are all under way at the same time.
func together(n int, do func()) {
	var all sync.WaitGroup
	for range n {
		all.Go(do)
	}
	all.Wait()
}

// meeting answers once n requests are there, so that each needs its own connection.
func meeting(n int) http.HandlerFunc {
	var mu sync.Mutex
	var waiting []chan struct{}
	return func(w http.ResponseWriter, r *http.Request) {
		here := make(chan struct{})
		mu.Lock()
		waiting = append(waiting, here)
		if len(waiting) == n {
			for _, c := range waiting {
				close(c)
			}
			waiting = nil
		}
		mu.Unlock()
		<-here
		found(w, r)
	}
}

// routes sends "/v1/meet" to meet and everything else to other.
func routes(meet, other http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/meet" {
			meet(w, r)
			return
		}
		other(w, r)
	}
}

// TestFailureClosesNobodysConnection: eight kept connections are still there
// after other calls have failed in every way.
func TestFailureClosesNobodysConnection(t *testing.T) {
	t.Parallel()
	const n = 8
	for name, fault := range map[string]http.HandlerFunc{"503": status(503, ""), "500": status(500, ""), "302": to(302, "/x")} {
		v := newVendor(t, routes(meeting(n), fault))
		own := &http.Transport{MaxIdleConnsPerHost: n}
		c := newClient(t, v.URL, WithHTTPClient(&http.Client{Transport: own}), WithRetries(1))
		meet := Request{Op: "Meet", Class: Read, Method: http.MethodGet, Path: "meet"}
		all := func() {
			if _, err := send(t.Context(), c, meet); err != nil {
				t.Error(err)
			}
		}
		together(n, all)
		for _, r := range []Request{reading(), writing()} {
			if _, err := send(t.Context(), c, r); err == nil {
				t.Errorf("%s: no error", name)
			}
		}
		ended, cancel := context.WithTimeout(t.Context(), time.Microsecond)
		_, _ = send(ended, c, reading())
		cancel()
		together(n, all)
		if got := v.conns.Load(); got > n+1 { // the abandoned call may have cost one
			t.Errorf("%s: %d connections were opened for %d", name, got, n)
		}
		own.CloseIdleConnections()
	}
}

// TestErrorsKeepTheConnection: an answer is read to its end, so that the next
// call uses the same connection.
func TestErrorsKeepTheConnection(t *testing.T) {
	t.Parallel()
	v := newVendor(t, status(500, string(make([]byte, 20<<10))))
	c := newClient(t, v.URL)
	for range 10 {
		_, err := send(t.Context(), c, reading())
		failed(t, err, payment.ErrUnavailable)
	}
	if v.conns.Load() != 1 || v.got.Load() != 10 {
		t.Errorf("%d requests on %d connections", v.got.Load(), v.conns.Load())
	}
}

// pipes is a listener in memory, so that a whole server fits into a bubble.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.done) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "unix"} }

// counting is a connection that tells when it is closed.
type counting struct {
	net.Conn
	once sync.Once
	open *atomic.Int64
}

func (c *counting) Close() error {
	c.once.Do(func() { c.open.Add(-1) })
	return c.Conn.Close()
}

// TestNothingLeaks: the bubble ends only when every goroutine has, and the
// connections are counted.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]http.HandlerFunc{
		"dropped":   raw("", false),
		"truncated": raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":7}", false),
		"hang":      hang,
		"500":       status(500, "{}"),
		"too large": status(500, string(make([]byte, 3*maxErrorBody))),
		"101":       switches,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var open atomic.Int64
				l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
				server := &http.Server{Handler: fault, ErrorLog: quiet}
				go func() { _ = server.Serve(l) }()
				own := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
					here, there := net.Pipe()
					open.Add(1)
					l.conns <- there
					return &counting{Conn: here, open: &open}, nil
				}}
				c := newClient(t, "http://localhost", WithHTTPClient(&http.Client{Transport: own}), WithTimeout(time.Second))
				for range 10 {
					for _, r := range []Request{reading(), writing()} {
						if _, err := send(t.Context(), c, r); err == nil {
							t.Error("no error")
						}
					}
				}
				synctest.Wait()
				if open.Load() > 1 {
					t.Errorf("%d connections are open", open.Load())
				}
				own.CloseIdleConnections()
				_ = server.Close()
			})
		})
	}
}

// switches changes to another protocol and then waits for the client to speak.
func switches(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer func() { _ = conn.Close() }()
	_, _ = conn.Write([]byte("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n"))
	_, _ = io.Copy(io.Discard, conn)
}

// TestConcurrentCalls: one client, 64 goroutines, good and bad answers mixed.
func TestConcurrentCalls(t *testing.T) {
	t.Parallel()
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v1/payments/503":
			status(503, "")(w, r)
		case "/v1/payments/0":
			raw("", false)(w, r)
		default:
			_, _ = fmt.Fprintf(w, `{"id":%s}`, r.URL.Path[len("/v1/payments/"):])
		}
	})
	seal := NewSeal("secret")
	c := clientOf(t, Config{BaseURL: v.URL, Seal: seal, Wrap: signing}, WithRetries(1), WithObserver(func(context.Context, Exchange) { seal.Add("token") }))
	var next atomic.Int64
	together(64, func() {
		id := int(next.Add(1))
		for _, want := range []int{id, 503, 0} {
			r := reading()
			r.IDs = []string{fmt.Sprint(want)}
			if id%2 == 0 {
				r.Class, r.Method, r.Payload = Write, http.MethodPost, answer{ID: want}
			}
			got, err := send(t.Context(), c, r)
			if good := want == id; (err == nil) != good || good && got.ID != id {
				t.Errorf("%d returns %v, %v", want, got, err)
			}
		}
	})
}

// TestCallersClientIsNotChanged: it is copied, and what was set in it counts.
func TestCallersClientIsNotChanged(t *testing.T) {
	t.Parallel()
	v := newVendor(t, to(302, "/elsewhere"))
	var asked atomic.Int64
	own := &http.Transport{}
	t.Cleanup(own.CloseIdleConnections)
	jar := &cookies{}
	theirs := &http.Client{Transport: own, Timeout: time.Minute, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error {
		asked.Add(1)
		return http.ErrUseLastResponse
	}}
	c := newClient(t, v.URL, WithHTTPClient(theirs))
	_, err := send(t.Context(), c, reading())
	failed(t, err, payment.ErrProtocol)
	if asked.Load() != 0 || theirs.Transport != own || theirs.Timeout != time.Minute {
		t.Errorf("asked %d times, now %+v", asked.Load(), theirs)
	}
	resp, err := theirs.Get(v.URL)
	if err != nil || resp.StatusCode != 302 || asked.Load() != 1 {
		t.Errorf("the caller's CheckRedirect is not the caller's any more: %v, %v", resp, err)
	}
	_ = resp.Body.Close()
	if got := c.retry.HTTPClient; got.Timeout != 0 || c.set.Timeout != 30*time.Second || got.Jar != jar {
		t.Errorf("the copy is %+v, bounded by %v", got, c.set.Timeout)
	}
}

// TestOwnPool: without a caller's client each one has its own connections, with
// room for more than net/http's two.
func TestOwnPool(t *testing.T) {
	t.Parallel()
	const n = 8
	v := newVendor(t, meeting(n))
	c, err := New(Config{Vendor: "vendor", BaseURL: v.URL, Prefix: "/v1/"})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		together(n, func() {
			if _, err := send(t.Context(), c, reading()); err != nil {
				t.Error(err)
			}
		})
	}
	if v.conns.Load() != n {
		t.Errorf("%d connections for %d", v.conns.Load(), n)
	}
}
