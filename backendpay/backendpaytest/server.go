// Package backendpaytest is a billing backend in memory, for tests and example
// programs: payments, payment parts, payment types and customers behind
// /backend/api/v1, with the filters and the paging of the vendor's
// documentation.
//
//	emulator := backendpaytest.New()
//	defer emulator.Close()
//	client, err := backendpay.New(emulator.Config())
//
// It listens on a real socket, so a dropped connection is one. It refuses what
// the documentation does not name: an unknown parameter or field, a value of
// the wrong type, a wrong date. What the documentation leaves open is an
// [Option]; the defaults never help a client more than the vendor is known to.
//
// Reversing, reinstating, collecting and cancelling a collection exist in the
// vendor's user interface only, so here they are methods of [Server].
//
// Read the outcome from the ledger ([Server.Payments], [Server.Creates]) and
// the traffic from [Server.Requests]; make things go wrong with
// [Server.Faults].
package backendpaytest

import (
	"net/http"
	"net/http/httptest"
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
	pages    sync.Pool // of *[]byte

	mu         sync.Mutex
	payments   table[*storedPayment]
	byCustomer map[int64][]*storedPayment
	creates    int
	parts      table[*storedPart]
	invoices   map[string]bool
	types      table[*storedType]
	customers  table[*storedCustomer]
}

// New starts an emulator on a port of this machine. It knows the customer
// [SampleCustomer] and four payment types: Direct Debit, Credit Card, Bank
// Transfer and Cheque. Close it after use.
func New(opts ...Option) *Server {
	set := newSettings(opts)
	s := &Server{
		settings:   set,
		script:     paymenttest.NewScript(),
		payments:   table[*storedPayment]{nextID: set.firstPaymentID},
		byCustomer: map[int64][]*storedPayment{},
		parts:      table[*storedPart]{nextID: 1},
		invoices:   map[string]bool{},
		types:      table[*storedType]{nextID: 1},
		customers:  table[*storedCustomer]{nextID: sampleCustomerID},
	}
	s.AddCustomer(Customer{AccountNumber: "C12345", CRMReference: "CRM-12345"})
	for i, name := range []string{"Direct Debit", "Credit Card", "Bank Transfer", "Cheque"} {
		s.AddPaymentType(PaymentType{Name: name, DisplayName: name, DisplayPosition: i + 1, Availability: "Standard"})
	}
	s.faulty = s.script.Wrap(http.HandlerFunc(s.answer), nil)
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
// the list of requests and in front of authentication.
func (s *Server) Faults() *paymenttest.Script { return s.script }

// serve notes the request and hands it on to the script. The Date header is
// the emulator's clock: a client that synchronises takes its watermark from it.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.note(r)
	w.Header().Set("Date", s.settings.clock().UTC().Format(http.TimeFormat))
	s.faulty.ServeHTTP(w, r)
}

// answer is the service itself.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	body := readBody(r)
	s.mu.Lock()
	reply := s.reply(r, body)
	s.mu.Unlock()
	s.write(w, reply)
}

// reply decides: is the path in its form, who is it, what is asked for. The
// caller holds the lock.
func (s *Server) reply(r *http.Request, body []byte) reply {
	to := route(r)
	if location, ok := s.redirect(r, to); ok {
		return reply{status: s.settings.redirectStatus, location: location}
	}
	if r.Header.Get("Authorization") != "Bearer "+s.settings.apiKey {
		return failure(s.settings.authStatus, "The API key is missing or wrong")
	}
	if to.handle == nil {
		return failure(to.refusal, http.StatusText(to.refusal))
	}
	return to.handle(s, call{request: r, id: to.id, body: body})
}
