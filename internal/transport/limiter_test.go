package transport

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

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
