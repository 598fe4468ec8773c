package transport

import (
	"net"
	"net/url"
	"strings"

	"github.com/tenderkit/tenderkit/payment"
)

// parseOrigin checks a base URL: absolute, scheme and host only, and https
// unless the host is this machine or insecure is given.
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
