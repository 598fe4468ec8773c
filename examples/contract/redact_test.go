package main

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/brightpearl/brightpearltest"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// No credential of a live run reaches the disk, in any form.
func TestRecordingHoldsNoSecret(t *testing.T) {
	t.Parallel()
	const clientSecret = "sentinel client/secret="
	app := brightpearltest.OAuthClient{DevRef: "acme", AppRef: "acme_app", ClientSecret: clientSecret, RedirectURI: "https://example.org"}
	s, env := liveBrightpearl(t, brightpearltest.WithOAuthClient(app), brightpearltest.WithFacts(brightpearltest.Facts{SingleUseRefreshTokens: true, NewTokenPerRefresh: true}))
	access, refresh := s.IssueTokens(app.AppRef)
	dir := t.TempDir()
	objects := "order=2002,method=SAGEPAY_UK,currency=GBP,client id=acme_app,client secret=" + clientSecret + ",refresh token=" + refresh +
		",token endpoint=" + s.URL + "/token/" + s.Config().Account
	files := []string{"-facts", filepath.Join(dir, "facts.json"), "-report", filepath.Join(dir, "report.md")}
	args := append([]string{"-vendor", "brightpearl", "-pause", "1ns", "-objects", objects, "-record", dir,
		"-write", "-delete", "-irreversible", "-bad-login", "-account", s.Config().Account}, files...)
	out := runWith(t.Context(), env, args...)
	out.want(t, 2, "singleUseRefreshTokens is true")

	sentinels := []string{staffSentinel, clientSecret, access, refresh}
	everything := out.stdout + out.stderr + readAll(t, dir)
	for _, sentinel := range sentinels {
		for _, form := range []string{sentinel, url.QueryEscape(sentinel), url.PathEscape(sentinel), strings.ReplaceAll(sentinel, "=", `\u003d`)} {
			if strings.Contains(everything, form) {
				t.Errorf("%q is on disk or was printed", form)
			}
		}
	}
	runWith(t.Context(), nil, "-vendor", "brightpearl", "-replay", dir, "-against", filepath.Join(dir, "facts.json")).want(t, 2, "singleUseRefreshTokens is true", "Nothing has drifted")
}

func readAll(t *testing.T, dir string) string {
	var all strings.Builder
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestRedactor(t *testing.T) {
	t.Parallel()
	v := vendor{secret: []string{"KEY"}, personal: []string{"EmailBCC", "Name"}}
	r := newRedactor(v, label{Env: map[string]string{"KEY": "k+/sentinel="}, Objects: map[string]string{"api token": "tok-sentinel"}},
		paymenttest.Target{URL: "https://live.example/api", Account: "acme"})
	r.learn(`{"data":{"access_token":"handed-out-sentinel"}}`)
	for _, test := range []struct{ name, kind, body string }{
		{"member", "application/json", `{"firstName":"sentinel","n":1.50}`},
		{"deep member", "application/json", `{"a":[{"emailAddress":"sentinel"}]}`},
		{"list member", "application/json", `{"EmailBCC":["sentinel"]}`},
		{"number", "application/json", `{"phone":441234sentinel}`},
		{"JSON in text", "application/json", `"{\"ResponseMessage\":\"[{\\\"Name\\\":\\\"sentinel\\\"}]\"}"`},
		{"form", "application/x-www-form-urlencoded", "a=1&Name=sentinel+two&email=sentinel%40x.org"},
		{"JSON in a form", "application/x-www-form-urlencoded", "p=" + url.QueryEscape(`{"surname":"sentinel"}`)},
		{"key", "application/json", `{"error":"k+/sentinel= is wrong"}`},
		{"escaped key", "text/plain", `k+/sentinel\u003d and k%2B%2Fsentinel%3D`},
		{"object", "text/html", `<p>tok-sentinel</p>`},
		{"handed out", "text/plain", `again handed-out-sentinel`},
		{"address in a page", "text/html", `<p>write to sentinel@example.net</p>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			body := strings.ReplaceAll(test.body, "441234sentinel", "441234")
			got := r.text(body, test.kind)
			if strings.Contains(got, "sentinel") || strings.Contains(got, "441234") {
				t.Errorf("%s", got)
			}
			if again := r.text(got, test.kind); again != got {
				t.Errorf("redacted again: %s, want %s", again, got)
			}
		})
	}
	const plain = `{"transactionRef":"contract-1","amountPaid":1.10}`
	if got := r.text(plain, "application/json"); got != plain {
		t.Errorf("%s, want it unchanged", got)
	}
	u, err := url.Parse("https://live.example/api/acme/x?key=k%2B%2Fsentinel%3D&email=sentinel%40x.org&n=1")
	if err != nil {
		t.Fatal(err)
	}
	if got := r.url(u); strings.Contains(got, "sentinel") || strings.Contains(got, "acme") || strings.Contains(got, "live") || !strings.HasSuffix(got, "&n=1") {
		t.Errorf("%s", got)
	}
}
