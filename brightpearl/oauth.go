package brightpearl

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
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

// tokenEndpoint asks for tokens.
type tokenEndpoint struct {
	http    *transport.Client
	config  OAuthConfig
	account string
	secrets *transport.Seal
}

// The grants that are used (documented; the refresh observed).
const (
	grantCode    = "authorization_code"
	grantRefresh = "refresh_token"
)

const tokenOrigin = "https://oauth.brightpearlapp.com" // the newest generation (documented)

func newTokenEndpoint(config OAuthConfig, account string, seal *transport.Seal, opts []tenderkit.Option) (*tokenEndpoint, error) {
	http, err := transport.New(transport.Config{
		Vendor: vendor, BaseURL: cmp.Or(config.TokenURL, tokenOrigin), Prefix: "/", Seal: seal, Fault: readTokenFault,
	}, opts...)
	var field *payment.FieldError
	if errors.As(err, &field) && field.Field == "Config.BaseURL" {
		err = invalid("OAuthConfig.TokenURL", field.Reason)
	}
	if err != nil {
		return nil, err
	}
	return &tokenEndpoint{http: http, config: config, account: account, secrets: seal}, nil
}

func (e *tokenEndpoint) now() time.Time { return e.http.Now() }

// refresh returns the next token. What the answer leaves out is kept from old,
// also beside an error: if only the refresh token is new, it has to be saved.
func (e *tokenEndpoint) refresh(ctx context.Context, old Token) (Token, error) {
	if old.RefreshToken == "" {
		return Token{}, &payment.Error{
			Vendor: vendor, Op: "RefreshToken", Err: payment.ErrUnauthorized, Message: "there is no refresh token",
		}
	}
	token, err := e.ask(ctx, "RefreshToken", url.Values{
		"grant_type": {grantRefresh}, "refresh_token": {string(old.RefreshToken)},
	})
	if token.AccessToken == "" {
		token.AccessToken, token.Expiry = old.AccessToken, old.Expiry
	}
	token.RefreshToken = cmp.Or(token.RefreshToken, old.RefreshToken)
	token.APIDomain = cmp.Or(token.APIDomain, old.APIDomain)
	token.InstallationInstanceID = cmp.Or(token.InstallationInstanceID, old.InstallationInstanceID)
	return token, err
}

// ask posts a form. It is a Write: a code, and perhaps a refresh token, works
// only once.
func (e *tokenEndpoint) ask(ctx context.Context, op string, form url.Values) (Token, error) {
	form.Set("client_id", e.config.AppRef)
	if e.config.ClientSecret != "" {
		form.Set("client_secret", string(e.config.ClientSecret))
	}
	return transport.Call(ctx, e.http, transport.Request{
		Op: op, Class: transport.Write, Method: http.MethodPost, Path: "token/{account}", IDs: []string{e.account},
		Body: []byte(form.Encode()), ContentType: "application/x-www-form-urlencoded", Confidential: true,
	}, e.decode)
}

// decode reads a token answer and seals what is in it. A refresh token may work
// only once: it is not lost to an odd member beside it, and it is returned beside
// an error too. Numbers are taken for their digits, other forms for nothing.
// token_type is always Bearer (observed) and not read.
func (e *tokenEndpoint) decode(r *transport.Reply) (Token, error) {
	body, err := transport.JSON[struct {
		AccessToken  wire.Lenient[string]    `json:"access_token"`
		RefreshToken wire.Lenient[wire.Text] `json:"refresh_token"`
		InstanceID   wire.Lenient[wire.Text] `json:"installation_instance_id"`
		APIDomain    wire.Lenient[string]    `json:"api_domain"`
		ExpiresIn    wire.Lenient[wire.Int]  `json:"expires_in"`
	}](r)
	access, refresh := body.AccessToken.Value, string(body.RefreshToken.Value)
	e.secrets.Add(access)
	e.secrets.Add(refresh)
	t := Token{RefreshToken: tenderkit.Secret(refresh), InstallationInstanceID: string(body.InstanceID.Value), APIDomain: body.APIDomain.Value}
	if err == nil && checkHeader("", access) != nil {
		err = errors.New("$.access_token: is empty or cannot stand in a header")
	}
	if err != nil {
		return t, err
	}
	t.AccessToken = tenderkit.Secret(access)
	if seconds := body.ExpiresIn.Value; seconds > 0 {
		t.Expiry = e.now().Add(time.Duration(min(seconds, 1<<31)) * time.Second)
	}
	return t, nil
}

// readTokenFault reads the token endpoint's own error form (observed). Both
// invalid_client and invalid_grant come with status 400.
func readTokenFault(r *transport.Reply, e *payment.Error) {
	var body struct {
		Error       wire.Lenient[string]    `json:"error"`
		Description wire.Lenient[wire.Text] `json:"error_description"`
	}
	if wire.Unmarshal(r.Body, &body) != nil || body.Error.Value == "" {
		return
	}
	e.Code, e.Message = body.Error.Value, string(body.Description.Value)
	if r.Status == http.StatusBadRequest {
		e.Err = payment.ErrUnauthorized
	}
}
