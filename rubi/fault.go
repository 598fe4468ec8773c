package rubi

import (
	"strings"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// refusal returns the error of an answer whose code is not 200, which may come
// with HTTP status 200. No code but 200 is documented: others are read like
// HTTP statuses, and only a 4xx means "not executed" (inferred: clauses
// request.wrong-key, answer.refusal-status and all whose names end in refused).
func (a answer) refusal(class transport.Class) error {
	if a.code == success {
		return nil
	}
	return &payment.Error{Code: a.code, Message: a.text(), Err: codeError(a.code, class)}
}

func codeError(code string, class transport.Class) error {
	family := ""
	if len(code) == 3 {
		family = code[:1]
	}
	switch {
	case code == "401":
		return payment.ErrUnauthorized
	case code == "403":
		return payment.ErrForbidden
	case code == "429":
		return payment.ErrRateLimited
	case class == transport.Lookup && family != "5":
		return payment.ErrProtocol // says nothing about the write that is looked for
	case code == "404":
		return payment.ErrNotFound
	case family == "4" && code != "408" && code != "499":
		return payment.ErrInvalid
	case class == transport.Write:
		return payment.ErrOutcomeUnknown
	case family == "5":
		return payment.ErrUnavailable
	}
	return payment.ErrProtocol
}

// fault is what the vendor's platform writes by itself (inferred: clause
// request.unknown-method).
type fault struct {
	Message wire.Text `json:",case:ignore"`
}

// readFault reads what an HTTP error says: an envelope, or a fault.
func readFault(r *transport.Reply, e *payment.Error) {
	if a, err := readAnswer(r.Body); err == nil {
		e.Code, e.Message = a.code, a.text()
		return
	}
	var f fault
	if wire.Unmarshal(r.Body, &f) == nil {
		e.Message = strings.TrimSpace(string(f.Message))
	}
}
