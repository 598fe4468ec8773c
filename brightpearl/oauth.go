package brightpearl

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/url"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
)

// OAuth is the style of public apps: Authorization: Bearer, with
// brightpearl-dev-ref and brightpearl-app-ref (documented).
//
// The token is refreshed five minutes before its end and once after a 401,
// for all callers together. A refresh ahead of the end that fails is tried again
// later, and the token is used to its end. The host that a token names
// (api_domain) is followed only if it is Brightpearl's or one of Domains.
func OAuth(config OAuthConfig) Auth { return &oauth{config} }

type oauth struct{ config OAuthConfig }

// Format prints the style alone.
func (o *oauth) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "brightpearl.OAuth") }

func (o *oauth) open(account, origin string, opts []tenderkit.Option) (authenticator, error) {
	if err := o.config.check(); err != nil {
		return nil, err
	}
	t := o.config.Token
	seal := transport.NewSeal(string(o.config.ClientSecret), string(t.AccessToken), string(t.RefreshToken))
	endpoint, err := newTokenEndpoint(o.config, account, seal, opts)
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(origin)
	if err != nil {
		return nil, invalid("Config.BaseURL", "is not an absolute URL")
	}
	b := &bearer{config: o.config, endpoint: endpoint, secrets: seal, home: base.Host}
	b.use(t)
	return b, nil
}

// AuthorizeURL returns where a user of the account grants the app access
// (observed). The answer comes back to redirectURI with a code for
// [ExchangeCode] and state.
func AuthorizeURL(account, appRef, redirectURI, state string) string {
	q := url.Values{"response_type": {"code"}, "client_id": {appRef}, "redirect_uri": {redirectURI}, "state": {state}}
	return "https://oauth.brightpearl.com/authorize/" + url.PathEscape(account) + "?" + q.Encode()
}

// ExchangeCode turns an authorization code into the account's first token:
// POST /token/{account} (documented). The redirectURI is the one that the code
// was asked with. A code works once; after a lost answer ask for a new one. If the
// answer holds a refresh token but no access token that can be used, the token is
// returned beside the error: [OAuth] refreshes it before the first call.
func ExchangeCode(ctx context.Context, config OAuthConfig, account, code, redirectURI string, opts ...tenderkit.Option) (Token, error) {
	seal := transport.NewSeal(string(config.ClientSecret), code)
	endpoint, err := newTokenEndpoint(config, account, seal, opts)
	if err != nil {
		return Token{}, fmt.Errorf("%s: ExchangeCode: %w", vendor, err)
	}
	if err := checkExchange(config, code, redirectURI); err != nil {
		return Token{}, endpoint.http.Refuse("ExchangeCode", err)
	}
	return endpoint.ask(ctx, "ExchangeCode", url.Values{
		"grant_type": {grantCode}, "code": {code}, "redirect_uri": {redirectURI},
	})
}

func checkExchange(config OAuthConfig, code, redirectURI string) error {
	switch {
	case code == "":
		return invalid("code", "is empty")
	case redirectURI == "":
		return invalid("redirectURI", "is empty")
	}
	return cmp.Or(checkRedacted("OAuthConfig.ClientSecret", string(config.ClientSecret)), checkHeader("OAuthConfig.AppRef", config.AppRef))
}
