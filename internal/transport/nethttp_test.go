package transport

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// The tests of this file hold the facts about net/http that the package is
// built on. When one fails after an update, read what depends on it before
// changing the test.

func postTo(t *testing.T, url, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// drain reads and closes, so that the connection is kept.
func drain(resp *http.Response, err error) error {
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return err
}

// TestFactNetHTTPRepeatsByItself: on a kept connection that breaks, net/http
// sends a GET again, and a POST with GetBody and an idempotency key. Neither
// happens without GetBody, or here.
func TestFactNetHTTPRepeatsByItself(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		prepare func(*http.Request)
		want    int64
	}{
		"GET":                        {func(r *http.Request) { r.Method, r.Body, r.GetBody, r.ContentLength = http.MethodGet, nil, nil, 0 }, 3},
		"POST":                       {func(*http.Request) {}, 2},
		"POST, key":                  {func(r *http.Request) { r.Header.Set("Idempotency-Key", "1") }, 3},
		"POST, key, without GetBody": {func(r *http.Request) { r.Header.Set("X-Idempotency-Key", "1"); r.GetBody = nil }, 2},
	} {
		v := newVendor(t, first(found, raw("", false), found))
		own := &http.Transport{}
		client := &http.Client{Transport: own}
		if err := drain(client.Do(postTo(t, v.URL, "{}"))); err != nil {
			t.Fatal(err)
		}
		req := postTo(t, v.URL, "{}")
		tt.prepare(req)
		_ = drain(client.Do(req))
		if v.got.Load() != tt.want {
			t.Errorf("%s: %d requests, want %d", name, v.got.Load(), tt.want)
		}
		own.CloseIdleConnections()
	}
}

// TestWriteWithAForeignIdempotencyKey: a layer of the caller's that sets the
// header does not make net/http repeat a write.
func TestWriteWithAForeignIdempotencyKey(t *testing.T) {
	t.Parallel()
	v := newVendor(t, first(found, raw("", false), found))
	c := clientOf(t, Config{BaseURL: v.URL, Wrap: func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			if len(r.Header["Idempotency-Key"])+len(r.Header["X-Idempotency-Key"]) != 0 {
				t.Error("the SDK sends the header itself")
			}
			r.Header.Set("Idempotency-Key", "1")
			return next.RoundTrip(r)
		})
	}})
	if _, err := send(t.Context(), c, writing()); err != nil {
		t.Fatal(err)
	}
	_, err := send(t.Context(), c, writing())
	failed(t, err, payment.ErrOutcomeUnknown)
	if v.got.Load() != 2 {
		t.Errorf("%d requests", v.got.Load())
	}
}

// TestFactConnectionHooks: GetConn runs for every request, GotConn before the
// first byte, on HTTP/1 and HTTP/2; without a connection GotConn never runs.
func TestFactConnectionHooks(t *testing.T) {
	t.Parallel()
	for _, http2 := range []bool{false, true} {
		v := newVendor(t, found, func(s *httptest.Server) { s.EnableHTTP2 = http2; s.StartTLS() })
		for range 2 {
			var asked, got, wrote atomic.Int64
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
				GetConn: func(string) { asked.Add(1) },
				GotConn: func(httptrace.GotConnInfo) { got.Store(asked.Load()) },
				WroteHeaderField: func(string, []string) {
					if got.Load() == 0 {
						t.Error("a header comes before the connection")
					}
					wrote.Store(1)
				},
			})
			if err := drain(v.Client().Do(postTo(t, v.URL, "{}").WithContext(ctx))); err != nil {
				t.Fatal(err)
			}
			if asked.Load() != 1 || got.Load() != 1 || wrote.Load() != 1 {
				t.Errorf("HTTP/2 %t: GetConn %d, GotConn %d, headers %d", http2, asked.Load(), got.Load(), wrote.Load())
			}
		}
	}
}

// TestFactForeign307GetsEverything: net/http carries body and unknown headers
// to another host. Hence our own CheckRedirect.
func TestFactForeign307GetsEverything(t *testing.T) {
	t.Parallel()
	var key, body string
	foreign := newVendor(t, func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		key, body = r.Header.Get("X-Api-Key"), string(b)
	})
	v := newVendor(t, to(307, foreign.URL))
	req := postTo(t, v.URL, "{}")
	req.Header.Set("X-Api-Key", "1")
	if err := drain(v.Client().Do(req)); err != nil || key != "1" || body != "{}" {
		t.Errorf("the foreign host got %q and %q: %v", key, body, err)
	}
}
