package transport

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// refusals says "not executed" with a 503 or 401 and the given limits.
func refusals(tries int, wait time.Duration) func(*Request, *Reply) *Refusal {
	return func(_ *Request, r *Reply) *Refusal {
		switch r.Status {
		case 503:
			return &Refusal{Err: payment.ErrRateLimited, Wait: wait, Tries: tries}
		case 401:
			return &Refusal{Err: payment.ErrUnauthorized, Tries: 1}
		}
		return nil
	}
}

// TestRefused: only the vendor's word that nothing was executed lets a write
// out again, as often as the vendor's package allows and retries permit.
func TestRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		tries, retries int
		answers        []http.HandlerFunc
		requests       int64
		want           error
	}{
		"recovers":        {2, 3, []http.HandlerFunc{status(503, ""), status(503, ""), found}, 3, nil},
		"gives up":        {2, 3, []http.HandlerFunc{status(503, "")}, 3, payment.ErrRateLimited},
		"never again":     {0, 3, []http.HandlerFunc{status(503, "")}, 1, payment.ErrRateLimited},
		"retries off":     {2, 0, []http.HandlerFunc{status(503, "")}, 1, payment.ErrRateLimited},
		"each on its own": {1, 3, []http.HandlerFunc{status(503, ""), status(401, ""), found}, 3, nil},
		"401 twice":       {1, 3, []http.HandlerFunc{status(401, ""), status(401, "")}, 2, payment.ErrUnauthorized},
		"then unknown":    {2, 3, []http.HandlerFunc{status(503, ""), status(502, "")}, 2, payment.ErrOutcomeUnknown},
		"asked too long":  {2, 3, []http.HandlerFunc{status(503, "", "Retry-After", "61")}, 1, payment.ErrRateLimited},
	} {
		for _, r := range []Request{writing(), {Op: "Delete", Class: Write, Method: http.MethodDelete, Path: "payments"}} {
			v := newVendor(t, first(tt.answers...))
			c := clientOf(t, Config{BaseURL: v.URL, Refused: refusals(tt.tries, 0)}, WithRetries(tt.retries))
			_, err := send(t.Context(), c, r)
			if tt.want != nil {
				failed(t, err, tt.want)
			} else if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if v.got.Load() != tt.requests {
				t.Errorf("%s: %d requests, want %d", name, v.got.Load(), tt.requests)
			}
		}
	}
}

// TestRefusalsWait: the vendor's package may ask for a longer wait than the
// answer, and than the cap for answers.
func TestRefusalsWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := clientOf(t, Config{Refused: refusals(1, 65*time.Second)}, stub(503, "5"))
		_, err := send(t.Context(), c, writing())
		e := failed(t, err, payment.ErrRateLimited)
		if took := time.Since(start); took != 65*time.Second || e.RetryAfter != 65*time.Second || e.Attempts != 2 {
			t.Errorf("%v after %v", err, took)
		}
	})
}
