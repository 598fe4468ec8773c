package brightpearltest

import (
	"io"
	"net/http"
	"strings"
)

// Operations, as [Request] names them.
const (
	OpCreateCustomerPayment = "CreateCustomerPayment"
	OpCustomerPayments      = "CustomerPayments"
	OpDeleteCustomerPayment = "DeleteCustomerPayment"
	OpSalePaymentTotals     = "SalePaymentTotals"
	OpPaymentMethods        = "PaymentMethods"
	OpCreateSupplierPayment = "CreateSupplierPayment"
	OpSupplierPayments      = "SupplierPayments"
	OpToken                 = "Token"
	OpUnknown               = "Unknown"
)

const (
	publicAPI = "/public-api/"
	service   = "accounting-service"
	maxBody   = 1 << 20
)

// Request is one request that reached the emulator, whatever became of it.
type Request struct {
	Op     string // one of the Op constants
	Method string
	Path   string
	Query  string // as sent, still escaped
}

// Requests lists all requests in order of arrival, those that were refused,
// throttled or struck by a fault included.
func (s *Server) Requests() []Request { return s.traffic.All() }

// Count tells how many requests for one operation arrived, see
// [Server.Requests].
func (s *Server) Count(op string) int {
	return s.traffic.Count(func(r Request) bool { return r.Op == op })
}

// Is tells the requests of one operation from others, for the On method of
// [Server.Faults]:
//
//	emulator.Faults().On(emulator.Is(brightpearltest.OpCreateCustomerPayment), paymenttest.DropAfter())
func (s *Server) Is(op string) func(*http.Request) bool {
	return func(r *http.Request) bool {
		to, _ := s.route(r)
		return to.op == op
	}
}

func (s *Server) note(r *http.Request) {
	target, _ := s.route(r)
	s.traffic.Note(Request{Op: target.op, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery})
}

// call is what a handler gets.
type call struct {
	request *http.Request
	arg     string // what follows the resource in the path
	body    []byte
}

// target is where a path leads.
type target struct {
	op      string
	account string
	arg     string
	handle  func(*Server, call) reply
}

type argRule int

const (
	noArg argRule = iota
	needsArg
	mayHaveArg
)

type endpoint struct {
	op     string
	arg    argRule
	handle func(*Server, call) reply
}

// lookup finds the endpoint of a method and a resource.
func lookup(method, resource string) (endpoint, bool) {
	switch method + " " + resource {
	case "POST customer-payment":
		return endpoint{OpCreateCustomerPayment, noArg, (*Server).createCustomerPayment}, true
	case "GET customer-payment-search":
		return endpoint{OpCustomerPayments, noArg, (*Server).searchCustomerPayments}, true
	case "DELETE customer-payment":
		return endpoint{OpDeleteCustomerPayment, needsArg, (*Server).deleteCustomerPayment}, true
	case "GET sale-payment-total":
		return endpoint{OpSalePaymentTotals, mayHaveArg, (*Server).salePaymentTotals}, true
	case "GET payment-method":
		return endpoint{OpPaymentMethods, mayHaveArg, (*Server).paymentMethods}, true
	case "POST supplier-payment":
		return endpoint{OpCreateSupplierPayment, noArg, (*Server).createSupplierPayment}, true
	case "GET supplier-payment-search":
		return endpoint{OpSupplierPayments, noArg, (*Server).searchSupplierPayments}, true
	}
	return endpoint{}, false
}

// route reads a path. One trailing slash is allowed everywhere: the vendor's
// documentation writes it for some resources, and clients for others.
func (s *Server) route(r *http.Request) (target, bool) {
	if account, ok := tokenPath(r); ok {
		return target{op: OpToken, account: account}, true
	}
	rest, ok := strings.CutPrefix(r.URL.Path, publicAPI)
	if !ok {
		return target{op: OpUnknown}, false
	}
	parts := strings.Split(strings.TrimSuffix(rest, "/"), "/")
	to := target{op: OpUnknown, account: parts[0]}
	if len(parts) < 3 || len(parts) > 4 || parts[1] != service {
		return to, false
	}
	found, ok := lookup(r.Method, parts[2])
	hasArg := len(parts) == 4
	if !ok || hasArg && found.arg == noArg || !hasArg && found.arg == needsArg {
		return to, false
	}
	to.op, to.handle = found.op, found.handle
	if hasArg {
		to.arg = parts[3]
	}
	return to, true
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
