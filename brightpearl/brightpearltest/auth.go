package brightpearltest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
)

const (
	headerAppRef  = "brightpearl-app-ref"
	headerDevRef  = "brightpearl-dev-ref"
	headerAccount = "brightpearl-account-token"
	headerStaff   = "brightpearl-staff-token"

	expiredText = "Authorization token expired"
	missingText = "Not authenticated. You must provide a valid authentication token."
)

type style int

const (
	styleAccount style = iota + 1
	styleStaff
	styleBearer
)

// credential is one set of headers that the emulator accepts.
type credential struct {
	style  style
	appRef string
	devRef string // empty for private apps
	token  string // as it stands in the header
}

// WithStaffToken replaces the staff token of a private app, which is what
// [Server.Config] uses.
func WithStaffToken(appRef, token string) Option {
	return func(s *settings) { s.staff = credential{style: styleStaff, appRef: appRef, token: token} }
}

// WithAccountToken adds the account token of a private app.
func WithAccountToken(appRef, token string) Option {
	return func(s *settings) {
		s.credentials = append(s.credentials, credential{style: styleAccount, appRef: appRef, token: token})
	}
}

// WithSignedToken adds a public app without OAuth. token is the unsigned one;
// the emulator accepts it only signed with the developer's secret.
func WithSignedToken(devRef, appRef, token, devSecret string) Option {
	return func(s *settings) {
		signed := credential{style: styleAccount, appRef: appRef, devRef: devRef, token: sign(token, devSecret)}
		s.credentials = append(s.credentials, signed)
	}
}

// sign takes key and message as they are written, without decoding base64.
func sign(token, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(token))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// presented collects the credentials of a request. ok is false unless there is
// exactly one token and an app reference.
func presented(h http.Header) (c credential, ok bool) {
	c = credential{appRef: h.Get(headerAppRef), devRef: h.Get(headerDevRef)}
	tokens := 0
	for _, found := range []struct {
		style style
		token string
	}{{styleAccount, h.Get(headerAccount)}, {styleStaff, h.Get(headerStaff)}, {styleBearer, bearer(h)}} {
		if found.token != "" {
			c.style, c.token = found.style, found.token
			tokens++
		}
	}
	return c, tokens == 1 && c.appRef != ""
}

func bearer(h http.Header) string {
	token, ok := strings.CutPrefix(h.Get("Authorization"), "Bearer ")
	if !ok {
		return ""
	}
	return token
}

// authenticate returns the refusal of a request without valid credentials for
// this account. The caller holds the lock.
func (s *Server) authenticate(r *http.Request, account string) (reply, bool) {
	c, ok := presented(r.Header)
	if !ok {
		return unauthorized(missingText), false
	}
	if account != s.settings.account {
		return unauthorized("Invalid instance token: " + c.token), false
	}
	if c.style == styleBearer {
		return s.authenticateBearer(c)
	}
	for _, known := range s.settings.credentials {
		if c == known {
			return reply{}, true
		}
	}
	return unauthorized("Invalid instance token: " + c.token), false
}

func (s *Server) authenticateBearer(c credential) (reply, bool) {
	access, ok := s.grants.access[c.token]
	if !ok || access.client.AppRef != c.appRef || access.client.DevRef != c.devRef {
		return unauthorized("Invalid instance token: " + c.token), false
	}
	if !s.settings.clock().Before(access.expires) {
		return unauthorized(expiredText), false
	}
	return reply{}, true
}

// unauthorized puts the text into response, not errors, as observed.
func unauthorized(text string) reply {
	return reply{status: http.StatusUnauthorized, body: envelope{Response: text}}
}
