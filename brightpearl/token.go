package brightpearl

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/payment"
)

const tokenOrigin = "https://oauth.brightpearlapp.com" // the newest generation (documented)

// AuthorizeURL is where a user of the account grants the app access (observed).
// The answer comes back to redirectURI with a code for [ExchangeCode] and state.
func AuthorizeURL(account, appRef, redirectURI, state string) string {
	q := url.Values{"response_type": {"code"}, "client_id": {appRef}, "redirect_uri": {redirectURI}, "state": {state}}
	return "https://oauth.brightpearl.com/authorize/" + url.PathEscape(account) + "?" + q.Encode()
}

// ExchangeCode turns an authorization code into the account's first token:
// POST /token/{account} (documented). The redirectURI is the one that the code
// was asked with. A code works once; after a lost answer ask for a new one.
func ExchangeCode(ctx context.Context, config OAuthConfig, account, code, redirectURI string, opts ...tenderkit.Option) (Token, error) {
	seal := transport.NewSeal(string(config.ClientSecret), code)
	endpoint, err := newTokenEndpoint(config, account, seal, opts)
	if err != nil {
		return Token{}, err
	}
	if err := checkExchange(config, code, redirectURI); err != nil {
		return Token{}, endpoint.http.Refuse("ExchangeCode", err)
	}
	return endpoint.ask(ctx, "ExchangeCode", url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirectURI},
	})
}

func checkExchange(config OAuthConfig, code, redirectURI string) error {
	switch {
	case code == "":
		return invalid("code", "is empty")
	case redirectURI == "":
		return invalid("redirectURI", "is empty")
	}
	return checkHeader("OAuthConfig.AppRef", config.AppRef)
}

// tokenEndpoint asks for tokens.
type tokenEndpoint struct {
	http    *transport.Client
	config  OAuthConfig
	account string
	secrets *transport.Seal
}

func newTokenEndpoint(config OAuthConfig, account string, seal *transport.Seal, opts []tenderkit.Option) (*tokenEndpoint, error) {
	base := config.TokenURL
	if base == "" {
		base = tokenOrigin
	}
	http, err := transport.New(transport.Config{
		Vendor: vendor, BaseURL: base, Prefix: "/", Seal: seal, Fault: readTokenFault,
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

// refresh gives the next token. What the answer leaves out is kept from old.
func (e *tokenEndpoint) refresh(ctx context.Context, old Token) (Token, error) {
	if old.RefreshToken == "" {
		return Token{}, &payment.Error{
			Vendor: vendor, Op: "RefreshToken", Err: payment.ErrUnauthorized, Message: "there is no refresh token",
		}
	}
	token, err := e.ask(ctx, "RefreshToken", url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {string(old.RefreshToken)},
	})
	if token.RefreshToken == "" {
		token.RefreshToken = old.RefreshToken
	}
	if token.APIDomain == "" {
		token.APIDomain = old.APIDomain
	}
	token.InstallationInstanceID = old.InstallationInstanceID
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
		Body: []byte(form.Encode()), ContentType: "application/x-www-form-urlencoded",
	}, e.decode)
}

// decode reads a token answer and seals what is in it.
func (e *tokenEndpoint) decode(r *transport.Reply) (Token, error) {
	body, err := transport.JSON[struct {
		AccessToken  string    `json:"access_token"`
		RefreshToken string    `json:"refresh_token"`
		InstanceID   looseText `json:"installation_instance_id"`
		APIDomain    string    `json:"api_domain"`
		ExpiresIn    int64     `json:"expires_in"`
	}](r)
	e.secrets.Add(body.AccessToken)
	e.secrets.Add(body.RefreshToken)
	if err == nil && checkHeader("", body.AccessToken) != nil {
		err = errors.New("$.access_token: is empty or cannot stand in a header")
	}
	if err != nil {
		return Token{}, err
	}
	t := Token{
		AccessToken: tenderkit.Secret(body.AccessToken), RefreshToken: tenderkit.Secret(body.RefreshToken),
		InstallationInstanceID: string(body.InstanceID), APIDomain: body.APIDomain,
	}
	if body.ExpiresIn > 0 {
		t.Expiry = e.now().Add(time.Duration(min(body.ExpiresIn, 1<<31)) * time.Second)
	}
	return t, nil
}

// readTokenFault reads the token endpoint's own error form (observed). Both
// invalid_client and invalid_grant come with status 400.
func readTokenFault(r *transport.Reply, e *payment.Error) {
	var body struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(r.Body, &body) != nil || body.Error == "" {
		return
	}
	e.Code, e.Message = body.Error, body.Description
	if r.Status == http.StatusBadRequest {
		e.Err = payment.ErrUnauthorized
	}
}
