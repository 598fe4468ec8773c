// Package rubitest is a Rubi web integration API in memory, for tests and
// example programs: user baskets, user payments, Stripe results, bookings and
// subscriptions in the vendor's positional form.
//
//	emulator := rubitest.New()
//	defer emulator.Close()
//	client, err := rubi.New(emulator.Config())
//
// It listens on a real socket, so a dropped connection is one. It refuses every
// request that is not in the documented form: the verb, the empty form key, the
// number of elements, their types and lengths, the key in the last place. No
// traffic of the vendor is public, so what the documentation leaves open is an
// [Option]; the defaults never help a client more than the vendor is known to.
// The texts of refusals are invented.
//
// Read the outcome from the ledger ([Server.Transactions], [Server.Mails],
// [Server.Basket]) and the traffic from [Server.Requests]; make things go wrong
// with [Server.Faults].
package rubitest

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

	mu           sync.Mutex
	contacts     []*Contact
	events       []*Event
	services     []*Service
	byUID        map[string]*Contact // the first of each uid
	items        map[string][]*Item  // by uid, those that left the basket too
	inserted     int                 // items
	transactions []*Transaction
	mails        []Mail
	submissions  map[string]int // by method
	tokens       int
}

// New starts an emulator on a port of this machine. It knows the contact
// [SampleUID], the event [SampleEID] and the sale service [SampleSSID]; all
// baskets are empty. Close it after use.
func New(opts ...Option) *Server {
	s := &Server{settings: newSettings(opts), script: paymenttest.NewScript(), byUID: map[string]*Contact{}, items: map[string][]*Item{}, submissions: map[string]int{}}
	s.AddContact(Contact{UID: SampleUID, EmailAddress: "jo@example.org", FirstName: "Jo", LastName: "Example", Password: "open sesame"})
	s.AddEvent(Event{EID: SampleEID, Name: "Annual Dinner", Value: amount("10.00"), Tax: amount("2.00"), TaxRate: amount("20.00"), Places: 100})
	s.AddService(Service{SSID: SampleSSID, Name: "Full Membership", Value: amount("85.00"), TaxRate: amount("0.00")})
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
// the list of requests and in front of every check.
func (s *Server) Faults() *paymenttest.Script { return s.script }

// Refusal is a fault of this vendor: HTTP 200 with another code than 200 and a
// text, with the effect before it or without.
func Refusal(code, message string, effect bool) paymenttest.Fault {
	body := `{"ResponseCode":` + string(encode(code)) + `,"ResponseMessage":` + string(encode(message)) + `}`
	return paymenttest.Answer(http.StatusOK, jsonType, body, effect)
}

// serve notes the request and hands it on to the script.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.note(r)
	s.faulty.ServeHTTP(w, r)
}

// answer is the service itself. Verb and path are the web server's business
// and refused with an HTTP status; all else is answered in the envelope.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	to, known := s.route(r)
	switch {
	case !known:
		http.Error(w, "There is no such method", http.StatusNotFound)
		return
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "Only POST is allowed", http.StatusMethodNotAllowed)
		return
	}
	elements, refused := s.readElements(r, to)
	if refused != nil {
		s.write(w, *refused)
		return
	}
	s.mu.Lock()
	reply := to.handle(s, elements)
	if reply.code == codeOK {
		s.submissions[to.name]++
	}
	s.mu.Unlock()
	s.write(w, reply)
}
