package brightpearl

import (
	"errors"
	"testing"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/payment"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	staff := StaffToken("acme_till", "token")
	token := Token{AccessToken: "a", RefreshToken: "r"}
	for name, c := range map[string]struct {
		field  string
		config Config
	}{
		"no account":          {"Config.Account", Config{Datacenter: "euw1", Auth: staff}},
		"account with slash":  {"Config.Account", Config{Account: "a/b", Datacenter: "euw1", Auth: staff}},
		"account with query":  {"Config.Account", Config{Account: "a?b", Datacenter: "euw1", Auth: staff}},
		"account with hash":   {"Config.Account", Config{Account: "a#b", Datacenter: "euw1", Auth: staff}},
		"account with blank":  {"Config.Account", Config{Account: "a b", Datacenter: "euw1", Auth: staff}},
		"no datacentre":       {"Config.Datacenter", Config{Account: "acme", Auth: staff}},
		"unknown datacentre":  {"Config.Datacenter", Config{Account: "acme", Datacenter: "mars", Auth: staff}},
		"datacentre is a URL": {"Config.Datacenter", Config{Account: "acme", Datacenter: "evil.example/", Auth: staff}},
		"no auth":             {"Config.Auth", Config{Account: "acme", Datacenter: "euw1"}},
		"plain http":          {"Config.BaseURL", Config{Account: "acme", BaseURL: "http://example.com", Auth: staff}},
		"base with path":      {"Config.BaseURL", Config{Account: "acme", BaseURL: "https://example.com/x", Auth: staff}},
		"empty staff token":   {"Auth.Token", Config{Account: "acme", Datacenter: "euw1", Auth: StaffToken("acme_till", "")}},
		"empty app ref":       {"Auth.AppRef", Config{Account: "acme", Datacenter: "euw1", Auth: AccountToken("", "t")}},
		"control in token":    {"Auth.Token", Config{Account: "acme", Datacenter: "euw1", Auth: AccountToken("a", "t\r\nx: y")}},
		"no dev ref":          {"Auth.DevRef", Config{Account: "acme", Datacenter: "euw1", Auth: SignedToken("", "a", "t", "s")}},
		"no dev secret":       {"Auth.DevSecret", Config{Account: "acme", Datacenter: "euw1", Auth: SignedToken("d", "a", "t", "")}},
		"oauth without token": {"OAuthConfig.Token", Config{Account: "acme", Datacenter: "euw1", Auth: OAuth(OAuthConfig{DevRef: "d", AppRef: "a"})}},
		"oauth bad token": {"OAuthConfig.Token.AccessToken", Config{Account: "acme", Datacenter: "euw1",
			Auth: OAuth(OAuthConfig{DevRef: "d", AppRef: "a", Token: Token{AccessToken: "a b"}})}},
		"oauth without dev ref": {"OAuthConfig.DevRef", Config{Account: "acme", Datacenter: "euw1", Auth: OAuth(OAuthConfig{AppRef: "a", Token: token})}},
		"oauth without app ref": {"OAuthConfig.AppRef", Config{Account: "acme", Datacenter: "euw1", Auth: OAuth(OAuthConfig{DevRef: "d", Token: token})}},
		"oauth over http": {"OAuthConfig.TokenURL", Config{Account: "acme", Datacenter: "euw1",
			Auth: OAuth(OAuthConfig{DevRef: "d", AppRef: "a", Token: token, TokenURL: "http://example.com"})}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := New(c.config)
			var f *payment.FieldError
			if client != nil || !errors.As(err, &f) || f.Field != c.field || !errors.Is(err, payment.ErrInvalid) {
				t.Errorf("client %v, err %v; want a FieldError for %s", client, err, c.field)
			}
		})
	}
}

func TestNewRefusesOptions(t *testing.T) {
	t.Parallel()
	_, err := New(Config{Account: "acme", Datacenter: "use1", Auth: StaffToken("a", "t")}, tenderkit.WithRetries(-1))
	if !errors.Is(err, payment.ErrInvalid) {
		t.Errorf("err %v", err)
	}
}
