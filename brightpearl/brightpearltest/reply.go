package brightpearltest

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/tenderkit/tenderkit/internal/emulator"
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
	json    []byte // the body itself, in place of body

	morePages bool // of a search
}

// envelope is the vendor's outer object: one of response and errors.
type envelope struct {
	Response any       `json:"response,omitzero"`
	Errors   []problem `json:"errors,omitzero"`
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

// invalid refuses a breach of a rule. The vendor's own codes are unknown.
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
	body := a.json
	if body == nil {
		body = emulator.Encode(a.body)
	}
	setHeaders(w.Header(), message)
	emulator.Write(w, a.status, contentType, escape(body))
}

func setHeaders(h http.Header, message string) {
	h.Set("Content-Type", contentType)
	h.Set("Message-Type", message)
	if h.Get("Ruid") == "" {
		h.Set("Ruid", newID())
	}
}

// newID returns a random UUID, or "" when the system has no randomness left.
func newID() string {
	id, err := uuid.NewRandom()
	if err != nil {
		return ""
	}
	return id.String()
}

// escape writes '<', '>', '&' and '=' as \u00xx, as the vendor does. In JSON
// they stand inside of strings only.
func escape(data []byte) []byte {
	const hex = "0123456789abcdef"
	if !bytes.ContainsAny(data, "<>&=") {
		return data
	}
	out := make([]byte, 0, len(data)+len(data)/16)
	for _, c := range data {
		switch c {
		case '<', '>', '&', '=':
			out = append(out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			out = append(out, c)
		}
	}
	return out
}
