package transport

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tenderkit/tenderkit/payment"
)

// fillPath puts the ids into the braces of a template. This is the one place
// where path segments are escaped and bad ones refused.
func fillPath(template string, ids []string) (string, error) {
	if strings.Count(template, "{") != len(ids) {
		return "", &payment.FieldError{Field: "IDs", Reason: "are not as many as the path has places for"}
	}
	var b strings.Builder
	for _, id := range ids {
		before, rest, _ := strings.Cut(template, "{")
		name, after, _ := strings.Cut(rest, "}")
		if err := CheckSegment(name, id); err != nil {
			return "", err
		}
		b.WriteString(before)
		b.WriteString(EscapeSegment(id))
		template = after
	}
	if b.Len() == 0 {
		return template, nil
	}
	return b.String() + template, nil
}

// CheckSegment refuses an id that cannot be one segment of a path.
func CheckSegment(field, id string) error {
	switch {
	case id == "":
		return &payment.FieldError{Field: field, Reason: "is empty"}
	case id == "." || id == "..":
		return &payment.FieldError{Field: field, Reason: "is a dot segment"}
	case !isPlain(id) && (!utf8.ValidString(id) || strings.ContainsFunc(id, notInSegment)):
		return &payment.FieldError{Field: field, Reason: `holds white space, a control character or one of / \ ? # %`}
	}
	return nil
}

func notInSegment(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`/\?#%`, r)
}

// isPlain reports letters, digits and the marks that are never escaped: what
// almost every id is made of.
func isPlain(id string) bool {
	for i := range len(id) {
		c := id[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_' && c != ',' {
			return false
		}
	}
	return true
}

// EscapeSegment escapes one segment. The comma stays: id sets are written with
// it.
func EscapeSegment(id string) string {
	if isPlain(id) {
		return id
	}
	return strings.ReplaceAll(url.PathEscape(id), "%2C", ",")
}
