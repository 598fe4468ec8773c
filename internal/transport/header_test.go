package transport

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// TestEachAttemptIsSignedAnew: an attempt finds no signature of an earlier one in
// its header, and the values that all requests share are as they were.
func TestEachAttemptIsSignedAnew(t *testing.T) {
	t.Parallel()
	var attempts int
	v := newVendor(t, first(status(503, ""), status(502, ""), status(200, `{"id":7}`)))
	c := clientOf(t, Config{BaseURL: v.URL, Wrap: func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			attempts++
			if got := r.Header.Get("Authorization"); got != "" {
				t.Errorf("attempt %d begins with %q", attempts, got)
			}
			if len(r.Header["Accept"]) != 1 || r.Host != strings.TrimPrefix(v.URL, "http://") {
				t.Errorf("attempt %d has %v, host %q", attempts, r.Header, r.Host)
			}
			r.Header.Set("Authorization", "Bearer token")
			r.Header.Add("Accept", "text/html")
			return next.RoundTrip(r)
		})
	}})
	if _, err := send(t.Context(), c, reading()); err != nil || attempts != 3 {
		t.Errorf("%d attempts, %v", attempts, err)
	}
}

// TestCookiesAreKept: a caller's jar is served as net/http serves it, beside the
// headers of an attempt.
func TestCookiesAreKept(t *testing.T) {
	t.Parallel()
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Cookie"); got != "sticky=7" || r.Header.Get("Accept") != "application/json" {
			t.Errorf("the header is %v", r.Header)
		}
		found(w, r)
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(v.URL)
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(base, []*http.Cookie{{Name: "sticky", Value: "7"}})
	own := &http.Transport{}
	t.Cleanup(own.CloseIdleConnections)
	c := newClient(t, v.URL, WithHTTPClient(&http.Client{Transport: own, Jar: jar}))
	for _, r := range []Request{reading(), writing()} {
		if _, err := send(t.Context(), c, r); err != nil {
			t.Error(err)
		}
	}
}

// TestAFollowedReadLosesItsBodyWhole: after a redirect that turns a POST into a
// GET there is no body, and nothing says that there is one.
func TestAFollowedReadLosesItsBodyWhole(t *testing.T) {
	t.Parallel()
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			to(303, "/v2/payments")(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Content-Type") != "" || len(body) != 0 || r.Header.Get("Accept") == "" || r.Header.Get("Referer") == "" {
			t.Errorf("the header is %v, the body %q", r.Header, body)
		}
		found(w, r)
	})
	c := clientOf(t, Config{BaseURL: v.URL, FollowReads: true})
	r := Request{Op: "Search", Class: Read, Method: http.MethodPost, Path: "payments", Body: []byte("q"), ContentType: "text/plain"}
	if _, err := send(t.Context(), c, r); err != nil {
		t.Error(err)
	}
}

// TestSpellings: personal data is not shown as it stands in the request either,
// and nobody asks for its spellings while nothing fails.
func TestSpellings(t *testing.T) {
	t.Parallel()
	v := newVendor(t, first(status(200, `{"id":7}`), status(400, `{"error":"no J4ne R0e"}`)))
	asked := 0
	c := clientOf(t, Config{BaseURL: v.URL, Fault: func(r *Reply, e *payment.Error) { e.Message = string(r.Body) }})
	r := writing()
	r.Private = []string{"Jane Roe"}
	r.Spellings = func(text string) []string {
		asked++
		return []string{text, strings.NewReplacer("a", "4", "o", "0").Replace(text)}
	}
	if _, err := send(t.Context(), c, r); err != nil || asked != 0 {
		t.Errorf("asked %d times, %v", asked, err)
	}
	_, err := send(t.Context(), c, r)
	if e := failed(t, err, payment.ErrInvalid); strings.Contains(e.Message, "J4ne") || asked == 0 {
		t.Errorf("asked %d times: %v", asked, err)
	}
}
