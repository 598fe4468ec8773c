// Package spektrixtest is the System Owner part of Spektrix API v3 in memory,
// for tests and example programs: custom payment types, baskets, tickets,
// custom payments, confirm and orders, behind the real signature check.
//
//	emulator := spektrixtest.New()
//	defer emulator.Close()
//	client, err := spektrix.New(emulator.Config())
//
// It listens on a real socket, so a dropped connection is one. What the vendor
// leaves open is a field of [Facts]. It refuses request fields that it does not
// know. The words of its refusals and codes that begin with "SIM-" are invented:
// no client may depend on them.
//
// Read the outcome from the ledger ([Server.Payments], [Server.Baskets],
// [Server.Orders]) and the traffic from [Server.Requests]; make things go wrong
// with [Server.Faults].
package spektrixtest

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// Server is the emulator. All its methods are safe for concurrent use.
type Server struct {
	URL string // scheme, host and port, without a trailing slash

	shell    *emulator.Server[Request]
	settings *settings
	routes   *emulator.Routes[endpoint]

	mu        sync.Mutex
	ids       int // how many have been assigned
	types     []PaymentType
	prices    map[[2]string]Price // by instance and ticket type
	baskets   []*Basket
	basketIDs map[string]*Basket
	orders    []Order
	orderIDs  map[string]int // index in orders
	redirects []string       // where the coming requests are sent to
}

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

// Close cuts all connections and stops the emulator. The ledger can still be
// read.
func (s *Server) Close() { s.shell.Close() }

// ServeHTTP answers one request, so that the emulator can be mounted in a server
// of the caller's own.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.shell.ServeHTTP(w, r) }

// Faults returns the script that makes exchanges go wrong. Faults strike behind
// [Server.Requests] and in front of the signature check. The vendor's own
// throttle answer is unknown: paymenttest.Throttle answers a plain 429.
func (s *Server) Faults() *paymenttest.Script { return s.shell.Faults() }

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
func (s *Server) Requests() []Request { return s.shell.Requests() }

// Count returns how many requests for one operation arrived, see
// [Server.Requests].
func (s *Server) Count(op string) int { return s.shell.Count(op) }

// Is tells the requests of one operation from others, for the On method of
// [Server.Faults]:
//
//	emulator.Faults().On(emulator.Is(spektrixtest.OpConfirm), paymenttest.DropAfter())
func (s *Server) Is(op string) func(*http.Request) bool { return s.shell.Is(op) }

// Redirect answers the next request with a 302 to location and nothing else. A
// client must not follow: its signature is for another URL. One that does is
// seen in [Server.Requests] if location is on this emulator.
func (s *Server) Redirect(location string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.redirects = append(s.redirects, location)
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

func (s *Server) now() time.Time { return s.settings.clock() }
