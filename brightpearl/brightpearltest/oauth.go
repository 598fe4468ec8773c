package brightpearltest

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tenderkit/tenderkit/internal/emulator"
)

const accessLife = 7 * 24 * time.Hour // observed: expires_in 604800

// OAuthClient is a public app that the account has installed.
type OAuthClient struct {
	DevRef       string
	AppRef       string // also the client_id
	ClientSecret string // empty for a public client
	RedirectURI  string
}

// WithOAuthClient adds an app that signs in by OAuth.
func WithOAuthClient(c OAuthClient) Option {
	return func(s *settings) { s.clients = append(s.clients, c) }
}

// WithAPIDomain sets the api_domain of token answers. The default is the
// emulator's own host and port.
func WithAPIDomain(domain string) Option { return func(s *settings) { s.apiDomain = domain } }

type grants struct {
	issued  int // numbers the tokens
	codes   map[string]OAuthClient
	refresh map[string]*session
	access  map[string]accessToken
}

// session is one installation of an app: its present access token.
type session struct {
	client OAuthClient
	access string
}

type accessToken struct {
	client  OAuthClient
	expires time.Time
}

func newGrants() *grants {
	return &grants{codes: map[string]OAuthClient{}, refresh: map[string]*session{}, access: map[string]accessToken{}}
}

// IssueCode returns an authorization code for the app, as if a user of the
// account had just approved it. It is good for one exchange. For an unknown
// appRef it returns a code that no exchange accepts.
func (s *Server) IssueCode(appRef string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	code := s.newToken("code")
	if c, ok := s.client(appRef); ok {
		s.grants.codes[code] = c
	}
	return code
}

// IssueTokens returns a pair of tokens for the app, as a code exchange would.
func (s *Server) IssueTokens(appRef string) (access, refresh string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.client(appRef)
	if !ok {
		return "", ""
	}
	refresh = s.newToken("refresh")
	now := &session{client: c, access: s.newAccess(c)}
	s.grants.refresh[refresh] = now
	return now.access, refresh
}

// ExpireTokens lets all access tokens end now. Refresh tokens stay good.
func (s *Server) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token, a := range s.grants.access {
		a.expires = s.settings.clock()
		s.grants.access[token] = a
	}
}

func (s *Server) client(appRef string) (OAuthClient, bool) {
	for _, c := range s.settings.clients {
		if c.AppRef == appRef {
			return c, true
		}
	}
	return OAuthClient{}, false
}

// newToken returns text that looks like the vendor's, with all of '+', '/' and
// '=' in it: a client that forgets to percent-encode is found out.
func (s *Server) newToken(kind string) string {
	s.grants.issued++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", kind, s.grants.issued))
	sum[0], sum[1] = 0xfb, 0xff
	return base64.StdEncoding.EncodeToString(sum[:])
}

func (s *Server) newAccess(c OAuthClient) string {
	token := s.newToken("access")
	s.grants.access[token] = accessToken{client: c, expires: s.settings.clock().Add(accessLife)}
	return token
}

type tokenAnswer struct {
	AccessToken    string `json:"access_token"`
	RefreshToken   string `json:"refresh_token"`
	InstallationID string `json:"installation_instance_id,omitempty"`
	APIDomain      string `json:"api_domain"`
	TokenType      string `json:"token_type"`
	ExpiresIn      int64  `json:"expires_in"`
}

type tokenError struct {
	Description string `json:"error_description,omitempty"`
	Error       string `json:"error"`
}

func refuseToken(code, description string) reply {
	return reply{status: http.StatusBadRequest, body: tokenError{Error: code, Description: description}}
}

// token serves both grants, in the two forms of the endpoint: the account in
// the path or, in the oldest, as account_code in the body.
func (s *Server) token(r *http.Request) reply {
	form, err := url.ParseQuery(string(emulator.Body(r)))
	if err != nil || emulator.MediaType(r) != "application/x-www-form-urlencoded" {
		return refuseToken("invalid_request", "")
	}
	account := cmp.Or(r.PathValue("account"), form.Get("account_code"))
	c, ok := s.client(form.Get("client_id"))
	if !ok || account != s.settings.account || form.Get("client_secret") != c.ClientSecret {
		return refuseToken("invalid_client", "")
	}
	switch form.Get("grant_type") {
	case "authorization_code":
		return s.exchange(c, form)
	case "refresh_token":
		return s.refresh(c, form.Get("refresh_token"))
	}
	return refuseToken("unsupported_grant_type", "")
}

func (s *Server) exchange(c OAuthClient, form url.Values) reply {
	code := form.Get("code")
	owner, ok := s.grants.codes[code]
	if !ok || owner != c {
		return refuseToken("invalid_grant", "The auth token has either expired or does not exist")
	}
	if form.Get("redirect_uri") != c.RedirectURI {
		return refuseToken("invalid_grant", "Redirect uri does not match that used to request auth token")
	}
	delete(s.grants.codes, code)
	refresh := s.newToken("refresh")
	now := &session{client: c, access: s.newAccess(c)}
	s.grants.refresh[refresh] = now
	answer := s.tokens(now, refresh)
	answer.InstallationID = "13"
	return reply{status: http.StatusOK, body: answer}
}

// refresh returns the present access token with what is left of its life, and a
// new one only when that is over: the observed expires_in was a remainder.
func (s *Server) refresh(c OAuthClient, refresh string) reply {
	now, ok := s.grants.refresh[refresh]
	if !ok || now.client != c {
		return refuseToken("invalid_grant", "The auth token has either expired or does not exist")
	}
	if expired := !s.settings.clock().Before(s.grants.access[now.access].expires); expired || s.settings.facts.NewTokenPerRefresh {
		now.access = s.newAccess(c)
	}
	if s.settings.facts.SingleUseRefreshTokens {
		delete(s.grants.refresh, refresh)
		refresh = s.newToken("refresh")
		s.grants.refresh[refresh] = now
	}
	return reply{status: http.StatusOK, body: s.tokens(now, refresh)}
}

func (s *Server) tokens(now *session, refresh string) tokenAnswer {
	domain := s.settings.apiDomain
	if domain == "" {
		domain = strings.TrimPrefix(s.URL, "http://")
	}
	left := s.grants.access[now.access].expires.Sub(s.settings.clock())
	return tokenAnswer{
		AccessToken: now.access, RefreshToken: refresh, APIDomain: domain,
		TokenType: "Bearer", ExpiresIn: int64(left / time.Second),
	}
}
