package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// TestReadIsRepeated: the answer comes at the third attempt.
func TestReadIsRepeated(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]http.HandlerFunc{
		"dropped":           raw("", false),
		"reset":             raw("", true),
		"429":               status(429, ""),
		"502":               status(502, "<html>"),
		"503":               status(503, ""),
		"504":               status(504, ""),
		"truncated":         raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":7}", false),
		"truncated refusal": raw("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\n{\"id\":7}", false),
		"no answer in time": hang,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newVendor(t, first(fault, fault, found))
			timeout := 20 * time.Second
			if name == "no answer in time" {
				timeout = 500 * time.Millisecond
			}
			got, err := send(t.Context(), newClient(t, v.URL, WithTimeout(timeout)), reading())
			if err != nil || got.ID != 7 || v.got.Load() < 3 {
				t.Errorf("got %v, %v after %d requests", got, err, v.got.Load())
			}
		})
	}
}

// TestReadIsNotRepeated: these answers would be the same the next time.
func TestReadIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		answer http.HandlerFunc
		want   error
		status int
	}{
		{status(400, ""), payment.ErrInvalid, 400},
		{status(404, ""), payment.ErrNotFound, 404},
		{status(404, `{"error":"none"}`), payment.ErrNotFound, 404},
		{status(404, "\n<html>no such page</html>"), payment.ErrProtocol, 404},
		{status(404, "no such page", "Content-Type", "Text/HTML; charset=utf-8"), payment.ErrProtocol, 404},
		{status(401, "<html>"), payment.ErrUnauthorized, 401},
		{status(403, "<html>"), payment.ErrForbidden, 403},
		{status(500, "<html>"), payment.ErrUnavailable, 500},
		{status(408, ""), payment.ErrUnavailable, 408},
		{status(500, ""), payment.ErrUnavailable, 500},
		{status(501, ""), payment.ErrUnavailable, 501},
		{status(302, "", "Location", "/other"), payment.ErrProtocol, 302},
		{status(308, "", "Location", "http://[::1"), payment.ErrProtocol, 308},
		{status(200, "<html>"), payment.ErrProtocol, 200},
		{status(200, ""), payment.ErrProtocol, 200},
		{status(200, `{"id":"seven"}`), payment.ErrProtocol, 200},
		{status(200, strings.Repeat(" ", maxBody)+`{"id":7}`), payment.ErrProtocol, 200},
	} {
		v := newVendor(t, tt.answer)
		_, err := send(t.Context(), newClient(t, v.URL), reading())
		e := failed(t, err, tt.want)
		if e.Status != tt.status || v.got.Load() != 1 || e.Attempts != 1 {
			t.Errorf("%v with status %d after %d requests", err, e.Status, v.got.Load())
		}
	}
}

func TestReadGivesUp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fault  http.HandlerFunc
		want   error
		status int
	}{
		{raw("", false), payment.ErrUnavailable, 0},
		{status(503, `{"error":"busy"}`), payment.ErrUnavailable, 503},
		{status(429, ""), payment.ErrRateLimited, 429},
		{raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":7}", false), payment.ErrProtocol, 200},
	} {
		for _, retries := range []int{0, 2} {
			v := newVendor(t, tt.fault)
			_, err := send(t.Context(), newClient(t, v.URL, WithRetries(retries)), reading())
			e := failed(t, err, tt.want)
			// net/http repeats a GET itself if a kept connection breaks, but
			// these connections are all new.
			if e.Status != tt.status || e.Attempts != retries+1 || v.got.Load() != int64(retries+1) {
				t.Errorf("%v with status %d after %d requests", err, e.Status, v.got.Load())
			}
		}
	}
}

// TestAttemptsOfAnUnreadableAnswer: the count includes the attempts before.
func TestAttemptsOfAnUnreadableAnswer(t *testing.T) {
	t.Parallel()
	v := newVendor(t, first(status(503, ""), status(200, "<html>")))
	_, err := send(t.Context(), newClient(t, v.URL), reading())
	if e := failed(t, err, payment.ErrProtocol); e.Attempts != 2 {
		t.Errorf("%d attempts", e.Attempts)
	}
}

func TestLargestAnswer(t *testing.T) {
	t.Parallel()
	v := newVendor(t, status(200, strings.Repeat(" ", maxBody-8)+`{"id":7}`))
	if got, err := send(t.Context(), newClient(t, v.URL), reading()); err != nil || got.ID != 7 {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestReadingPost: a POST of class Read is repeated with the same body.
func TestReadingPost(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var bodies []string
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		bodies = append(bodies, string(b))
		first(status(503, ""))(w, r)
	})
	r := Request{Op: "Search", Class: Read, Method: http.MethodPost, Path: "search", Payload: answer{ID: 7}}
	_, err := send(t.Context(), newClient(t, v.URL, WithRetries(2)), r)
	failed(t, err, payment.ErrUnavailable)
	if got := fmt.Sprint(bodies); got != `[{"id":7} {"id":7} {"id":7}]` {
		t.Errorf("sent %s", got)
	}
}

func TestReadCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		hang(w, r)
	})
	_, err := send(ctx, newClient(t, v.URL), reading())
	if e := failed(t, err, payment.ErrUnavailable); !errors.Is(err, context.Canceled) || e.Attempts != 1 {
		t.Errorf("got %v", err)
	}
}

// TestContextBeforeAnything: nothing is sent for a context that cannot serve.
func TestContextBeforeAnything(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	v := newVendor(t, found)
	_, err := send(ended, newClient(t, v.URL), writing())
	refusedInput(t, err, "ctx")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	var none context.Context
	_, err = send(none, newClient(t, v.URL), writing())
	refusedInput(t, err, "ctx")
	if v.got.Load() != 0 || !strings.HasPrefix(err.Error(), "vendor: Record: ctx: ") {
		t.Errorf("%v after %d requests", err, v.got.Load())
	}
}

// TestErrorBodyIsKeptInPart: 64 KiB of an error, however long it is.
func TestErrorBodyIsKeptInPart(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 10, maxErrorBody, maxErrorBody + 1, 3 * maxErrorBody} {
		v := newVendor(t, status(500, strings.Repeat("x", n)))
		_, err := send(t.Context(), newClient(t, v.URL), writing())
		if e := failed(t, err, payment.ErrOutcomeUnknown); len(e.Body) != min(n, maxErrorBody) {
			t.Errorf("kept %d of %d bytes", len(e.Body), n)
		}
	}
	v := newVendor(t, status(200, "<"+strings.Repeat("x", 2*maxErrorBody)))
	_, err := send(t.Context(), newClient(t, v.URL), reading())
	if e := failed(t, err, payment.ErrProtocol); len(e.Body) != maxErrorBody {
		t.Errorf("kept %d bytes of a bad success", len(e.Body))
	}
}

// TestVendorsErrorInASuccess: a decode function may find a refusal in a 2xx.
func TestVendorsErrorInASuccess(t *testing.T) {
	t.Parallel()
	v := newVendor(t, status(200, `{"error":"card-key-1234 is gone"}`, "Ruid", "r-1"))
	c := clientOf(t, Config{BaseURL: v.URL, Seal: NewSeal("card-key-1234"), RequestID: "Ruid"})
	_, err := Call(t.Context(), c, writing(), func(r *Reply) (answer, error) {
		return answer{}, &payment.Error{Code: "E7", Message: string(r.Body), Err: payment.ErrConflict}
	})
	e := failed(t, err, payment.ErrConflict)
	if e.Code != "E7" || e.Message != `{"error":"[redacted] is gone"}` || e.RequestID != "r-1" || e.Status != 200 || e.Reference != "till-7" {
		t.Errorf("got %+v", err)
	}
}
