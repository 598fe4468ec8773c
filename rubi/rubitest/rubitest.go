// Package rubitest is a Rubi web integration API in memory, for tests and
// example programs: user baskets, user payments, Stripe results, bookings,
// subscriptions and event attendees in the vendor's positional form.
//
//	emulator := rubitest.New()
//	defer emulator.Close()
//	client, err := rubi.New(emulator.Config())
//
// It listens on a real socket, so a dropped connection is one. It refuses every
// request that is not in the documented form: the verb, the empty form key, the
// number of elements, their types and lengths, the key in the last place. No
// traffic of the vendor is public. What the documentation leaves open is a
// field of [Facts]; the defaults never help a client more than the vendor is
// known to. The texts of refusals are invented.
//
// Read the outcome from the ledger ([Server.Transactions], [Server.Mails],
// [Server.Basket]) and the traffic from [Server.Requests]; make things go wrong
// with [Server.Faults].
package rubitest

import (
	"crypto/rand"
	"net/http"
	"strings"
	"sync"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/rubi"
)

// What an emulator without options knows.
const (
	SampleAPIKey = "sample-key-of-the-rubi-emulator"
	SampleUID    = "11111111-2222-3333-4444-555555555555" // Jo Example, jo@example.org
	SampleEID    = "eeeeeeee-0000-0000-0000-000000000001" // Annual Dinner, 10.00 and 2.00 tax, 100 places
	SampleSSID   = "dddddddd-0000-0000-0000-000000000001" // Full Membership, 85.00 without tax
)

// Option sets up an emulator.
type Option func(*settings)

// settings never change once the emulator runs.
type settings struct {
	facts   Facts
	apiKey  string
	tenant  string
	methods []method // of the test's own
}

// WithAPIKey sets the key, [SampleAPIKey] by default.
func WithAPIKey(key string) Option { return func(s *settings) { s.apiKey = key } }

// WithMethod adds a method, api/name, that takes so many elements, the API key
// included. records gets them without the key and returns the records of the
// answer; it must not call the emulator.
func WithMethod(name string, elements int, records func(elements []string) []map[string]string) Option {
	m := method{op: name, elements: make([]element, max(elements-1, 0))}
	for i := range m.elements {
		m.elements[i] = element{name: "Element", blank: true}
	}
	m.handle = func(_ *Server, given []string) reply { return ok(ownRecords(records(given))...) }
	return func(s *settings) { s.methods = append(s.methods, m) }
}

// Server is the emulator. All its methods are safe for concurrent use.
type Server struct {
	URL string // scheme, host and port, without a trailing slash

	shell    *emulator.Server[Request]
	methods  map[string]method // by name in lower case
	settings *settings

	mu          sync.Mutex
	ledger      ledger
	submissions map[string]int // by operation
	tokens      int
}

// New starts an emulator on a free port of this machine. It knows the contact
// [SampleUID], the event [SampleEID] and the sale service [SampleSSID]; all
// baskets are empty. Close it after use. Like httptest.NewServer it panics if
// no port can be had.
func New(opts ...Option) *Server {
	s, err := Listen("", opts...)
	if err != nil {
		panic("rubitest: " + err.Error())
	}
	return s
}

// Listen starts an emulator on an address of your choice, for example
// "127.0.0.1:8080". Close it after use.
func Listen(address string, opts ...Option) (*Server, error) {
	s := newServer(opts)
	shell, err := emulator.Listen(address, emulator.Service[Request]{Op: s.op, Note: s.note, Answer: s.answer})
	if err != nil {
		return nil, err
	}
	s.shell, s.URL = shell, shell.URL
	return s, nil
}

func newServer(opts []Option) *Server {
	set := &settings{apiKey: SampleAPIKey, tenant: "emulator-" + strings.ToLower(rand.Text()[:8])}
	for _, opt := range opts {
		opt(set)
	}
	s := &Server{methods: map[string]method{}, settings: set, ledger: newLedger(), submissions: map[string]int{}}
	for _, m := range append(methods(), set.methods...) {
		s.methods[strings.ToLower(m.op)] = m
	}
	s.AddContact(Contact{UID: SampleUID, EmailAddress: "jo@example.org", FirstName: "Jo", LastName: "Example", Password: "open sesame"})
	s.AddEvent(Event{EID: SampleEID, Name: "Annual Dinner", Value: amount("10.00"), Tax: amount("2.00"), TaxRate: amount("20.00"), Places: 100})
	s.AddService(Service{SSID: SampleSSID, Name: "Full Membership", Value: amount("85.00"), TaxRate: amount("0.00")})
	return s
}

// Close cuts all connections and stops the emulator. The ledger can still be
// read.
func (s *Server) Close() { s.shell.Close() }

// ServeHTTP answers one request, so that the emulator can be mounted in a server
// of the caller's own.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.shell.ServeHTTP(w, r) }

// Config returns what a client needs to talk to this emulator. Its Tenant is one
// that no other emulator has, so that a Store never takes one for another.
func (s *Server) Config() rubi.Config {
	return rubi.Config{APIKey: tenderkit.Secret(s.settings.apiKey), BaseURL: s.URL, Tenant: s.settings.tenant}
}

// Request is one request that reached the emulator, whatever became of it.
type Request struct {
	Op       string   // one of the Op constants, or a name of WithMethod
	Method   string   // of HTTP
	Path     string   // as sent
	Elements []string // without the API key; nil if they cannot be read
}

func (s *Server) note(op string, r *http.Request) Request {
	noted := Request{Op: op, Method: r.Method, Path: r.URL.Path}
	if elements, refused := s.settings.parseElements(r); refused == nil && len(elements) > 0 {
		noted.Elements = elements[:len(elements)-1]
	}
	return noted
}

// Requests returns all requests in order of arrival, including those that were
// refused or struck by a fault.
func (s *Server) Requests() []Request { return s.shell.Requests() }

// Count returns how many requests for one operation arrived, see
// [Server.Requests].
func (s *Server) Count(op string) int { return s.shell.Count(op) }

// Submissions returns how many requests for one operation were answered with
// code 200, including those whose answer was lost.
func (s *Server) Submissions(op string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.submissions[op]
}

// Is returns a match for the requests of one operation, for the On method of
// [Server.Faults]:
//
//	emulator.Faults().On(emulator.Is(rubitest.OpUserPayment), paymenttest.DropAfter())
func (s *Server) Is(op string) func(*http.Request) bool { return s.shell.Is(op) }

// Faults returns the script that makes exchanges go wrong. Faults strike behind
// the list of requests and in front of every check.
func (s *Server) Faults() *paymenttest.Script { return s.shell.Faults() }

// Refusal is a fault of this vendor: HTTP 200 with another code than 200 and a
// text, with the effect before it or without.
func Refusal(code, message string, effect bool) paymenttest.Fault {
	body := `{"ResponseCode":` + string(quote(code)) + `,"ResponseMessage":` + string(quote(message)) + `}`
	return paymenttest.Answer(http.StatusOK, jsonType, body, effect)
}
