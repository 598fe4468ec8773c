package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

func TestOrigin(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		base     string
		insecure bool
		ok       bool
	}{
		{"https://api.example.com", false, true},
		{"HTTPS://api.example.com:8443/", false, true},
		{"http://localhost:80", false, true},
		{"http://LOCALHOST", false, true},
		{"http://127.0.0.1:9", false, true},
		{"http://127.8.7.6", false, true},
		{"http://[::1]:9", false, true},
		{"http://[::1]", false, true},
		{"http://api.example.com", false, false},
		{"http://api.example.com", true, true},
		{"http://localhost.example.com", false, false},
		{"http://[::2]", false, false},
		{"http://0.0.0.0", false, false},
		{"http://127.0.0.1.example.com", false, false},
		{"ftp://api.example.com", true, false},
		{"https://user@api.example.com", false, false},
		{"https://user:pass-word@api.example.com", false, false},
		{"https://api.example.com/path", false, false},
		{"https://api.example.com//", false, false},
		{"https://api.example.com?q", false, false},
		{"https://api.example.com?", false, false},
		{"https://api.example.com#f", false, false},
		{"https://api.example.com#", false, false},
		{"https://:443", false, false},
		{"https://", false, false},
		{"api.example.com", false, false},
		{"//api.example.com", false, false},
		{"", false, false},
		{" https://api.example.com", false, false},
		{"https://api.example.com\n", false, false},
		{"https:api.example.com", false, false},
	} {
		var opts []Option
		if tt.insecure {
			opts = append(opts, WithInsecureHTTP())
		}
		_, err := New(Config{Vendor: "vendor", BaseURL: tt.base}, opts...)
		if tt.ok != (err == nil) {
			t.Errorf("%q: %v", tt.base, err)
		}
		if err != nil {
			refusedInput(t, err, "Config.BaseURL")
			if strings.Contains(err.Error(), "pass-word") || strings.Contains(err.Error(), "example") {
				t.Errorf("the value is in %q", err)
			}
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		opt   Option
		field string // empty if it is good
	}{
		{nil, "Option"},
		{WithHTTPClient(nil), "WithHTTPClient"},
		{WithHTTPClient(&http.Client{}), ""},
		{WithLogger(nil), "WithLogger"},
		{WithUserAgent(""), "WithUserAgent"},
		{WithUserAgent("a\r\nb: c"), "WithUserAgent"},
		{WithUserAgent("ü"), "WithUserAgent"},
		{WithUserAgent("shop/2.1 (desk)"), ""},
		{WithTimeout(0), "WithTimeout"},
		{WithTimeout(-1), "WithTimeout"},
		{WithTimeout(1), ""},
		{WithRetries(-1), "WithRetries"},
		{WithRetries(0), ""},
		{WithBackoff(-1, 1), "WithBackoff"},
		{WithBackoff(2, 1), "WithBackoff"},
		{WithBackoff(0, 0), ""},
		{WithLimiter(nil), "WithLimiter"},
		{WithClock(nil), "WithClock"},
		{WithObserver(nil), "WithObserver"},
	} {
		_, err := New(Config{Vendor: "vendor", BaseURL: "https://api.example.com"}, tt.opt, WithRetries(3))
		if tt.field != "" {
			refusedInput(t, err, tt.field)
		} else if err != nil {
			t.Error(err)
		}
	}
	_, err := New(Config{BaseURL: "https://api.example.com"}, WithRetries(-1), WithTimeout(-1), WithTimeout(1))
	refusedInput(t, err, "WithRetries")
}

type limiter func(context.Context) error

func (l limiter) Wait(ctx context.Context) error { return l(ctx) }

// TestLimiters: the caller's is asked before the vendor's, both before each
// attempt, and a request follows each leave.
func TestLimiters(t *testing.T) {
	t.Parallel()
	var order []string
	note := func(name string) limiter {
		return func(context.Context) error {
			order = append(order, name)
			return nil
		}
	}
	c := clientOf(t, Config{Limiter: note("vendor")}, WithLimiter(note("caller")), WithRetries(1),
		over(func(*http.Request) (*http.Response, error) {
			order = append(order, "sent")
			return nil, errors.New("broken")
		}))
	_, err := send(t.Context(), c, reading())
	failed(t, err, payment.ErrUnavailable)
	if got := strings.Join(order, " "); got != "caller vendor sent caller vendor sent" {
		t.Errorf("the order is %s", got)
	}
}

// TestLimiterRefuses: nothing is sent, nothing is repeated, and an answer from
// before is kept.
func TestLimiterRefuses(t *testing.T) {
	t.Parallel()
	full := errors.New("queue is full")
	for _, r := range []Request{reading(), writing()} {
		v := newVendor(t, status(503, ""))
		c := clientOf(t, Config{BaseURL: v.URL, Limiter: limiter(func(context.Context) error { return full })})
		_, err := send(t.Context(), c, r)
		e := failed(t, err, payment.ErrRateLimited)
		if !errors.Is(err, full) || e.Attempts != 0 || v.got.Load() != 0 {
			t.Errorf("%v after %d requests", err, v.got.Load())
		}
	}
	v := newVendor(t, status(503, ""))
	asked := 0
	_, err := send(t.Context(), newClient(t, v.URL, WithLimiter(limiter(func(context.Context) error {
		if asked++; asked == 2 {
			return context.DeadlineExceeded
		}
		return nil
	}))), reading())
	if e := failed(t, err, payment.ErrRateLimited); e.Status != 503 || e.Attempts != 1 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// TestExchanges: one per attempt, in the log and to the observer, with nothing
// but what is on the list.
func TestExchanges(t *testing.T) {
	t.Parallel()
	v := newVendor(t, first(
		status(503, "sentinel-body", "Ruid", "r-1", "X-Other", "sentinel-header"),
		raw("HTTP/1.1 200 OK\r\nRuid: r-2\r\nContent-Length: 100\r\n\r\nsentinel-body", false),
		raw("", false),
		status(200, `{"id":7}`, "Ruid", "r-sentinel-key")))
	var got []Exchange
	var log bytes.Buffer
	c := clientOf(t, Config{BaseURL: v.URL, Seal: NewSeal("sentinel-key"), RequestID: "Ruid", Wrap: signing},
		WithObserver(func(e Exchange) { got = append(got, e) }),
		WithLogger(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	r := reading()
	r.Op, r.IDs, r.Query = "Payment", []string{"sentinel-id"}, map[string][]string{"q": {"sentinel-query"}}
	r.Reference, r.Target = "sentinel-reference", "sentinel-target"
	if _, err := send(t.Context(), c, r); err != nil {
		t.Fatal(err)
	}
	want := []Exchange{
		{Status: 503, Attempt: 1, RequestID: "r-1"}, {Attempt: 2, RequestID: "r-2"}, {Attempt: 3},
		{Status: 200, Attempt: 4, RequestID: "r-[redacted]"},
	}
	for i := range want {
		want[i].Vendor, want[i].Op, want[i].Method, want[i].Path = "vendor", "Payment", "GET", "payments/{id}"
	}
	for i := range got {
		if got[i].Duration <= 0 || got[i].Duration > time.Minute {
			t.Errorf("attempt %d took %v", i+1, got[i].Duration)
		}
		got[i].Duration = 0
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	checkLog(t, log.String())
}

func checkLog(t *testing.T, log string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(log), "\n")
	levels := ""
	for _, line := range lines {
		var record map[string]any
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatal(err)
		}
		keys := slices.Sorted(maps.Keys(record))
		if got := strings.Join(keys, " "); got != "attempt duration level method msg op path request_id status time vendor" {
			t.Errorf("the log tells %s", got)
		}
		levels += record["level"].(string) + " "
	}
	if levels != "WARN WARN WARN DEBUG " || strings.Contains(log, "sentinel") {
		t.Errorf("the log is\n%s", log)
	}
}

// TestLoggerSeesTheContext: a caller's handler may read trace ids from it, even
// after it has ended.
func TestLoggerSeesTheContext(t *testing.T) {
	t.Parallel()
	type key struct{}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "trace-1"))
	var once sync.Once
	h := &contextHandler{key: key{}}
	c := newClient(t, "https://api.example.com", WithLogger(slog.New(h)), over(func(*http.Request) (*http.Response, error) {
		once.Do(cancel)
		return nil, context.Canceled
	}))
	_, err := send(ctx, c, reading())
	failed(t, err, payment.ErrUnavailable)
	if len(h.seen) != 1 || h.seen[0] != "trace-1" || h.ended {
		t.Errorf("the handler saw %v, ended %t", h.seen, h.ended)
	}
}

type contextHandler struct {
	slog.Handler
	key   any
	seen  []any
	ended bool
}

func (h *contextHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h *contextHandler) Handle(ctx context.Context, _ slog.Record) error {
	h.seen, h.ended = append(h.seen, ctx.Value(h.key)), ctx.Err() != nil
	return nil
}
