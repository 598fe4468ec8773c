// Package emulator is what the emulators of all vendors share: the server on a
// real socket, its request log, the fault script in front of the service, the
// routes, a strict reader of request bodies and a writer of answers.
//
// An emulator describes itself in a [Service] and keeps the [Server] that
// [Listen] returns. What a request means, which answer it gets and what is
// stored stay in the emulator. This package imports no client.
package emulator

import (
	"net"
	"net/http"
	"net/http/httptest"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// Service is what distinguishes one emulator from another. R is the type of an
// entry in its request log.
type Service[R any] struct {
	// Op names the operation that a request asks for, see [Routes.Find].
	Op func(*http.Request) string
	// Note returns the log entry of a request. It may call [Body].
	Note func(op string, r *http.Request) R
	// Front, if set, runs between the log and the fault script. It sets headers
	// that every answer has, and reports whether it has answered the request
	// itself.
	Front func(http.ResponseWriter, *http.Request) (answered bool)
	// Answer is the service behind the fault script.
	Answer http.HandlerFunc
	// Throttle is the vendor's own answer for [paymenttest.Throttle]. If it is
	// nil, the answer is a plain 429.
	Throttle http.HandlerFunc
}

// Server is the shell around a [Service]. All its methods are safe for
// concurrent use.
type Server[R any] struct {
	URL string // scheme, host and port, without a trailing slash

	service Service[R]
	http    *httptest.Server
	script  *paymenttest.Script
	faulty  http.Handler // the script in front of the service
	log     log[R]
}

// Listen starts a server on address, for example "127.0.0.1:8080". The empty
// address stands for a free port of this machine's loopback interface.
func Listen[R any](address string, service Service[R]) (*Server[R], error) {
	listener, err := listen(address)
	if err != nil {
		return nil, err
	}
	s := &Server[R]{service: service, script: paymenttest.NewScript()}
	s.faulty = s.script.Wrap(service.Answer, service.Throttle)
	s.http = &httptest.Server{Listener: listener, Config: &http.Server{Handler: s}}
	s.http.Start()
	s.URL = s.http.URL
	return s, nil
}

func listen(address string) (net.Listener, error) {
	if address != "" {
		return net.Listen("tcp", address)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return net.Listen("tcp", "[::1]:0")
	}
	return listener, nil
}

// Close cuts all connections and stops the server.
func (s *Server[R]) Close() {
	s.http.CloseClientConnections()
	s.http.Close()
}

// Faults returns the script that makes exchanges go wrong.
func (s *Server[R]) Faults() *paymenttest.Script { return s.script }

// Requests returns all requests in order of arrival, including those that were
// refused or struck by a fault.
func (s *Server[R]) Requests() []R { return s.log.all() }

// Count returns how many requests for one operation have arrived.
func (s *Server[R]) Count(op string) int { return s.log.count(op) }

// Is returns a match for the requests of one operation, for the On method of
// [paymenttest.Script].
func (s *Server[R]) Is(op string) func(*http.Request) bool {
	return func(r *http.Request) bool { return s.service.Op(r) == op }
}

// ServeHTTP answers one request as the server on its own address does, so that
// the emulator can be mounted in another one. It reads the body, logs the request
// and passes it on. A request whose body does not arrive is logged and not answered.
func (s *Server[R]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := buffer(r)
	op := s.service.Op(r)
	s.log.add(op, s.service.Note(op, r))
	if err != nil || s.service.Front != nil && s.service.Front(w, r) {
		return
	}
	s.faulty.ServeHTTP(w, r)
}
