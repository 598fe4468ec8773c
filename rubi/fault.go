package rubi

import (
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// refusal gives the error of an answer whose code is not 200, which may come
// with HTTP status 200. No code but 200 is documented: others are read like
// HTTP statuses (inferred), and only a 4xx is taken for "not executed".
func (a answer) refusal(class transport.Class) error {
	if a.code == success {
		return nil
	}
	return &payment.Error{Code: a.code, Message: a.text(), Err: codeError(a.code, class)}
}

func codeError(code string, class transport.Class) error {
	switch code {
	case "401":
		return payment.ErrUnauthorized
	case "403":
		return payment.ErrForbidden
	case "404":
		return payment.ErrNotFound
	case "429":
		return payment.ErrRateLimited
	}
	switch {
	case len(code) == 3 && code[0] == '4':
		return payment.ErrInvalid
	case class == transport.Write:
		return payment.ErrOutcomeUnknown
	case len(code) == 3 && code[0] == '5':
		return payment.ErrUnavailable
	}
	return payment.ErrProtocol
}

// readFault reads what an HTTP error says: an envelope, or the object with a
// Message that the vendor's platform writes by itself (inferred).
func readFault(r *transport.Reply, e *payment.Error) {
	if a, err := readAnswer(r.Body); err == nil {
		e.Code, e.Message = a.code, a.text()
		return
	}
	if fault, err := readRecord(r.Body); err == nil {
		e.Message = fault.text("Message")
	}
}
