package brightpearl

import (
	"container/list"
	"context"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit/internal/transport"
)

const (
	window       = time.Minute // the vendor's counting window (documented)
	maxThrottled = 3           // how often one call goes out again after throttling
	reserve      = 4           // requests of each window left to other programs
	share        = 8           // an eighth of what is left may be under way at once
	fresh        = 20          // a twentieth of a window: the longest that an answer's numbers hold
	late         = 100         // with so much left, programs that share the pool spread what they send
	remembered   = 5           // windows for which other programs are expected to stay
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
//
// What the others have sent and the vendor has not yet counted, no answer tells.
// So while others are busy, it spreads the later half of a window over the time
// that is left of it.
//
// Those who wait stand in a queue. Only the first looks at the time and at what
// has changed, so that each change wakes one and not all.
type throttle struct {
	mu       sync.Mutex
	left     int           // in the window, by the last answer
	ends     time.Time     // of the window
	learned  time.Time     // when the last answer came
	longest  time.Duration // time to a window's end that an answer has told; near a window's length
	trip     time.Duration // of a request and its answer, by the shortest of late
	first    int           // left in the window by the first answer in it
	answered int           // own answers in the window after that
	others   time.Time     // when other programs were noticed last
	underWay int
	lastOut  time.Time // when a request was let out last
	free     bool      // a server that never sends the headers: nothing to keep to
	queue    list.List // of chan struct{}, which tells the first that something has changed
}

func newThrottle() *throttle { return &throttle{} }

// Wait returns when one more request may go out.
func (t *throttle) Wait(ctx context.Context) error {
	t.mu.Lock()
	if t.queue.Len() == 0 {
		if _, ok := t.enter(time.Now()); ok {
			t.mu.Unlock()
			return nil
		}
	}
	turn := make(chan struct{}, 1)
	place := t.queue.PushBack(turn)
	t.mu.Unlock()
	defer t.leave(place)
	for {
		wait, ok := t.look(ctx, place)
		if ok {
			return nil
		}
		if err := sleep(ctx, wait, turn); err != nil {
			return err
		}
	}
}

// look enters if place is the first of the queue and there is room, or says how
// long to wait; 0 is until something changes.
func (t *throttle) look(ctx context.Context, place *list.Element) (wait time.Duration, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	if t.isUsedUp(now) {
		transport.ReportWait(ctx, t.ends.Sub(now), "the account's next window")
	}
	if t.queue.Front() != place {
		return 0, false
	}
	return t.enter(now)
}

// leave gives up a place in the queue. Who is first then has to look.
func (t *throttle) leave(place *list.Element) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.queue.Remove(place)
	t.wake()
}

// wake tells the first of the queue that something has changed.
func (t *throttle) wake() {
	if first := t.queue.Front(); first != nil {
		select {
		case first.Value.(chan struct{}) <- struct{}{}:
		default: // it has been told already
		}
	}
}

// isUsedUp reports that only the reserve is left of the window.
func (t *throttle) isUsedUp(now time.Time) bool { return now.Before(t.ends) && t.left <= reserve }

// enter takes a place under way or says how long to wait.
func (t *throttle) enter(now time.Time) (wait time.Duration, ok bool) {
	if t.isUsedUp(now) {
		return t.ends.Sub(now) + margin(), false
	}
	if rest := t.lastOut.Add(t.gap(now)).Sub(now); rest > 0 {
		return rest, false
	}
	if t.underWay < t.allowed(now) || t.patience(now) <= 0 {
		t.underWay++
		t.lastOut = now
		return 0, true
	}
	return t.patience(now), false
}

// gap is the time between two requests of this program, late in a window that it
// shares. Programs that keep to it use up half of what is left in half of the
// time that is left, or faster the more they are, and never all of it at once.
func (t *throttle) gap(now time.Time) time.Duration {
	if t.left > late || t.left <= reserve || !now.Before(t.ends) || now.Sub(t.others) > remembered*t.longest {
		return 0
	}
	return t.ends.Sub(now) / time.Duration(2*(t.left-reserve))
}

// allowed is how many requests may be under way at once.
func (t *throttle) allowed(now time.Time) int {
	if t.free {
		return math.MaxInt
	}
	if !now.Before(t.ends) || now.Sub(t.learned) > t.holds() {
		return 1
	}
	return max(1, (t.left-reserve)/share)
}

// holds is how long an answer's numbers hold: as long as other programs can get
// no more than two rounds of answers meanwhile.
func (t *throttle) holds() time.Duration { return min(t.longest/fresh, 2*t.trip) }

// patience is how long one more request is held back while those under way
// bring no answer: they may hang, and they must not hold up all others.
func (t *throttle) patience(now time.Time) time.Duration {
	return t.lastOut.Add(max(t.longest/fresh, time.Second)).Sub(now)
}

// done returns the place and learns from the answer, if there is one, which has
// taken so long.
func (t *throttle) done(resp *http.Response, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.underWay--
	if resp != nil {
		t.learn(resp.Header, time.Now())
		t.free = t.ends.IsZero() && resp.StatusCode == http.StatusOK
		t.measure(took)
	}
	t.wake()
}

// measure follows a shorter time at once and a longer one slowly.
func (t *throttle) measure(took time.Duration) {
	if took < t.trip || t.trip == 0 {
		t.trip = took
		return
	}
	t.trip += (took - t.trip) / 16
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
		t.answered++
	} else {
		t.first, t.answered = left, 0
	}
	if t.first-left > t.answered+t.underWay {
		t.others = now
	}
	t.left, t.ends, t.learned = left, ends, now
	t.longest = max(t.longest, period)
}

func readThrottle(h http.Header) (left int, period time.Duration, ok bool) {
	remaining := h.Get("Brightpearl-Requests-Remaining")
	if remaining == "" {
		return 0, 0, false
	}
	left, err1 := strconv.Atoi(remaining)
	ms, err2 := strconv.ParseInt(h.Get("Brightpearl-Next-Throttle-Period"), 10, 64)
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
