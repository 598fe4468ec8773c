package brightpearl

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
)

// The two grants at the newest token endpoint, every value percent-encoded, and
// the observed answers.
func TestTokenRequests(t *testing.T) {
	t.Parallel()
	const endpoint = "https://oauth.brightpearlapp.com/token/acme"
	now := instant(t, "2022-01-02T03:04:05Z")
	_, mock := mocked(t)
	config := OAuthConfig{DevRef: "dev", AppRef: "acme_app", ClientSecret: "s&=", Token: Token{RefreshToken: "old+/="}}
	opts := []tenderkit.Option{withTransport(mock), tenderkit.WithClock(func() time.Time { return now })}

	body := answers(mock, http.MethodPost, endpoint, `{"access_token":"a1","refresh_token":"r1","installation_instance_id":"13",
		"api_domain":"ws-use.brightpearl.com","token_type":"Bearer","expires_in":604800}`)
	got, err := ExchangeCode(ctx(t), config, "acme", "the code", "https://app.example/back?x=1", opts...)
	want := Token{AccessToken: "a1", RefreshToken: "r1", APIDomain: "ws-use.brightpearl.com", InstallationInstanceID: "13", Expiry: now.AddDate(0, 0, 7)}
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	if want := "client_id=acme_app&client_secret=s%26%3D&code=the+code&grant_type=authorization_code&redirect_uri=https%3A%2F%2Fapp.example%2Fback%3Fx%3D1"; body() != want {
		t.Errorf("sent %s", body())
	}

	refreshed := answers(mock, http.MethodPost, endpoint, `{"access_token":"a2","api_domain":"ws-use.brightpearl.com","token_type":"Bearer","expires_in":537227}`)
	methods := answers(mock, http.MethodGet, "https://ws-use.brightpearl.com/public-api/acme/accounting-service/payment-method/", `{"response":[]}`)
	var saved Token
	config.Save = func(_ context.Context, token Token) error { saved = token; return nil }
	client, err := New(Config{Account: "acme", Datacenter: "euw1", Auth: OAuth(config)}, opts...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := all(client.PaymentMethods(ctx(t))); err != nil || methods() != "" {
		t.Errorf("%q, %v", methods(), err)
	}
	if want := "client_id=acme_app&client_secret=s%26%3D&grant_type=refresh_token&refresh_token=old%2B%2F%3D"; refreshed() != want {
		t.Errorf("sent %s", refreshed())
	}
	if want := (Token{AccessToken: "a2", RefreshToken: "old+/=", APIDomain: "ws-use.brightpearl.com", Expiry: now.Add(537227 * time.Second)}); saved != want {
		t.Errorf("saved %+v", saved)
	}
}

// A refreshed token is as secret as the first one: the vendor echoes what it
// rejects.
func TestRefreshedTokenIsRemoved(t *testing.T) {
	t.Parallel()
	const access, refresh = "sentinel-access-token=", "sentinel-refresh-token"
	_, mock := mocked(t)
	answers(mock, http.MethodPost, "https://oauth.brightpearlapp.com/token/acme", `{"access_token":"`+access+`","refresh_token":"`+refresh+`"}`)
	mock.RegisterResponder(http.MethodGet, base+"payment-method/", func(*http.Request) (*http.Response, error) {
		return jsonAnswer(http.StatusUnauthorized, `{"response":"Invalid instance token: sentinel-access-token\u003d or `+refresh+`"}`), nil
	})
	config := OAuthConfig{DevRef: "dev", AppRef: "acme_app", Token: Token{RefreshToken: "old"}}
	client, err := New(Config{Account: "acme", Datacenter: "euw1", Auth: OAuth(config)}, withTransport(mock))
	if err != nil {
		t.Fatal(err)
	}
	_, err = all(client.PaymentMethods(ctx(t)))
	var e *payment.Error
	if !errors.As(err, &e) || e.Status != http.StatusUnauthorized || !strings.Contains(string(e.Body), "[redacted] or [redacted]") {
		t.Fatalf("err %v", err)
	}
	if text := err.Error() + e.Message + string(e.Body); strings.Contains(text, "sentinel") {
		t.Errorf("a token is in %s", text)
	}
}

// A 401 for a token that another caller has replaced since says nothing about
// the new one.
func TestLateRefusalOfAnOldToken(t *testing.T) {
	t.Parallel()
	b := &bearer{token: Token{AccessToken: "new"}}
	for _, c := range []struct {
		token  string
		status int
		stale  bool
	}{{"old", http.StatusUnauthorized, false}, {"new", http.StatusForbidden, false}, {"new", http.StatusUnauthorized, true}} {
		signed := &http.Request{Header: http.Header{"Authorization": {"Bearer " + c.token}}}
		if b.answered(jsonAnswer(c.status, ""), signed); b.stale != c.stale {
			t.Errorf("%s refused with %d: stale is %v", c.token, c.status, b.stale)
		}
	}
}
