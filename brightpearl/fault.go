package brightpearl

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

const throttleText = "too many requests"

// readFault reads the vendor's error body: a list under errors (documented),
// or text under response, which the gateway uses for 401 and throttling
// (observed).
func readFault(r *transport.Reply, e *payment.Error) {
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
	var codes, messages []string
	for _, entry := range body.Errors {
		codes, messages = append(codes, entry.Code), append(messages, entry.Message)
	}
	if len(codes) > 0 {
		e.Code, e.Message = strings.Join(codes, ","), strings.Join(messages, "; ")
	}
}

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
