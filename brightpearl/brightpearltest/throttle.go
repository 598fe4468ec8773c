package brightpearltest

import (
	"net/http"
	"strconv"
	"time"
)

const (
	headerRemaining  = "brightpearl-requests-remaining"
	headerNextPeriod = "brightpearl-next-throttle-period"

	throttleText = "You have sent too many requests. Please wait before sending another request"
)

// throttle counts requests in fixed windows. All private apps of the account
// share one pool; each developer of public apps has another.
type throttle struct {
	cap    int
	window time.Duration
	pools  map[string]*pool // by developer reference; "" is the private apps'
}

type pool struct {
	start time.Time // of the present window
	used  int
}

// take counts one request, if there is quota left, and returns the quota after
// it and the time to the window's end.
func (t *throttle) take(devRef string, now time.Time) (remaining int, left time.Duration, ok bool) {
	p := t.current(devRef, now)
	if p.used < t.cap {
		p.used++
		ok = true
	}
	return t.cap - p.used, p.left(t.window, now), ok
}

// current returns the pool, moved on to the window that holds now. Windows
// follow each other without gaps from a pool's first request on.
func (t *throttle) current(devRef string, now time.Time) *pool {
	p := t.pools[devRef]
	if p == nil {
		p = &pool{start: now}
		t.pools[devRef] = p
	}
	if passed := now.Sub(p.start); passed >= t.window {
		p.start, p.used = p.start.Add(passed.Truncate(t.window)), 0
	}
	return p
}

func (p *pool) left(window time.Duration, now time.Time) time.Duration {
	return p.start.Add(window).Sub(now)
}

// poolOf returns the developer whose pool the request draws on. A claim that no
// installed app backs draws on the private pool.
func (s *Server) poolOf(r *http.Request) string {
	claimed := r.Header.Get(headerDevRef)
	for _, c := range s.settings.credentials {
		if c.devRef == claimed {
			return claimed
		}
	}
	for _, c := range s.settings.clients {
		if c.DevRef == claimed {
			return claimed
		}
	}
	return ""
}

// meter counts the request and sets the two headers of every answer.
func (s *Server) meter(h http.Header, r *http.Request) bool {
	s.mu.Lock()
	remaining, left, ok := s.throttle.take(s.poolOf(r), s.settings.clock())
	s.mu.Unlock()
	setThrottleHeaders(h, remaining, left)
	return ok
}

func setThrottleHeaders(h http.Header, remaining int, left time.Duration) {
	h.Set(headerRemaining, strconv.Itoa(remaining))
	h.Set(headerNextPeriod, strconv.FormatInt(left.Milliseconds(), 10))
}

// answerThrottled is the vendor's answer to too many requests: nothing was
// executed. As a fault it says so with quota left.
func (s *Server) answerThrottled(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	now := s.settings.clock()
	left := s.throttle.current(s.poolOf(r), now).left(s.settings.throttleWindow, now)
	s.mu.Unlock()
	setThrottleHeaders(w.Header(), 0, left)
	if s.settings.facts.BareThrottle {
		w.Header().Del(headerRemaining)
		w.Header().Del(headerNextPeriod)
	}
	reply{status: http.StatusServiceUnavailable, body: envelope{Response: throttleText}}.write(w)
}
