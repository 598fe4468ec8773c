package main

import (
	"fmt"
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
	fresh := func() *redactor {
		v := vendor{secret: []string{"KEY"}, personal: []string{"EmailBCC", "Name"}}
		l := label{Env: map[string]string{"KEY": "k+/sentinel="}, Objects: map[string]string{"api token": "tok-sentinel", "e-mail": "sentinel@home.test"}}
		return newRedactor(v, l, paymenttest.Target{URL: "https://live.example/api", Account: "acme"})
	}
	for _, test := range []struct{ name, body string }{
		{"member", `{"firstName":"sentinel","n":1.50}`},
		{"deep member", `{"a":[{"emailAddress":"sentinel"}]}`},
		{"list member", `{"EmailBCC":["sentinel"]}`},
		{"list as text", `{"EmailBCC":"[\"sentinel\"]"}`},
		{"number", `{"phone":441234}`},
		{"date", `{"birthDate":"1944-12-34T00:00:00"}`},
		{"again elsewhere", `{"surname":"sentinel","text":"Dear sentinel"}`},
		{"JSON in text", `"{\"ResponseMessage\":\"[{\\\"Name\\\":\\\"sentinel\\\"}]\"}"`},
		{"key", `{"error":"k+/sentinel= is wrong"}`},
		{"escaped key", `k+/sentinel\u003d and k%2B%2Fsentinel%3D`},
		{"object", `<p>tok-sentinel</p>`},
		{"address that was typed in", `{"x":"sentinel@home.test"}`},
		{"handed out", `{"data":{"access_token":"handed-out-sentinel"},"again":"handed-out-sentinel"}`},
		{"address in a page", `<p>write to sentinel@home.example.dev</p>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := fresh()
			got := r.response(test.body)
			if strings.Contains(got, "sentinel") || strings.Contains(got, "441234") || strings.Contains(got, "1944") {
				t.Errorf("%s", got)
			}
			if again := r.response(got); again != got {
				t.Errorf("redacted again: %s, want %s", again, got)
			}
			before, _ := parseJSON(test.body)
			after, _ := parseJSON(got)
			if fmt.Sprintf("%T", before) != fmt.Sprintf("%T", after) {
				t.Errorf("%s is no longer of its form", got)
			}
		})
	}
	r := fresh()
	for body, kind := range map[string]string{
		`{"key":"k+/sentinel="}`:                        "application/json",
		"a=1&key=k%2B%2Fsentinel%3D&t=tok-sentinel":     "application/x-www-form-urlencoded",
		`{"password":"` + encode("tok-sentinel") + `"}`: "application/json",
		`["` + encode("tok-sentinel and more") + `"]`:   "application/json",
		"to=sentinel%40home.test":                       "application/x-www-form-urlencoded",
		"p=" + url.QueryEscape(`["k+/sentinel=","x"]`):  "application/x-www-form-urlencoded",
	} {
		if got := r.request(body, kind); strings.Contains(got, "sentinel") || strings.Contains(got, encode("tok-sentinel")[:12]) {
			t.Errorf("request %s", got)
		}
	}
	u, err := url.Parse("https://live.example/api/acme/x?key=k%2B%2Fsentinel%3D&n=1")
	if err != nil {
		t.Fatal(err)
	}
	if got := r.url(u); strings.Contains(got, "sentinel") || strings.Contains(got, "acme") || strings.Contains(got, "live") || !strings.HasSuffix(got, "&n=1") {
		t.Errorf("%s", got)
	}
}

// What the run itself sends is no secret, and its echo stays as it was. What an
// answer has shown of a person is replaced when it is sent back.
func TestRedactorKeepsEchoes(t *testing.T) {
	t.Parallel()
	r := newRedactor(vendor{}, label{}, paymenttest.Target{URL: "https://live.example", Account: "acme"})
	const ours = `{"surname":"Contract","email":"contract@home.test","amountPaid":1.10}`
	if got := r.request(ours, "application/json"); got != ours {
		t.Errorf("request %s", got)
	}
	if got := r.response(ours); got != ours {
		t.Errorf("echo %s", got)
	}
	shown := r.response(`{"surname":"Xu"}`)
	if strings.Contains(shown, "Xu") {
		t.Errorf("answer %s", shown)
	}
	if got := r.request(`{"surname":"Xu"}`, "application/json"); got != shown {
		t.Errorf("sent back %s, want %s", got, shown)
	}
}
