package brightpearltest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const (
	deadGrant   = `{"error_description":"The auth token has either expired or does not exist","error":"invalid_grant"}`
	badRedirect = `{"error_description":"Redirect uri does not match that used to request auth token","error":"invalid_grant"}`
	badClient   = `{"error":"invalid_client"}`
)

func confidential() OAuthClient {
	return OAuthClient{DevRef: "dev2", AppRef: "acme_oauth", ClientSecret: "c2VjcmV0+/=", RedirectURI: "https://shop.example/cb?a=b"}
}

// form builds a token request for the client above from pairs that replace or,
// when empty, remove a field.
func form(pairs ...string) string {
	c := confidential()
	values := url.Values{"client_id": {c.AppRef}, "client_secret": {c.ClientSecret}}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			values.Del(pairs[i])
		}
	}
	return values.Encode()
}

func codeForm(code string, pairs ...string) string {
	return form(append([]string{"grant_type", "authorization_code", "code", code, "redirect_uri", confidential().RedirectURI}, pairs...)...)
}

func refreshForm(refresh string, pairs ...string) string {
	return form(append([]string{"grant_type", "refresh_token", "refresh_token", refresh}, pairs...)...)
}

func askToken(t *testing.T, s *Server, body string) answered {
	t.Helper()
	return send(t, s, http.MethodPost, "/token/acme", body, headers("Content-Type", "application/x-www-form-urlencoded"))
}

func tokensOf(t *testing.T, a answered) (answer tokenAnswer) {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("answer %d %s", a.status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// TestTokenAnswers compares both answers with the recorded ones, whose tokens
// are not published.
func TestTokenAnswers(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now), WithOAuthClient(confidential()), WithAPIDomain("ws-use.brightpearl.com"))
	got := askToken(t, s, codeForm(s.IssueCode("acme_oauth")))
	first := tokensOf(t, got)
	tokens := strings.NewReplacer(first.AccessToken, "…", first.RefreshToken, "…")
	elided := func(a answered) string { return tokens.Replace(strings.ReplaceAll(a.body, `\u003d`, "=")) }
	if want := `{"access_token":"…","refresh_token":"…","installation_instance_id":"13","api_domain":"ws-use.brightpearl.com","token_type":"Bearer","expires_in":604800}`; elided(got) != want {
		t.Errorf("exchange: %s", elided(got))
	}
	c.Add((604800 - 537227) * time.Second)
	got = askToken(t, s, refreshForm(first.RefreshToken))
	if want := `{"access_token":"…","refresh_token":"…","api_domain":"ws-use.brightpearl.com","token_type":"Bearer","expires_in":537227}`; elided(got) != want {
		t.Errorf("refresh: %s", elided(got))
	}
}

func TestTokenErrors(t *testing.T) {
	t.Parallel()
	s := start(t, WithOAuthClient(confidential()), WithOAuthClient(OAuthClient{DevRef: "dev2", AppRef: "acme_public"}))
	code := s.IssueCode("acme_oauth")
	_, refresh := s.IssueTokens("acme_oauth")
	for _, c := range []struct{ name, body, want string }{
		{"unknown client", codeForm(code, "client_id", "acme_nobody"), badClient},
		{"no secret", codeForm(code, "client_secret", ""), badClient},
		{"wrong secret", refreshForm(refresh, "client_secret", "x"), badClient},
		{"secret of a public client", codeForm(code, "client_id", "acme_public"), badClient},
		{"unknown code", codeForm("x"), deadGrant},
		{"code of nobody", codeForm(s.IssueCode("acme_nobody")), deadGrant},
		{"code of another app", codeForm(code, "client_id", "acme_public", "client_secret", ""), deadGrant},
		{"other redirect", codeForm(code, "redirect_uri", "https://shop.example/cb"), badRedirect},
		{"no redirect", codeForm(code, "redirect_uri", ""), badRedirect},
		{"unknown refresh token", refreshForm("x"), deadGrant},
		{"refresh token of another app", refreshForm(refresh, "client_id", "acme_public", "client_secret", ""), deadGrant},
		{"not encoded", "grant_type=refresh_token&client_id=acme_public&refresh_token=" + refresh, deadGrant},
		{"no grant type", form(), `{"error":"unsupported_grant_type"}`},
		{"broken form", "%zz", `{"error":"invalid_request"}`},
	} {
		askToken(t, s, c.body).want(t, 400, c.want)
	}
	tokensOf(t, askToken(t, s, codeForm(code))) // none of the above used it up
	askToken(t, s, codeForm(code)).want(t, 400, deadGrant)
	send(t, s, http.MethodPost, "/token/acme", codeForm(code), headers("Content-Type", "application/json")).
		want(t, 400, `{"error":"invalid_request"}`)
	if n := s.Count(OpToken); n != 17 {
		t.Errorf("%d token requests", n)
	}
}

func TestTokenEndpointGenerations(t *testing.T) {
	t.Parallel()
	s := start(t, WithOAuthClient(confidential()))
	formType := headers("Content-Type", "application/x-www-form-urlencoded")
	_, refresh := s.IssueTokens("acme_oauth")
	ask := func(path, body string) answered { return send(t, s, http.MethodPost, path, body, formType) }
	tokensOf(t, ask("/token/acme", refreshForm(refresh)))
	tokensOf(t, ask("/oauth/token", refreshForm(refresh, "account_code", "acme")))
	ask("/oauth/token", refreshForm(refresh)).want(t, 400, badClient)
	ask("/token/other", refreshForm(refresh)).want(t, 400, badClient)
	if got := send(t, s, http.MethodGet, "/token/acme", "", formType); got.status != 404 {
		t.Errorf("GET: %d", got.status)
	}
}

func TestRefreshAfterExpiry(t *testing.T) {
	t.Parallel()
	s := start(t, WithOAuthClient(confidential()))
	access, refresh := s.IssueTokens("acme_oauth")
	s.ExpireTokens()
	renewed := tokensOf(t, askToken(t, s, refreshForm(refresh)))
	if renewed.AccessToken == access || renewed.RefreshToken != refresh || renewed.ExpiresIn < 604799 {
		t.Errorf("answer %+v", renewed)
	}
	if want := strings.TrimPrefix(s.URL, "http://"); renewed.APIDomain != want {
		t.Errorf("api_domain %q, want %q", renewed.APIDomain, want)
	}
	h := headers(headerAppRef, "acme_oauth", headerDevRef, "dev2", "Authorization", "Bearer "+renewed.AccessToken)
	if got := send(t, s, http.MethodGet, "payment-method", "", h); got.status != 200 {
		t.Errorf("the new token: %d %s", got.status, got.body)
	}
}

func TestSingleUseRefreshTokens(t *testing.T) {
	t.Parallel()
	s := start(t, WithOAuthClient(confidential()), WithFacts(Facts{SingleUseRefreshTokens: true}))
	_, refresh := s.IssueTokens("acme_oauth")
	next := tokensOf(t, askToken(t, s, refreshForm(refresh))).RefreshToken
	if next == refresh {
		t.Error("the refresh token stayed the same")
	}
	askToken(t, s, refreshForm(refresh)).want(t, 400, deadGrant)
	tokensOf(t, askToken(t, s, refreshForm(next)))
}

func TestNewTokenPerRefresh(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now), WithOAuthClient(confidential()), WithFacts(Facts{NewTokenPerRefresh: true}))
	access, refresh := s.IssueTokens("acme_oauth")
	c.Add(time.Hour)
	if got := tokensOf(t, askToken(t, s, refreshForm(refresh))); got.AccessToken == access || got.ExpiresIn != 604800 {
		t.Errorf("answer %+v", got)
	}
}

func TestTokensOfNobody(t *testing.T) {
	t.Parallel()
	s := start(t)
	if access, refresh := s.IssueTokens("acme_oauth"); access != "" || refresh != "" {
		t.Error("an unknown app got tokens")
	}
}
