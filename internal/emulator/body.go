package emulator

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// MaxBody is how much of a request's body is read, in bytes. A longer body is
// cut there.
const MaxBody = 1 << 20

// buffer reads the body of r into memory, where [Body] finds it.
func buffer(r *http.Request) error {
	data, err := io.ReadAll(io.LimitReader(r.Body, MaxBody))
	r.Body = body{bytes.NewReader(data), data}
	return err
}

type body struct {
	*bytes.Reader
	data []byte
}

func (body) Close() error { return nil }

// Body returns the whole body of a request that came through a [Server],
// whatever has been read of it before. The caller must not change it.
func Body(r *http.Request) []byte {
	if b, ok := r.Body.(body); ok {
		return b.data
	}
	if buffer(r) != nil {
		return nil
	}
	return Body(r)
}

// MediaType returns the media type that a request declares for its body, in
// lower case and without parameters, or "" if it declares none.
func MediaType(r *http.Request) string {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return media
}

// Encode returns v as JSON, without HTML escapes and with the keys of maps in
// order. A value that has no JSON becomes null.
func Encode(v any, opts ...json.Options) []byte {
	data, err := json.Marshal(v, json.JoinOptions(opts...), json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return []byte("null")
	}
	return data
}

// Write answers with a body, or with none if it is empty. contentType is used
// only for a body.
func Write(w http.ResponseWriter, status int, contentType string, body []byte) {
	if len(body) > 0 {
		w.Header().Set("Content-Type", contentType)
	}
	if status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
