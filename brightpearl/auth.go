package brightpearl

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
)

// Auth is how a client proves who it is: a [StaffToken], an [AccountToken], a
// [SignedToken] or [OAuth]. It prints without its secrets.
type Auth interface {
	// open checks the values and returns what signs requests.
	open(account, origin string, opts []tenderkit.Option) (authenticator, error)
}

// authenticator signs each attempt and sees each answer.
type authenticator interface {
	// sign sets the headers of the request itself, and may send it to another host.
	sign(req *http.Request) error
	// answered looks at the answer to a request that sign has signed.
	answered(resp *http.Response, signed *http.Request)
	// renews reports whether a 401 may be cured by signing again.
	renews() bool
	seal() *transport.Seal
}

// StaffToken is the style for new private apps: the headers
// brightpearl-app-ref ("{account}_{name}") and brightpearl-staff-token
// (documented).
func StaffToken(appRef string, token tenderkit.Secret) Auth {
	return &fixed{style: "StaffToken", appRef: appRef, header: "brightpearl-staff-token", token: string(token)}
}

// AccountToken is the older style of private apps, still in wide use
// (observed): the headers brightpearl-app-ref and brightpearl-account-token
// (documented).
func AccountToken(appRef string, token tenderkit.Secret) Auth {
	return &fixed{style: "AccountToken", appRef: appRef, header: "brightpearl-account-token", token: string(token)}
}

// SignedToken is the style of older public apps: the account's unsigned token
// signed with the developer secret, beside brightpearl-dev-ref and
// brightpearl-app-ref. The signature is documented, the headers are observed.
func SignedToken(devRef, appRef string, token, devSecret tenderkit.Secret) Auth {
	return &fixed{
		style: "SignedToken", devRef: devRef, appRef: appRef, header: "brightpearl-account-token",
		token: string(token), devSecret: string(devSecret), signs: true,
	}
}

// fixed is a style whose headers never change.
type fixed struct {
	style, devRef, appRef string
	header                string // that carries the token
	token, devSecret      string
	signs                 bool
}

// Format prints the style alone.
func (f *fixed) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "brightpearl."+f.style) }

func (f *fixed) open(string, string, []tenderkit.Option) (authenticator, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	h, token := http.Header{}, f.token
	if f.signs {
		token = signToken(f.token, f.devSecret)
		h.Set("brightpearl-dev-ref", f.devRef)
	}
	h.Set("brightpearl-app-ref", f.appRef)
	h.Set(f.header, token)
	return &fixedHeaders{h, transport.NewSeal(f.token, f.devSecret, token)}, nil
}

func (f *fixed) check() error {
	err := cmp.Or(checkHeader("Auth.AppRef", f.appRef), checkHeader("Auth.Token", f.token))
	if err == nil && f.signs {
		err = cmp.Or(checkHeader("Auth.DevRef", f.devRef), checkHeader("Auth.DevSecret", f.devSecret))
	}
	return err
}

// checkHeader refuses what cannot be the value of a header, and the placeholder
// of a secret.
func checkHeader(field, value string) error {
	if value == "" {
		return invalid(field, "is empty")
	}
	if err := checkRedacted(field, value); err != nil {
		return err
	}
	for i := range len(value) {
		if value[i] <= ' ' || value[i] > '~' {
			return invalid(field, "holds white space, a control character or a character beyond ASCII")
		}
	}
	return nil
}

// checkRedacted refuses the text that a secret prints as: it comes from a secret
// that was stored redacted.
func checkRedacted(field, value string) error {
	if value == tenderkit.Secret("").String() {
		return invalid(field, "is the text that a secret prints as, not the secret")
	}
	return nil
}

// signToken signs the text of the token with the text of the secret: neither
// is decoded first (checked against the published vector).
func signToken(token, devSecret string) string {
	mac := hmac.New(sha256.New, []byte(devSecret))
	mac.Write([]byte(token))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

type fixedHeaders struct {
	header  http.Header
	secrets *transport.Seal
}

func (f *fixedHeaders) sign(req *http.Request) error {
	maps.Copy(req.Header, f.header)
	return nil
}

func (f *fixedHeaders) answered(*http.Response, *http.Request) {}
func (f *fixedHeaders) renews() bool                           { return false }
func (f *fixedHeaders) seal() *transport.Seal                  { return f.secrets }

// signer is the layer below the retrier: it signs each attempt anew and feeds
// the throttle from each answer.
type signer struct {
	auth authenticator
	pool *throttle
	next http.RoundTripper
}

func (s *signer) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	began := time.Now()
	defer func() { s.pool.done(resp, time.Since(began)) }()
	if err := s.auth.sign(req); err != nil {
		return nil, err
	}
	resp, err = s.next.RoundTrip(req)
	if err == nil {
		s.auth.answered(resp, req)
	}
	return resp, err
}
