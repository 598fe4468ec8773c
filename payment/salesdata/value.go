package salesdata

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

const (
	maxMoneyDigits = 34
	zeroGUID       = "00000000-0000-0000-0000-000000000000"
)

// String names what is due, as an error should.
func (w what) String() string {
	switch w {
	case id, textID, numberID:
		return "an id"
	case guid:
		return "a GUID"
	case money:
		return "a number"
	case moment:
		return "a time"
	case day:
		return "a date"
	}
	return "text"
}

// takes reports whether a value may be written as kind. Ids are taken in both
// forms: the vendor's own examples disagree with its tables.
func (w what) takes(kind wire.Kind, moneyText bool) bool {
	switch w {
	case id, textID, numberID:
		return kind == wire.Number || kind == wire.String
	case money:
		return kind == wire.Number || moneyText && kind == wire.String
	}
	return kind == wire.String
}

// refuse says why s, written as kind, is not a text of this sort.
func (w what) refuse(s string, kind wire.Kind) (reason string) {
	switch {
	case w == numberID, w == textID && kind == wire.Number:
		_, reason = parseID(s)
	case w == textID && strings.TrimSpace(s) == "":
		reason = "is blank"
	case w == guid && !isGUID(s):
		reason = "is not a GUID of the form 8-4-4-4-12"
	}
	return reason
}

// parseID reads a whole number without sign, fraction, exponent or spare zeros.
func parseID(s string) (n int64, reason string) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, "is not a whole number without sign, fraction and exponent"
		}
	}
	if len(s) > 1 && s[0] == '0' {
		return 0, "has a leading zero"
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, "does not fit 64 bits"
	}
	return n, ""
}

// parseMoney reads a JSON number with its scale.
func parseMoney(s string) (a payment.Amount, reason string) {
	if len(s) <= maxMoneyDigits {
		if a, err := payment.ParseAmount(s); err == nil {
			return a, ""
		}
	}
	if err := a.UnmarshalJSON([]byte(s)); err != nil || !a.IsSet() {
		return payment.Amount{}, "is not an exact number with an exponent within ±20"
	}
	if digits(a.String()) > maxMoneyDigits {
		return payment.Amount{}, "has more than 34 digits"
	}
	return a, ""
}

func digits(s string) (n int) {
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n
}

func isGUID(s string) bool {
	if len(s) != len(zeroGUID) {
		return false
	}
	for i := range len(s) {
		c := s[i] | 0x20
		switch {
		case zeroGUID[i] == '-':
			if s[i] != '-' {
				return false
			}
		case (s[i] < '0' || s[i] > '9') && (c < 'a' || c > 'f'):
			return false
		}
	}
	return true
}

// guidKey is the form in which GUIDs are compared. The GUID of zeros names
// nothing.
func guidKey(s string) string {
	if s == zeroGUID {
		return ""
	}
	return strings.ToLower(s)
}

func contains(words []string, word string) bool { return slices.Contains(words, word) }
