package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

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
		WithObserver(func(_ context.Context, e Exchange) { got = append(got, e) }),
		WithLogger(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	r := reading()
	r.Op, r.IDs, r.Query = "Payment", []string{"sentinel-id"}, map[string][]string{"q": {"sentinel-query"}}
	r.Reference, r.Target = "till-7", "sentinel-target"
	if _, err := send(t.Context(), c, r); err != nil {
		t.Fatal(err)
	}
	want := []Exchange{
		{Status: 503, Attempt: 1, RequestID: "r-1"}, {Attempt: 2, RequestID: "r-2", Err: io.ErrUnexpectedEOF}, {Attempt: 3, Err: io.EOF},
		{Status: 200, Attempt: 4, RequestID: "r-[redacted]"},
	}
	for i := range want {
		want[i].Vendor, want[i].Op, want[i].Method, want[i].Path, want[i].Reference = "vendor", "Payment", "GET", "payments/{id}", "till-7"
	}
	for i := range got {
		if got[i].Duration <= 0 || got[i].Duration > time.Minute {
			t.Errorf("attempt %d took %v", i+1, got[i].Duration)
		}
		if e := got[i].Err; !errors.Is(e, want[i].Err) {
			t.Errorf("attempt %d ended by %v", i+1, e)
		}
		got[i].Duration, got[i].Err, want[i].Err = 0, nil, nil
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
		got := strings.Replace(strings.Join(keys, " "), " error", "", 1)
		if got != "attempt duration level method msg op path reference request_id status time vendor wait" {
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

// TestWaitsAreReported: the wait before a retry, a limiter's and the vendor's
// own are told when they begin, and the attempt tells how long it was held back.
func TestWaitsAreReported(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		type told struct {
			at time.Duration
			e  Exchange
		}
		var got []told
		var mu sync.Mutex
		var log bytes.Buffer
		sleepy := limiter(func(context.Context) error { time.Sleep(time.Second); return nil })
		window := limiter(func(ctx context.Context) error {
			ReportWait(ctx, 43*time.Second, "the account's next window")
			time.Sleep(43 * time.Second)
			return nil
		})
		c := clientOf(t, Config{Limiter: window}, WithLimiter(sleepy), WithRetries(1), stub(503, "5"),
			WithLogger(slog.New(slog.NewTextHandler(&log, nil))), WithObserver(func(_ context.Context, e Exchange) {
				mu.Lock()
				defer mu.Unlock()
				got = append(got, told{time.Since(start), Exchange{Attempt: e.Attempt, Waiting: e.Waiting, Wait: e.Wait, Status: e.Status}})
			}))
		_, err := send(t.Context(), c, reading())
		failed(t, err, payment.ErrUnavailable)
		want := []told{
			{waitNotice, Exchange{Attempt: 1, Waiting: "limiter"}},
			{time.Second, Exchange{Attempt: 1, Waiting: "the account's next window", Wait: 43 * time.Second}},
			{44 * time.Second, Exchange{Attempt: 1, Wait: 44 * time.Second, Status: 503}},
			{44 * time.Second, Exchange{Attempt: 2, Waiting: "retry", Wait: 5 * time.Second}},
			{49*time.Second + waitNotice, Exchange{Attempt: 2, Waiting: "limiter"}},
			{50 * time.Second, Exchange{Attempt: 2, Waiting: "the account's next window", Wait: 43 * time.Second}},
			{93 * time.Second, Exchange{Attempt: 2, Wait: 49 * time.Second, Status: 503}},
		}
		if !slices.Equal(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if !strings.Contains(log.String(), `level=INFO msg=waiting`) || !strings.Contains(log.String(), `wait=43s waiting="the account's next window"`) {
			t.Errorf("the log is\n%s", log.String())
		}
	})
	ReportWait(t.Context(), time.Second, "no call") // elsewhere it does nothing
}

// TestQuickLimiterIsNotReported: a limiter that has no reason to wait is not
// worth a report.
func TestQuickLimiterIsNotReported(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	c := newClient(t, "https://api.example.com", stub(500, ""), counted(&n), WithLimiter(limiter(func(context.Context) error { return nil })))
	_, err := send(t.Context(), c, reading())
	failed(t, err, payment.ErrUnavailable)
	if n.Load() != 1 {
		t.Errorf("%d reports", n.Load())
	}
}

// TestLimiterDoesNotUseUpTheTimeout: neither the client's own time-out nor the
// caller's http.Client counts what a limiter waits.
func TestLimiterDoesNotUseUpTheTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := limiter(func(context.Context) error { time.Sleep(time.Hour); return nil })
		c := newClient(t, "https://api.example.com", WithLimiter(slow), WithTimeout(time.Minute), WithHTTPClient(&http.Client{
			Timeout: time.Second, Transport: roundTrip(func(*http.Request) (*http.Response, error) {
				time.Sleep(time.Second - 1)
				return textResponse(`{"id":7}`), nil
			}),
		}))
		if got, err := send(t.Context(), c, writing()); err != nil || got.ID != 7 {
			t.Errorf("got %v, %v", got, err)
		}
	})
}
