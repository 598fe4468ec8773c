package transport

import (
	"net"
	"net/url"

	"github.com/tenderkit/tenderkit/payment"
)

// parseOrigin checks a base URL: absolute, scheme and host only, and https
// unless the host is this machine or insecure is given.
func parseOrigin(base string, insecure bool) (string, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return "", originError("is not an absolute URL")
	case u.User != nil:
		return "", originError("holds user information")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", originError("holds a query or a fragment")
	case u.Path != "" && u.Path != "/":
		return "", originError("holds a path; the client adds the documented one")
	case u.Scheme == "https", u.Scheme == "http" && (insecure || isLoopback(u.Hostname())):
		return u.Scheme + "://" + u.Host, nil
	}
	return "", originError("is not https")
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func originError(reason string) error {
	return &payment.FieldError{Field: "Config.BaseURL", Reason: reason}
}
