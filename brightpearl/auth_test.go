package brightpearl

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit"
)

// The vector that the vendor publishes.
const (
	unsignedToken = "MlcTe8zimMPgYf/batW+ckJEAj467bbapA0cQBx6WwM="
	developer     = "irhkVURWuLDYZwziDKhCsSGYrczWtfL7Pz5oX2GRDXo="
	signedToken   = "llWnSJurpSUUTLNOtVd8Ik/ox6+4OVY/TdLSvE1+VWg="
)

func TestPublishedVector(t *testing.T) {
	t.Parallel()
	if got := signToken(unsignedToken, developer); got != signedToken {
		t.Errorf("got %s, want %s", got, signedToken)
	}
}

func TestHeaderStyles(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		auth Auth
		want map[string]string
	}{
		"staff": {StaffToken("acme_till", "tok"), map[string]string{
			"brightpearl-app-ref": "acme_till", "brightpearl-staff-token": "tok"}},
		"account": {AccountToken("acme_till", "tok"), map[string]string{
			"brightpearl-app-ref": "acme_till", "brightpearl-account-token": "tok"}},
		"signed": {SignedToken("dev", "app", unsignedToken, developer), map[string]string{
			"brightpearl-app-ref": "app", "brightpearl-dev-ref": "dev", "brightpearl-account-token": signedToken}},
		"oauth": {OAuth(OAuthConfig{DevRef: "dev", AppRef: "app", Token: Token{AccessToken: "tok"}}), map[string]string{
			"brightpearl-app-ref": "app", "brightpearl-dev-ref": "dev", "Authorization": "Bearer tok"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got http.Header
			_, mock := mocked(t)
			mock.RegisterResponder(http.MethodGet, base+"payment-method/", func(r *http.Request) (*http.Response, error) {
				got = r.Header
				return jsonAnswer(http.StatusOK, `{"response":[]}`), nil
			})
			client, err := New(Config{Account: "acme", Datacenter: "euw1", Auth: c.auth}, withTransport(mock))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := all(client.PaymentMethods(ctx(t))); err != nil {
				t.Fatal(err)
			}
			for _, header := range []string{"brightpearl-app-ref", "brightpearl-dev-ref", "brightpearl-staff-token", "brightpearl-account-token", "Authorization"} {
				if got.Get(header) != c.want[header] {
					t.Errorf("%s: %q, want %q", header, got.Get(header), c.want[header])
				}
			}
		})
	}
}

func TestAuthPrintsWithoutSecrets(t *testing.T) {
	t.Parallel()
	const secret = "sentinel-secret"
	for _, auth := range []Auth{
		StaffToken("a", secret), AccountToken("a", secret), SignedToken("d", "a", secret, secret),
		OAuth(OAuthConfig{DevRef: "d", AppRef: "a", ClientSecret: secret, Token: Token{AccessToken: secret, RefreshToken: secret}}),
	} {
		config := Config{Account: "acme", Datacenter: "euw1", Auth: auth}
		client, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			for _, value := range []any{auth, config, &config, client, *client, tenderkit.Secret(secret)} {
				if text := fmt.Sprintf(verb, value); strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) {
					t.Errorf("%s of %T shows the secret: %s", verb, value, text)
				}
			}
		}
	}
}

// Clients of different styles that share a transport share no header.
func TestDifferentStylesDoNotShareHeaders(t *testing.T) {
	t.Parallel()
	var got []http.Header
	shared := tenderkit.WithHTTPClient(&http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		got = append(got, r.Header)
		return jsonAnswer(200, `{"response":1}`), nil
	})})
	for _, auth := range []Auth{SignedToken("dev", "app", "token", "secret"), StaffToken("app", "token")} {
		client, err := New(Config{Account: "acme", Datacenter: "euw1", Auth: auth}, shared)
		if err != nil {
			t.Fatal(err)
		}
		if err := client.DeleteCustomerPayment(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
	}
	if len(got) != 2 || got[0].Get("brightpearl-staff-token") != "" || got[1].Get("brightpearl-dev-ref") != "" || got[1].Get("brightpearl-account-token") != "" {
		t.Errorf("the headers are %v", got)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
