package main

import (
	"encoding/base64"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/backendpay/backendpaytest"
	"github.com/tenderkit/tenderkit/rubi/rubitest"
	"github.com/tenderkit/tenderkit/spektrix/spektrixtest"
)

// Each vendor's live system, here an emulator that is not told so, is only read;
// the recording and the reports hold no credential, and the recording replays.
func TestEveryLiveVendor(t *testing.T) {
	t.Parallel()
	const login, key = "sentinel-login", "sentinel key/of=this+test"
	secret := base64.StdEncoding.EncodeToString([]byte(key))
	for name, start := range map[string]func(t *testing.T) (env map[string]string, stop func()){
		"spektrix": func(*testing.T) (map[string]string, func()) {
			s := spektrixtest.New(spektrixtest.WithCredentials(login, secret))
			c := s.Config()
			return map[string]string{"SPEKTRIX_CLIENT_NAME": c.ClientName, "SPEKTRIX_LOGIN": login, "SPEKTRIX_SECRET": secret, "SPEKTRIX_BASE_URL": s.URL}, s.Close
		},
		"rubi": func(*testing.T) (map[string]string, func()) {
			s := rubitest.New(rubitest.WithAPIKey(key))
			return map[string]string{"RUBI_API_KEY": key, "RUBI_TENANT": "acme", "RUBI_BASE_URL": s.URL}, s.Close
		},
		"backendpay": func(*testing.T) (map[string]string, func()) {
			s := backendpaytest.New(backendpaytest.WithAPIKey(secret))
			return map[string]string{"BACKENDPAY_BASE_URL": s.URL, "BACKENDPAY_API_KEY": secret, "BACKENDPAY_TENANT": "acme"}, s.Close
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env, stop := start(t)
			defer stop()
			dir := t.TempDir()
			facts := filepath.Join(dir, "facts.json")
			out := runWith(t.Context(), env, "-vendor", name, "-pause", "1ns", "-record", dir, "-facts", facts, "-report", filepath.Join(dir, "report.md"))
			out.want(t, 0, "Live system: "+name, "This run only read")
			everything := out.stdout + out.stderr + readAll(t, dir)
			for _, sentinel := range []string{login, key, secret, secret[:20], "sentinel"} {
				if strings.Contains(everything, sentinel) {
					t.Errorf("%q is on disk or was printed", sentinel)
				}
			}
			runWith(t.Context(), nil, "-vendor", name, "-replay", dir, "-against", facts).want(t, 0, "A recording of "+name, "Nothing has drifted")
			first := map[string]string{}
			for k, v := range env {
				first[k] = v
			}
			for _, k := range []string{"SPEKTRIX_SECRET", "RUBI_API_KEY", "BACKENDPAY_API_KEY"} {
				if first[k] != "" {
					first[k] = base64.StdEncoding.EncodeToString([]byte("wrong"))
				}
			}
			runWith(t.Context(), first, "-vendor", name, "-pause", "1ns").want(t, 1, "nothing was written")
		})
	}
}
