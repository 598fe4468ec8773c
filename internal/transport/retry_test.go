package transport

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"":                               0,
		"0":                              0,
		"2":                              2 * time.Second,
		" 2 ":                            2 * time.Second,
		"0.25":                           250 * time.Millisecond,
		"1e1":                            10 * time.Second,
		"-5":                             0,
		"-Inf":                           0,
		"NaN":                            0,
		"Inf":                            math.MaxInt64,
		"1e400":                          math.MaxInt64,
		"9223372036854775807":            math.MaxInt64,
		"99999999999999999999999":        math.MaxInt64,
		"1000000000":                     1e9 * time.Second,
		"soon":                           0,
		"2 s":                            0,
		"Sun, 01 Mar 2026 12:00:30 GMT":  30 * time.Second,
		"Sunday, 01-Mar-26 12:00:30 GMT": 30 * time.Second,
		"Sun Mar  1 12:00:30 2026":       30 * time.Second,
		"Sun, 01 Mar 2026 11:00:00 GMT":  0,
		"Fri, 31 Dec 9999 23:59:59 GMT":  math.MaxInt64,
	} {
		if got := retryAfter(http.Header{"Retry-After": {header}}, now); got != want {
			t.Errorf("%q is %v, want %v", header, got, want)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"1", "0.5", "-1", "NaN", "1e400", "Sun, 01 Mar 2026 12:00:30 GMT", "0x1p70", "9e9"} {
		f.Add(seed)
	}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, header string) {
		got := retryAfter(http.Header{"Retry-After": {header}}, now)
		if got < 0 {
			t.Errorf("%q is %v", header, got)
		}
		if n, err := strconv.ParseUint(header, 10, 16); err == nil && got != time.Duration(n)*time.Second {
			t.Errorf("%q is %v", header, got)
		}
	})
}

// TestFullJitter: every wait is within its bound, the bound doubles up to the
// largest, and waits spread over all of it.
func TestFullJitter(t *testing.T) {
	t.Parallel()
	const low, high = 100 * time.Millisecond, time.Second
	for attempt, bound := range map[int]time.Duration{
		0: low, 1: 2 * low, 2: 4 * low, 3: 8 * low, 4: high, 40: high, 61: high, 62: high, 63: high, 1000: high,
	} {
		least, most := high, time.Duration(0)
		for range 2000 {
			wait := jitter(low, high, attempt)
			least, most = min(least, wait), max(most, wait)
		}
		if least <= 0 || most > bound || least > bound/20 || most < bound-bound/20 {
			t.Errorf("attempt %d waits %v to %v, bound %v", attempt, least, most, bound)
		}
	}
	if jitter(0, 0, 3) != 0 || jitter(0, time.Second, 3) != 0 {
		t.Error("no backoff waits")
	}
	if got := jitter(1, math.MaxInt64, 1000); got <= 0 {
		t.Errorf("the largest bound waits %v", got)
	}
}

// stub answers without a socket, so that a test can stand in a synctest bubble.
func stub(code int, retryAfter string) Option {
	return over(func(*http.Request) (*http.Response, error) {
		h := http.Header{}
		if retryAfter != "" {
			h.Set("Retry-After", retryAfter)
		}
		return &http.Response{StatusCode: code, Header: h, Body: http.NoBody}, nil
	})
}

// TestWaits measures whole calls: how long they take and what they end with.
func TestWaits(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status     int
		retryAfter string
		deadline   time.Duration
		took       time.Duration
		attempts   int
	}{
		"as asked":          {503, "2", 0, 6 * time.Second, 4},
		"with decimals":     {429, "0.5", 0, 1500 * time.Millisecond, 4},
		"up to the cap":     {503, "60", 0, 3 * time.Minute, 4},
		"above the cap":     {503, "60.1", 0, 0, 1},
		"far above the cap": {503, "9223372036854775807", 0, 0, 1},
		"past the deadline": {503, "30", 70 * time.Second, time.Minute, 3},
		"at the deadline":   {429, "30", 30 * time.Second, 0, 1},
		"no such status":    {500, "2", 0, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if tt.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tt.deadline)
					defer cancel()
				}
				start := time.Now()
				_, err := send(ctx, newClient(t, "https://api.example.com", stub(tt.status, tt.retryAfter)), reading())
				e := failed(t, err, statusError(tt.status))
				if took := time.Since(start); took != tt.took || e.Attempts != tt.attempts || e.Status != tt.status {
					t.Errorf("%v after %v", err, took)
				}
				if e.RetryAfter != retryAfter(http.Header{"Retry-After": {tt.retryAfter}}, start) {
					t.Errorf("the error tells a wait of %v", e.RetryAfter)
				}
			})
		})
	}
}

// TestDateOnTheClientsClock: a date in an answer counts from the client's own
// clock, whatever the machine thinks.
func TestDateOnTheClientsClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		now := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
		start := time.Now()
		c := newClient(t, "https://api.example.com", WithClock(func() time.Time { return now }), WithRetries(1),
			stub(503, now.Add(20*time.Second).Format(http.TimeFormat)))
		_, err := send(t.Context(), c, reading())
		failed(t, err, payment.ErrUnavailable)
		if took := time.Since(start); took != 20*time.Second || !c.Now().Equal(now) {
			t.Errorf("waited %v", took)
		}
	})
}

// TestBackoffBoundsTheWholeCall: if the vendor asks for none, the waits are
// random, and within their bounds.
func TestBackoffBoundsTheWholeCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := newClient(t, "https://api.example.com", stub(503, ""), WithBackoff(time.Second, 3*time.Second), WithRetries(4))
		_, err := send(t.Context(), c, reading())
		failed(t, err, payment.ErrUnavailable)
		if took := time.Since(start); took <= 0 || took > (1+2+3+3)*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// TestContextEndsInTheWait: the error keeps what the vendor said last.
func TestContextEndsInTheWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		_, err := send(ctx, newClient(t, "https://api.example.com", stub(503, "7")), reading())
		e := failed(t, err, payment.ErrUnavailable)
		if e.Status != 503 || e.RetryAfter != 7*time.Second || !errors.Is(err, context.Canceled) || time.Since(start) != time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		broken := errors.New("broken")
		c := newClient(t, "https://api.example.com", WithBackoff(time.Hour, time.Hour),
			over(func(*http.Request) (*http.Response, error) { return nil, broken }))
		_, err := send(ctx, c, reading())
		failed(t, err, payment.ErrUnavailable)
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	})
}

// TestTimeoutOfAnAttempt: each attempt has its own time, the context bounds
// them all, and the time-out of the caller's http.Client bounds each attempt too.
func TestTimeoutOfAnAttempt(t *testing.T) {
	t.Parallel()
	never := roundTrip(func(req *http.Request) (*http.Response, error) {
		<-req.Context().Done()
		return nil, req.Context().Err()
	})
	for name, tt := range map[string]struct {
		client   *http.Client
		deadline time.Duration
		took     time.Duration
		attempts int
		own      bool // the attempt's time-out ended the last one
	}{
		"attempts":      {&http.Client{Transport: never}, time.Hour, 40 * time.Second, 4, true},
		"context":       {&http.Client{Transport: never}, 25 * time.Second, 25 * time.Second, 3, false},
		"caller's own":  {&http.Client{Transport: never, Timeout: 3 * time.Second}, time.Hour, 12 * time.Second, 4, true},
		"caller's long": {&http.Client{Transport: never, Timeout: time.Minute}, time.Hour, 40 * time.Second, 4, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), tt.deadline)
				defer cancel()
				start := time.Now()
				c := newClient(t, "https://api.example.com", WithHTTPClient(tt.client), WithTimeout(10*time.Second))
				_, err := send(ctx, c, reading())
				e := failed(t, err, payment.ErrUnavailable)
				if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errTimedOut) != tt.own {
					t.Errorf("got %v", err)
				}
				if took := time.Since(start); took != tt.took || e.Attempts != tt.attempts {
					t.Errorf("%d attempts in %v", e.Attempts, took)
				}
			})
		})
	}
}
