package brightpearltest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/google/uuid"
)

const (
	contentType  = "application/json;charset=UTF-8"
	proxyMessage = "api-proxy" // the Message-Type of answers that no service gave
)

// reply is an answer before it is written.
type reply struct {
	status  int
	message string // the Message-Type header; empty: the proxy's
	body    any
}

// envelope is the vendor's outer object: one of response and errors.
type envelope struct {
	Response  any       `json:"response,omitempty"`
	Errors    []problem `json:"errors,omitempty"`
	Reference *struct{} `json:"reference,omitempty"` // searches add an empty one
}

type problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func success(message string, response any) reply {
	return reply{status: http.StatusOK, message: message, body: envelope{Response: response}}
}

func failure(status int, code, message string) reply {
	return reply{status: status, body: envelope{Errors: []problem{{Code: code, Message: message}}}}
}

func notFound(message string) reply { return failure(http.StatusNotFound, "CMNC-404", message) }

// noResource names the path as observed: without its first segment.
func noResource(path string) reply {
	return notFound("Cannot find the resource " + strings.TrimPrefix(path, "/public-api"))
}

// invalid refuses a breach of a rule; the vendor's own codes are unknown.
func invalid(message string) *reply {
	r := failure(http.StatusBadRequest, "SIM-VAL", message)
	return &r
}

// internal is what the vendor answers to a JSON value of the wrong type.
func internal() *reply {
	r := failure(http.StatusInternalServerError, "CMNU-003", "Internal Server Error")
	return &r
}

// unparseable refuses a filter.
func unparseable(name, value, kind string) *reply {
	r := failure(http.StatusInternalServerError, "CMNC-018", "The filter "+name+"="+value+" cannot be parsed as: "+kind)
	return &r
}

func (a reply) write(w http.ResponseWriter) {
	message := a.message
	if message == "" {
		message = proxyMessage
	}
	setHeaders(w.Header(), message)
	w.WriteHeader(a.status)
	_, _ = w.Write(encode(a.body))
}

func setHeaders(h http.Header, message string) {
	h.Set("Content-Type", contentType)
	h.Set("Message-Type", message)
	if h.Get("Ruid") == "" {
		h.Set("Ruid", newID())
	}
}

// newID gives a random UUID, or none when the system has no randomness left.
func newID() string {
	id, err := uuid.NewRandom()
	if err != nil {
		return ""
	}
	return id.String()
}

// encode writes JSON as the vendor does: '<', '>', '&' and '=' in strings as
// \u00xx. encoding/json leaves only the last one alone, and JSON has no '='
// outside of strings.
func encode(body any) []byte {
	data, err := json.Marshal(body)
	if err != nil {
		return []byte(`{}`)
	}
	return bytes.ReplaceAll(data, []byte("="), []byte(`\u003d`))
}
