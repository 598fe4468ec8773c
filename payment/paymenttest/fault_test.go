package paymenttest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const fullAnswer = `{"response":935253,"note":"recorded"}`

// vendor is the handler behind the script: it counts its effects and gives an
// answer with a header of its own.
type vendor struct{ effects atomic.Int64 }

func (v *vendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	v.effects.Add(1)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Ruid", "1b4e28ba")
	_, _ = io.WriteString(w, fullAnswer)
}

type rig struct {
	vendor  *vendor
	script  *Script
	server  *httptest.Server
	client  *http.Client
	arrived func()         // called when a request arrives, if set
	busy    sync.WaitGroup // handlers that have not returned
}

func newRig(t *testing.T, start func(http.Handler) *httptest.Server) *rig {
	t.Helper()
	g := &rig{vendor: &vendor{}, script: NewScript()}
	struck := g.script.Wrap(g.vendor, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `{"response":"too many requests"}`)
	})
	g.server = start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.busy.Add(1)
		defer g.busy.Done()
		if g.arrived != nil {
			g.arrived()
		}
		struck.ServeHTTP(w, r)
	}))
	g.client = g.server.Client()
	t.Cleanup(g.close)
	return g
}

// close hangs until the test's time-out if a handler never returns. The script
// starts no goroutine of its own, so nothing else can be left behind.
func (g *rig) close() {
	g.server.Close()
	g.busy.Wait()
}

// seen is what a client gets of one exchange.
type seen struct {
	status  int
	header  http.Header
	body    string
	callErr error // no answer
	readErr error // no whole body
}

func (g *rig) post(t *testing.T, ctx context.Context) seen {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.server.URL+"/pay", strings.NewReader(`{"amount":1}`))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := g.client.Do(req)
	if err != nil {
		return seen{callErr: err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return seen{status: resp.StatusCode, header: resp.Header, body: string(body), readErr: err}
}

func isReset(err error) bool { return errors.Is(err, syscall.ECONNRESET) }

func isClosed(err error) bool { return errors.Is(err, io.EOF) && !isReset(err) }

func isHTML(s seen) bool {
	return strings.HasPrefix(s.header.Get("Content-Type"), "text/html") && strings.Contains(s.body, "<h1>")
}

func isJSON(s seen) bool { return json.Valid([]byte(s.body)) && s.body != fullAnswer }

func TestFaultOnTheWire(t *testing.T) {
	t.Parallel()
	checks := []struct {
		fault Fault
		want  func(seen) bool
	}{
		{Pass(), func(s seen) bool { return s.status == 200 && s.body == fullAnswer }},
		{DropBefore(), func(s seen) bool { return isClosed(s.callErr) }},
		{DropAfter(), func(s seen) bool { return isClosed(s.callErr) }},
		{ResetMidAnswer(), func(s seen) bool {
			return s.status == 200 && isReset(s.readErr) && s.body != "" && strings.HasPrefix(fullAnswer, s.body)
		}},
		{Delay(time.Millisecond), func(s seen) bool { return s.status == 200 && s.body == fullAnswer }},
		{LateEffect(time.Millisecond), func(s seen) bool { return s.status == 200 && s.body == fullAnswer }},
		{TruncatedJSON(), func(s seen) bool {
			return s.status == 200 && s.readErr == nil && !json.Valid([]byte(s.body)) && strings.HasPrefix(fullAnswer, s.body)
		}},
		{EmptyAnswer(), func(s seen) bool { return s.status == 200 && s.body == "" && s.readErr == nil }},
		{HTMLAnswer(), func(s seen) bool { return s.status == 200 && isHTML(s) }},
		{TooManyRequests(""), func(s seen) bool { return s.status == 429 && !hasRetryAfter(s) && isJSON(s) }},
		{TooManyRequests("7"), func(s seen) bool { return s.status == 429 && s.header.Get("Retry-After") == "7" && isJSON(s) }},
		{ServerErrorJSON(500, false), func(s seen) bool { return s.status == 500 && isJSON(s) }},
		{ServerErrorJSON(503, true), func(s seen) bool { return s.status == 503 && isJSON(s) }},
		{ServerErrorHTML(502, false), func(s seen) bool { return s.status == 502 && isHTML(s) }},
		{ServerErrorHTML(504, true), func(s seen) bool { return s.status == 504 && isHTML(s) }},
		{Throttle(), func(s seen) bool { return s.status == 503 && s.body == `{"response":"too many requests"}` }},
		{Answer(401, jsonType, `{"response":"no"}`, false), func(s seen) bool { return s.status == 401 && s.body == `{"response":"no"}` }},
	}
	for _, c := range checks {
		t.Run(c.fault.String(), func(t *testing.T) {
			t.Parallel()
			g := newRig(t, httptest.NewServer)
			g.script.Next(c.fault)
			got := g.post(t, t.Context())
			if !c.want(got) {
				t.Errorf("client saw %+v", got)
			}
			g.checkEffect(t, c.fault, got)
		})
	}
}

func hasRetryAfter(s seen) bool { return len(s.header.Values("Retry-After")) > 0 }

// checkEffect compares what the vendor did with what the fault says, and that
// the vendor's own headers came along with its answer.
func (g *rig) checkEffect(t *testing.T, f Fault, got seen) {
	t.Helper()
	want := int64(0)
	if f.Effect() {
		want = 1
	}
	if n := g.vendor.effects.Load(); n != want {
		t.Errorf("%d effects, want %d", n, want)
	}
	if answered := got.callErr == nil; answered && f.Effect() && got.header.Get("Ruid") != "1b4e28ba" {
		t.Errorf("the vendor's header is lost: %v", got.header)
	}
	if got.callErr == nil && got.header.Get("Date") == "" {
		t.Error("no Date header")
	}
}

func TestFaultsListsEveryKindOnce(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	kinds := map[faultKind]bool{pass: true, lateEffect: true}
	for _, f := range Faults() {
		if names[f.String()] {
			t.Errorf("%q is listed twice", f)
		}
		names[f.String()] = true
		kinds[f.kind] = true
	}
	for k := pass; k <= throttled; k++ {
		if !kinds[k] {
			t.Errorf("%v is missing", k)
		}
	}
	for _, name := range []string{"429 json before effect, retry after 1", "502 html after effect", "drop before effect"} {
		if !names[name] {
			t.Errorf("no fault named %q in %v", name, names)
		}
	}
}
