package transport

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// TestWordOfTheVendor: what a status 4xx means for a write. The body counts for
// more than its declared type, a web page is nobody's word, and a status by
// which a server on the way gives up proves nothing in any form.
func TestWordOfTheVendor(t *testing.T) {
	t.Parallel()
	const page, object = "<html>no</html>", `{"message":"no"}`
	unknown := payment.ErrOutcomeUnknown
	html := []string{"Content-Type", "text/html; charset=utf-8"}
	for _, tt := range []struct {
		answer http.HandlerFunc
		want   error
	}{
		{status(400, object), payment.ErrInvalid},
		{status(400, object, html...), payment.ErrInvalid},
		{status(400, "\ufeff"+object, html...), payment.ErrInvalid},
		{status(409, " \n"+object, html...), payment.ErrConflict},
		{status(422, `["no"]`, html...), payment.ErrInvalid},
		{status(404, `"no"`, html...), payment.ErrNotFound},
		{status(400, "", "Content-Type", "application/json"), payment.ErrInvalid},
		{status(400, `{"message":`, html...), unknown},
		{status(400, "bad request", html...), unknown},
		{status(400, "", html...), unknown},
		{status(400, page), unknown},
		{status(400, page, "Content-Type", "application/json"), unknown},
		{status(400, "\ufeff "+page), unknown},
		{status(401, page), unknown},
		{status(403, page), unknown},
		{status(403, "Forbidden", html...), unknown},
		{status(429, page), unknown},
		{status(401, object), payment.ErrUnauthorized},
		{status(403, object, html...), payment.ErrForbidden},
		{status(429, object), payment.ErrRateLimited},
		{status(403, ""), payment.ErrForbidden},
		{status(401, ""), payment.ErrUnauthorized},
		{status(429, " \n"), payment.ErrRateLimited},
		{status(403, "error code: 1020", "Content-Type", "text/plain"), unknown},
		{status(403, "Access denied", "Content-Type", "application/json"), unknown},
		{status(401, "Authorization Required"), unknown},
		{status(429, "local_rate_limited", "Content-Type", "text/plain"), unknown},
		{status(403, `{"message":`), unknown},
		{status(403, "17"), unknown},
		{status(401, `["no"]`, "Content-Type", "text/plain"), payment.ErrUnauthorized},
		{status(408, object), unknown},
		{status(420, object), unknown},
		{status(444, object), unknown},
		{status(460, object), unknown},
		{status(499, object), unknown},
		{status(499, ""), unknown},
		{status(499, page), unknown},
	} {
		v := newVendor(t, tt.answer)
		_, err := send(t.Context(), newClient(t, v.URL), writing())
		if e := failed(t, err, tt.want); v.got.Load() != 1 {
			t.Errorf("%d: %d requests", e.Status, v.got.Load())
		}
	}
}

// TestReadOfAStatusNobodyDefines: the same statuses are an outage for a read.
func TestReadOfAStatusNobodyDefines(t *testing.T) {
	t.Parallel()
	for _, code := range []int{408, 444, 460, 499} {
		for _, r := range []Request{reading(), lookingUp()} {
			_, err := send(t.Context(), newClient(t, newVendor(t, status(code, `{}`)).URL), r)
			failed(t, err, payment.ErrUnavailable)
		}
	}
}

// TestRefusalOfAnEdge: a page that a vendor's package knows is a refusal, also
// for a write.
func TestRefusalOfAnEdge(t *testing.T) {
	t.Parallel()
	edge := func(_ *Request, r *Reply) *Refusal {
		if r.Status == 403 && strings.HasPrefix(string(r.Body), "<") {
			return &Refusal{Err: payment.ErrForbidden}
		}
		return nil
	}
	v := newVendor(t, status(403, "<html>blocked</html>"))
	_, err := send(t.Context(), clientOf(t, Config{BaseURL: v.URL, Refused: edge}), writing())
	if failed(t, err, payment.ErrForbidden); v.got.Load() != 1 {
		t.Errorf("%d requests", v.got.Load())
	}
}
