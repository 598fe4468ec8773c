package brightpearltest

import (
	"net/http"
	"strings"

	"github.com/tenderkit/tenderkit/internal/emulator"
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
	OpUnknown               = emulator.Unknown
)

const publicAPI = "/public-api/"

// handler answers a request of an authenticated client. The caller holds the
// lock.
type handler func(*Server, *http.Request) reply

// newRoutes returns all paths. One trailing slash is allowed everywhere: the
// vendor's documentation writes it for some resources, and clients for others.
// The last two lead to no handler, but name the account.
func newRoutes() *emulator.Routes[handler] {
	const accounting = publicAPI + "{account}/accounting-service/"
	t := &emulator.Routes[handler]{}
	t.AddSlashed("POST "+accounting+"customer-payment", OpCreateCustomerPayment, (*Server).createCustomerPayment)
	t.AddSlashed("GET "+accounting+"customer-payment-search", OpCustomerPayments, (*Server).searchCustomerPayments)
	t.AddSlashed("DELETE "+accounting+"customer-payment/{id}", OpDeleteCustomerPayment, (*Server).deleteCustomerPayment)
	t.AddSlashed("GET "+accounting+"sale-payment-total", OpSalePaymentTotals, (*Server).salePaymentTotals)
	t.AddSlashed("GET "+accounting+"sale-payment-total/{ids}", OpSalePaymentTotals, (*Server).salePaymentTotals)
	t.AddSlashed("GET "+accounting+"payment-method", OpPaymentMethods, (*Server).paymentMethods)
	t.AddSlashed("GET "+accounting+"payment-method/{id}", OpPaymentMethods, (*Server).paymentMethods)
	t.AddSlashed("POST "+accounting+"supplier-payment", OpCreateSupplierPayment, (*Server).createSupplierPayment)
	t.AddSlashed("GET "+accounting+"supplier-payment-search", OpSupplierPayments, (*Server).searchSupplierPayments)
	t.Add("POST /oauth/token", OpToken, (*Server).token)
	t.Add("POST /token/{account}", OpToken, (*Server).token)
	t.Add(publicAPI+"{account}", OpUnknown, nil)
	t.Add(publicAPI+"{account}/{rest...}", OpUnknown, nil)
	return t
}

func (s *Server) op(r *http.Request) string { return s.routes.Find(r).Op }

// front counts a request and refuses it if the quota is used up.
func (s *Server) front(w http.ResponseWriter, r *http.Request) (answered bool) {
	if !strings.HasPrefix(r.URL.Path, publicAPI) {
		return false
	}
	setHeaders(w.Header(), proxyMessage)
	if s.meter(w.Header(), r) {
		return false
	}
	s.answerThrottled(w, r)
	return true
}

// answer is the service itself.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	reply, between := s.reply(r), s.between
	s.mu.Unlock()
	if reply.morePages && between != nil {
		between()
	}
	reply.write(w)
}

// reply decides in the vendor's order: who is it, what is asked for, is it
// allowed. The caller holds the lock.
func (s *Server) reply(r *http.Request) reply {
	route := s.routes.Find(r)
	if route.Op == OpToken {
		return route.Handle(s, r)
	}
	account := r.PathValue("account")
	if account == "" {
		return noResource(r.URL.Path)
	}
	if refused, ok := s.authenticate(r, account); !ok {
		return refused
	}
	if route.Handle == nil {
		return noResource(r.URL.Path)
	}
	return route.Handle(s, r)
}
