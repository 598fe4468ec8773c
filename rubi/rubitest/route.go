package rubitest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf16"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/emulator"
)

// Operations, as [Server.Count] and [Server.Submissions] name them.
const (
	OpUserBasket           = "UserBasket"
	OpUserPayment          = "UserPayment"
	OpStripeResult         = "StripeResult"
	OpBooking              = "Booking"
	OpBookingUpdate        = "BookingUpdate"
	OpSubscription         = "Subscription"
	OpEmailCheck           = "EmailCheck"
	OpLogin                = "Login"
	OpPluginEventAttendees = "PluginEventAttendees"
	OpPortalList           = "PortalList"
	OpUnknown              = emulator.Unknown
)

const (
	apiPath  = "/api/"
	formType = "application/x-www-form-urlencoded"
)

// method is a call of the API. Every call has the API key as one more element,
// in the last place.
type method struct {
	op       string
	elements []element // without the key
	handle   func(*Server, []string) reply
}

// element is one place of a call's list.
type element struct {
	name  string
	max   int  // UTF-16 units (inferred); 0: no maximum
	blank bool // may be blank
}

// methods returns the calls with their elements in documented order. Order and
// count of most are inferred from the documented tables.
func methods() []method {
	uid := element{name: "uid", max: 50}
	return []method{
		{OpUserBasket, []element{uid, {name: "Item", max: 20, blank: true}}, (*Server).userBasket},
		{OpUserPayment, userPaymentElements(), (*Server).userPayment},
		{OpStripeResult, []element{{name: "TransactionID"}, {name: "StripeResponse"}}, (*Server).stripeResult},
		{OpBooking, []element{uid, {name: "eid"}, {name: "BookingPlaces", max: 50}}, (*Server).booking},
		{OpBookingUpdate, []element{uid, {name: "bid", max: 50}, {name: "UpdateType", max: 20}, {name: "UpdateValues"}}, (*Server).bookingUpdate},
		{OpSubscription, []element{uid, {name: "ssid", max: 50}, {name: "action", max: 10}}, (*Server).subscription},
		{OpEmailCheck, []element{{name: "EmailAddress", max: 250}}, (*Server).emailCheck},
		{OpLogin, []element{{name: "emailaddress", max: 250}, {name: "password", max: 150}}, (*Server).login},
		{OpPluginEventAttendees, []element{{name: "eid", max: 50}}, (*Server).pluginEventAttendees},
		{OpPortalList, []element{{name: "name"}}, (*Server).portalList},
	}
}

// find returns the method of a path in any letter case.
func (s *Server) find(r *http.Request) (method, bool) {
	name, ok := strings.CutPrefix(strings.ToLower(r.URL.Path), apiPath)
	m, known := s.methods[name]
	absent := m.op == OpPluginEventAttendees && s.settings.facts.Attendees == AttendeesAbsent
	return m, ok && known && !absent
}

func (s *Server) op(r *http.Request) string {
	if m, ok := s.find(r); ok {
		return m.op
	}
	return OpUnknown
}

// answer is the service itself. Verb and path are the web server's business
// and refused with an HTTP status; all else is answered in the envelope.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	to, known := s.find(r)
	switch {
	case !known:
		http.Error(w, "There is no such method", http.StatusNotFound)
		return
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "Only POST is allowed", http.StatusMethodNotAllowed)
		return
	}
	elements, refused := s.settings.readElements(r, to)
	if refused != nil {
		s.settings.facts.write(w, *refused)
		return
	}
	s.mu.Lock()
	reply := to.handle(s, elements)
	if reply.code == codeOK {
		s.submissions[to.op]++
	}
	s.mu.Unlock()
	s.settings.facts.write(w, reply)
}

// readElements reads the list of a call and checks it: their number, the key
// in the last place, then each element. It returns them without the key.
func (set *settings) readElements(r *http.Request, to method) ([]string, *reply) {
	elements, refused := set.parseElements(r)
	if refused != nil {
		return nil, refused
	}
	last := len(to.elements)
	if len(elements) != last+1 {
		return nil, badRequest(fmt.Sprintf("The array has %d elements and not %d", len(elements), last+1))
	}
	if elements[last] != set.apiKey {
		return nil, &reply{code: codeUnauthorized, text: "The API key is wrong"}
	}
	return elements[:last], set.facts.checkElements(elements[:last], to)
}

// parseElements unwraps the body: one pair with an empty key whose value is
// JSON text of an array of strings (documented).
func (set *settings) parseElements(r *http.Request) ([]string, *reply) {
	text, ok := set.facts.unwrap(r)
	if !ok {
		return nil, badRequest("The body is not one form value under an empty key")
	}
	var list []jsontext.Value
	if json.Unmarshal([]byte(text), &list) != nil || list == nil {
		return nil, badRequest("The value is not a JSON array")
	}
	elements := make([]string, len(list))
	for i, raw := range list {
		if raw.Kind() != '"' || json.Unmarshal(raw, &elements[i]) != nil || strings.Contains(elements[i], "\x00") {
			return nil, badRequest(fmt.Sprintf("Element %d is not text", i+1))
		}
	}
	return elements, nil
}

func (f Facts) unwrap(r *http.Request) (text string, ok bool) {
	body := emulator.Body(r)
	switch media := emulator.MediaType(r); {
	case media == "application/json" && f.JSONBody:
		return text, json.Unmarshal(body, &text) == nil && text != ""
	case media != formType:
		return "", false
	}
	values, err := url.ParseQuery(string(body))
	if err != nil || len(values) != 1 || len(values[""]) != 1 {
		return "", false
	}
	return values[""][0], true
}

// checkElements applies blank and length. White space alone is blank
// (inferred).
func (f Facts) checkElements(given []string, to method) *reply {
	for i, e := range to.elements {
		lenient := f.BlankAddresses && to.op == OpUserPayment && i >= atAddress1
		if !e.blank && !lenient && strings.TrimSpace(given[i]) == "" {
			return badRequest(e.name + " is blank")
		}
		if e.max > 0 && length(given[i]) > e.max {
			return badRequest(fmt.Sprintf("%s is longer than %d characters", e.name, e.max))
		}
	}
	return nil
}

func length(text string) (n int) {
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}
