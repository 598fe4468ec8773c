// Package spektrixtest is the System Owner part of Spektrix API v3 in memory,
// for tests and example programs: custom payment types, baskets, tickets,
// custom payments, confirm and orders, behind the real signature check.
//
//	emulator := spektrixtest.New()
//	defer emulator.Close()
//	client, err := spektrix.New(emulator.Config())
//
// It listens on a real socket, so a dropped connection is one. What the vendor
// leaves open is an [Option]; every success is a 200 unless one says otherwise.
// It refuses request fields that it does not know. The words of its refusals
// and codes that begin with "SIM-" are invented: no client may depend on them.
//
// Read the outcome from the ledger ([Server.Payments], [Server.Baskets],
// [Server.Orders]) and the traffic from [Server.Requests]; make things go wrong
// with [Server.Faults].
package spektrixtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// Server is the emulator. All its methods are safe for concurrent use.
type Server struct {
	URL string // scheme, host and port, without a trailing slash

	http     *httptest.Server
	settings *settings
	script   *paymenttest.Script
	faulty   http.Handler // the script in front of the service
	traffic  paymenttest.Traffic[Request]
	paths    []resource

	mu        sync.Mutex
	ids       int // how many have been given away
	types     []PaymentType
	prices    []Price
	baskets   []*Basket
	basketIDs map[string]*Basket
	orders    []Order
	orderIDs  map[string]int // index in orders
	redirects []string       // where the coming requests are sent to
}

// New starts an emulator on a port of this machine, with the sample types and
// prices. Close it after use.
func New(opts ...Option) *Server {
	s := newServer(opts)
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = s.http.URL
	return s
}

func newServer(opts []Option) *Server {
	s := &Server{
		settings:  newSettings(opts),
		script:    paymenttest.NewScript(),
		paths:     resources(),
		types:     sampleTypes(),
		prices:    samplePrices(),
		basketIDs: map[string]*Basket{},
		orderIDs:  map[string]int{},
	}
	s.faulty = s.script.Wrap(http.HandlerFunc(s.answer), nil)
	return s
}

// Close cuts all connections and stops the emulator. The ledger can still be
// read.
func (s *Server) Close() {
	s.http.CloseClientConnections()
	s.http.Close()
}

// Faults gives the script that makes exchanges go wrong. Faults strike behind
// [Server.Requests] and in front of the signature check. The vendor's own
// throttle answer is unknown: paymenttest.Throttle gives a plain 429.
func (s *Server) Faults() *paymenttest.Script { return s.script }

// serve notes the request and hands it on to the script. The answer's Date is
// that of the emulator's clock, so that a client can measure how far its own
// is off.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.settings.clock().UTC().Format(http.TimeFormat))
	if location, ok := s.note(r); ok {
		http.Redirect(w, r, location, http.StatusFound)
		return
	}
	s.faulty.ServeHTTP(w, r)
}

// answer is the service itself.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return // the client is gone
	}
	s.mu.Lock()
	reply := s.reply(r, body)
	s.mu.Unlock()
	reply.write(w)
}

// reply decides in the vendor's order, which is inferred: is this the right
// place, does the edge let it in, who is it, is it well formed, does it exist.
// The caller holds the lock.
func (s *Server) reply(r *http.Request, body []byte) reply {
	path, ok := s.settings.relative(r)
	switch {
	case !ok:
		return notFound("no such system")
	case stockClient(r):
		return edgeBlock()
	case webResource(path) || !s.authentic(r, body):
		return s.unauthorized()
	}
	return s.handle(r, path, body).as(r.Method, s.settings)
}

func (s *Server) now() time.Time { return s.settings.clock() }
