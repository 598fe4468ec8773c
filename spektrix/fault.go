package spektrix

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// ErrBlocked is a web page with status 403: the network edge in front of
// Spektrix has refused the request, for example for its User-Agent (observed).
// Spektrix has not seen it. It matches [payment.ErrForbidden]; a 403 from
// Spektrix itself matches that alone.
var ErrBlocked = fmt.Errorf("blocked by the network edge before Spektrix: %w", payment.ErrForbidden)

// Refusals with status 409 and a documented code. Each matches
// [payment.ErrInvalid]: nothing was confirmed, and basket and payments stand as
// they were. A 409 with another code, or without one, matches
// [payment.ErrConflict]: that call confirmed nothing, an earlier one whose
// answer was lost may have.
var (
	// ErrPaymentRequired is code 11: the basket's payments do not cover it.
	ErrPaymentRequired = fmt.Errorf("the basket requires payment before it can be confirmed: %w", payment.ErrInvalid)
	// ErrMembershipNotRenewable is code 18: the basket holds a membership that the
	// customer already has, outside its renewal period.
	ErrMembershipNotRenewable = fmt.Errorf("the basket holds a membership that cannot be renewed yet: %w", payment.ErrInvalid)
)

// ClockError is a 401 whose answer tells the vendor's time. It matches
// [payment.ErrUnauthorized]. A difference of some minutes is a likely cause,
// because signatures are dated (observed; the tolerance is unknown, clause
// auth.date-window); a small one means that login, secret or URL are wrong.
type ClockError struct {
	Ahead time.Duration // this machine's clock less the vendor's, in whole seconds
}

// Error tells which clock is ahead, and by how much.
func (e *ClockError) Error() string {
	relation, by := "ahead of", e.Ahead
	switch {
	case by == 0:
		return fmt.Sprintf("%v: this clock agrees with the vendor's", payment.ErrUnauthorized)
	case by < 0:
		relation, by = "behind", -by
	}
	return fmt.Sprintf("%v: this clock is %v %s the vendor's", payment.ErrUnauthorized, by, relation)
}

// Unwrap returns [payment.ErrUnauthorized].
func (e *ClockError) Unwrap() error { return payment.ErrUnauthorized }

// readFault reads an answer that is not a success. The vendor has no official
// form: observed are an object with message and at times errorCode, a bare JSON
// string, nothing, and web pages.
func (s *signer) readFault(r *transport.Reply, e *payment.Error) {
	e.Code, e.Message = readMessage(r.Body)
	switch r.Status {
	case http.StatusUnauthorized:
		e.Err = s.unauthorized(r)
	case http.StatusForbidden:
		if isPage(r) {
			e.Err = ErrBlocked
		}
	case http.StatusConflict:
		e.Err = cmp.Or(conflict(e.Code), e.Err)
	}
}

// conflict returns the error of a documented code, whether it is written as text
// or as a number, and else nil.
func conflict(code string) error {
	code, fraction, _ := strings.Cut(strings.TrimSpace(code), ".")
	switch {
	case strings.Trim(fraction, "0") != "":
	case code == "11":
		return ErrPaymentRequired
	case code == "18":
		return ErrMembershipNotRenewable
	}
	return nil
}

// refused reports the pages by which nothing was executed: that of the edge, and
// a 401, whose form is unknown (clause auth.unsigned).
func (s *signer) refused(_ *transport.Request, r *transport.Reply) *transport.Refusal {
	switch {
	case !isPage(r):
	case r.Status == http.StatusForbidden:
		return &transport.Refusal{Err: ErrBlocked}
	case r.Status == http.StatusUnauthorized:
		return &transport.Refusal{Err: s.unauthorized(r)}
	}
	return nil
}

// isAbsent reports a 404 in a form in which the vendor has been observed to
// refuse: JSON, or nothing.
func isAbsent(r *transport.Reply) bool {
	body := bytes.TrimSpace(r.Body)
	return r.Status == http.StatusNotFound && (len(body) == 0 && !isPage(r) || jsontext.Value(body).IsValid())
}

// unauthorized compares the clocks, if the answer tells the vendor's.
func (s *signer) unauthorized(r *transport.Reply) error {
	theirs, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil {
		return payment.ErrUnauthorized
	}
	return &ClockError{Ahead: s.now().Truncate(time.Second).Sub(theirs)}
}

// readMessage returns the code and the text of a refusal. Where the code stands
// is unknown (clause confirm.membership): it is the first member errorCode, in
// any case and at any depth.
func readMessage(body []byte) (code, message string) {
	var text string
	if wire.Unmarshal(body, &text) == nil {
		return "", text
	}
	d := jsontext.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))), jsontext.AllowInvalidUTF8(true))
	for {
		token, err := d.ReadToken()
		if err != nil {
			return code, message
		}
		if kind, n := d.StackIndex(d.StackDepth()); kind != '{' || n%2 == 0 {
			continue // not a member's name
		}
		switch name := token.String(); {
		case strings.EqualFold(name, "errorCode") && code == "":
			code = scalar(d)
		case strings.EqualFold(name, "message") && message == "" && d.StackDepth() == 1 && d.PeekKind() == '"':
			message = scalar(d)
		}
	}
}

// scalar reads the next value if it is text or a number.
func scalar(d *jsontext.Decoder) string {
	if kind := d.PeekKind(); kind != '"' && kind != '0' {
		return ""
	}
	token, err := d.ReadToken()
	if err != nil {
		return ""
	}
	return token.String()
}

// isPage reports a web page, by its first byte or its type. JSON that is declared
// as a page is none.
func isPage(r *transport.Reply) bool {
	body := bytes.TrimSpace(bytes.TrimPrefix(r.Body, []byte("\ufeff")))
	declared := strings.Contains(strings.ToLower(r.Header.Get("Content-Type")), "html")
	return bytes.HasPrefix(body, []byte("<")) || declared && !jsontext.Value(body).IsValid()
}
