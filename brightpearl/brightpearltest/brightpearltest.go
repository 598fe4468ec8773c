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
// leaves open is a field of [Facts]; the defaults never help a client more than
// the vendor is known to. Codes that begin with "SIM-" are invented: no client
// may depend on them.
//
// Read the outcome from the ledger ([Server.Payments]) and the traffic from
// [Server.Requests]; make things go wrong with [Server.Faults].
package brightpearltest

import (
	"net/http"
	"sync"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// Server is the emulator. All its methods are safe for concurrent use.
type Server struct {
	URL string // scheme, host and port, without a trailing slash

	shell    *emulator.Server[Request]
	routes   *emulator.Routes[handler]
	settings *settings

	mu        sync.Mutex
	throttle  throttle
	methods   []PaymentMethod
	orders    map[int64]bool // that AddOrders has named
	customer  *ledger
	supplier  *ledger
	journalID int64
	between   func()  // see BetweenPages
	grants    *grants // a pointer: no print of a Server shows tokens
}

// New starts an emulator on a free port of this machine. Close it after use.
// Like httptest.NewServer it panics if no port can be had.
func New(opts ...Option) *Server {
	s, err := Listen("", opts...)
	if err != nil {
		panic("brightpearltest: " + err.Error())
	}
	return s
}

// Listen starts an emulator on an address of your choice, for example
// "127.0.0.1:8080". Close it after use.
func Listen(address string, opts ...Option) (*Server, error) {
	set := newSettings(opts)
	s := &Server{
		routes:    newRoutes(),
		settings:  set,
		throttle:  throttle{cap: set.throttleCap, window: set.throttleWindow, pools: map[string]*pool{}},
		orders:    map[int64]bool{},
		customer:  newLedger(set.firstPaymentID, customerColumns()),
		supplier:  newLedger(set.firstSupplierPaymentID, supplierColumns()),
		journalID: set.firstJournalID,
		grants:    newGrants(),
	}
	for _, m := range sampleMethods() {
		s.AddPaymentMethod(m)
	}
	shell, err := emulator.Listen(address, emulator.Service[Request]{
		Op: s.op, Note: note, Front: s.front, Answer: s.answer, Throttle: s.answerThrottled,
	})
	if err != nil {
		return nil, err
	}
	s.shell, s.URL = shell, shell.URL
	return s, nil
}

// Close cuts all connections and stops the emulator. The ledger can still be
// read.
func (s *Server) Close() { s.shell.Close() }

// ServeHTTP answers one request, so that the emulator can be mounted in a server
// of the caller's own.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.shell.ServeHTTP(w, r) }

// Config returns what a client needs to talk to this emulator with its staff
// token. For another style, change Auth and give the emulator the credential
// with an [Option].
func (s *Server) Config() brightpearl.Config {
	staff := s.settings.staff
	return brightpearl.Config{
		Account:    s.settings.account,
		Datacenter: "euw1",
		Auth:       brightpearl.StaffToken(staff.appRef, tenderkit.Secret(staff.token)),
		BaseURL:    s.URL,
	}
}

// Request is one request that reached the emulator, whatever became of it.
type Request struct {
	Op     string // one of the Op constants
	Method string
	Path   string
	Query  string // as sent, still escaped
}

func note(op string, r *http.Request) Request {
	return Request{Op: op, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery}
}

// Requests returns all requests in order of arrival, including those that were
// refused, throttled or struck by a fault.
func (s *Server) Requests() []Request { return s.shell.Requests() }

// Count returns how many requests for one operation arrived, see
// [Server.Requests].
func (s *Server) Count(op string) int { return s.shell.Count(op) }

// Is returns a match for the requests of one operation, for the On method of
// [Server.Faults]:
//
//	emulator.Faults().On(emulator.Is(brightpearltest.OpCreateCustomerPayment), paymenttest.DropAfter())
func (s *Server) Is(op string) func(*http.Request) bool { return s.shell.Is(op) }

// Faults returns the script that makes exchanges go wrong. Faults strike behind
// the request counter, so a dropped request uses up quota, and in front of
// authentication.
func (s *Server) Faults() *paymenttest.Script { return s.shell.Faults() }

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
