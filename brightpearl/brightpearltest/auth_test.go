package brightpearltest

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// The vendor's published signature vector; the secrets are its samples.
const (
	vectorToken  = "MlcTe8zimMPgYf/batW+ckJEAj467bbapA0cQBx6WwM="
	vectorSecret = "irhkVURWuLDYZwziDKhCsSGYrczWtfL7Pz5oX2GRDXo="
	vectorSigned = "llWnSJurpSUUTLNOtVd8Ik/ox6+4OVY/TdLSvE1+VWg="
)

const (
	notAuthenticated = `{"response":"Not authenticated. You must provide a valid authentication token."}`
	invalidToken     = `{"response":"Invalid instance token: `
	tokenExpired     = `{"response":"Authorization token expired"}`
)

// headers builds a header from pairs of name and value.
func headers(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i+1 < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

func TestPublishedSignature(t *testing.T) {
	t.Parallel()
	if got := sign(vectorToken, vectorSecret); got != vectorSigned {
		t.Errorf("sign = %s, want %s", got, vectorSigned)
	}
}

func TestHeaderStyles(t *testing.T) {
	t.Parallel()
	s := start(t,
		WithAccountToken("acme_books", "YWNjb3VudA=="),
		WithSignedToken("dev1", "acme_public", vectorToken, vectorSecret),
		WithOAuthClient(OAuthClient{DevRef: "dev2", AppRef: "acme_oauth"}))
	access, _ := s.IssueTokens("acme_oauth")
	for _, c := range []struct {
		name   string
		header http.Header
		status int
		body   string // its beginning
	}{
		{"staff", staffHeaders(), 200, `{"response":[`},
		{"account", headers(headerAppRef, "acme_books", headerAccount, "YWNjb3VudA=="), 200, `{"response":[`},
		{"signed", headers(headerAppRef, "acme_public", headerDevRef, "dev1", headerAccount, vectorSigned), 200, `{"response":[`},
		{"bearer", headers(headerAppRef, "acme_oauth", headerDevRef, "dev2", "Authorization", "Bearer "+access), 200, `{"response":[`},
		{"none", headers(), 401, notAuthenticated},
		{"no app", headers(headerStaff, SampleStaffToken), 401, notAuthenticated},
		{"no token", headers(headerAppRef, SampleAppRef), 401, notAuthenticated},
		{"basic", headers(headerAppRef, SampleAppRef, "Authorization", "Basic YTpi"), 401, notAuthenticated},
		{"two styles", headers(headerAppRef, SampleAppRef, headerStaff, SampleStaffToken, headerAccount, "YWNjb3VudA=="), 401, notAuthenticated},
		{"staff token as account token", headers(headerAppRef, SampleAppRef, headerAccount, SampleStaffToken), 401, invalidToken},
		{"another app", headers(headerAppRef, "acme_other", headerStaff, SampleStaffToken), 401, invalidToken},
		{"private app with developer", headers(headerAppRef, SampleAppRef, headerDevRef, "dev1", headerStaff, SampleStaffToken), 401, invalidToken},
		{"unsigned", headers(headerAppRef, "acme_public", headerDevRef, "dev1", headerAccount, vectorToken), 401, invalidToken},
		{"signed without developer", headers(headerAppRef, "acme_public", headerAccount, vectorSigned), 401, invalidToken},
		{"bearer without developer", headers(headerAppRef, "acme_oauth", "Authorization", "Bearer "+access), 401, invalidToken},
		{"unknown bearer", headers(headerAppRef, "acme_oauth", headerDevRef, "dev2", "Authorization", "Bearer x"), 401, invalidToken},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := send(t, s, http.MethodGet, "payment-method", "", c.header)
			if got.status != c.status || !strings.HasPrefix(got.body, c.body) {
				t.Errorf("answer %d %s, want %d %s", got.status, got.body, c.status, c.body)
			}
		})
	}
}

func TestRejectedTokenIsEchoed(t *testing.T) {
	t.Parallel()
	s := start(t)
	h := headers(headerAppRef, SampleAppRef, headerStaff, "bm90IG15IHRva2Vu==")
	got := send(t, s, http.MethodGet, "payment-method", "", h)
	got.want(t, 401, `{"response":"Invalid instance token: bm90IG15IHRva2Vu\u003d\u003d"}`)
	if got.header.Get("Message-Type") != "api-proxy" || got.header.Get("WWW-Authenticate") != "" {
		t.Errorf("headers %v", got.header)
	}
	if got.header.Get(headerRemaining) != "199" {
		t.Errorf("%s = %q: a 401 uses up quota", headerRemaining, got.header.Get(headerRemaining))
	}
}

func TestAnotherAccount(t *testing.T) {
	t.Parallel()
	s := start(t, WithAccount("shop"), WithStaffToken("shop_app1", "dG9rZW4="))
	h := headers(headerAppRef, "shop_app1", headerStaff, "dG9rZW4=")
	if got := send(t, s, http.MethodGet, "/public-api/shop/accounting-service/payment-method", "", h); got.status != 200 {
		t.Errorf("answer %d %s", got.status, got.body)
	}
	send(t, s, http.MethodGet, "/public-api/acme/accounting-service/payment-method", "", h).
		want(t, 401, invalidToken+`dG9rZW4\u003d"}`)
}

func TestBearerExpires(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := start(t, WithClock(c.Now), WithOAuthClient(OAuthClient{DevRef: "dev2", AppRef: "acme_oauth"}))
	access, _ := s.IssueTokens("acme_oauth")
	h := headers(headerAppRef, "acme_oauth", headerDevRef, "dev2", "Authorization", "Bearer "+access)
	c.Add(7*24*time.Hour - time.Second)
	if got := send(t, s, http.MethodGet, "payment-method", "", h); got.status != 200 {
		t.Errorf("a second before the end: %d", got.status)
	}
	c.Add(time.Second)
	send(t, s, http.MethodGet, "payment-method", "", h).want(t, 401, tokenExpired)
}

func TestExpireTokens(t *testing.T) {
	t.Parallel()
	s := start(t, WithOAuthClient(OAuthClient{DevRef: "dev2", AppRef: "acme_oauth"}))
	access, _ := s.IssueTokens("acme_oauth")
	s.ExpireTokens()
	h := headers(headerAppRef, "acme_oauth", headerDevRef, "dev2", "Authorization", "Bearer "+access)
	send(t, s, http.MethodGet, "payment-method", "", h).want(t, 401, tokenExpired)
}
