package spektrixtest

import (
	"fmt"
	"net/http"

	"github.com/tenderkit/tenderkit/internal/emulator"
)

// New starts an emulator on a port of this machine, with the sample types and
// prices. Close it after use. It panics if there is no port to be had.
func New(opts ...Option) *Server {
	s, err := Listen("", opts...)
	if err != nil {
		panic(fmt.Sprintf("spektrixtest: %v", err))
	}
	return s
}

// Listen starts an emulator on an address such as "127.0.0.1:8080"; the empty
// one stands for a free port of this machine.
func Listen(address string, opts ...Option) (*Server, error) {
	s := newServer(opts)
	shell, err := emulator.Listen(address, s.service())
	if err != nil {
		return nil, err
	}
	s.shell, s.URL = shell, shell.URL
	return s, nil
}

func newServer(opts []Option) *Server {
	s := &Server{
		settings:  newSettings(opts),
		types:     sampleTypes(),
		prices:    map[[2]string]Price{},
		basketIDs: map[string]*Basket{},
		orderIDs:  map[string]int{},
	}
	s.routes = s.newRoutes()
	for _, p := range samplePrices() {
		s.prices[[2]string{p.Instance, p.TicketType}] = p
	}
	return s
}

func (s *Server) service() emulator.Service[Request] {
	return emulator.Service[Request]{
		Op: s.op,
		Note: func(op string, r *http.Request) Request {
			return Request{
				Op: op, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
				Date: r.Header.Get("Date"), UserAgent: r.UserAgent(),
			}
		},
		Front:  s.front,
		Answer: s.answer,
	}
}

// front sets the answer's Date to the emulator's clock, so that a client can
// measure how far its own is off, and redirects.
func (s *Server) front(w http.ResponseWriter, r *http.Request) bool {
	w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.redirects) == 0 {
		return false
	}
	http.Redirect(w, r, s.redirects[0], http.StatusFound)
	s.redirects = s.redirects[1:]
	return true
}

// answer decides in the vendor's order, which is inferred: is this the right
// place, does the edge let it in, who is it, is it well formed, does it exist.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	body := emulator.Body(r)
	s.mu.Lock()
	a := s.reply(r, body)
	s.mu.Unlock()
	a.as(r.Method, s.settings.facts).write(w)
}

func (s *Server) reply(r *http.Request, body []byte) reply {
	path, ok := s.relative(r)
	switch {
	case !ok:
		return notFound("no such system")
	case stockClient(r):
		return edgeBlock()
	case webResource(path) || !s.authentic(r, body):
		return s.unauthorized()
	}
	return s.handle(r, body)
}
