package spektrixtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
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
	ErrorCode string `json:"errorCode,omitempty"`
}

func success(body any) reply { return reply{status: http.StatusOK, body: body} }

func failure(status int, message string) reply {
	return reply{status: status, body: problem{Message: message}}
}

func notFound(message string) reply { return failure(http.StatusNotFound, message) }

// invalid refuses anything that is wrong with a request that was understood:
// all such refusals are 400.
func invalid(err error) reply { return failure(http.StatusBadRequest, err.Error()) }

func edgeBlock() reply { return reply{status: http.StatusForbidden, html: edgePage} }

// as applies the switches that concern every answer.
func (a reply) as(method string, set *settings) reply {
	if set.createdStatus && method == http.MethodPost && a.status == http.StatusOK {
		a.status = http.StatusCreated
	}
	if p, ok := a.body.(problem); ok && set.errorCodes {
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
		w.Header().Set("Content-Type", htmlType)
		w.WriteHeader(a.status)
		_, _ = io.WriteString(w, a.html)
	case a.body != nil:
		w.Header().Set("Content-Type", jsonType)
		w.WriteHeader(a.status)
		_, _ = w.Write(encode(a.body))
	default:
		w.WriteHeader(a.status)
	}
}

// encode writes JSON without HTML escapes.
func encode(body any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		return []byte(`{}`)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}
