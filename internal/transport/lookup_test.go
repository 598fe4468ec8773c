package transport

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

func lookingUp() Request {
	return Request{Op: "FindPayment", Class: Lookup, Method: http.MethodGet, Path: "payments", Reference: "till-7"}
}

// TestLookupIsRepeated: a Lookup is sent again wherever a Read is.
func TestLookupIsRepeated(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]http.HandlerFunc{
		"dropped": raw("", false), "reset": raw("", true), "429": status(429, ""), "502": status(502, "<html>"),
		"503": status(503, ""), "504": status(504, ""),
		"truncated": raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":7}", false),
	} {
		v := newVendor(t, first(fault, fault, found))
		got, err := send(t.Context(), newClient(t, v.URL), lookingUp())
		if err != nil || got.ID != 7 || v.got.Load() < 3 {
			t.Errorf("%s: got %v, %v after %d requests", name, got, err, v.got.Load())
		}
	}
}

// TestLookupProvesNothing: no status alone says that a payment is not there,
// and none says that the caller's input was wrong.
func TestLookupProvesNothing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		answer http.HandlerFunc
		want   error
	}{
		{status(404, `{"error":"no such payment"}`), payment.ErrProtocol},
		{status(404, `[]`), payment.ErrProtocol},
		{status(404, "<html>no such page</html>"), payment.ErrProtocol},
		{status(404, ""), payment.ErrProtocol},
		{status(410, `{}`), payment.ErrProtocol},
		{status(400, `{}`), payment.ErrProtocol},
		{status(409, `{}`), payment.ErrProtocol},
		{status(422, `{}`), payment.ErrProtocol},
		{status(401, `{}`), payment.ErrUnauthorized},
		{status(403, `{}`), payment.ErrForbidden},
		{status(429, `{}`), payment.ErrRateLimited},
		{status(408, ``), payment.ErrUnavailable},
		{status(500, ``), payment.ErrUnavailable},
		{status(302, ``, "Location", "/other"), payment.ErrProtocol},
		{status(204, ``), payment.ErrProtocol},
		{status(205, ``), payment.ErrProtocol},
		{status(206, `{"id":7}`), payment.ErrProtocol},
		{status(201, `{"id":7}`), payment.ErrProtocol},
		{status(202, `{"id":7}`), payment.ErrProtocol},
		{status(203, `{"id":7}`), payment.ErrProtocol},
		{status(207, `{"id":7}`), payment.ErrProtocol},
		{status(200, ``), payment.ErrProtocol},
		{status(200, `<html>`), payment.ErrProtocol},
	} {
		v := newVendor(t, tt.answer)
		for name, fault := range map[string]func(*Reply, *payment.Error){
			"no fault":    nil,
			"absent":      func(_ *Reply, e *payment.Error) { e.Code = "404" },
			"told absent": func(r *Reply, e *payment.Error) { e.Err = statusError(r.Status) },
		} {
			_, err := send(t.Context(), clientOf(t, Config{BaseURL: v.URL, Fault: fault}, WithRetries(0)), lookingUp())
			if e := failed(t, err, tt.want); e.Reference != "till-7" {
				t.Errorf("%s: got %+v", name, err)
			}
		}
	}
}

// TestLookupHeedsTheVendorsWord: a vendor's package knows what its vendor says
// of a payment that is not there.
func TestLookupHeedsTheVendorsWord(t *testing.T) {
	t.Parallel()
	r := lookingUp()
	r.Absent = func(r *Reply) bool { return r.Status == 404 && strings.Contains(string(r.Body), "PAY-404") }
	for body, want := range map[string]error{`{"code":"PAY-404"}`: payment.ErrNotFound, `{"code":"OTHER"}`: payment.ErrProtocol} {
		_, err := send(t.Context(), newClient(t, newVendor(t, status(404, body)).URL), r)
		failed(t, err, want)
	}
	for _, told := range []error{payment.ErrNotFound, fmt.Errorf("list: %w", payment.ErrNotFound), &payment.Error{Err: payment.ErrNotFound}} {
		v := newVendor(t, status(200, `[]`))
		_, err := Call(t.Context(), newClient(t, v.URL), lookingUp(), func(*Reply) (answer, error) { return answer{}, told })
		failed(t, err, payment.ErrNotFound)
	}
	// It is asked for a Lookup only.
	for _, class := range []Class{Read, Write} {
		r.Class, r.Method = class, http.MethodPost
		_, err := send(t.Context(), newClient(t, newVendor(t, status(409, `{"code":"PAY-404"}`)).URL), r)
		failed(t, err, payment.ErrConflict)
	}
}

// TestLookupAsksCachesNotToAnswer: with a caching transport, only a Lookup
// passes it.
func TestLookupAsksCachesNotToAnswer(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	v := newVendor(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintf(w, `{"id":%d}`, n.Add(1)) })
	c := newClient(t, v.URL, WithHTTPClient(&http.Client{Transport: &caching{answers: map[string]string{}}}))
	read := lookingUp()
	read.Class = Read
	for i, tt := range []struct {
		r    Request
		want int
	}{{read, 1}, {read, 1}, {lookingUp(), 2}, {lookingUp(), 3}} {
		if got, err := send(t.Context(), c, tt.r); err != nil || got.ID != tt.want {
			t.Errorf("call %d: got %v, %v, want %d", i, got, err, tt.want)
		}
	}
}

// caching answers from what it has seen, unless Cache-Control and Pragma forbid it.
type caching struct{ answers map[string]string }

func (c *caching) RoundTrip(req *http.Request) (*http.Response, error) {
	asks := req.Header.Get("Cache-Control") == "no-cache" && req.Header.Get("Pragma") == "no-cache"
	if body, ok := c.answers[req.URL.String()]; ok && !asks {
		return textResponse(body), nil
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	_ = drainTo(&b, resp)
	c.answers[req.URL.String()] = b.String()
	return textResponse(b.String()), nil
}
