package rubitest

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// Methods, as [Server.Count] and [Server.Submissions] name them.
const (
	UserBasket    = "UserBasket"
	UserPayment   = "UserPayment"
	StripeResult  = "StripeResult"
	Booking       = "Booking"
	BookingUpdate = "BookingUpdate"
	Subscription  = "Subscription"
	EmailCheck    = "EmailCheck"
	Login         = "Login"
	Unknown       = "Unknown"
)

const (
	apiPath = "/api/"
	maxBody = 1 << 20
)

// method is a call of the API. Every call has the API key as one more element,
// in the last place.
type method struct {
	name     string
	elements []element // without the key
	handle   func(*Server, []string) reply
}

// element is one place of a call's list.
type element struct {
	name  string
	max   int  // UTF-16 units; 0: no maximum
	blank bool // may be blank
}

// methods gives the calls with their elements in documented order. Order and
// count of most are inferred from the documented tables.
func methods() []method {
	uid := element{name: "uid", max: 50}
	return []method{
		{UserBasket, []element{uid, {name: "Item", max: 20, blank: true}}, (*Server).userBasket},
		{UserPayment, userPaymentElements(), (*Server).userPayment},
		{StripeResult, []element{{name: "TransactionID"}, {name: "StripeResponse"}}, (*Server).stripeResult},
		{Booking, []element{uid, {name: "eid"}, {name: "BookingPlaces", max: 50}}, (*Server).booking},
		{BookingUpdate, []element{uid, {name: "bid", max: 50}, {name: "UpdateType", max: 20}, {name: "UpdateValues"}}, (*Server).bookingUpdate},
		{Subscription, []element{uid, {name: "ssid", max: 50}, {name: "action", max: 10}}, (*Server).subscription},
		{EmailCheck, []element{{name: "EmailAddress", max: 250}}, (*Server).emailCheck},
		{Login, []element{{name: "emailaddress", max: 250}, {name: "password", max: 150}}, (*Server).login},
	}
}

// Request is one request that reached the emulator, whatever became of it.
type Request struct {
	Method   string   // one of the constants, or a name of WithMethod
	Verb     string   // of HTTP
	Path     string   // as sent
	Elements []string // without the API key; nil if they cannot be read
}

// Requests lists all requests in order of arrival, those that were refused or
// struck by a fault included.
func (s *Server) Requests() []Request { return s.traffic.All() }

// Count tells how many requests for one method arrived, see [Server.Requests].
func (s *Server) Count(method string) int {
	return s.traffic.Count(func(r Request) bool { return r.Method == method })
}

// Submissions tells how many requests for one method were answered with code
// 200, those whose answer was lost included.
func (s *Server) Submissions(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.submissions[method]
}

// Is tells the requests for one method from others, for the On method of
// [Server.Faults]:
//
//	emulator.Faults().On(emulator.Is(rubitest.UserPayment), paymenttest.DropAfter())
func (s *Server) Is(method string) func(*http.Request) bool {
	return func(r *http.Request) bool {
		to, _ := s.route(r)
		return to.name == method
	}
}

// note reads the body and puts it back.
func (s *Server) note(r *http.Request) {
	to, _ := s.route(r)
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		body = nil
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	noted := Request{Method: to.name, Verb: r.Method, Path: r.URL.Path}
	if elements, refused := s.parseElements(r.Header, body); refused == nil && len(elements) > 0 {
		noted.Elements = elements[:len(elements)-1]
	}
	s.traffic.Note(noted)
}

// route finds the method of a path in any case.
func (s *Server) route(r *http.Request) (method, bool) {
	path := r.URL.Path
	if len(path) > len(apiPath) && strings.EqualFold(path[:len(apiPath)], apiPath) {
		for _, m := range append(methods(), s.settings.methods...) {
			if strings.EqualFold(m.name, path[len(apiPath):]) {
				return m, true
			}
		}
	}
	return method{name: Unknown}, false
}
