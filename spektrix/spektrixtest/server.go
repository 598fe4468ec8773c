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

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
	"github.com/tenderkit/tenderkit/spektrix"
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

func (s *Server) now() time.Time { return s.settings.clock() }

// Baskets lists every basket that was ever made, oldest first, confirmed ones
// included.
func (s *Server) Baskets() []Basket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return cloneAll(s.baskets, func(b *Basket) Basket { return b.clone() })
}

// Basket returns one basket and whether it exists, confirmed or not.
func (s *Server) Basket(id string) (Basket, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.basketIDs[id]
	if b == nil {
		return Basket{}, false
	}
	return b.clone(), true
}

// Payments lists the custom payments of a basket, oldest first. It is what a
// test asks whether a payment was recorded twice.
func (s *Server) Payments(basketID string) []Payment {
	b, _ := s.Basket(basketID)
	return b.Payments
}

// Orders lists all orders, oldest first. A basket has more than one only under
// [SecondConfirmNewOrder].
func (s *Server) Orders() []Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	return cloneAll(s.orders, Order.clone)
}

// newID returns an id of the vendor's form: digits, an A, consonants, 33
// characters in all. The same emulator makes the same ids in the same order.
// The caller holds the lock.
func (s *Server) newID() string {
	s.ids++
	head := fmt.Sprintf("%dA", 1000+s.ids)
	return head + letters(fmt.Sprint(s.ids), 33-len(head))
}

// Config returns what a client needs to talk to this emulator.
func (s *Server) Config() spektrix.Config {
	return spektrix.Config{
		ClientName: s.settings.clientName,
		Login:      s.settings.login,
		Secret:     tenderkit.Secret(s.settings.secret),
		Currency:   s.settings.currency,
		BaseURL:    s.URL,
	}
}

// endpoint is what one method does on one resource. A wrong form and an id that
// does not exist are answered before handle is called.
type endpoint struct {
	decode func(body []byte) (request, error) // nil: a body is not read
	exists func(*Server, string) bool         // nil: there is no id
	handle func(s *Server, id string, req request) reply
}
