package transport

import (
	"net"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tenderkit/tenderkit/payment"
)

// parseOrigin checks a base URL: absolute, scheme and host only, and https
// unless the host is this machine or insecure is set.
func parseOrigin(base string, insecure bool) (url.URL, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Hostname() == "":
		return url.URL{}, originError("is not an absolute URL")
	case u.User != nil:
		return url.URL{}, originError("holds user information")
	case strings.ContainsAny(base, "?#"):
		return url.URL{}, originError("holds a query or a fragment")
	case u.Path != "" && u.Path != "/":
		return url.URL{}, originError("holds a path; the client adds the documented one")
	case u.Scheme == "https", u.Scheme == "http" && (insecure || isLoopback(u.Hostname())):
		return url.URL{Scheme: u.Scheme, Host: u.Host}, nil
	}
	return url.URL{}, originError("is not https")
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

func originError(reason string) error {
	return &payment.FieldError{Field: "Config.BaseURL", Reason: reason}
}

// url returns the URL of an escaped path below the prefix.
func (c *Client) url(path string, query url.Values) *url.URL {
	u := c.origin
	u.Path = c.prefix + path
	if strings.Contains(u.Path, "%") {
		if plain, err := url.PathUnescape(u.Path); err == nil {
			u.RawPath, u.Path = u.Path, plain
		}
	}
	u.RawQuery = query.Encode()
	return &u
}

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

// CheckSegment returns an error of the field if id cannot be one segment of a
// path.
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

// isPlain reports whether id has only letters, digits and the marks that are
// never escaped. Almost every id is like that.
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
