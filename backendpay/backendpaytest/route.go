package backendpaytest

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/tenderkit/tenderkit/internal/emulator"
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
	OpUnknown           = emulator.Unknown
)

const apiPath = "/backend/api/v1/"

// call is what a handler gets.
type call struct {
	request *http.Request
	id      string // the path's id
	user    *user
}

// endpoint is where a request leads.
type endpoint struct {
	collection bool // a list, whose documented path ends with a slash
	handle     func(*Server, call) reply
}

// addRoutes adds the documented routes. There is no POST payments: creation
// always names a customer.
func (s *Server) addRoutes() {
	add := func(collection bool) func(pattern, op string, handle func(*Server, call) reply) {
		return func(pattern, op string, handle func(*Server, call) reply) {
			method, path, _ := strings.Cut(pattern, " ")
			s.routes.AddSlashed(method+" "+apiPath+path, op, endpoint{collection, handle})
		}
	}
	list, item := add(true), add(false)
	list("GET payments", OpPayments, (*Server).listPayments)
	item("GET payments/{id}", OpPayment, (*Server).getPayment)
	item("PATCH payments/{id}", OpUpdatePayment, (*Server).updatePayment)
	item("DELETE payments/{id}", OpDeletePayment, (*Server).deletePayment)
	list("GET customers/{id}/payments", OpCustomerPayments, (*Server).listCustomerPayments)
	list("POST customers/{id}/payments", OpCreatePayment, (*Server).createPayment)
	list("GET paymentParts", OpPaymentParts, (*Server).listParts)
	item("GET paymentParts/{id}", OpPaymentPart, (*Server).getPart)
	list("GET payments/{id}/paymentParts", OpPartsOfPayment, (*Server).listPartsOfPayment)
	list("GET invoices/{id}/paymentParts", OpPartsOfInvoice, (*Server).listPartsOfInvoice)
	list("GET paymentTypes", OpPaymentTypes, (*Server).listTypes)
	list("POST paymentTypes", OpCreatePaymentType, (*Server).createType)
	item("GET paymentTypes/{id}", OpPaymentType, (*Server).getType)
	item("PATCH paymentTypes/{id}", OpUpdatePaymentType, (*Server).updateType)
	item("DELETE paymentTypes/{id}", OpDeletePaymentType, (*Server).deleteType)
	list("GET customers", OpCustomers, (*Server).listCustomers)
	item("GET customers/{id}", OpCustomer, (*Server).getCustomer)
}

// answer is the service itself.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	reply := s.reply(r)
	s.mu.Unlock()
	s.write(w, reply)
}

// reply decides: is the path in its form, who is it, what is asked for, may the
// user do it. The caller holds the lock.
func (s *Server) reply(r *http.Request) reply {
	to := s.routes.Find(r)
	if location, ok := s.redirect(r, to); ok {
		return reply{status: s.settings.redirectStatus(), location: location}
	}
	user, ok := s.authenticate(r)
	switch {
	case !ok:
		return failure(s.settings.authStatus(), "The API key is missing or wrong")
	case !to.Found && len(to.Allow) > 0:
		return failure(http.StatusMethodNotAllowed, http.StatusText(http.StatusMethodNotAllowed))
	case !to.Found:
		return failure(http.StatusNotFound, http.StatusText(http.StatusNotFound))
	case user.ReadOnly && r.Method != http.MethodGet:
		return failure(http.StatusForbidden, "The user may not write")
	}
	return to.Handle.handle(s, call{request: r, id: r.PathValue("id"), user: user})
}

// redirect returns the right form of a path that is not in it.
func (s *Server) redirect(r *http.Request, to emulator.Route[endpoint]) (location string, ok bool) {
	slash := to.Handle.collection
	switch s.settings.Paths {
	case PathAny:
		return "", false
	case PathSlash:
		slash = true
	case PathNoSlash:
		slash = false
	}
	if !to.Found || slash == strings.HasSuffix(r.URL.Path, "/") {
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

const jsonType = "application/json"

// reply is an answer before it is written.
type reply struct {
	status   int
	body     []byte // JSON; nil: none
	message  string // of a refusal, which has no body yet
	location string
	page     *[]byte // the buffer behind body, to be given back
}

func success(status int, body []byte) reply { return reply{status: status, body: body} }

func failure(status int, message string) reply { return reply{status: status, message: message} }

func notFound(what string) reply { return failure(http.StatusNotFound, "There is no such "+what) }

// invisible is the answer about an object that the user may not see.
func (s *Server) invisible(what string) reply {
	return failure(s.settings.invisibleStatus(), "There is no such "+what)
}

func badRequest(message string) *reply {
	r := failure(http.StatusBadRequest, message)
	return &r
}

// deleted is the answer to a deletion.
func (s *Server) deleted() reply {
	if s.settings.DeletedObject {
		return success(http.StatusOK, []byte(`{}`))
	}
	return success(http.StatusNoContent, nil)
}

func (s *Server) write(w http.ResponseWriter, a reply) {
	media := jsonType
	if a.message != "" {
		media, a.body = s.settings.ErrorBody.render(a.status, a.message)
	}
	if a.location != "" {
		w.Header().Set("Location", a.location)
	}
	emulator.Write(w, a.status, media, a.body)
	s.giveBack(a.page)
}

func (b ErrorBody) render(status int, message string) (media string, body []byte) {
	switch b {
	case ErrorEmpty:
		return "", nil
	case ErrorText:
		return "text/plain; charset=utf-8", []byte(message + "\n")
	case ErrorHTML:
		title := strconv.Itoa(status) + " " + http.StatusText(status)
		return "text/html; charset=utf-8", []byte("<!DOCTYPE html>\n<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1></body></html>\n")
	}
	return jsonType, emulator.Encode(map[string]string{"error": message})
}
