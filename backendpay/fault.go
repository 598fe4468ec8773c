package backendpay

import (
	"encoding/json"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// readFault takes code and text from an error body. The vendor documents no
// form for it, so the usual names are tried and anything else is left to
// payment.Error's Body.
func readFault(r *transport.Reply, e *payment.Error) {
	var body struct {
		Error   json.RawMessage `json:"error"`
		Message json.RawMessage `json:"message"`
		Code    json.RawMessage `json:"code"`
	}
	if json.Unmarshal(r.Body, &body) != nil {
		return
	}
	e.Code = plainText(body.Code)
	e.Message = plainText(body.Message)
	if e.Message == "" {
		e.Message = plainText(body.Error)
	}
}

// plainText gives a JSON string's text, a number as it is written, and nothing
// for any other value.
func plainText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil {
		return number.String()
	}
	return ""
}
