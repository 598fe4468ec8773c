package spektrixtest

import (
	"net/http"
)

// Request is one request that reached the emulator, whatever became of it.
type Request struct {
	Op        string // one of the Op constants
	Method    string
	Path      string
	Query     string // as sent, still escaped
	Date      string // the header, which every attempt has to make anew
	UserAgent string
}

// Requests lists all requests in order of arrival, those that were refused or
// struck by a fault included.
func (s *Server) Requests() []Request { return s.traffic.All() }

// Count tells how many requests for one operation arrived, see
// [Server.Requests].
func (s *Server) Count(op string) int {
	return s.traffic.Count(func(r Request) bool { return r.Op == op })
}

// Is tells the requests of one operation from others, for the On method of
// [Server.Faults]:
//
//	emulator.Faults().On(emulator.Is(spektrixtest.OpConfirm), paymenttest.DropAfter())
func (s *Server) Is(op string) func(*http.Request) bool {
	return func(r *http.Request) bool { return s.op(r) == op }
}

// Redirect answers the next request with a 302 to location and nothing else. A
// client must not follow: its signature is for another URL. One that does is
// seen in [Server.Requests] if location is on this emulator.
func (s *Server) Redirect(location string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.redirects = append(s.redirects, location)
}

// op names what a request asks for.
func (s *Server) op(r *http.Request) string {
	path, ok := s.settings.relative(r)
	if !ok {
		return OpUnknown
	}
	to, _, _ := s.find(path)
	if end, ok := to.methods[r.Method]; ok {
		return end.op
	}
	return OpUnknown
}

// note keeps a request and gives the redirect that awaits it.
func (s *Server) note(r *http.Request) (location string, redirected bool) {
	s.traffic.Note(Request{
		Op: s.op(r), Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		Date: r.Header.Get("Date"), UserAgent: r.UserAgent(),
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.redirects) == 0 {
		return "", false
	}
	location, s.redirects = s.redirects[0], s.redirects[1:]
	return location, true
}
