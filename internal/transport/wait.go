package transport

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

const (
	maxRetryAfter = time.Minute // a longer wait ends the call
	waitNotice    = 50 * time.Millisecond
)

var errHeldBack = errors.New("held back by a limiter")

// Why a call waits, as [Exchange] tells it.
const (
	waitRetry   = "retry"
	waitLimiter = "limiter"
)

// holdBack waits before an attempt: for the backoff, then for the caller's
// limiter, then for the vendor's. The vendor's comes last because it counts on
// being followed by a request.
func (c *Client) holdBack(call *call) error {
	call.waited = call.pause
	if err := call.takePause(); err != nil {
		return err
	}
	if c.set.Limiter == nil && c.cfg.Limiter == nil {
		return nil
	}
	start := time.Now()
	err := c.askLimiters(call)
	call.waited += time.Since(start)
	return err
}

// takePause waits as long as [Client.checkRetry] has decided.
func (c *call) takePause() error {
	pause := c.pause
	if c.pause = 0; pause == 0 {
		return nil
	}
	c.reportWait(pause, waitRetry)
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-c.Done():
		return c.Err()
	case <-timer.C:
		return nil
	}
}

func (c *Client) askLimiters(call *call) error {
	if l := c.set.Limiter; l != nil {
		stop := call.noticeLater(waitLimiter)
		err := l.Wait(call)
		stop()
		if err != nil {
			return call.heldBack(err)
		}
	}
	if l := c.cfg.Limiter; l != nil {
		if err := l.Wait(call); err != nil {
			return call.heldBack(err)
		}
	}
	return nil
}

func (c *call) heldBack(err error) error {
	c.err = NotSent(payment.ErrRateLimited, because(errHeldBack, err))
	return c.err
}

// noticeLater reports a wait of unknown length if it lasts.
func (c *call) noticeLater(why string) (stop func() bool) {
	if !c.client.set.watched() {
		return func() bool { return true }
	}
	e := c.waiting(0, why)
	return time.AfterFunc(waitNotice, func() { c.client.report(c.Context, e, slog.LevelInfo, waitMessage) }).Stop
}

// ReportWait tells the observer and the logger that a vendor's limiter starts
// to wait, how long, and why. It is for the Wait method of [Config.Limiter],
// with the context that Wait was called with; elsewhere it does nothing.
func ReportWait(ctx context.Context, wait time.Duration, why string) {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		c.reportWait(wait, why)
	}
}

// noBackoff is the library's Backoff: a call waits in holdBack, where the wait
// is reported and the context is at hand.
func noBackoff(time.Duration, time.Duration, int, *http.Response) time.Duration { return 0 }

// jitter returns a random wait, anywhere between nothing and a bound that
// doubles with each attempt.
func jitter(min, max time.Duration, attempt int) time.Duration {
	bound := max
	if attempt < 62 && min <= max>>attempt {
		bound = min << attempt
	}
	if bound <= 0 {
		return 0
	}
	return rand.N(bound) + 1
}

// fits reports whether a wait ends before ctx does.
func fits(ctx context.Context, wait time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > wait
}

// retryAfter reads the Retry-After header: seconds, decimals allowed, or an
// HTTP date. It returns 0 for what cannot be read.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	s, err := strconv.ParseFloat(v, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return seconds(s)
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	return max(0, at.Sub(now))
}

// seconds converts without overflow.
func seconds(s float64) time.Duration {
	switch {
	case math.IsNaN(s) || s <= 0:
		return 0
	case s > 1e9:
		return math.MaxInt64
	}
	return time.Duration(s * float64(time.Second))
}
