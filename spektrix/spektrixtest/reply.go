package spektrixtest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

const (
	jsonType = "application/json; charset=utf-8"
	htmlType = "text/html; charset=UTF-8"

	edgePage = "<!DOCTYPE html>\n<html><head><title>Attention Required! | Cloudflare</title></head>" +
		"<body><h1>Sorry, you have been blocked</h1></body></html>\n"
)

// reply is an answer before it is written. With neither body nor html it has
// no body.
type reply struct {
	status int
	body   any
	html   string
	allow  string // the Allow header
}

// problem is the one form of error that has been observed; there is no
// official one.
type problem struct {
	Message   string `json:"message"`
	ErrorCode any    `json:"errorCode,omitempty"`
}

// refusal is why a request is answered 400.
type refusal string

func (r refusal) Error() string { return string(r) }

func success(body any) reply { return reply{status: http.StatusOK, body: body} }

func failure(status int, message string) reply {
	return reply{status: status, body: problem{Message: message}}
}

func notFound(message string) reply { return failure(http.StatusNotFound, message) }

// invalid refuses anything that is wrong with a request that was understood:
// all such refusals are 400.
func invalid(err error) reply { return failure(http.StatusBadRequest, err.Error()) }

// conflict is a 409 with one of the documented codes.
func conflict(code int, form CodeForm, message string) reply {
	p := problem{Message: message}
	switch form {
	case NumberCode:
		p.ErrorCode = code
	case TextCode:
		p.ErrorCode = strconv.Itoa(code)
	}
	return reply{status: http.StatusConflict, body: p}
}

func edgeBlock() reply { return reply{status: http.StatusForbidden, html: edgePage} }

// as applies the facts that concern every answer.
func (a reply) as(method string, facts Facts) reply {
	if facts.CreatedStatus && method == http.MethodPost && a.status == http.StatusOK {
		a.status = http.StatusCreated
	}
	if p, ok := a.body.(problem); ok && facts.ErrorCodes && p.ErrorCode == nil {
		p.ErrorCode = "SIM-" + strconv.Itoa(a.status)
		a.body = p
	}
	return a
}

func (a reply) write(w http.ResponseWriter) {
	if a.allow != "" {
		w.Header().Set("Allow", a.allow)
	}
	switch {
	case a.html != "":
		emulator.Write(w, a.status, htmlType, []byte(a.html))
	case a.body != nil:
		emulator.Write(w, a.status, jsonType, emulator.Encode(a.body))
	default:
		emulator.Write(w, a.status, "", nil)
	}
}

// EdgeBlock is a fault of this vendor: the web page with which the edge in
// front of it refuses a client, status 403 and no effect.
func EdgeBlock() paymenttest.Fault {
	return paymenttest.Answer(http.StatusForbidden, htmlType, edgePage, false)
}

// Forbidden is a fault of this vendor: a 403 from the service itself, in JSON
// and without an effect. It has been observed for an account without rights.
func Forbidden() paymenttest.Fault {
	return paymenttest.Answer(http.StatusForbidden, jsonType, `{"message":"forbidden"}`, false)
}

// EchoDiffers is a fault of this vendor: the payment is stored as it was sent,
// and the answer is that of the documentation's example, whose amount and
// attribute are not what was sent.
func EchoDiffers() paymenttest.Fault {
	return paymenttest.Answer(http.StatusOK, jsonType,
		`{"name":"EPOS System","amount":10.0,"attributes":[{"name":"Payment ref","value":"ABC_123"}]}`, true)
}

func notAllowed(allow []string) reply {
	slices.Sort(allow)
	refused := failure(http.StatusMethodNotAllowed, "method not allowed")
	refused.allow = strings.Join(allow, ", ")
	return refused
}
