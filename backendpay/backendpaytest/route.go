package backendpaytest

import (
	"io"
	"net/http"
	"strings"
)

// Operations, as [Request] names them.
const (
	OpPayment           = "Payment"
	OpPayments          = "Payments"
	OpCustomerPayments  = "CustomerPayments"
	OpCreatePayment     = "CreatePayment"
	OpUpdatePayment     = "UpdatePayment"
	OpDeletePayment     = "DeletePayment"
	OpPaymentPart       = "PaymentPart"
	OpPaymentParts      = "PaymentParts"
	OpPartsOfPayment    = "PartsOfPayment"
	OpPartsOfInvoice    = "PartsOfInvoice"
	OpPaymentType       = "PaymentType"
	OpPaymentTypes      = "PaymentTypes"
	OpCreatePaymentType = "CreatePaymentType"
	OpUpdatePaymentType = "UpdatePaymentType"
	OpDeletePaymentType = "DeletePaymentType"
	OpCustomer          = "Customer"
	OpCustomers         = "Customers"
	OpUnknown           = "Unknown"
)

const (
	apiPath = "/backend/api/v1/"
	maxBody = 1 << 20
)

// Request is one request that reached the emulator, whatever became of it.
type Request struct {
	Op     string // one of the Op constants
	Method string
	Path   string
	Query  string // as sent, still escaped
}

// Requests lists all requests in order of arrival, those that were refused or
// struck by a fault included.
func (s *Server) Requests() []Request { return s.traffic.All() }

// Count tells how many requests for one operation arrived, see
// [Server.Requests].
func (s *Server) Count(op string) int {
	return s.traffic.Count(func(r Request) bool { return r.Op == op })
}

// Is tells the requests of one operation from others, for the On method of
// [Server.Faults]:
//
//	emulator.Faults().On(emulator.Is(backendpaytest.OpCreatePayment), paymenttest.DropAfter())
func (s *Server) Is(op string) func(*http.Request) bool {
	return func(r *http.Request) bool { return route(r).op == op }
}

func (s *Server) note(r *http.Request) {
	to := route(r)
	s.traffic.Note(Request{Op: to.op, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery})
}

// call is what a handler gets.
type call struct {
	request *http.Request
	id      string // the path's second segment
	body    []byte
}

// target is where a request leads.
type target struct {
	op         string
	id         string
	collection bool // a list, whose documented path ends with a slash
	refusal    int  // the status if there is no handler
	handle     func(*Server, call) reply
}

type endpoint struct {
	op     string
	handle func(*Server, call) reply
}

// lookup finds the endpoints of a path, by method. There is no POST payments:
// creation always names a customer.
func lookup(shape string) map[string]endpoint {
	switch shape {
	case "payments":
		return map[string]endpoint{"GET": {OpPayments, (*Server).listPayments}}
	case "payments/{id}":
		return map[string]endpoint{"GET": {OpPayment, (*Server).getPayment},
			"PATCH": {OpUpdatePayment, (*Server).updatePayment}, "DELETE": {OpDeletePayment, (*Server).deletePayment}}
	case "customers/{id}/payments":
		return map[string]endpoint{"GET": {OpCustomerPayments, (*Server).listCustomerPayments},
			"POST": {OpCreatePayment, (*Server).createPayment}}
	case "paymentParts":
		return map[string]endpoint{"GET": {OpPaymentParts, (*Server).listParts}}
	case "paymentParts/{id}":
		return map[string]endpoint{"GET": {OpPaymentPart, (*Server).getPart}}
	case "payments/{id}/paymentParts":
		return map[string]endpoint{"GET": {OpPartsOfPayment, (*Server).listPartsOfPayment}}
	case "invoices/{id}/paymentParts":
		return map[string]endpoint{"GET": {OpPartsOfInvoice, (*Server).listPartsOfInvoice}}
	}
	return lookupMore(shape)
}

func lookupMore(shape string) map[string]endpoint {
	switch shape {
	case "paymentTypes":
		return map[string]endpoint{"GET": {OpPaymentTypes, (*Server).listTypes},
			"POST": {OpCreatePaymentType, (*Server).createType}}
	case "paymentTypes/{id}":
		return map[string]endpoint{"GET": {OpPaymentType, (*Server).getType},
			"PATCH": {OpUpdatePaymentType, (*Server).updateType}, "DELETE": {OpDeletePaymentType, (*Server).deleteType}}
	case "customers":
		return map[string]endpoint{"GET": {OpCustomers, (*Server).listCustomers}}
	case "customers/{id}":
		return map[string]endpoint{"GET": {OpCustomer, (*Server).getCustomer}}
	}
	return nil
}

// route reads a path, with or without a trailing slash.
func route(r *http.Request) target {
	to := target{op: OpUnknown, refusal: http.StatusNotFound}
	rest, ok := strings.CutPrefix(r.URL.Path, apiPath)
	if !ok {
		return to
	}
	parts := strings.Split(strings.TrimSuffix(rest, "/"), "/")
	if len(parts) > 1 {
		to.id, parts[1] = parts[1], "{id}"
	}
	methods := lookup(strings.Join(parts, "/"))
	if methods == nil || len(parts) > 1 && to.id == "" {
		return to
	}
	to.refusal, to.collection = http.StatusMethodNotAllowed, len(parts)%2 == 1
	if found, ok := methods[r.Method]; ok {
		to.op, to.handle = found.op, found.handle
	}
	return to
}

// redirect gives the right form of a path that is not in it.
func (s *Server) redirect(r *http.Request, to target) (location string, ok bool) {
	slash := to.collection
	switch s.settings.pathForm {
	case PathAny:
		return "", false
	case PathSlash:
		slash = true
	case PathNoSlash:
		slash = false
	}
	if to.handle == nil || slash == strings.HasSuffix(r.URL.Path, "/") {
		return "", false
	}
	right := *r.URL
	right.RawPath = ""
	right.Path = strings.TrimSuffix(right.Path, "/")
	if slash {
		right.Path += "/"
	}
	return s.settings.redirectBase + right.RequestURI(), true
}

// readBody reads what a handler may need; a longer body is cut and then fails
// to parse.
func readBody(r *http.Request) []byte {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return nil
	}
	return body
}
