package salesdata

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

const (
	maxMoneyDigits = 34
	maxExponent    = 20 // that an Amount reads
	zeroGUID       = "00000000-0000-0000-0000-000000000000"
	notWhole       = "is not a whole number without sign, fraction and exponent"
)

// scanOptions let the decoder pass what is checked here.
var scanOptions = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// value is a JSON value that a slot reads.
type value struct {
	raw   []byte // valid during the call only
	shape Shape  // of its record
	in    *reading
}

// reading is what the reading of values needs beside them.
type reading struct {
	location  *time.Location
	moneyText bool
	texts     unquoter
	recent    [256]string
}

// unquoter takes JSON texts out of their quotes.
type unquoter struct {
	plain   bool // no text has an escape
	scratch []byte
}

// unquote returns what a JSON text says, until the next call. It is not whole if
// half a surrogate pair became U+FFFD.
func (u *unquoter) unquote(quoted []byte) (content []byte, whole bool) {
	if u.plain || bytes.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1], true
	}
	var err error
	u.scratch, err = jsontext.AppendUnquote(u.scratch[:0], quoted)
	return u.scratch, err == nil
}

func (v value) kind() jsontext.Kind { return wire.KindOf(v.raw[0]) }

// isNot says what stands in the place of what a field wants.
func (v value) isNot(wanted string) (reason string) {
	return "is " + kindName(v.kind()) + ", not " + wanted
}

// content returns the digits of a number, or what a text says. It is valid
// until the next call.
func (v value) content() (content []byte, whole bool) {
	if v.kind() != jsontext.KindString {
		return v.raw, true
	}
	return v.in.texts.unquote(v.raw)
}

// text returns a copy of the content. Tills repeat themselves: a short text that
// was read a moment ago is not copied again.
func (v value) text() (s string, whole bool) {
	content, whole := v.content()
	if len(content) > 32 {
		return string(content), whole
	}
	recent := &v.in.recent[hashOf(content)]
	if *recent != string(content) {
		*recent = string(content)
	}
	return *recent, whole
}

// hashOf looks at the first and the last eight bytes.
func hashOf(b []byte) uint8 {
	var hash uint64
	if n := len(b); n >= 8 {
		hash = binary.LittleEndian.Uint64(b) ^ binary.LittleEndian.Uint64(b[n-8:])*31
	} else {
		for _, c := range b {
			hash = hash<<8 | uint64(c)
		}
	}
	return uint8(hash * 0x9e3779b97f4a7c15 >> 56)
}

func kindName(k jsontext.Kind) string {
	switch k {
	case jsontext.KindNull:
		return "null"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "a boolean"
	case jsontext.KindString:
		return "text"
	case jsontext.KindNumber:
		return "a number"
	case jsontext.KindBeginObject:
		return "an object"
	}
	return "an array"
}

// parseWhole reads a whole number without sign, exponent or leading zeros. A
// fraction of zeros changes nothing: 1900.0 is 1900.
func parseWhole(content []byte) (n int64, reason string) {
	if i := bytes.IndexByte(content, '.'); i >= 0 && i < len(content)-1 && len(bytes.TrimLeft(content[i+1:], "0")) == 0 {
		content = content[:i]
	}
	for _, c := range content {
		if c < '0' || c > '9' {
			return 0, notWhole
		}
		n = n*10 + int64(c-'0')
	}
	switch {
	case len(content) == 0:
		return 0, notWhole
	case len(content) > 1 && content[0] == '0':
		return 0, "has a leading zero"
	case len(content) < len("9223372036854775807"):
		return n, ""
	}
	n, err := strconv.ParseInt(string(content), 10, 64)
	if err != nil {
		return 0, "does not fit 64 bits"
	}
	return n, ""
}

// parseMoney reads a JSON number with its scale.
func parseMoney(content []byte) (a payment.Amount, reason string) {
	if err := a.UnmarshalJSON(content); err != nil || !a.IsSet() {
		return payment.Amount{}, "is not an exact number with an exponent within ±20"
	}
	if len(content) > maxMoneyDigits-maxExponent && digits(a) > maxMoneyDigits {
		return payment.Amount{}, "has more than 34 digits"
	}
	return a, ""
}

func digits(a payment.Amount) (n int) {
	for _, c := range a.String() {
		if c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

// appendNumber appends an amount in the one form that equal amounts have.
func appendNumber(b []byte, a payment.Amount) []byte {
	start := len(b)
	b, _ = a.AppendText(b)
	if bytes.IndexByte(b[start:], '.') >= 0 {
		b = bytes.TrimRight(bytes.TrimRight(b, "0"), ".")
	}
	return b
}

// isGUID reports whether a text has the form 8-4-4-4-12. Version and variant are
// not checked: the vendor's own GUIDs have a variant digit that RFC 9562 reserves.
func isGUID(s string) bool {
	if len(s) != len(zeroGUID) {
		return false
	}
	dashes := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c-'0' <= 9 || c|0x20-'a' <= 5:
		case c == '-' && zeroGUID[i] == '-':
			dashes++
		default:
			return false
		}
	}
	return dashes == 4
}

// guidKey returns the form in which GUIDs are compared. The GUID of zeros names
// nothing.
func guidKey(s string) string {
	switch {
	case s == zeroGUID:
		return ""
	case isGUID(s):
		return strings.ToLower(s)
	}
	return s
}

// appendText appends a JSON text. What is not UTF-8 becomes U+FFFD.
func appendText(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s)
	return b
}

func unfitText(s string) (reason string) {
	if !utf8.ValidString(s) {
		return "is not UTF-8"
	}
	return ""
}
