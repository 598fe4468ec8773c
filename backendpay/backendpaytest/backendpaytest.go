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
// the wrong type, a wrong date. What the documentation leaves open are its
// [Facts].
//
// Reversing, reinstating, collecting and cancelling a collection exist in the
// vendor's user interface only, so here they are methods of [Server]. So are the
// users, their keys and what they may see ([Server.AddUser]).
//
// Read the outcome from the ledger ([Server.Payments], [Server.Creates]) and
// the traffic from [Server.Requests]; make things go wrong with
// [Server.Faults].
//
// [Contract] is what this package and the client say about the vendor, in clauses
// that can be tried against an installation ([Target]) or this emulator
// ([Sandbox]). A comment that calls something inferred or unknown names its
// clause.
package backendpaytest

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/backendpay"
	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// What an emulator without options knows.
const (
	SampleAPIKey   = "sample-key-of-the-billing-emulator" // of the user SampleUser
	SampleUser     = "api"                                // sees all customers, may write
	SampleCustomer = "123"                                // account number C12345, CRM reference CRM-12345

	sampleCustomerID = 123
)

// ErrNoRecord is what a method of [Server] returns for an id that it does not
// have, or whose record is deleted.
var ErrNoRecord = errors.New("backendpaytest: no record has this id")

// Server is the emulator. All its methods are safe for concurrent use.
type Server struct {
	URL string // scheme, host and port, without a trailing slash

	shell    *emulator.Server[Request]
	routes   emulator.Routes[endpoint]
	tenant   string
	settings *settings
	pages    sync.Pool // of *[]byte

	mu         sync.Mutex
	users      []*user
	payments   table[*storedPayment]
	byCustomer map[int64][]*storedPayment
	creates    int
	parts      table[*storedPart]
	invoices   map[string]bool
	types      table[*storedType]
	customers  table[*storedCustomer]
}

// Request is one request that reached the emulator, whatever became of it.
type Request struct {
	Op     string // one of the Op constants
	Method string
	Path   string
	Query  string // as sent, still escaped
}

// Option changes the emulator.
type Option func(*settings)

// settings never change once the emulator runs.
type settings struct {
	Facts
	apiKey         string
	clock          func() time.Time
	firstPaymentID int64
	redirectBase   string
	unknownName    string
	unknownValue   json.RawMessage
}

// WithFacts makes the emulator behave as facts say.
func WithFacts(facts Facts) Option { return func(s *settings) { s.Facts = facts } }

// WithAPIKey sets the key of [SampleUser], [SampleAPIKey] by default.
func WithAPIKey(key string) Option { return func(s *settings) { s.apiKey = key } }

// WithClock sets the clock of all system stamps and of the Date header. The
// default is the real time.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }

// WithFirstPaymentID sets the id of the first payment, 501 by default. Ids
// count up and are never reused. Begin at 99 to see ids compared as text fail.
func WithFirstPaymentID(id int64) Option { return func(s *settings) { s.firstPaymentID = id } }

// WithRedirectBase lets the redirects of [Facts.Paths] lead to another scheme
// and host.
func WithRedirectBase(base string) Option { return func(s *settings) { s.redirectBase = base } }

// WithUnknownField adds a member to every payment in an answer, as a later
// version of the vendor may. value is JSON.
func WithUnknownField(name string, value json.RawMessage) Option {
	return func(s *settings) { s.unknownName, s.unknownValue = name, slices.Clone(value) }
}

// New starts an emulator on a free port of this machine. It knows the customer
// [SampleCustomer] and four payment types: Direct Debit, Credit Card, Bank
// Transfer and Cheque. Close it after use. It panics if no port can be had.
func New(opts ...Option) *Server {
	s, err := Listen("", opts...)
	if err != nil {
		panic("backendpaytest: " + err.Error())
	}
	return s
}

// Listen is [New] on an address such as "127.0.0.1:8080".
func Listen(address string, opts ...Option) (*Server, error) {
	set := &settings{apiKey: SampleAPIKey, clock: time.Now, firstPaymentID: 501}
	for _, opt := range opts {
		opt(set)
	}
	s := &Server{
		settings:   set,
		tenant:     "emulator-" + rand.Text(),
		users:      []*user{{User: User{Name: SampleUser}, key: set.apiKey}},
		payments:   table[*storedPayment]{nextID: set.firstPaymentID},
		byCustomer: map[int64][]*storedPayment{},
		parts:      table[*storedPart]{nextID: 1},
		invoices:   map[string]bool{},
		types:      table[*storedType]{nextID: 1},
		customers:  table[*storedCustomer]{nextID: sampleCustomerID},
	}
	s.addRoutes()
	s.AddCustomer(Customer{AccountNumber: "C12345", CRMReference: "CRM-12345"})
	for i, name := range []string{"Direct Debit", "Credit Card", "Bank Transfer", "Cheque"} {
		s.AddPaymentType(PaymentType{Name: name, DisplayName: name, DisplayPosition: i + 1, Availability: "Standard"})
	}
	shell, err := emulator.Listen(address, emulator.Service[Request]{
		Op:     func(r *http.Request) string { return s.routes.Find(r).Op },
		Note:   note,
		Front:  s.front,
		Answer: s.answer,
	})
	if err != nil {
		return nil, err
	}
	s.shell, s.URL = shell, shell.URL
	return s, nil
}

func note(op string, r *http.Request) Request {
	return Request{Op: op, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery}
}

// front sets the Date header to the emulator's clock: a client that
// synchronises takes its watermark from it.
func (s *Server) front(w http.ResponseWriter, _ *http.Request) bool {
	w.Header().Set("Date", s.settings.clock().UTC().Format(http.TimeFormat))
	return false
}

// Close cuts all connections and stops the emulator. The ledger can still be
// read.
func (s *Server) Close() { s.shell.Close() }

// ServeHTTP answers one request, so that the emulator can be mounted in a server
// of the caller's own.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.shell.ServeHTTP(w, r) }

// Faults returns the script that makes exchanges go wrong. Faults strike behind
// the list of requests and in front of authentication.
func (s *Server) Faults() *paymenttest.Script { return s.shell.Faults() }

// Requests returns all requests in order of arrival, those that were refused or
// struck by a fault included.
func (s *Server) Requests() []Request { return s.shell.Requests() }

// Count returns how many requests for one operation arrived.
func (s *Server) Count(op string) int { return s.shell.Count(op) }

// Is tells the requests of one operation from others, for the On method of
// [Server.Faults]:
//
//	emulator.Faults().On(emulator.Is(backendpaytest.OpCreatePayment), paymenttest.DropAfter())
func (s *Server) Is(op string) func(*http.Request) bool { return s.shell.Is(op) }

// Config returns what a client needs to talk to this emulator as [SampleUser].
// Its tenant is this emulator's own: no Store takes another emulator, or one of
// another run, for it.
func (s *Server) Config() backendpay.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	return backendpay.Config{APIKey: tenderkit.Secret(s.users[0].key), BaseURL: s.URL, Tenant: s.tenant}
}
