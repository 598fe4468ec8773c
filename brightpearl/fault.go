package brightpearl

import (
	"bytes"
	"cmp"
	"errors"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// get returns the request of a reading call.
func get(op, path string, ids ...string) transport.Request {
	return transport.Request{Op: op, Class: transport.Read, Method: http.MethodGet, Path: path, IDs: ids}
}

// envelope is the one form of every answer (documented): response or errors,
// never both.
type envelope[T any] struct {
	Response *T             `json:"response"`
	Errors   jsontext.Value `json:"errors,case:ignore"`
	Error    jsontext.Value `json:"error,case:ignore"` // nobody has seen one; it would not be a success
}

func (e envelope[T]) hasErrors() bool { return says(e.Errors) || says(e.Error) }

// says reports whether a member holds anything: a list without elements names no
// errors.
func says(v jsontext.Value) bool {
	switch kind := v.Kind(); kind {
	case '"':
		text, _ := wire.TextOf(v)
		return strings.TrimSpace(string(text)) != ""
	case '[', '{':
		return len(bytes.TrimSpace(v[1:len(v)-1])) > 0
	case '0':
		return string(v) != "0"
	default:
		return kind == 't'
	}
}

var (
	errNotJSON    = errors.New("the answer's content type is not JSON")
	errBothKeys   = errors.New("the answer holds both response and errors")
	errNoResponse = errors.New("the answer holds no response")
)

// open takes the response out of a successful answer.
func open[T any](r *transport.Reply) (T, error) {
	var none T
	if !isJSON(r) {
		return none, errNotJSON
	}
	e, err := transport.JSON[envelope[T]](r)
	switch {
	case err != nil:
		return none, err
	case e.Response != nil && e.hasErrors():
		return none, errBothKeys
	case e.Response == nil:
		return none, errNoResponse
	}
	return *e.Response, nil
}

// openID takes the id of a new record out of a successful answer.
func openID(r *transport.Reply) (int64, error) {
	id, err := open[wire.Int](r)
	if err == nil && id <= 0 {
		err = errors.New("$.response: is not a positive id")
	}
	if err != nil {
		return 0, err
	}
	return int64(id), nil
}

// openOne takes the first of a list that should hold one record.
func openOne[T any](r *transport.Reply) (T, error) {
	list, err := open[[]T](r)
	if err != nil || len(list) == 0 {
		var none T
		return none, cmp.Or(err, error(&payment.Error{Err: payment.ErrNotFound}))
	}
	return list[0], nil
}

// openNothing takes the answer of a call that returns nothing: an empty body
// (documented) or an object without errors ({} was observed).
func openNothing(r *transport.Reply) (nothing struct{}, err error) {
	switch {
	case len(bytes.TrimSpace(r.Body)) == 0:
		return nothing, nil
	case !isJSON(r):
		return nothing, errNotJSON
	}
	members, err := transport.JSON[map[string]jsontext.Value](r)
	for name, value := range members {
		switch strings.ToLower(name) {
		case "errors", "error":
			if says(value) {
				err = errors.New("$.errors: stands in an answer of success")
			}
		case "response":
			if value.Kind() == '"' && says(value) {
				err = errors.New("$.response: is text")
			}
		case "reference":
		default:
			err = errors.New("$: is not the vendor's form of success")
		}
	}
	return nothing, err
}

// isJSON reports an answer that does not call itself something else. One
// without a content type is judged by its text.
func isJSON(r *transport.Reply) bool {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	return kind == "" || strings.HasSuffix(kind, "/json") || strings.HasSuffix(kind, "+json")
}

// readFault reads the vendor's error body. The vendor's own 404 comes with a
// code (observed). A gateway's says nothing about the record that was asked for.
func readFault(r *transport.Reply, e *payment.Error) {
	readErrors(r, e)
	if e.Status == http.StatusNotFound && e.Code == "" {
		e.Err = payment.ErrProtocol
	}
}

// readErrors reads a list under errors (documented), or text under response,
// which the gateway uses for 401 and throttling (observed).
func readErrors(r *transport.Reply, e *payment.Error) {
	var body struct {
		Response wire.Lenient[string] `json:"response"`
		Errors   []vendorError        `json:"errors"`
	}
	if wire.Unmarshal(r.Body, &body) != nil {
		return
	}
	e.Message = body.Response.Value
	for _, entry := range body.Errors {
		e.Code = join(e.Code, ",", string(entry.Code))
		e.Message = join(e.Message, "; ", string(entry.Message))
	}
}

type vendorError struct {
	Code    wire.Text `json:"code"`
	Message wire.Text `json:"message"`
}

func join(a, separator, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + separator + b
}

const throttleText = "too many requests"

// isThrottled reports throttling, which executes nothing, as against an outage:
// both are a 503, only the text differs (observed).
func isThrottled(r *transport.Reply) bool {
	return r.Status == http.StatusServiceUnavailable && strings.Contains(strings.ToLower(string(r.Body)), throttleText)
}

// isObject reports an answer in the vendor's form. A page or a sentence is some
// server's on the way, and says nothing about the vendor.
func isObject(r *transport.Reply) bool {
	body := jsontext.Value(bytes.TrimPrefix(r.Body, []byte("\ufeff")))
	return body.Kind() == '{' && body.IsValid()
}

// refusal returns the two answers that mean "not executed" (inferred, clauses
// throttle.not-executed and auth.not-executed): throttling and, where a new token
// can be had, a 401. A payment without a
// reference is never sent again.
func refusal(auth authenticator) func(*transport.Request, *transport.Reply) *transport.Refusal {
	return func(req *transport.Request, r *transport.Reply) *transport.Refusal {
		switch {
		case req.Class == transport.Write && !isObject(r):
			return nil
		case isThrottled(r):
			refused := &transport.Refusal{Err: payment.ErrRateLimited, Wait: throttleWait(r.Header), Tries: maxThrottled}
			if req.Class == transport.Write && req.Method == http.MethodPost && req.Reference == "" {
				refused.Tries = 0
			}
			return refused
		case r.Status == http.StatusUnauthorized && auth.renews():
			return &transport.Refusal{Err: payment.ErrUnauthorized, Tries: 1}
		}
		return nil
	}
}
