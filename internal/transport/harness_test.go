package transport

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// The options of the root package, which this package cannot import.

func with(change func(*Settings)) Option { return change }

func WithHTTPClient(c *http.Client) Option { return with(func(s *Settings) { s.Client = c }) }
func WithLogger(l *slog.Logger) Option     { return with(func(s *Settings) { s.Logger = l }) }
func WithUserAgent(product string) Option  { return with(func(s *Settings) { s.Product = product }) }
func WithTimeout(d time.Duration) Option   { return with(func(s *Settings) { s.Timeout = d }) }
func WithRetries(n int) Option             { return with(func(s *Settings) { s.Retries = n }) }
func WithBackoff(low, high time.Duration) Option {
	return with(func(s *Settings) { s.BackoffMin, s.BackoffMax = low, high })
}
func WithLimiter(l Limiter) Option          { return with(func(s *Settings) { s.Limiter = l }) }
func WithClock(now func() time.Time) Option { return with(func(s *Settings) { s.Clock = now }) }
func WithInsecureHTTP() Option              { return with(func(s *Settings) { s.InsecureHTTP = true }) }
func WithObserver(f func(context.Context, Exchange)) Option {
	return with(func(s *Settings) { s.Observer = f })
}

// quickly keeps the retrier's waits out of tests that do not look at them.
var quickly = WithBackoff(0, 0)

// vendor is a server on a real socket that counts the requests it was given.
type vendor struct {
	*httptest.Server
	got   atomic.Int64
	conns atomic.Int64 // connections it has ever had
}

// newVendor starts a server; prepare may change it first.
func newVendor(t *testing.T, handle http.HandlerFunc, prepare ...func(*httptest.Server)) *vendor {
	t.Helper()
	v := &vendor{}
	v.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v.got.Add(1)
		handle(w, r)
	}))
	v.Config.ErrorLog = quiet
	v.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			v.conns.Add(1)
		}
	}
	if len(prepare) == 0 {
		v.Start()
	}
	for _, p := range prepare {
		p(v.Server)
	}
	t.Cleanup(v.Close)
	return v
}

// newClient builds a client of base whose connections end with the test.
func newClient(t *testing.T, base string, opts ...Option) *Client {
	t.Helper()
	return clientOf(t, Config{BaseURL: base}, opts...)
}

func clientOf(t *testing.T, cfg Config, opts ...Option) *Client {
	t.Helper()
	cfg.Vendor, cfg.Prefix = "vendor", "/v1/"
	if cfg.BaseURL == "" {
		cfg.BaseURL = "https://api.example.com"
	}
	own := &http.Transport{}
	t.Cleanup(own.CloseIdleConnections)
	c, err := New(cfg, append([]Option{WithHTTPClient(&http.Client{Transport: own}), quickly}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// over sends a client's requests to next instead of a socket.
func over(next roundTrip) Option { return WithHTTPClient(&http.Client{Transport: next}) }

func writing() Request {
	return Request{
		Op: "Record", Class: Write, Method: http.MethodPost, Path: "payments", Payload: map[string]string{"ref": "till-7"},
		Reference: "till-7", Target: "order-9",
	}
}

func reading() Request {
	return Request{Op: "Payment", Class: Read, Method: http.MethodGet, Path: "payments/{id}", IDs: []string{"7"}}
}

type answer struct {
	ID int `json:"id"`
}

func send(ctx context.Context, c *Client, r Request) (answer, error) {
	return Call(ctx, c, r, JSON[answer])
}

// failed returns the *payment.Error of err and checks its sentinel.
func failed(t *testing.T, err, sentinel error) *payment.Error {
	t.Helper()
	var e *payment.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a *payment.Error", err)
	}
	for _, s := range []error{
		payment.ErrInvalid, payment.ErrUnauthorized, payment.ErrForbidden, payment.ErrNotFound, payment.ErrConflict,
		payment.ErrRateLimited, payment.ErrUnavailable, payment.ErrProtocol, payment.ErrOutcomeUnknown,
	} {
		if is := errors.Is(err, s); is != errors.Is(sentinel, s) {
			t.Errorf("got %v; it matches %v: %t", err, s, is)
		}
	}
	return e
}

// refusedInput returns the *payment.FieldError of err.
func refusedInput(t *testing.T, err error, field string) {
	t.Helper()
	var e *payment.FieldError
	if !errors.As(err, &e) || e.Field != field || !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("got %v, want a field error of %s", err, field)
	}
}

// counted counts attempts, sent or not.
func counted(n *atomic.Int64) Option {
	return WithObserver(func(context.Context, Exchange) { n.Add(1) })
}

func found(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"id":7}`))
}

// status answers with a status and a body.
func status(code int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

// raw writes text to the connection and closes it; with reset, abruptly.
func raw(text string, reset bool) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		_, _ = conn.Write([]byte(text))
		if tcp, ok := conn.(*net.TCPConn); ok && reset {
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
	}
}

// hang does not answer for as long as the client waits. A server notices that
// the client has left only after it has read the body.
func hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// first uses each of hs for one request, and the last one for all others.
func first(hs ...http.HandlerFunc) http.HandlerFunc {
	var n atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		i := min(int(n.Add(1)), len(hs)) - 1
		hs[i](w, r)
	}
}

// cookies is a jar that keeps nothing.
type cookies struct{}

func (*cookies) SetCookies(*url.URL, []*http.Cookie) {}
func (*cookies) Cookies(*url.URL) []*http.Cookie     { return nil }

// textResponse is an answer of status 200.
func textResponse(body string) *http.Response {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

// drainTo reads an answer into w and closes it.
func drainTo(w io.Writer, resp *http.Response) error {
	_, err := io.Copy(w, resp.Body)
	_ = resp.Body.Close()
	return err
}
