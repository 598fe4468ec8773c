package transport

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

var quiet = log.New(io.Discard, "", 0)

// afterSending are the faults that a write meets once its first byte is out.
var afterSending = []struct {
	name   string
	fault  http.HandlerFunc
	status int // in the error
}{
	{"dropped without an answer", raw("", false), 0},
	{"dropped inside the status line", raw("HTTP/1.1 20", false), 0},
	{"dropped inside the headers", raw("HTTP/1.1 200 OK\r\nContent-Le", false), 0},
	{"reset", raw("", true), 0},
	{"no HTTP", raw("220 mail.example.com ESMTP\r\n", false), 0},
	{"no answer in time", hang, 0},
	{"500 JSON", status(500, `{"error":"boom"}`), 500},
	{"500 HTML", status(500, `<html>boom</html>`), 500},
	{"501", status(501, ""), 501},
	{"502", status(502, "<html>Bad Gateway</html>"), 502},
	{"503", status(503, "", "Retry-After", "0"), 503},
	{"504", status(504, ""), 504},
	{"408 of a gateway", status(408, ""), 408},
	{"404 of another server", status(404, "<html>no such page</html>"), 404},
	{"409 of another server", status(409, "", "Content-Type", "text/html"), 409},
	{"301", status(301, "", "Location", "/v2/payments"), 301},
	{"303", status(303, "", "Location", "/v2/payments"), 303},
	{"307", status(307, "", "Location", "/v2/payments"), 307},
	{"308 to nowhere", status(308, "", "Location", "http://[::1"), 308},
	{"304", status(304, ""), 304},
	{"101", raw("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n", false), 101},
	{"2xx HTML", status(200, `<html>signed in</html>`), 200},
	{"2xx empty", status(201, ""), 201},
	{"2xx other type", status(200, `{"id":"seven"}`), 200},
	{"2xx truncated", raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":7}", false), 200},
	{"2xx truncated chunk", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"id\":7}\r\n", false), 200},
	{"2xx reset", raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\"", true), 0},
	{"2xx broken compression", status(200, "no gzip", "Content-Encoding", "gzip"), 200},
	{"2xx too large", status(200, strings.Repeat(" ", maxBody)+`{"id":7}`), 200},
}

// TestWriteIsNeverSentTwice: whatever happens after the first byte, the vendor
// sees one request and the caller is told that nobody knows.
func TestWriteIsNeverSentTwice(t *testing.T) {
	t.Parallel()
	for _, tt := range afterSending {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := newVendor(t, tt.fault)
			timeout := 20 * time.Second
			if tt.name == "no answer in time" {
				timeout = 500 * time.Millisecond
			}
			_, err := send(t.Context(), newClient(t, v.URL, WithTimeout(timeout)), writing())
			e := failed(t, err, payment.ErrOutcomeUnknown)
			if v.got.Load() != 1 {
				t.Errorf("the vendor was sent %d requests", v.got.Load())
			}
			if e.Vendor != "vendor" || e.Op != "Record" || e.Reference != "till-7" || e.Target != "order-9" || e.Attempts != 1 {
				t.Errorf("the error does not tell the payment: %+v, target %s", err, e.Target)
			}
			if e.Method != http.MethodPost || e.Path != "payments" {
				t.Errorf("the error does not tell the call: %s %s", e.Method, e.Path)
			}
			// A reset may overtake the answer's own first bytes.
			if e.Status != tt.status && !strings.Contains(tt.name, "reset") {
				t.Errorf("status %d, want %d", e.Status, tt.status)
			}
		})
	}
}

// TestWriteWithoutBodyIsNeverSentTwice does the same for DELETE, and for a GET
// that changes something, which net/http would repeat by itself.
func TestWriteWithoutBodyIsNeverSentTwice(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodDelete, http.MethodGet} {
		for _, fault := range []http.HandlerFunc{raw("", false), raw("", true), status(503, "")} {
			v := newVendor(t, first(found, fault))
			c := newClient(t, v.URL)
			r := Request{Op: "Delete", Class: Write, Method: method, Path: "payments/{id}", IDs: []string{"7"}}
			if _, err := send(t.Context(), c, r); err != nil {
				t.Fatal(err)
			}
			_, err := send(t.Context(), c, r) // on the same connection
			failed(t, err, payment.ErrOutcomeUnknown)
			if v.got.Load() != 2 || v.conns.Load() != 1 {
				t.Errorf("%s: the vendor was sent %d requests on %d connections", method, v.got.Load(), v.conns.Load())
			}
		}
	}
}

func TestWriteWithoutBodyKeepsItsForm(t *testing.T) {
	t.Parallel()
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 || len(r.TransferEncoding) != 0 || r.Header.Get("Content-Type") != "" {
			t.Errorf("%s has a body: length %d, encoding %v", r.Method, r.ContentLength, r.TransferEncoding)
		}
		found(w, r)
	})
	for _, method := range []string{http.MethodDelete, http.MethodGet} {
		_, err := send(t.Context(), newClient(t, v.URL), Request{Op: "Delete", Class: Write, Method: method, Path: "payments"})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestWriteCancelledAfterTheFirstByte(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		hang(w, r)
	})
	_, err := send(ctx, newClient(t, v.URL), writing())
	e := failed(t, err, payment.ErrOutcomeUnknown)
	if !errors.Is(err, context.Canceled) || v.got.Load() != 1 || e.Attempts != 1 {
		t.Errorf("%v after %d requests", err, v.got.Load())
	}
}

// TestWriteRefused: a 4xx is the vendor's word that nothing was done, unless it
// is a web page. It is not sent again either.
func TestWriteRefused(t *testing.T) {
	t.Parallel()
	for code, sentinel := range map[int]error{
		400: payment.ErrInvalid, 401: payment.ErrUnauthorized, 403: payment.ErrForbidden, 404: payment.ErrNotFound,
		409: payment.ErrConflict, 422: payment.ErrInvalid, 429: payment.ErrRateLimited,
	} {
		v := newVendor(t, status(code, `{"error":"no"}`, "Retry-After", "0"))
		_, err := send(t.Context(), newClient(t, v.URL), writing())
		e := failed(t, err, sentinel)
		if e.Status != code || e.Attempts != 1 || v.got.Load() != 1 || string(e.Body) != `{"error":"no"}` {
			t.Errorf("%d: %v with body %q after %d requests", code, err, e.Body, v.got.Load())
		}
	}
}

// TestWriteOverHTTP2: a stream that the server resets, and one that the caller
// leaves, over TLS and over a plain connection.
func TestWriteOverHTTP2(t *testing.T) {
	t.Parallel()
	for _, plain := range []bool{false, true} {
		for name, fault := range map[string]http.HandlerFunc{
			"stream reset":      func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
			"no answer in time": hang,
			"503":               status(503, ""),
		} {
			for _, r := range []Request{writing(), {Op: "Delete", Class: Write, Method: http.MethodDelete, Path: "payments"}} {
				v := newVendor(t, fault, func(s *httptest.Server) { startHTTP2(s, plain) })
				c := newClient(t, v.URL, WithHTTPClient(http2Client(v, plain)), WithTimeout(time.Second))
				_, err := send(t.Context(), c, r)
				failed(t, err, payment.ErrOutcomeUnknown)
				if v.got.Load() != 1 {
					t.Errorf("%s, plain %t: the vendor was sent %d requests: %v", name, plain, v.got.Load(), err)
				}
			}
		}
	}
}

func startHTTP2(s *httptest.Server, plain bool) {
	if !plain {
		s.EnableHTTP2 = true
		s.StartTLS()
		return
	}
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	s.Start()
}

func http2Client(v *vendor, plain bool) *http.Client {
	if !plain {
		return v.Client()
	}
	only := new(http.Protocols)
	only.SetUnencryptedHTTP2(true)
	v.Client().Transport.(*http.Transport).Protocols = only
	return v.Client()
}
