package spektrixtest

import (
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/emulator"
)

// Operations, as [Request] names them.
const (
	OpCustomPaymentTypes = "CustomPaymentTypes"
	OpCreateBasket       = "CreateBasket"
	OpBasket             = "Basket"
	OpUpdateBasket       = "UpdateBasket" // PATCH or POST; waives the commission
	OpAddTickets         = "AddTickets"
	OpCustomPayments     = "CustomPayments"
	OpAddCustomPayment   = "AddCustomPayment"
	OpConfirm            = "Confirm"
	OpOrder              = "Order"
	OpOrdersSince        = "OrdersSince"
	OpCustomer           = "Customer"
	OpUnknown            = emulator.Unknown
)

// newRoutes lists every known path. Changing and removing a custom payment is
// documented nowhere, so those methods are 405.
func (s *Server) newRoutes() *emulator.Routes[endpoint] {
	routes := &emulator.Routes[endpoint]{}
	basket, known := (*Server).basketExists, (*Server).basketKnown
	update := endpoint{decodeUpdate, basket, (*Server).updateBasket}
	add := func(path string, op string, method string, e endpoint) {
		routes.Add(method+" /{client}/api/v3/"+path, op, e)
	}
	add("custom-payment-types", OpCustomPaymentTypes, "GET", endpoint{nil, nil, (*Server).listTypes})
	add("baskets", OpCreateBasket, "POST", endpoint{decodeCreation, nil, (*Server).createBasket})
	add("baskets/{id}", OpBasket, "GET", endpoint{nil, basket, (*Server).readBasket})
	add("baskets/{id}", OpUpdateBasket, "PATCH", update)
	add("baskets/{id}", OpUpdateBasket, "POST", update)
	add("baskets/{id}/tickets", OpAddTickets, "POST", endpoint{decodeTickets, basket, (*Server).addTickets})
	add("baskets/{id}/custom-payments", OpCustomPayments, "GET", endpoint{nil, known, (*Server).listPayments})
	add("baskets/{id}/custom-payments", OpAddCustomPayment, "POST", endpoint{decodePayment, basket, (*Server).addCustomPayment})
	add("baskets/{id}/confirm", OpConfirm, "POST", endpoint{decodeConfirmation, known, (*Server).confirm})
	add("orders/{id}", OpOrder, "GET", endpoint{nil, (*Server).orderExists, (*Server).readOrder})
	add("orders/sync", OpOrdersSince, "GET", endpoint{nil, nil, (*Server).ordersSince})
	add("customers/{id}", OpCustomer, "GET", endpoint{nil, (*Server).customerExists, (*Server).readCustomer})
	return routes
}

func (s *Server) op(r *http.Request) string {
	if _, ok := s.relative(r); !ok {
		return OpUnknown
	}
	return s.routes.Find(r).Op
}

// relative returns the path behind the prefix of this system, still escaped.
func (s *Server) relative(r *http.Request) (string, bool) {
	return strings.CutPrefix(r.URL.EscapedPath(), "/"+s.settings.clientName+"/api/v3/")
}

// webResource reports whether the path belongs to the browser's mode, whose
// names are singular. A signed server gets nothing there.
func webResource(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return first == "basket" || first == "customer"
}

// handle answers an authentic request: form first, then existence, then the
// method, then the rules.
func (s *Server) handle(r *http.Request, body []byte) reply {
	route := s.routes.Find(r)
	switch {
	case route.Found:
		req, err := route.Handle.read(r, body)
		id := r.PathValue("id")
		switch {
		case err != nil:
			return invalid(err)
		case route.Handle.exists != nil && !route.Handle.exists(s, id):
			return notFound("not found")
		}
		return route.Handle.handle(s, id, req)
	case len(route.Allow) > 0:
		return s.methodNotAllowed(r, route.Allow, body)
	}
	return notFound("no such resource")
}

// methodNotAllowed asks another method of the path whether what it names is
// there at all.
func (s *Server) methodNotAllowed(r *http.Request, allow []string, body []byte) reply {
	other := r.Clone(r.Context())
	other.Method = allow[0]
	end := s.routes.Find(other).Handle
	if _, err := (endpoint{}).read(r, body); err != nil {
		return invalid(err)
	}
	if end.exists != nil && !end.exists(s, other.PathValue("id")) {
		return notFound("not found")
	}
	return notAllowed(allow)
}

// read checks the form of a body. A GET's body is ignored; for a method that
// does not exist a body need only be JSON.
func (e endpoint) read(r *http.Request, body []byte) (request, error) {
	if r.Method == http.MethodGet {
		return request{since: r.URL.Query().Get("since")}, nil
	}
	if len(body) > 0 && emulator.MediaType(r) != "application/json" {
		return request{}, refusal("the body is not sent as application/json")
	}
	if e.decode != nil {
		return e.decode(body)
	}
	if len(body) > 0 && !jsontext.Value(body).IsValid() {
		return request{}, refusal("the body is not JSON")
	}
	return request{}, nil
}
