package rubi

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tenderkit/tenderkit/internal/check"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// check refuses what the vendor's tables forbid.
func (e element) check() error {
	switch length := check.UTF16Len(e.value); {
	case !utf8.ValidString(e.value):
		return invalid(e.field, "is not valid UTF-8")
	case strings.ContainsRune(e.value, 0):
		return invalid(e.field, "holds a NUL character")
	case !e.optional && blank(e.value):
		return invalid(e.field, "is blank")
	case e.max > 0 && length > e.max:
		return invalid(e.field, fmt.Sprintf("is %d characters long, limit %d", length, e.max))
	}
	return nil
}

// checkEmail asks no more than the vendor could need: an address book knows
// better what an address is.
func checkEmail(field, s string) error {
	switch {
	case strings.ContainsAny(s, "\r\n"):
		return invalid(field, "holds a line break")
	case !blank(s) && !strings.Contains(s, "@"):
		return invalid(field, "has no @")
	}
	return nil
}

func invalid(field, reason string) error {
	return &payment.FieldError{Field: field, Reason: reason}
}

// blank reports white space only, which the vendor takes for empty (inferred).
func blank(s string) bool { return strings.TrimSpace(s) == "" }

// jsonText writes v the way JavaScript does, without HTML escapes.
func jsonText[T any](v T) string {
	text, _ := wire.Marshal(v) // strings and lists of them always marshal
	return string(text)
}
