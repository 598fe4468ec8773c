package spektrix

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// ErrBlocked is a web page with status 403: the network edge in front of
// Spektrix has refused the request, for example for its User-Agent (observed).
// Spektrix has not seen it. It matches [payment.ErrForbidden]; a 403 from
// Spektrix itself matches that alone.
var ErrBlocked = fmt.Errorf("blocked by the network edge before Spektrix: %w", payment.ErrForbidden)

// ClockError is a 401 whose answer tells the vendor's time. It matches
// [payment.ErrUnauthorized]. A difference of some minutes is a likely cause,
// because signatures are dated (observed; the tolerance is unknown); a small
// one means that login, secret or URL are wrong.
type ClockError struct {
	Ahead time.Duration // this machine's clock less the vendor's, in whole seconds
}

// Error tells which clock is ahead, and by how much.
func (e *ClockError) Error() string {
	relation, by := "ahead of", e.Ahead
	if by < 0 {
		relation, by = "behind", -by
	}
	return fmt.Sprintf("%v: this clock is %v %s the vendor's", payment.ErrUnauthorized, by, relation)
}

// Unwrap gives [payment.ErrUnauthorized].
func (e *ClockError) Unwrap() error { return payment.ErrUnauthorized }

// readFault reads an answer that is no success. The vendor has no official
// form: observed are an object with message and at times errorCode, a bare JSON
// string, nothing, and web pages. A signature that it repeats could be used for
// some minutes, and is taken out.
func (s *signer) readFault(r *transport.Reply, e *payment.Error) {
	r.Body = transport.NewSeal(r.Header[signedBy]...).Clean(r.Body)
	e.Code, e.Message = readMessage(r.Body)
	switch r.Status {
	case http.StatusUnauthorized:
		if theirs, err := http.ParseTime(r.Header.Get("Date")); err == nil {
			e.Err = &ClockError{Ahead: s.now().Truncate(time.Second).Sub(theirs)}
		}
	case http.StatusForbidden:
		if isPage(r) {
			e.Err = ErrBlocked
		}
	}
}

func readMessage(body []byte) (code, message string) {
	var fault struct {
		Message   string          `json:"message"`
		ErrorCode json.RawMessage `json:"errorCode"` // text or number
	}
	if json.Unmarshal(body, &message) == nil {
		return "", message
	}
	if json.Unmarshal(body, &fault) != nil {
		return "", ""
	}
	if json.Unmarshal(fault.ErrorCode, &code) != nil {
		code = string(fault.ErrorCode)
	}
	return code, fault.Message
}

// isPage reports a web page, by its type or, without one, by its first byte.
func isPage(r *transport.Reply) bool {
	return strings.Contains(strings.ToLower(r.Header.Get("Content-Type")), "html") ||
		bytes.HasPrefix(bytes.TrimSpace(r.Body), []byte("<"))
}
