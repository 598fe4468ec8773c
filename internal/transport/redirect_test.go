package transport

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// to redirects to a place with everything that must not be shown.
func to(code int, place string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", place)
		w.WriteHeader(code)
	}
}

// TestRedirectsAreNotFollowed: a foreign host sees neither credential nor body,
// and the error names it without query and user.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	foreign := newVendor(t, found)
	host := strings.TrimPrefix(foreign.URL, "http://")
	for _, code := range []int{301, 302, 303, 307, 308} {
		for _, r := range []Request{reading(), writing()} {
			for _, follow := range []bool{false, true} {
				v := newVendor(t, to(code, "http://user:pass-word@"+host+"/stolen?key=pass-word#part"))
				_, err := send(t.Context(), clientOf(t, Config{BaseURL: v.URL, Wrap: signing, FollowReads: follow}), r)
				want := payment.ErrProtocol
				if r.Class == Write {
					want = payment.ErrOutcomeUnknown
				}
				e := failed(t, err, want)
				if text := err.Error(); !strings.Contains(text, "redirect not followed to http://"+host+"/stolen ") {
					t.Errorf("the target is not named: %v", err)
				}
				if strings.Contains(err.Error(), "pass-word") || e.Status != code || v.got.Load() != 1 {
					t.Errorf("%v after %d requests", err, v.got.Load())
				}
			}
		}
	}
	if foreign.got.Load() != 0 {
		t.Errorf("the foreign host was sent %d requests", foreign.got.Load())
	}
}

func TestRedirectWithoutAReadablePlace(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"", "http://[::1?key=pass-word", "http://a b/?key=pass-word"} {
		v := newVendor(t, to(307, place))
		_, err := send(t.Context(), newClient(t, v.URL), reading())
		failed(t, err, payment.ErrProtocol)
		if text := err.Error(); !strings.Contains(text, "redirect not followed (") || strings.Contains(text, "pass-word") || v.got.Load() != 1 {
			t.Errorf("%q: %v", place, err)
		}
	}
}

// TestFollowReads: a Read follows inside its own host, signed again, for three
// steps; a Write never does.
func TestFollowReads(t *testing.T) {
	t.Parallel()
	var signed atomic.Int64
	v := newVendor(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer token" {
			signed.Add(1)
		}
		body, _ := io.ReadAll(r.Body)
		switch r.URL.Path {
		case "/v1/payments/7", "/v1/payments":
			to(307, "/v2/payments/7")(w, r)
		case "/v2/payments/7":
			_, _ = w.Write([]byte(`{"id":` + "7" + strings.Repeat("0", len(body)) + `}`))
		default:
			to(302, "/loop")(w, r)
		}
	})
	c := clientOf(t, Config{BaseURL: v.URL, Wrap: signing, FollowReads: true})
	for want, r := range map[int]Request{
		7:  reading(),
		70: {Op: "Search", Class: Read, Method: http.MethodPost, Path: "payments", Body: []byte(" ")},
	} {
		before := signed.Load()
		got, err := send(t.Context(), c, r)
		if err != nil || got.ID != want || signed.Load() != before+2 {
			t.Errorf("got %v, %v with %d signed requests", got, err, signed.Load()-before)
		}
	}
	_, err := send(t.Context(), c, writing())
	failed(t, err, payment.ErrOutcomeUnknown)
	before := v.got.Load()
	_, err = send(t.Context(), c, Request{Op: "Loop", Class: Read, Method: http.MethodGet, Path: "loop"})
	if e := failed(t, err, payment.ErrProtocol); v.got.Load()-before != 4 || e.Attempts != 4 {
		t.Errorf("a loop takes %d requests: %v", v.got.Load()-before, err)
	}
}
