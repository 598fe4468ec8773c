package brightpearl

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/internal/transport"
	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

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
	if seconds := body.ExpiresIn.Value; seconds > 0 {
		t.Expiry = e.now().Add(time.Duration(min(seconds, 1<<31)) * time.Second)
	}
	if err == nil && checkHeader("", access) != nil {
		err = errors.New("$.access_token: is empty or cannot stand in a header")
	}
	if err != nil {
		return t, err
	}
	t.AccessToken = tenderkit.Secret(access)
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
