package salesdata

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// isSet reports a value. An id of 0 is one only if it was read.
func isSet(value any, was form) bool {
	switch v := value.(type) {
	case *string:
		return *v != ""
	case *int64:
		return *v != 0 || was.given()
	case *payment.Amount:
		return v.IsSet()
	case *Time:
		return !v.IsZero()
	case *payment.Date:
		return !v.IsZero()
	}
	return false
}

// unfit says why a value cannot be written.
func (w what) unfit(value any) (reason string) {
	switch v := value.(type) {
	case *string:
		return w.unfitText(*v)
	case *int64:
		if *v < 0 {
			reason = "is negative"
		}
	case *payment.Amount:
		if digits(v.String()) > maxMoneyDigits {
			reason = "has more than 34 digits"
		}
	case *payment.Date:
		if !v.Valid() {
			reason = "is not a day of the calendar"
		}
	}
	return reason
}

func (w what) unfitText(s string) string {
	if !utf8.ValidString(s) {
		return "is not UTF-8"
	}
	return w.refuse(s, wire.String)
}

// appendAs appends a value in the form it was read in. New values take the
// form of the vendor's examples.
func appendAs(b []byte, is what, value any, was form, shape Shape) []byte {
	switch v := value.(type) {
	case *string:
		if is.asNumber(*v, was) {
			return append(b, *v...)
		}
		if is == guid && was == formNew {
			return wire.AppendString(b, strings.ToLower(*v))
		}
	case *int64, *payment.Amount:
		if was == formText {
			b = append(appendValue(append(b, '"'), is, value), '"')
			return b
		}
		if a, ok := v.(*payment.Amount); ok && was == formNew && a.Sign() == 0 {
			return append(b, newZero(shape)...)
		}
	}
	return appendValue(b, is, value)
}

// asNumber reports that an id kept as text is to be written as a number: it
// was read as one, or its shape types it so.
func (w what) asNumber(s string, was form) bool {
	if w != textID && w != numberID {
		return false
	}
	_, reason := parseID(s)
	return reason == "" && (was == formNumber || was == formNew && w == numberID)
}

func newZero(shape Shape) string {
	if shape == MDS {
		return "0"
	}
	return "0.0"
}

// appendValue appends a value in the form that its field is documented in.
func appendValue(b []byte, is what, value any) []byte {
	switch v := value.(type) {
	case *string:
		return wire.AppendString(b, *v)
	case *int64:
		return strconv.AppendInt(b, *v, 10)
	case *payment.Amount:
		b, _ = v.AppendText(b)
	case *Time:
		return wire.AppendString(b, v.text)
	case *payment.Date:
		return wire.AppendString(b, v.String())
	}
	return b
}
