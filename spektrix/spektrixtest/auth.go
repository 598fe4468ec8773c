package spektrixtest

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"encoding/base64"
	"net/http"
	"strings"
	"time"
)

const authScheme = "SpektrixAPI3 "

// authentic reports whether the request is signed as the vendor documents it:
// by the known login, with a date close to the clock, over exactly what was
// received.
func (s *Server) authentic(r *http.Request, body []byte) bool {
	login, signature, ok := presented(r.Header)
	if !ok || login != s.settings.login || len(s.settings.key) == 0 || !s.timely(r.Header) {
		return false
	}
	want := sign(s.settings.key, stringToSign(r, body))
	return hmac.Equal([]byte(signature), []byte(want))
}

// presented takes login and signature apart at the last colon. A login may
// hold a backslash.
func presented(h http.Header) (login, signature string, ok bool) {
	values := h.Values("Authorization")
	if len(values) != 1 {
		return "", "", false
	}
	pair, ok := strings.CutPrefix(values[0], authScheme)
	colon := strings.LastIndexByte(pair, ':')
	if !ok || colon < 0 {
		return "", "", false
	}
	return pair[:colon], pair[colon+1:], true
}

// timely reads the date in its one documented form, so its text is the one
// that was signed.
func (s *Server) timely(h http.Header) bool {
	values := h.Values("Date")
	if len(values) != 1 {
		return false
	}
	at, err := time.Parse(http.TimeFormat, values[0])
	if err != nil || at.Format(http.TimeFormat) != values[0] {
		return false
	}
	return s.now().Truncate(time.Second).Sub(at).Abs() <= s.settings.facts.DateWindow
}

// stringToSign rebuilds what the client has signed from what was received: the
// URL from the Host header and the raw target. The hash line depends on the
// method, not on whether there is a body.
func stringToSign(r *http.Request, body []byte) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	lines := []string{r.Method, scheme + "://" + r.Host + r.RequestURI, r.Header.Get("Date")}
	if r.Method != http.MethodGet {
		sum := md5.Sum(body)
		lines = append(lines, base64.StdEncoding.EncodeToString(sum[:]))
	}
	return strings.Join(lines, "\n")
}

func sign(key []byte, message string) string {
	mac := hmac.New(sha1.New, key)
	mac.Write([]byte(message))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// stockClient reports whether the edge in front of the vendor refuses a
// request: observed for a POST that names a stock library as its agent.
func stockClient(r *http.Request) bool {
	agent := r.UserAgent()
	return r.Method == http.MethodPost &&
		(agent == "" || strings.HasPrefix(agent, "GuzzleHttp/") || strings.HasPrefix(agent, "Go-http-client/"))
}

// unauthorized does not say what was wrong: that is all the vendor is known to
// do.
func (s *Server) unauthorized() reply {
	switch s.settings.facts.UnauthorizedBody {
	case UnauthorizedEmpty:
		return reply{status: http.StatusUnauthorized}
	case UnauthorizedHTML:
		return reply{status: http.StatusUnauthorized, html: "<html><body><h1>401 Unauthorized</h1></body></html>\n"}
	}
	return failure(http.StatusUnauthorized, "unauthorized")
}
