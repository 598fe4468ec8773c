package backendpaytest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

const (
	jsonType = "application/json"
	textType = "text/plain; charset=utf-8"
	htmlType = "text/html; charset=utf-8"
)

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

func badRequest(message string) *reply {
	r := failure(http.StatusBadRequest, message)
	return &r
}

// deleted is the answer to a deletion.
func (s *Server) deleted() reply {
	if s.settings.deletedObject {
		return success(http.StatusOK, []byte(`{}`))
	}
	return success(http.StatusNoContent, nil)
}

func (s *Server) write(w http.ResponseWriter, a reply) {
	media := jsonType
	if a.message != "" {
		media, a.body = s.settings.errorBody.render(a.status, a.message)
	}
	if a.location != "" {
		w.Header().Set("Location", a.location)
	}
	if len(a.body) > 0 {
		w.Header().Set("Content-Type", media)
	}
	if a.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
	s.giveBack(a.page)
}

func (b ErrorBody) render(status int, message string) (media string, body []byte) {
	switch b {
	case ErrorEmpty:
		return "", nil
	case ErrorText:
		return textType, []byte(message + "\n")
	case ErrorHTML:
		title := strconv.Itoa(status) + " " + http.StatusText(status)
		return htmlType, []byte("<!DOCTYPE html>\n<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1></body></html>\n")
	}
	return jsonType, encode(map[string]string{"error": message})
}

// encode writes JSON without HTML escapes.
func encode(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if enc.Encode(v) != nil {
		return []byte("null") // never: only texts, lists of texts and integers are encoded
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte{'\n'})
}

// borrow gives an empty buffer for a page. Pages are large and many, and what
// the emulator throws away would count against the client under test.
func (s *Server) borrow() *[]byte {
	if buf, ok := s.pages.Get().(*[]byte); ok {
		*buf = (*buf)[:0]
		return buf
	}
	return new([]byte)
}

func (s *Server) giveBack(buf *[]byte) {
	if buf != nil {
		s.pages.Put(buf)
	}
}
