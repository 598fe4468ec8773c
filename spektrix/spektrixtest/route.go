package spektrixtest

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Operations, as [Request] names them.
const (
	OpCustomPaymentTypes = "CustomPaymentTypes"
	OpCreateBasket       = "CreateBasket"
	OpBasket             = "Basket"
	OpUpdateBasket       = "UpdateBasket" // PATCH or POST; waives the commission
	OpAddTickets         = "AddTickets"
	OpAddCustomPayment   = "AddCustomPayment"
	OpConfirm            = "Confirm"
	OpOrder              = "Order"
	OpUnknown            = "Unknown"
)

const maxBody = 1 << 20 // of a longer body only this much is hashed, so its signature is wrong

// endpoint is what one method does on one resource. A wrong form and an id that
// does not exist are answered before handle is called.
type endpoint struct {
	op     string
	decode func(body []byte) (request, error) // nil: a body is not read
	handle func(s *Server, id string, req request) reply
}

// request is a well-formed body. Each endpoint fills its own part.
type request struct {
	change       basketChange
	tickets      []Ticket
	payment      postedPayment
	confirmation confirmation
}

// resource is a path with its methods. {id} stands for a segment.
type resource struct {
	pattern string
	exists  func(*Server, string) bool
	methods map[string]endpoint
}

// resources lists every known path. Reading, changing and removing a custom
// payment is documented nowhere, so those methods are 405.
func resources() []resource {
	update := endpoint{OpUpdateBasket, decodeUpdate, (*Server).updateBasket}
	return []resource{
		{"custom-payment-types", nil, map[string]endpoint{
			http.MethodGet: {OpCustomPaymentTypes, nil, (*Server).listTypes}}},
		{"baskets", nil, map[string]endpoint{
			http.MethodPost: {OpCreateBasket, decodeCreation, (*Server).createBasket}}},
		{"baskets/{id}", (*Server).basketExists, map[string]endpoint{
			http.MethodGet: {OpBasket, nil, (*Server).readBasket}, http.MethodPatch: update, http.MethodPost: update}},
		{"baskets/{id}/tickets", (*Server).basketExists, map[string]endpoint{
			http.MethodPost: {OpAddTickets, decodeTickets, (*Server).addTickets}}},
		{"baskets/{id}/custom-payments", (*Server).basketExists, map[string]endpoint{
			http.MethodPost: {OpAddCustomPayment, decodePayment, (*Server).addCustomPayment}}},
		{"baskets/{id}/confirm", (*Server).basketKnown, map[string]endpoint{
			http.MethodPost: {OpConfirm, decodeConfirmation, (*Server).confirm}}},
		{"orders/{id}", (*Server).orderExists, map[string]endpoint{
			http.MethodGet: {OpOrder, nil, (*Server).readOrder}}},
	}
}

// relative gives the path behind the prefix of this system, still escaped.
func (set *settings) relative(r *http.Request) (string, bool) {
	return strings.CutPrefix(r.URL.EscapedPath(), "/"+set.clientName+"/api/v3/")
}

// webResource reports whether the path belongs to the browser's mode, whose
// names are singular. A signed server gets nothing there.
func webResource(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return first == "basket" || first == "customer"
}

// find leads a path to its resource and takes the id out of it.
func (s *Server) find(path string) (to resource, id string, ok bool) {
	for _, to := range s.paths {
		if id, ok := match(to.pattern, path); ok {
			return to, id, true
		}
	}
	return resource{}, "", false
}

// match compares segment by segment. No segment may be empty.
func match(pattern, path string) (id string, ok bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return "", false
	}
	for i, segment := range got {
		text, err := url.PathUnescape(segment)
		switch {
		case err != nil || text == "":
			return "", false
		case want[i] == "{id}":
			id = text
		case want[i] != text:
			return "", false
		}
	}
	return id, true
}

// handle answers an authentic request: form first, then existence, then the
// method, then the rules.
func (s *Server) handle(r *http.Request, path string, body []byte) reply {
	to, id, ok := s.find(path)
	if !ok {
		return notFound("no such resource")
	}
	end, allowed := to.methods[r.Method]
	req, err := end.read(r, body)
	switch {
	case err != nil:
		return invalid(err)
	case to.exists != nil && !to.exists(s, id):
		return notFound("not found")
	case !allowed:
		return to.methodNotAllowed()
	}
	return end.handle(s, id, req)
}

func (to resource) methodNotAllowed() reply {
	var methods []string
	for method := range to.methods {
		methods = append(methods, method)
	}
	slices.Sort(methods)
	refused := failure(http.StatusMethodNotAllowed, "method not allowed")
	refused.allow = strings.Join(methods, ", ")
	return refused
}

// read checks the form of a body. A GET's body is ignored; for a method that
// does not exist a body need only be JSON.
func (e endpoint) read(r *http.Request, body []byte) (request, error) {
	if r.Method == http.MethodGet {
		return request{}, nil
	}
	if len(body) > 0 && !isJSON(r.Header.Get("Content-Type")) {
		return request{}, refusal("the body is not sent as application/json")
	}
	if e.decode != nil {
		return e.decode(body)
	}
	if len(body) > 0 && !json.Valid(body) {
		return request{}, refusal("the body is not JSON")
	}
	return request{}, nil
}

func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && media == "application/json"
}
