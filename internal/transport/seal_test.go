package transport

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

const awkward = `k/y+1=&<"é'\ 😀%!`

// spelled are the forms in which the answers of real servers write text back.
func spelled(secret string) map[string]string {
	quoted, _ := json.Marshal(secret)
	inner := string(quoted[1 : len(quoted)-1])
	all := func(format string) string {
		var b strings.Builder
		for _, r := range secret {
			fmt.Fprintf(&b, format, r)
		}
		return b.String()
	}
	short := strings.ReplaceAll(secret, "😀", "")
	return map[string]string{
		"plain":          secret,
		"JSON":           inner,
		"JSON slash":     strings.ReplaceAll(inner, "/", `\/`),
		"JSON equals":    strings.ReplaceAll(inner, "=", `\u003d`),
		"JSON EQUALS":    strings.NewReplacer("=", `\u003D`, "+", `\u002B`, "é", `\u00E9`).Replace(inner),
		"JSON surrogate": strings.ReplaceAll(inner, "😀", `\ud83d\ude00`),
		"query":          url.QueryEscape(secret),
		"path":           url.PathEscape(secret),
		"query in lower": lowerHex(url.QueryEscape(secret)),
		"mixed":          strings.Replace(inner, "+", "%2b", 1),
		"HTML":           html.EscapeString(secret),
		"HTML numbers":   all("&#%d;"),
		"HTML hex":       all("&#x%X;"),
		"base64":         base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64 URL":     base64.RawURLEncoding.EncodeToString([]byte(secret)),
		"all escaped":    strings.ReplaceAll(secret, short, url.QueryEscape(short)),
	}
}

// lowerHex writes escapes as .NET does.
func lowerHex(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] == '%' {
			copy(b[i:], bytes.ToLower(b[i:i+3]))
		}
	}
	return string(b)
}

func TestSealKnowsEveryForm(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{awkward, "plainkey0123456789", "a==", "\xff\x00\x01binary"} {
		s := NewSeal("", secret)
		for name, form := range spelled(secret) {
			if name != "plain" && !strings.HasPrefix(name, "base64") && strings.HasPrefix(secret, "\xff") {
				continue // no text serialiser keeps such a key
			}
			if got := s.Text("before " + form + " after"); strings.TrimRight(strings.TrimSuffix(got, " after"), "=") != "before [redacted]" {
				t.Errorf("%q as %s becomes %q", secret, name, got)
			}
			if got := NewSeal().Text("before "+form+" after", secret); len(secret) >= minPrivate && strings.Contains(got, form) {
				t.Errorf("private %q as %s becomes %q", secret, name, got)
			}
		}
	}
}

func TestSealLeavesTheRest(t *testing.T) {
	t.Parallel()
	s := NewSeal("secret", "secret-and-more", "%\\&")
	for text, want := range map[string]string{
		"":                               "",
		"nothing":                        "nothing",
		"secre":                          "secre",
		"ssecret":                        "s[redacted]",
		"secretsecret":                   "[redacted][redacted]",
		"secret-and-more":                "[redacted]",
		"secret-and-mor":                 "[redacted]-and-mor",
		`100% \u00 &amp &; \ %zz \q &#x`: `100% \u00 &amp &; \ %zz \q &#x`,
		`%25\\&amp;`:                     "[redacted]",
		`secr%65t`:                       "[redacted]",
	} {
		if got := s.Text(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if got := s.Text("Bob owes 10 to Robert", "Bob", "10", "Robert"); got != "Bob owes 10 to [redacted]" {
		t.Errorf("private data leaves %q", got)
	}
}

// TestSealForgetsLate: any number of refreshed tokens pushes out only each
// other, thousands of them later, and never one that is added again and again.
func TestSealForgetsLate(t *testing.T) {
	t.Parallel()
	s := NewSeal("first-secret", "first-secret", "second-secret")
	for i := range maxAdded + 2 {
		s.Add(fmt.Sprintf("token-%05d", i))
		s.Add("refresh-token")
	}
	got := s.Text("first-secret second-secret refresh-token token-00001 token-00100 token-04097")
	if got != "[redacted] [redacted] [redacted] token-00001 [redacted] [redacted]" {
		t.Errorf("got %q", got)
	}
	if len(s.added) > maxAdded {
		t.Errorf("%d secrets are held", len(s.added))
	}
}

func TestCheckSecret(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "[redacted]"} {
		refusedInput(t, CheckSecret("Config.APIKey", bad), "Config.APIKey")
	}
	if err := CheckSecret("Config.APIKey", "[redacted] or not"); err != nil {
		t.Error(err)
	}
}

func TestSealDoesNotPrint(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		if got := fmt.Sprintf(verb, NewSeal("secret")); got != redacted {
			t.Errorf("%s prints %s", verb, got)
		}
	}
}

// TestSealAtTheCut: where a body is cut, no part of a secret is left.
func TestSealAtTheCut(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"0123456789", awkward} {
		s := NewSeal(secret)
		for _, form := range spelled(secret) {
			text := []byte("start " + form)
			for n := 7; n < len(text); n++ {
				got := strings.TrimRight(string(head(text, s.all(), n, false)), "=") // base64 may lose its end unharmed
				if got != "start " && got != "start [redacted]" {
					t.Errorf("%q cut at %d leaves %q", text, n, got)
				}
			}
		}
	}
	s := NewSeal("0123456789")
	if got := string(head([]byte("ends 012"), s.all(), 100, false)); got != "ends 012" {
		t.Errorf("a whole body loses its end: %q", got)
	}
	if got := string(head([]byte("ends 012"), s.all(), 100, true)); got != "ends " {
		t.Errorf("a body that broke off keeps %q", got)
	}
}

// FuzzSeal: nothing of the secret is left, and a text without it stays.
func FuzzSeal(f *testing.F) {
	f.Add("before ", "secret/key", " after")
	f.Add(`\u00`, awkward, "%")
	f.Add("&", "&amp;", ";")
	f.Fuzz(func(t *testing.T, before, secret, after string) {
		if secret == "" || strings.Contains(redacted, secret) {
			return
		}
		if len(secret) < wholeWord { // found as a whole word only
			before, after = before+" ", " "+after
		}
		s := NewSeal(secret)
		got := s.Text(before + secret + after)
		if !strings.Contains(got, redacted) {
			t.Errorf("%q in %q becomes %q", secret, before+secret+after, got)
		}
		if n := len(head([]byte(before+secret+after), s.all(), len(before)+1, false)); n > len(before)+1 {
			t.Errorf("%d bytes are kept", n)
		}
	})
}

// TestErrorsAreSealed puts the credential and personal data into every place
// that a vendor or the network can write to.
func TestErrorsAreSealed(t *testing.T) {
	t.Parallel()
	echo := `{"error":"key card\/key\u003d1 of Jane Roe","code":"card/key=1"}`
	v := map[string]http.HandlerFunc{
		"error":       status(401, echo, "Ruid", "card/key=1"),
		"server":      status(500, echo),
		"success":     status(200, echo),
		"redirect":    to(302, "https://h.example.com/card%2Fkey%3D1/x"),
		"status line": raw("HTTP/1.1 card/key=1\r\n\r\n", false),
		"header":      raw("HTTP/1.1 200 OK\r\ncard/key=1\r\n\r\n", false),
		"cut":         raw("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\nsee card/ke", false),
	}
	for name, fault := range v {
		for _, r := range []Request{reading(), writing()} {
			r.Private = []string{"Jane Roe"}
			r.Query = url.Values{"key": {"card/key=1"}}
			c := clientOf(t, Config{
				BaseURL: newVendor(t, fault).URL, Seal: NewSeal("card/key=1"), RequestID: "Ruid",
				Fault: func(r *Reply, e *payment.Error) { e.Code, e.Message = string(r.Body), string(r.Body) },
			})
			_, err := Call(t.Context(), c, r, func(r *Reply) (answer, error) {
				return answer{}, fmt.Errorf("cannot read %s", r.Body)
			})
			checkSealed(t, name, err)
		}
	}
}

func checkSealed(t *testing.T, name string, err error) {
	t.Helper()
	var e *payment.Error
	if !errors.As(err, &e) {
		t.Fatalf("%s: %v", name, err)
	}
	inJSON, _ := json.Marshal(err)
	texts := []string{string(inJSON), string(e.Body), e.Err.Error()}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		texts = append(texts, fmt.Sprintf(verb, err), fmt.Sprintf(verb, e.Err), fmt.Sprintf(verb, struct{ E error }{err}))
	}
	for _, text := range texts {
		for _, bad := range []string{"card/ke", `card\/key`, "card%2Fkey", "key=1", "003d1", "key="} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: %q is in %s", name, bad, text)
			}
		}
	}
	if strings.Contains(fmt.Sprintf("%+v", err), "Jane") {
		t.Errorf("%s: a name is in %v", name, err)
	}
}

// TestNetworkErrorsAreSealed: a caller's transport may wrap the whole URL.
func TestNetworkErrorsAreSealed(t *testing.T) {
	t.Parallel()
	inner := errors.New("inner")
	for _, wrap := range []func(error) error{
		func(err error) error { return err },
		func(err error) error { return fmt.Errorf("proxy: %w", err) },
		func(err error) error { return &url.Error{Op: "Get", URL: "https://u:pw-1@h/?key=pw-1", Err: err} },
	} {
		c := newClient(t, "https://api.example.com", over(func(r *http.Request) (*http.Response, error) {
			return nil, wrap(&url.Error{Op: "Post", URL: "https://user:pw-1@h/?key=pw-1", Err: inner})
		}))
		_, err := send(t.Context(), c, writing())
		failed(t, err, payment.ErrOutcomeUnknown)
		var u *url.Error
		if text := err.Error(); strings.Contains(text, "pw-1") || errors.As(err, &u) || !errors.Is(err, inner) {
			t.Errorf("got %v", err)
		}
	}
}
