package paymenttest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

const aSecret = `S3NT1NEL+of/this="test" <x@y>`

// leaky is a value that shows its secret in one way only.
type leaky struct{ show func(s fmt.State, verb rune) }

func (l leaky) Format(s fmt.State, verb rune) { l.show(s, verb) }

func TestWatchFindsEveryForm(t *testing.T) {
	t.Parallel()
	asJSON, err := json.Marshal(aSecret)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"plain": aSecret, "query": url.QueryEscape(aSecret), "path": url.PathEscape(aSecret), "json": string(asJSON),
		"java":       strings.ReplaceAll(string(asJSON), "=", `\u003d`),
		"php":        strings.ReplaceAll(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(asJSON)), "/", `\/`),
		"base64":     base64.StdEncoding.EncodeToString([]byte(aSecret)),
		"basic auth": base64.StdEncoding.EncodeToString([]byte("user:" + aSecret)),
		"url base64": base64.URLEncoding.EncodeToString([]byte("u:" + aSecret)),
		"hex":        fmt.Sprintf("%x", aSecret), "numbers": fmt.Sprintf("%d", []byte(aSecret)), "quoted": fmt.Sprintf("%q", aSecret),
	} {
		w := newWatch()
		w.look([]string{aSecret})
		w.search(name, []byte("before "+text+" after"))
		if len(w.leaks) == 0 {
			t.Errorf("%s: %s is not found", name, text)
		}
	}
}

func TestWatchLeavesTheRest(t *testing.T) {
	t.Parallel()
	w := newWatch()
	w.look([]string{aSecret, "short"})
	w.show("value", slog.IntValue(1))
	w.failed(0, fmt.Errorf("x: %w", errors.Join(errors.New("S3NT1NEL"), io.EOF)))
	w.search("text", []byte("a short text"))
	if len(w.leaks) != 0 {
		t.Errorf("found %v", w.leaks)
	}
}

func TestWatchPrintsInEveryWay(t *testing.T) {
	t.Parallel()
	for _, verb := range "v+#qsdx" {
		w := newWatch()
		w.look([]string{aSecret})
		w.show("value", leaky{func(s fmt.State, v rune) {
			if v == verb || verb == '+' && s.Flag('+') || verb == '#' && s.Flag('#') {
				_, _ = io.WriteString(s, aSecret)
			}
		}})
		if len(w.leaks) == 0 {
			t.Errorf("%c is not printed", verb)
		}
	}
	chained := newWatch()
	chained.look([]string{aSecret})
	chained.failed(0, opaque{errors.Join(io.EOF, opaque{errors.New(aSecret)})})
	if len(chained.leaks) == 0 {
		t.Error("the chain of an error is not searched")
	}
}

// opaque hides the text of an error, but not the error.
type opaque struct{ err error }

func (o opaque) Error() string { return "opaque" }
func (o opaque) Unwrap() error { return o.err }

func TestEchoRepeatsTheRequest(t *testing.T) {
	t.Parallel()
	g := newRig(t, httptest.NewServer)
	g.script.Next(Echo(http.StatusForbidden))
	got := g.post(t, t.Context())
	var body struct{ Message, ResponseMessage string }
	if err := json.Unmarshal([]byte(got.body), &body); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{body.Message, body.ResponseMessage} {
		if !strings.Contains(text, "POST /pay") || !strings.Contains(text, `{"amount":1}`) || !strings.Contains(text, "User-Agent:") {
			t.Errorf("answered %q", text)
		}
	}
	if got.status != http.StatusForbidden || g.vendor.effects.Load() != 0 || Echo(403).Effect() || Echo(403).String() != "403 echo" {
		t.Errorf("status %d, %d effects, %v", got.status, g.vendor.effects.Load(), Echo(403))
	}
}

func TestScriptCountsRequests(t *testing.T) {
	t.Parallel()
	g := newRig(t, httptest.NewServer)
	g.script.Next(Pass(), DropAfter())
	for range 3 {
		g.post(t, t.Context())
	}
	came := g.script.since(1)
	if n := g.script.Requests(); n != 3 || len(came) != 2 || came[0].Fault != DropAfter() || came[1].Fault != Pass() || came[1].Method != http.MethodPost {
		t.Errorf("%d requests; after the first: %v", n, came)
	}
	g.close()
	if n := g.script.running(); n != 0 {
		t.Errorf("%d requests are still in hand", n)
	}
}
