package brightpearl

import (
	"cmp"
	"context"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/wire"
)

// OAuthConfig is a public app's identity and the token it holds.
type OAuthConfig struct {
	DevRef       string           // developer reference
	AppRef       string           // app reference, which is also the client id
	ClientSecret tenderkit.Secret // confidential clients only
	Token        Token            // from ExchangeCode, or the last one that Save was called with

	// Save stores a refreshed token before its first use; nil keeps it in memory
	// alone. Whether refresh tokens may be used twice is unknown (clause
	// auth.refresh): the new token replaces the one that was saved before. A refresh
	// that brought nothing but a new refresh token is saved too. If Save fails, the
	// call fails, and the next call offers the same token again. One Save serves all
	// callers that wait, so its context has no deadline and no values.
	Save func(context.Context, Token) error

	TokenURL string   // scheme and host in place of https://oauth.brightpearlapp.com; /token/{account} is added
	Domains  []string // hosts accepted as api_domain beside *.brightpearl.com and *.brightpearlconnect.com
}

func (c OAuthConfig) check() error {
	if c.Token.AccessToken == "" && c.Token.RefreshToken == "" {
		return invalid("OAuthConfig.Token", "holds neither access nor refresh token")
	}
	var access error
	if c.Token.AccessToken != "" {
		access = checkHeader("OAuthConfig.Token.AccessToken", string(c.Token.AccessToken))
	}
	return cmp.Or(
		access,
		checkRedacted("OAuthConfig.Token.RefreshToken", string(c.Token.RefreshToken)),
		checkRedacted("OAuthConfig.ClientSecret", string(c.ClientSecret)),
		checkHeader("OAuthConfig.DevRef", c.DevRef),
		checkHeader("OAuthConfig.AppRef", c.AppRef),
	)
}

// Token is an OAuth 2.0 token of one account. Its secrets print as "[redacted]",
// in JSON too. [Token.MarshalBinary] returns the form to store.
type Token struct {
	AccessToken            tenderkit.Secret // empty if only RefreshToken is known: it is used before the first call
	RefreshToken           tenderkit.Secret
	APIDomain              string    // host that serves the account from now on, without scheme
	InstallationInstanceID string    // only from the first exchange (observed)
	Expiry                 time.Time // zero if unknown
}

// storedToken is the form of a token in storage.
type storedToken struct {
	AccessToken            string    `json:"access_token"`
	RefreshToken           string    `json:"refresh_token,omitempty"`
	APIDomain              string    `json:"api_domain,omitempty"`
	InstallationInstanceID string    `json:"installation_instance_id,omitempty"`
	Expiry                 time.Time `json:"expiry,omitzero"`
}

// MarshalBinary returns the token with its secrets in clear text, for Save to
// store in a safe place.
func (t Token) MarshalBinary() ([]byte, error) {
	return wire.Marshal(storedToken{string(t.AccessToken), string(t.RefreshToken), t.APIDomain, t.InstallationInstanceID, t.Expiry})
}

// UnmarshalBinary reads what [Token.MarshalBinary] returned.
func (t *Token) UnmarshalBinary(data []byte) error {
	var s storedToken
	if err := wire.Unmarshal(data, &s); err != nil {
		return invalid("Token", "is not in the form of MarshalBinary")
	}
	*t = Token{tenderkit.Secret(s.AccessToken), tenderkit.Secret(s.RefreshToken), s.APIDomain, s.InstallationInstanceID, s.Expiry}
	return nil
}
