package brightpearl

import (
	"context"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	window       = time.Minute // the vendor's counting window (documented)
	maxThrottled = 3           // how often one call goes out again after throttling
	reserve      = 4           // requests of each window left to other programs
	share        = 8           // an eighth of what is left may be under way at once
	fresh        = 20          // a twentieth of a window: as long an answer's numbers hold
)

// throttle keeps a client inside the account's pool of requests, which is 200
// a minute for all of an account's private apps together (documented).
//
// It holds no count of its own. Every answer tells what is left in the window
// and when it ends (brightpearl-requests-remaining and, in milliseconds,
// brightpearl-next-throttle-period), and that includes what other programs
// use. The less is left, the fewer requests it lets out at once, down to one
// at a time; programs that do the same meet at the reserve instead of beyond
// it. While it knows nothing, after a pause or in a new window, one request
// goes out to learn.
type throttle struct {
	mu       sync.Mutex
	left     int           // in the window, by the last answer
	ends     time.Time     // of the window
	learned  time.Time     // when the last answer came
	longest  time.Duration // time to a window's end that an answer has told; near a window's length
	underWay int
	lastOut  time.Time     // when a request was let out last
	free     bool          // a server that never sends the headers: nothing to keep to
	changed  chan struct{} // closed when a waiter should look again
}

func newThrottle() *throttle { return &throttle{changed: make(chan struct{})} }

// Wait returns when one more request may go out.
func (t *throttle) Wait(ctx context.Context) error {
	for {
		wake, changed, ok := t.enter(time.Now())
		if ok {
			return nil
		}
		if err := sleep(ctx, wake, changed); err != nil {
			return err
		}
	}
}

// enter takes a place or says how long to wait; 0 is until something changes.
func (t *throttle) enter(now time.Time) (wait time.Duration, changed <-chan struct{}, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Before(t.ends) && t.left <= reserve {
		return t.ends.Sub(now) + margin(), t.changed, false
	}
	if t.underWay < t.allowed(now) || t.patience(now) <= 0 {
		t.underWay++
		t.lastOut = now
		return 0, nil, true
	}
	return t.patience(now), t.changed, false
}

// allowed is how many requests may be under way at once.
func (t *throttle) allowed(now time.Time) int {
	if t.free {
		return math.MaxInt
	}
	if !now.Before(t.ends) || now.Sub(t.learned) > t.longest/fresh {
		return 1
	}
	return max(1, (t.left-reserve)/share)
}

// patience is how long one more request is held back while those under way
// bring no answer: they may hang, and they must not hold up all others.
func (t *throttle) patience(now time.Time) time.Duration {
	return t.lastOut.Add(max(t.longest/fresh, time.Second)).Sub(now)
}

// done gives the place back and learns from the answer, if there is one.
func (t *throttle) done(resp *http.Response) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.underWay--
	if resp != nil {
		t.learn(resp.Header, time.Now())
		t.free = t.ends.IsZero() && resp.StatusCode == http.StatusOK
	}
	close(t.changed)
	t.changed = make(chan struct{})
}

// learn takes the two headers. Answers may overtake each other: within one
// window the smaller number is the later one.
func (t *throttle) learn(h http.Header, now time.Time) {
	left, period, ok := readThrottle(h)
	if !ok {
		return
	}
	ends := now.Add(period)
	if ends.Sub(t.ends).Abs() < t.longest/2 {
		left = min(left, t.left)
	}
	t.left, t.ends, t.learned = left, ends, now
	t.longest = max(t.longest, period)
}

func readThrottle(h http.Header) (left int, period time.Duration, ok bool) {
	left, err1 := strconv.Atoi(h.Get("brightpearl-requests-remaining"))
	ms, err2 := strconv.ParseInt(h.Get("brightpearl-next-throttle-period"), 10, 64)
	if err1 != nil || err2 != nil || left < 0 || ms < 0 {
		return 0, 0, false
	}
	return left, time.Duration(min(ms, window.Milliseconds())) * time.Millisecond, true
}

// throttleWait is how long a throttled call waits: until the window ends, or
// a whole window if the answer does not say. Where it says so by Retry-After
// alone, package transport waits for that.
func throttleWait(h http.Header) time.Duration {
	_, period, ok := readThrottle(h)
	if !ok && !hasRetryAfter(h) {
		period = window
	}
	return period + margin()
}

// hasRetryAfter reports a Retry-After that can be read (no traffic shows one).
func hasRetryAfter(h http.Header) bool {
	v := strings.TrimSpace(h.Get("Retry-After"))
	_, err1 := strconv.ParseFloat(v, 64)
	_, err2 := http.ParseTime(v)
	return err1 == nil || err2 == nil
}

// margin keeps clear of the window's very edge, and programs from starting
// into a new window all at once.
func margin() time.Duration { return 2*time.Millisecond + rand.N(20*time.Millisecond) }

// sleep waits for the time, for a change or for the context's end.
func sleep(ctx context.Context, wait time.Duration, changed <-chan struct{}) error {
	var timer <-chan time.Time
	if wait > 0 {
		t := time.NewTimer(wait)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer:
	case <-changed:
	}
	return nil
}
