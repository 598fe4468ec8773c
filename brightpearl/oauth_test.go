package brightpearl_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/brightpearl"
	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment"
)

var app = brightpearltest.OAuthClient{
	DevRef: "dev", AppRef: "tenderkit-app", ClientSecret: "client-secret", RedirectURI: "https://app.example/back",
}

// installed returns an emulator with an app, and the configuration of its client.
func installed(t *testing.T, opts ...brightpearltest.Option) (*brightpearltest.Server, brightpearl.OAuthConfig) {
	t.Helper()
	server := brightpearltest.New(append([]brightpearltest.Option{brightpearltest.WithOAuthClient(app)}, opts...)...)
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")
	access, refresh := server.IssueTokens(app.AppRef)
	return server, brightpearl.OAuthConfig{
		DevRef: app.DevRef, AppRef: app.AppRef, ClientSecret: tenderkit.Secret(app.ClientSecret), TokenURL: server.URL,
		Domains: []string{host},
		Token:   brightpearl.Token{AccessToken: tenderkit.Secret(access), RefreshToken: tenderkit.Secret(refresh), Expiry: time.Now().Add(time.Hour)},
	}
}

func withOAuth(server *brightpearltest.Server, o brightpearl.OAuthConfig) brightpearl.Config {
	config := server.Config()
	config.Auth = brightpearl.OAuth(o)
	return config
}

func TestExchangeCode(t *testing.T) {
	t.Parallel()
	server, o := installed(t)
	code := server.IssueCode(app.AppRef)
	token, err := brightpearl.ExchangeCode(t.Context(), o, server.Config().Account, code, app.RedirectURI)
	if err != nil {
		t.Fatal(err)
	}
	if token.AccessToken == "" || token.RefreshToken == "" || token.InstallationInstanceID == "" || token.Expiry.IsZero() {
		t.Errorf("token %+v", token)
	}
	o.Token = token
	if _, err := all(connect(t, withOAuth(server, o)).PaymentMethods(t.Context())); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct{ code, redirect string }{
		"used code": {code, app.RedirectURI}, "other redirect": {server.IssueCode(app.AppRef), "https://app.example/other"},
	} {
		_, err := brightpearl.ExchangeCode(t.Context(), o, server.Config().Account, c.code, c.redirect)
		var e *payment.Error
		if !errors.Is(err, payment.ErrUnauthorized) || !errors.As(err, &e) || e.Code != "invalid_grant" {
			t.Errorf("%s: err %v", name, err)
		}
	}
	o.AppRef = "unknown"
	_, err = brightpearl.ExchangeCode(t.Context(), o, server.Config().Account, code, app.RedirectURI)
	var e *payment.Error
	if !errors.As(err, &e) || e.Code != "invalid_client" {
		t.Errorf("err %v", err)
	}
}

func TestExchangeCodeRefuses(t *testing.T) {
	t.Parallel()
	server, o := installed(t)
	for field, c := range map[string]struct{ appRef, code, redirect, account string }{
		"OAuthConfig.AppRef": {"", "code", app.RedirectURI, "acme"},
		"code":               {app.AppRef, "", app.RedirectURI, "acme"},
		"redirectURI":        {app.AppRef, "code", "", "acme"},
		"account":            {app.AppRef, "code", app.RedirectURI, "a/b"},
	} {
		o.AppRef = c.appRef
		_, err := brightpearl.ExchangeCode(t.Context(), o, c.account, c.code, c.redirect)
		var refused *payment.FieldError
		if !errors.As(err, &refused) || refused.Field != field || !strings.HasPrefix(err.Error(), "brightpearl: ExchangeCode: ") {
			t.Errorf("%s: err %v", field, err)
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// A token that no header can hold is no token, and no bad input of the caller's.
func TestTokenThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for _, token := range []string{`""`, `"a\nb"`, `null`, `5`} {
		server := httptest.NewServer(jsonBody(`{"access_token":` + token + `,"refresh_token":"r","expires_in":60}`))
		defer server.Close()
		o := brightpearl.OAuthConfig{AppRef: app.AppRef, TokenURL: server.URL}
		_, err := brightpearl.ExchangeCode(t.Context(), o, "acme", "code", app.RedirectURI)
		if !errors.Is(err, payment.ErrOutcomeUnknown) || errors.Is(err, payment.ErrInvalid) {
			t.Errorf("%s: err %v", token, err)
		}
	}
}

// What the token endpoint answers is a secret, also where it cannot be read or comes
// with a status of failure: no error keeps it.
func TestTokenAnswersAreNotKept(t *testing.T) {
	t.Parallel()
	const tokens = `"access_token":"sentinel-access","refresh_token":"sentinel-refresh"`
	for _, status := range []int{200, 400, 500} {
		for _, body := range []string{`{` + tokens, `{` + tokens + `,"x":}`, `[{` + tokens + `}]`, `{"data":{` + tokens + `}}`, `{` + tokens + `,"refresh_token":"sentinel-2"}`, `<html>` + tokens} {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body)
			}))
			defer server.Close()
			o := brightpearl.OAuthConfig{AppRef: app.AppRef, TokenURL: server.URL}
			_, err := brightpearl.ExchangeCode(t.Context(), o, "acme", "code", app.RedirectURI)
			var e *payment.Error
			if !errors.As(err, &e) || len(e.Body) > 0 || strings.Contains(fmt.Sprintf("%+v %#v", err, err), "sentinel") {
				t.Errorf("%d %s: err %v, body %s", status, body, err, e.Body)
			}
		}
	}
}

func TestAuthorizeURL(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(brightpearl.AuthorizeURL("acme", "my app", "https://app.example/back?x=1", "s&t"))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if u.Host != "oauth.brightpearl.com" || u.Path != "/authorize/acme" || q.Get("client_id") != "my app" ||
		q.Get("redirect_uri") != "https://app.example/back?x=1" || q.Get("state") != "s&t" || q.Get("response_type") != "code" {
		t.Errorf("url %s", u)
	}
}
