package spektrix

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"encoding/base64"
	"hash"
	"net/http"
	"sync"
	"time"

	"github.com/tenderkit/tenderkit/internal/transport"
)

// signature is the vendor's request signature (headers and primitives
// documented, details observed): base64 of HMAC-SHA1 over method, URL and the
// text of the Date header, one a line. Every method but GET adds the base64 of
// the body's MD5, even if the body is empty. mac holds the key.
func signature(mac hash.Hash, method, url, date string, body []byte) string {
	message := make([]byte, 0, len(method)+len(url)+len(date)+32)
	message = append(message, method...)
	message = append(append(message, '\n'), url...)
	message = append(append(message, '\n'), date...)
	if method != http.MethodGet {
		sum := md5.Sum(body)
		message = base64.StdEncoding.AppendEncode(append(message, '\n'), sum[:])
	}
	mac.Reset()
	mac.Write(message)
	return base64.StdEncoding.EncodeToString(mac.Sum(message[:0]))
}

// signer is the layer below the retrier: it signs each attempt anew, because
// the vendor checks the age of the date (observed).
type signer struct {
	login string
	macs  sync.Pool // of hash.Hash with the key, which cost more to make than to use
	now   func() time.Time
	next  http.RoundTripper
}

func newSigner(login string, key []byte) *signer {
	return &signer{login: login, macs: sync.Pool{New: func() any { return hmac.New(sha1.New, key) }}}
}

func (s *signer) wrap(next http.RoundTripper) http.RoundTripper {
	s.next = next
	return s
}

// RoundTrip signs the URL and the bytes that net/http will send. The request and
// its header are the attempt's own. A signature that an answer repeats could be
// used for some minutes.
func (s *signer) RoundTrip(req *http.Request) (*http.Response, error) {
	date := s.now().UTC().Format(http.TimeFormat)
	signed := s.sign(req, date, transport.SentBody(req))
	values := []string{date, "SpektrixAPI3 " + s.login + ":" + signed}
	req.Header["Date"], req.Header["Authorization"] = values[:1:1], values[1:]
	transport.Conceal(req.Context(), signed)
	return s.next.RoundTrip(req)
}

func (s *signer) sign(req *http.Request, date string, body []byte) string {
	mac := s.macs.Get().(hash.Hash)
	defer s.macs.Put(mac)
	return signature(mac, req.Method, wireURL(req), date, body)
}

// wireURL is the URL as the vendor sees it: the Host header and the request
// line, not a re-encoded form of them.
func wireURL(req *http.Request) string {
	return req.URL.Scheme + "://" + req.Host + req.URL.RequestURI()
}
