package payment

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/internal/label"
)

// The sentinels are the closed list of what can go wrong. Test for them with
// [errors.Is]; read the details from the [*Error] or [*FieldError] that
// carries them.
var (
	// ErrInvalid: refused as wrong, by this SDK before anything was sent (then
	// the chain holds a FieldError) or by the vendor (then it holds an Error).
	ErrInvalid = errors.New("invalid")
	// ErrUnauthorized: the credentials are missing, wrong or expired.
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden: the credentials are known but may not do this.
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound: the vendor shows no such thing.
	ErrNotFound = errors.New("not found")
	// ErrConflict: something else stands under the same reference.
	ErrConflict = errors.New("conflict")
	// ErrRecordedTwice: several records stand under the same reference. It matches
	// ErrConflict.
	ErrRecordedTwice = fmt.Errorf("recorded twice: %w", ErrConflict)
	// ErrRateLimited: refused for too many requests, not executed.
	ErrRateLimited = errors.New("rate limited")
	// ErrUnavailable: the vendor could not be reached or could not answer, and
	// nothing was changed.
	ErrUnavailable = errors.New("unavailable")
	// ErrProtocol: the answer does not have the form that the vendor documents.
	ErrProtocol = errors.New("unexpected answer")
	// ErrOutcomeUnknown: a write was sent and nobody can say from the answer
	// whether it happened. Sending it again may record it twice.
	ErrOutcomeUnknown = errors.New("outcome unknown")
	// ErrNoLookup: the vendor cannot be asked, or not by this client.
	ErrNoLookup = errors.New("no lookup")
)

// Error is what every failed call to a vendor returns.
//
// Its text never holds the answer's body, and neither text nor fields hold a
// credential. Body may hold personal data: do not log it.
type Error struct {
	Vendor     string        // "brightpearl"
	Op         string        // "CreateCustomerPayment"
	Method     string        // HTTP method
	Path       string        // path template, without ids
	Reference  string        // the caller's own reference of the payment, if the call had one
	Target     string        `json:"-"` // basket, order or customer the call was about; never printed
	Status     int           // HTTP status; 0 if no answer came
	Code       string        // the vendor's own error code
	Message    string        // the vendor's own text, with credentials removed
	RequestID  string        // what the vendor's support asks for
	Attempts   int           // requests that were started
	RetryAfter time.Duration // what the vendor asked for; 0 if it did not say
	Body       []byte        `json:"-"` // first 64 KiB of the answer, with credentials removed
	Err        error         // a sentinel of this package, with the cause
}

// Error returns vendor, operation, cause, status, code, text and reference.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: ", e.Vendor, e.Op)
	if e.Err != nil {
		b.WriteString(e.Err.Error())
	} else {
		b.WriteString("failed")
	}
	e.writeDetails(&b)
	return b.String()
}

func (e *Error) writeDetails(b *strings.Builder) {
	sep := " ("
	add := func(name, value string) {
		if value != "" {
			b.WriteString(sep + name + value)
			sep = ", "
		}
	}
	add("status ", count(e.Status))
	add("code ", word(e.Code))
	add("message ", quote(e.Message))
	add("reference ", quote(e.Reference))
	add("request id ", word(e.RequestID))
	add("attempts ", count(e.Attempts))
	if sep == ", " {
		b.WriteByte(')')
	}
}

// Unwrap returns the sentinel and the cause to [errors.Is] and [errors.As].
func (e *Error) Unwrap() error { return e.Err }

// Format prints the text of [Error.Error] for every verb, so that no verb
// prints the body. It serves a copied Error as well as the pointer.
func (e Error) Format(s fmt.State, verb rune) { label.Print(s, verb, e.Error()) }

// FieldError says which input was refused. Nothing was sent.
type FieldError struct {
	Field  string // path of the field in Go names, such as "CustomerPayment.OrderID"
	Reason string // what is wrong; never the value itself
}

// Error returns the field and the reason.
func (e *FieldError) Error() string { return e.Field + ": " + e.Reason }

// Is makes every FieldError match [ErrInvalid].
func (e *FieldError) Is(target error) bool { return target == ErrInvalid }

// count leaves a number out where it is 0: no answer came, nothing was started.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// word leaves a plain code or id as it is and quotes everything else, so that
// an answer cannot forge a line of a log.
func word(s string) string {
	odd := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"(),`, r) }
	if len(s) > 100 || strings.ContainsFunc(s, odd) {
		return quote(s)
	}
	return s
}

// quote bounds a vendor's text and makes control characters visible.
func quote(s string) string {
	const limit = 300
	if s == "" {
		return ""
	}
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "") + "…"
	}
	return strconv.Quote(s)
}
