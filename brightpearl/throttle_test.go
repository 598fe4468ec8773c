package brightpearl

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func throttled(left int, period time.Duration) *http.Response {
	return &http.Response{Header: http.Header{
		"Brightpearl-Requests-Remaining":   {strconv.Itoa(left)},
		"Brightpearl-Next-Throttle-Period": {strconv.FormatInt(period.Milliseconds(), 10)},
	}}
}

func enters(p *throttle) bool {
	_, _, ok := p.enter(time.Now())
	return ok
}

func TestThrottleProbesFirst(t *testing.T) {
	t.Parallel()
	p := newThrottle()
	if !enters(p) || enters(p) {
		t.Fatal("want exactly one request under way while nothing is known")
	}
	p.done(throttled(199, time.Minute))
	n := 0
	for enters(p) {
		n++
	}
	if want := (199 - reserve) / share; n != want {
		t.Errorf("%d requests at once, want %d", n, want)
	}
}

func TestThrottleNarrows(t *testing.T) {
	t.Parallel()
	for left, want := range map[int]int{100: 12, 20: 2, 12: 1, 5: 1, 4: 0, 0: 0} {
		p := newThrottle()
		p.underWay++
		p.done(throttled(left, time.Minute))
		n := 0
		for enters(p) {
			n++
		}
		if n != want {
			t.Errorf("with %d left %d requests go at once, want %d", left, n, want)
		}
	}
}

func TestThrottleWaitsForTheWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newThrottle()
		p.underWay++
		p.done(throttled(reserve, 30*time.Second))
		start := time.Now()
		if err := p.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(start); waited < 30*time.Second || waited > 31*time.Second {
			t.Errorf("waited %v", waited)
		}
		if enters(p) {
			t.Error("a new window begins with one request")
		}
	})
}

func TestThrottleWaitEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newThrottle()
		p.underWay++
		p.done(throttled(0, time.Minute))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := p.Wait(ctx); err != context.DeadlineExceeded {
			t.Errorf("err %v", err)
		}
		if p.underWay != 0 {
			t.Errorf("%d under way", p.underWay)
		}
	})
}

// Answers overtake each other: within a window the smaller number counts.
func TestThrottleTakesTheSmallerNumber(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newThrottle()
		p.learn(throttled(50, time.Minute).Header, time.Now())
		p.learn(throttled(60, time.Minute).Header, time.Now())
		if p.left != 50 {
			t.Errorf("left %d, want 50", p.left)
		}
		time.Sleep(time.Minute)
		p.learn(throttled(199, time.Minute).Header, time.Now())
		if p.left != 199 {
			t.Errorf("left %d in the new window, want 199", p.left)
		}
	})
}

// Numbers that are old may be far from true when other programs are busy.
func TestThrottleProbesAfterAPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newThrottle()
		p.learn(throttled(190, time.Minute).Header, time.Now())
		time.Sleep(10 * time.Second)
		if !enters(p) || enters(p) {
			t.Error("want one request after a pause")
		}
	})
}

// A request that hangs brings no numbers. The others wait a moment for it, not
// until its time-out.
func TestThrottleGoesPastAHangingRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newThrottle()
		p.learn(throttled(190, time.Minute).Header, time.Now())
		time.Sleep(30 * time.Second)
		for range 4 { // none of them is answered
			if err := p.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if waited := time.Since(p.learned) - 30*time.Second; waited != 3*time.Minute/fresh {
			t.Errorf("the fourth went out after %v", waited)
		}
	})
}

// A stand-in for the vendor that sends no headers is not held to them; one
// answer with headers ends that, and an error page without them changes nothing.
func TestThrottleWithoutHeaders(t *testing.T) {
	t.Parallel()
	p := newThrottle()
	for _, c := range []struct {
		answer *http.Response
		want   bool
	}{
		{&http.Response{StatusCode: http.StatusBadGateway}, false},
		{&http.Response{StatusCode: http.StatusOK}, true},
		{throttled(5, time.Minute), false},
		{&http.Response{StatusCode: http.StatusOK}, false},
	} {
		p.underWay++
		p.done(c.answer)
		p.lastOut = time.Now()
		p.underWay += 100
		if got := enters(p); got != c.want {
			t.Errorf("after %d the 101st request goes: %t, want %t", c.answer.StatusCode, got, c.want)
		}
		p.underWay = 0
	}
}

func TestThrottleIgnoresStrangeHeaders(t *testing.T) {
	t.Parallel()
	for _, h := range []http.Header{
		{}, throttled(-1, time.Second).Header, throttled(1, -time.Second).Header,
		{"Brightpearl-Requests-Remaining": {"many"}, "Brightpearl-Next-Throttle-Period": {"1"}},
	} {
		p := newThrottle()
		p.learn(h, time.Now())
		if !p.ends.IsZero() {
			t.Errorf("learned from %v", h)
		}
	}
	if _, period, ok := readThrottle(throttled(1, time.Hour*1000).Header); !ok || period != window {
		t.Errorf("period %v", period)
	}
}

func TestThrottleWait(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		h    http.Header
		want time.Duration
	}{
		{http.Header{}, window},
		{throttled(0, 20*time.Second).Header, 20 * time.Second},
		{http.Header{"Brightpearl-Requests-Remaining": {"0"}, "Brightpearl-Next-Throttle-Period": {"9223372036854775807"}}, window},
		{http.Header{"Retry-After": {"soon"}}, window},
		{http.Header{"Retry-After": {"2.5"}}, 0}, // package transport waits for that
		{http.Header{"Retry-After": {"Sun, 06 Nov 1994 08:49:37 GMT"}}, 0},
	} {
		if got := throttleWait(c.h); got < c.want || got > c.want+time.Second {
			t.Errorf("wait %v, want about %v", got, c.want)
		}
	}
}
