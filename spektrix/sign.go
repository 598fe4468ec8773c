package spektrix

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"time"

	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

// signature is the vendor's request signature (headers and primitives
// documented, details observed): base64 of HMAC-SHA1 over method, URL and the
// text of the Date header, one a line. Every method but GET adds the base64 of
// the body's MD5, even if the body is empty.
func signature(key []byte, method, url, date string, body []byte) string {
	message := make([]byte, 0, len(method)+len(url)+len(date)+32)
	message = append(message, method...)
	message = append(append(message, '\n'), url...)
	message = append(append(message, '\n'), date...)
	if method != http.MethodGet {
		sum := md5.Sum(body)
		message = base64.StdEncoding.AppendEncode(append(message, '\n'), sum[:])
	}
	mac := hmac.New(sha1.New, key)
	mac.Write(message)
	return base64.StdEncoding.EncodeToString(mac.Sum(message[:0]))
}

// signer is the layer below the retrier: it signs each attempt anew, because
// the vendor checks the age of the date (observed).
type signer struct {
	login string
	key   []byte
	now   func() time.Time
	next  http.RoundTripper
}

func (s *signer) wrap(next http.RoundTripper) http.RoundTripper {
	s.next = next
	return s
}

// RoundTrip signs the URL and the bytes that net/http will send.
func (s *signer) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := takeBody(req)
	if err != nil {
		return nil, transport.NotSent(payment.ErrUnavailable, err)
	}
	date := s.now().UTC().Format(http.TimeFormat)
	values := []string{date, "SpektrixAPI3 " + s.login + ":" + signature(s.key, req.Method, wireURL(req), date, body)}
	signed := *req
	signed.Header = maps.Clone(req.Header)
	signed.Header["Date"], signed.Header["Authorization"] = values[:1:1], values[1:]
	if body != nil {
		signed.Body = io.NopCloser(bytes.NewReader(body))
	}
	return s.next.RoundTrip(&signed)
}

// takeBody reads the body to its end and closes it. No body gives nil.
func takeBody(req *http.Request) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, nil
	}
	defer func() { _ = req.Body.Close() }()
	if req.ContentLength <= 0 { // 0 stands for an unknown length too
		return io.ReadAll(req.Body)
	}
	body := make([]byte, req.ContentLength)
	_, err := io.ReadFull(req.Body, body)
	return body, err
}

// wireURL is the URL as the vendor sees it: the Host header and the request
// line, not a re-encoded form of them.
func wireURL(req *http.Request) string {
	return req.URL.Scheme + "://" + req.Host + req.URL.RequestURI()
}
