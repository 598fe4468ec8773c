package brightpearl

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
)

// OAuthConfig is a public app's identity and the token it holds.
type OAuthConfig struct {
	DevRef       string           // developer reference
	AppRef       string           // app reference, which is also the client id
	ClientSecret tenderkit.Secret // confidential clients only
	Token        Token            // from ExchangeCode, or the last one that Save was given

	// Save keeps a refreshed token before its first use; nil keeps it in memory
	// alone. Whether refresh tokens may be used twice is unknown: what Save is
	// given has replaced what was saved before. Its error stops the call, and
	// the same token is offered again on the next one. It serves all callers that
	// wait, so its context is none of theirs: it has no end and no values.
	Save func(context.Context, Token) error

	TokenURL string   // scheme and host in place of https://oauth.brightpearlapp.com; /token/{account} is added
	Domains  []string // hosts accepted as api_domain beside *.brightpearl.com and *.brightpearlconnect.com
}

// Token is an OAuth 2.0 token of one account. Its secrets print redacted and
// encode redacted too: convert them to string to store them.
type Token struct {
	AccessToken            tenderkit.Secret
	RefreshToken           tenderkit.Secret
	APIDomain              string    // host that serves the account from now on, without scheme
	InstallationInstanceID string    // only from the first exchange (observed)
	Expiry                 time.Time // zero if unknown
}

// OAuth is the style of public apps: Authorization: Bearer, with
// brightpearl-dev-ref and brightpearl-app-ref (documented).
//
// The token is refreshed five minutes before its end and once after a 401,
// for all callers together. The host that a token names (api_domain) is
// followed only if it is Brightpearl's or one of Domains.
func OAuth(config OAuthConfig) Auth { return &oauth{config} }

type oauth struct{ config OAuthConfig }

// Format prints the style alone.
func (o *oauth) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "brightpearl.OAuth") }

func (o *oauth) open(config Config, opts []tenderkit.Option) (authenticator, error) {
	if err := o.config.check(); err != nil {
		return nil, err
	}
	t := o.config.Token
	seal := transport.NewSeal(string(o.config.ClientSecret), string(t.AccessToken), string(t.RefreshToken))
	endpoint, err := newTokenEndpoint(o.config, config.Account, seal, opts)
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(config.origin())
	if err != nil {
		return nil, invalid("Config.BaseURL", "is not an absolute URL")
	}
	b := &bearer{config: o.config, endpoint: endpoint, secrets: seal, home: base.Host}
	b.use(t)
	return b, nil
}

func (c OAuthConfig) check() error {
	if c.Token.AccessToken == "" && c.Token.RefreshToken == "" {
		return invalid("OAuthConfig.Token", "holds neither access nor refresh token")
	}
	if c.Token.AccessToken != "" {
		if err := checkHeader("OAuthConfig.Token.AccessToken", string(c.Token.AccessToken)); err != nil {
			return err
		}
	}
	return cmp.Or(checkHeader("OAuthConfig.DevRef", c.DevRef), checkHeader("OAuthConfig.AppRef", c.AppRef))
}
