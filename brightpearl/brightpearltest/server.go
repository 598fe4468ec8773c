// Package brightpearltest is a Brightpearl accounting service in memory, for
// tests and example programs: customer and supplier payments, their searches,
// totals, payment methods, all header styles, OAuth, throttling, and every odd
// answer of the real one that has been documented or observed.
//
//	emulator := brightpearltest.New()
//	defer emulator.Close()
//	client, err := brightpearl.New(emulator.Config())
//
// It listens on a real socket, so a dropped connection is one. What the vendor
// leaves open is an [Option]; the defaults never help a client more than the
// vendor is known to. Codes that begin with "SIM-" are invented: no client may
// depend on them.
//
// Read the outcome from the ledger ([Server.Payments]) and the traffic from
// [Server.Requests]; make things go wrong with [Server.Faults].
package brightpearltest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

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

	mu        sync.Mutex
	throttle  throttle
	methods   []PaymentMethod
	customer  ledger
	supplier  ledger
	journalID int64
	grants    *grants // a pointer: no print of a Server shows tokens
}

// New starts an emulator on a port of this machine. Close it after use.
func New(opts ...Option) *Server {
	set := newSettings(opts)
	s := &Server{
		settings:  set,
		script:    paymenttest.NewScript(),
		throttle:  throttle{cap: set.throttleCap, window: set.throttleWindow, pools: map[string]*pool{}},
		customer:  ledger{nextID: set.firstPaymentID},
		supplier:  ledger{nextID: set.firstSupplierPaymentID},
		journalID: set.firstJournalID,
		grants:    newGrants(),
	}
	for _, m := range sampleMethods() {
		s.AddPaymentMethod(m)
	}
	s.faulty = s.script.Wrap(http.HandlerFunc(s.answer), s.answerThrottled)
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = s.http.URL
	return s
}

// Close cuts all connections and stops the emulator. The ledger can still be
// read.
func (s *Server) Close() {
	s.http.CloseClientConnections()
	s.http.Close()
}

// Faults gives the script that makes exchanges go wrong. Faults strike behind
// the request counter, so a dropped request uses up quota, and in front of
// authentication.
func (s *Server) Faults() *paymenttest.Script { return s.script }

// ExpiredToken is a fault of this vendor: 401 with the text of an expired
// token, whatever token was sent, and no effect.
func ExpiredToken() paymenttest.Fault {
	return paymenttest.Answer(http.StatusUnauthorized, contentType, `{"response":"`+expiredText+`"}`, false)
}

// Outage is a fault of this vendor: a 503 that is not the throttle's, with the
// effect before it or without.
func Outage(effect bool) paymenttest.Fault {
	return paymenttest.Answer(http.StatusServiceUnavailable, contentType, `{"response":"Service Unavailable"}`, effect)
}

// serve notes the request, counts it and hands it on to the script.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.note(r)
	if strings.HasPrefix(r.URL.Path, publicAPI) {
		setHeaders(w.Header(), proxyMessage)
		if !s.meter(w.Header(), r) {
			s.answerThrottled(w, r)
			return
		}
	}
	s.faulty.ServeHTTP(w, r)
}

// answer is the service itself.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	target, known := s.route(r)
	body := readBody(r)
	s.mu.Lock()
	reply := s.reply(r, target, known, body)
	s.mu.Unlock()
	reply.write(w)
}

// reply decides in the vendor's order: who is it, what is asked for, is it
// allowed. The caller holds the lock.
func (s *Server) reply(r *http.Request, target target, known bool, body []byte) reply {
	if target.op == OpToken {
		return s.token(r, target.account, body)
	}
	if target.account == "" {
		return noResource(r.URL.Path)
	}
	if refused, ok := s.authenticate(r, target.account); !ok {
		return refused
	}
	if !known {
		return noResource(r.URL.Path)
	}
	return target.handle(s, call{request: r, arg: target.arg, body: body})
}
