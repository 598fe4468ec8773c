package transport

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit/payment"
)

// mocked answers one request and hands it to look.
func mocked(t *testing.T, method, url string, look func(*http.Request)) Option {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		t.Errorf("unexpected %s %s", r.Method, r.URL)
		return httpmock.NewStringResponse(500, ""), nil
	})
	mock.RegisterResponder(method, url, func(r *http.Request) (*http.Response, error) {
		look(r)
		return httpmock.NewStringResponse(200, `{"id":7}`), nil
	})
	return WithHTTPClient(&http.Client{Transport: mock})
}

// TestWireForm checks method, URL, headers and body of every kind of request.
func TestWireForm(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		r           Request
		uri         string
		contentType string
		body        string
	}{
		"read": {reading(), "/v1/payments/7", "", ""},
		"query": {
			Request{Class: Read, Method: "GET", Path: "search", Query: url.Values{"b": {"1&2", "ü"}, "a": {"x y+z"}}},
			"/v1/search?a=x+y%2Bz&b=1%262&b=%C3%BC", "", "",
		},
		"ids": {
			Request{Class: Read, Method: "GET", Path: "c/{customer}/p/{id}/", IDs: []string{"a;b:ü", "1,2-3"}},
			"/v1/c/a%3Bb:%C3%BC/p/1,2-3/", "", "",
		},
		"payload":      {Request{Class: Write, Method: "POST", Path: "p", Payload: map[string]string{"a": "<&>"}}, "/v1/p", "application/json", `{"a":"<&>"}`},
		"body":         {Request{Class: Write, Method: "PATCH", Path: "p", Body: []byte(`{}`)}, "/v1/p", "application/json", `{}`},
		"content type": {Request{Class: Write, Method: "PUT", Path: "p", Body: []byte("=1"), ContentType: "text/plain"}, "/v1/p", "text/plain", "=1"},
		"delete":       {Request{Class: Write, Method: "DELETE", Path: "p/{id}", IDs: []string{"9"}}, "/v1/p/9", "", ""},
	} {
		seen := 0
		c := newClient(t, "https://api.example.com:8443/", WithUserAgent("shop/2.1"),
			mocked(t, tt.r.Method, "https://api.example.com:8443"+tt.uri, func(r *http.Request) {
				seen++
				checkForm(t, name, r, tt.uri, tt.contentType, tt.body)
				if tt.r.Class == Write && r.GetBody != nil {
					t.Errorf("%s: net/http could repeat it", name)
				}
			}))
		if _, err := send(t.Context(), c, tt.r); err != nil || seen != 1 {
			t.Errorf("%s: %v after %d requests", name, err, seen)
		}
	}
}

func checkForm(t *testing.T, name string, r *http.Request, uri, contentType, body string) {
	t.Helper()
	if got := r.URL.RequestURI(); got != uri || r.Host != "api.example.com:8443" {
		t.Errorf("%s: sent to %s %s, want %s", name, r.Host, got, uri)
	}
	sent := ""
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		sent = string(b)
	}
	if sent != body || r.ContentLength != int64(len(body)) {
		t.Errorf("%s: sent %q of length %d", name, sent, r.ContentLength)
	}
	want := http.Header{"User-Agent": {"shop/2.1 " + agent}, "Accept": {"application/json"}}
	if contentType != "" {
		want["Content-Type"] = []string{contentType}
	}
	if len(r.Header) != len(want) {
		t.Errorf("%s: headers %v", name, r.Header)
	}
	for k := range want {
		if r.Header.Get(k) != want.Get(k) {
			t.Errorf("%s: %s is %q", name, k, r.Header.Get(k))
		}
	}
}

// TestHeadersAreNotShared: a vendor's layer that adds to the headers of one
// request changes no other.
func TestHeadersAreNotShared(t *testing.T) {
	t.Parallel()
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		if len(r.Header["Accept"]) != 2 || len(r.Header["User-Agent"]) != 1 {
			t.Errorf("headers %v", r.Header)
		}
		found(w, r)
	})
	c := clientOf(t, Config{BaseURL: v.URL, Wrap: func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			r.Header.Add("Accept", "text/html")
			r.Header.Add("User-Agent", "other")
			return next.RoundTrip(r)
		})
	}})
	for range 3 {
		if _, err := send(t.Context(), c, reading()); err != nil {
			t.Error(err)
		}
	}
}

type checked struct{ Amount string }

func (c checked) Validate() error {
	if c.Amount == "" {
		return &payment.FieldError{Field: "checked.Amount", Reason: "is not set"}
	}
	return nil
}

// TestBadInputIsNotSent: every kind of bad input is a field error without the
// value, under the operation's name.
func TestBadInputIsNotSent(t *testing.T) {
	t.Parallel()
	v := newVendor(t, found)
	for field, r := range map[string]Request{
		"checked.Amount": {Op: "Op", Class: Write, Method: "POST", Path: "p", Payload: checked{}},
		"Payload":        {Op: "Op", Class: Write, Method: "POST", Path: "p", Payload: func() {}},
		"id":             {Op: "Op", Class: Read, Method: "GET", Path: "p/{id}", IDs: []string{"../bad-value"}},
		"IDs":            {Op: "Op", Class: Read, Method: "GET", Path: "p/{id}"},
	} {
		_, err := send(t.Context(), newClient(t, v.URL), r)
		refusedInput(t, err, field)
		if text := err.Error(); !strings.HasPrefix(text, "vendor: Op: "+field+": ") || strings.Contains(text, "bad-value") {
			t.Errorf("reads %q", text)
		}
	}
	c := newClient(t, v.URL)
	refusedInput(t, c.Refuse("Op", checked{}.Validate()), "checked.Amount")
	if v.got.Load() != 0 {
		t.Errorf("%d requests were sent", v.got.Load())
	}
}
