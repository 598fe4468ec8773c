package brightpearl

import (
	"context"
	"net/http"
	"strconv"
	"sync"
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
	_, ok := p.enter(time.Now())
	return ok
}

func TestThrottleProbesFirst(t *testing.T) {
	t.Parallel()
	p := newThrottle()
	if !enters(p) || enters(p) {
		t.Fatal("want exactly one request under way while nothing is known")
	}
	p.done(throttled(199, time.Minute), time.Second)
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
		p.done(throttled(left, time.Minute), time.Second)
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
		p.done(throttled(reserve, 30*time.Second), time.Second)
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
		p.done(throttled(0, time.Minute), time.Second)
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
		p.trip = time.Minute
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
		p.done(c.answer, time.Second)
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

// Each change wakes one of those who wait, and each of them is served in turn.
func TestThrottleServesAQueueInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newThrottle()
		p.trip = time.Minute
		p.underWay++
		p.done(throttled(12, time.Minute), time.Second) // one at a time
		p.underWay++
		p.lastOut = time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		var served []int
		wait := func(i int, ctx context.Context) {
			if p.Wait(ctx) == nil {
				served = append(served, i)
			}
		}
		for i := range 6 {
			if i == 0 || i == 3 {
				go wait(i, ctx)
			} else {
				go wait(i, t.Context())
			}
			synctest.Wait()
		}
		cancel() // the first and one in the middle give up
		synctest.Wait()
		for n, want := range []int{1, 2, 4, 5} {
			p.done(throttled(12-n, time.Minute), time.Second)
			synctest.Wait()
			if len(served) != n+1 || served[n] != want {
				t.Fatalf("served %v, want %d next", served, want)
			}
		}
		if p.queue.Len() != 0 || p.underWay != 1 {
			t.Errorf("%d wait, %d under way", p.queue.Len(), p.underWay)
		}
	})
}

// BenchmarkThrottleWaiters is one answer with so many callers waiting.
func BenchmarkThrottleWaiters(b *testing.B) {
	for _, waiters := range []int{16, 1024, 4096} {
		b.Run(strconv.Itoa(waiters), func(b *testing.B) {
			p := newThrottle()
			out := make(chan struct{})
			ctx, cancel := context.WithCancel(b.Context())
			p.underWay++
			p.done(throttled(12, time.Minute), time.Hour)
			p.underWay++
			p.lastOut = time.Now().Add(time.Hour)
			var workers sync.WaitGroup
			for range waiters {
				workers.Go(func() {
					for p.Wait(ctx) == nil {
						out <- struct{}{}
					}
				})
			}
			b.ReportAllocs()
			answer := throttled(12, time.Minute)
			for b.Loop() {
				p.done(answer, time.Hour)
				<-out
			}
			cancel()
			go func() {
				for range out {
				}
			}()
			workers.Wait()
			close(out)
		})
	}
}

// Late in a window that other programs share, requests are spread over the time
// that is left. A program that is alone uses it up at once.
func TestThrottleSpreadsASharedWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for drop, want := range map[int]time.Duration{1: 0, 2: 30 * time.Second / (2 * 46)} {
			p := newThrottle()
			for i := range 4 {
				p.underWay++
				p.done(throttled(50+(3-i)*drop, 30*time.Second), time.Second)
			}
			start := time.Now()
			for range 2 {
				if err := p.Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if waited := time.Since(start); waited < want || waited > want+time.Millisecond {
				t.Errorf("others took %d of each: waited %v, want %v", drop-1, waited, want)
			}
		}
	})
}
