package brightpearl

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

const throttleText = "too many requests"

// readFault reads the vendor's error body, and takes a 404 without one for no
// answer of the vendor's.
func readFault(r *transport.Reply, e *payment.Error) {
	readErrors(r, e)
	if isElsewhere(e) {
		e.Err = payment.ErrProtocol
	}
}

// readErrors reads a list under errors (documented), or text under response,
// which the gateway uses for 401 and throttling (observed).
func readErrors(r *transport.Reply, e *payment.Error) {
	var body struct {
		Response any `json:"response"`
		Errors   []struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"errors"`
	}
	if json.Unmarshal(r.Body, &body) != nil {
		return
	}
	if text, ok := body.Response.(string); ok {
		e.Message = text
	}
	for _, entry := range body.Errors {
		e.Code, e.Message = join(e.Code, ",", entry.Code), join(e.Message, "; ", entry.Message)
	}
}

func join(a, separator, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + separator + b
}

// isElsewhere tells a 404 that is not the vendor's word: its own comes with a
// code (observed). A gateway's says nothing about the record that was asked for.
func isElsewhere(e *payment.Error) bool { return e.Status == http.StatusNotFound && e.Code == "" }

// isThrottled tells throttling, which executes nothing, from an outage: both
// are a 503, only the text differs (observed).
func isThrottled(r *transport.Reply) bool {
	return r.Status == http.StatusServiceUnavailable && strings.Contains(strings.ToLower(string(r.Body)), throttleText)
}

// refusal gives the two answers that mean "not executed" (inferred): throttling
// and, where a new token can be had, a 401. A payment without a reference is
// never sent again.
func refusal(auth authenticator) func(*transport.Request, *transport.Reply) *transport.Refusal {
	return func(req *transport.Request, r *transport.Reply) *transport.Refusal {
		switch {
		case isThrottled(r):
			refused := &transport.Refusal{Err: payment.ErrRateLimited, Wait: throttleWait(r.Header), Tries: maxThrottled}
			if req.Class == transport.Write && req.Method == http.MethodPost && req.Reference == "" {
				refused.Tries = 0
			}
			return refused
		case r.Status == http.StatusUnauthorized && auth.renews():
			return &transport.Refusal{Err: payment.ErrUnauthorized, Tries: 1}
		}
		return nil
	}
}
