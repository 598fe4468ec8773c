package paymenttest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

func TestDelayEndsWithTheClient(t *testing.T) {
	t.Parallel()
	g := newRig(t, httptest.NewServer)
	g.script.Next(Delay(time.Hour))
	ctx, cancel := context.WithCancel(t.Context())
	g.arrived = cancel
	if got := g.post(t, ctx); !errors.Is(got.callErr, context.Canceled) {
		t.Errorf("client saw %+v", got)
	}
	g.busy.Wait() // hangs until the test's time-out if the handler waits its hour
	if g.vendor.effects.Load() != 1 {
		t.Error("the effect did not happen")
	}
}

// TestDropReadsTheBody shows that a drop is a plain close: with a part of the
// request unread, the system would send a reset.
func TestDropReadsTheBody(t *testing.T) {
	t.Parallel()
	g := newRig(t, httptest.NewServer)
	g.script.Next(DropBefore())
	resp, err := g.client.Post(g.server.URL, "text/plain", bytes.NewReader(make([]byte, maxDrain/2)))
	if err == nil {
		resp.Body.Close()
	}
	if !isClosed(err) {
		t.Errorf("client saw %v", err)
	}
}

func TestLateEffectOutlivesTheClient(t *testing.T) {
	t.Parallel()
	g := newRig(t, httptest.NewServer)
	g.script.Next(LateEffect(50 * time.Millisecond))
	ctx, cancel := context.WithCancel(t.Context())
	g.arrived = cancel
	if got := g.post(t, ctx); !errors.Is(got.callErr, context.Canceled) {
		t.Errorf("client saw %+v", got)
	}
	g.close()
	if g.vendor.effects.Load() != 1 {
		t.Error("the effect did not happen")
	}
}

func TestFaultsOverTLS(t *testing.T) {
	t.Parallel()
	for _, f := range []Fault{DropAfter(), ResetMidAnswer()} {
		t.Run(f.String(), func(t *testing.T) {
			t.Parallel()
			g := newRig(t, httptest.NewTLSServer)
			g.script.Next(f)
			if got := g.post(t, t.Context()); got.callErr == nil && got.readErr == nil {
				t.Errorf("client saw %+v", got)
			}
			if g.vendor.effects.Load() != 1 {
				t.Error("the effect did not happen")
			}
		})
	}
}

func TestDropWithoutHijackAborts(t *testing.T) {
	t.Parallel()
	g := newRig(t, func(h http.Handler) *httptest.Server {
		s := httptest.NewUnstartedServer(h)
		s.EnableHTTP2 = true
		s.StartTLS()
		return s
	})
	g.script.Next(DropAfter())
	if got := g.post(t, t.Context()); got.callErr == nil {
		t.Errorf("client saw %+v", got)
	}
	if got := g.post(t, t.Context()); got.body != fullAnswer {
		t.Errorf("the next request saw %+v", got)
	}
}

// TestConnectionsAfterFaults shows that an answered fault keeps the connection
// usable and that the others close it.
func TestConnectionsAfterFaults(t *testing.T) {
	t.Parallel()
	for _, f := range Faults() {
		if f.kind == delayed {
			continue // its answer is a minute away; TestDelayEndsWithTheClient has it
		}
		t.Run(f.String(), func(t *testing.T) {
			t.Parallel()
			var opened, closed atomic.Int64
			g := newRig(t, func(h http.Handler) *httptest.Server {
				s := httptest.NewUnstartedServer(h)
				s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
					switch state {
					case http.StateNew:
						opened.Add(1)
					case http.StateHijacked, http.StateClosed:
						closed.Add(1)
					}
				}
				s.Start()
				return s
			})
			g.script.Next(f)
			g.post(t, t.Context())
			g.post(t, t.Context())
			want := int64(1)
			if f.kind == drop || f.kind == resetMidAnswer {
				want = 2
			}
			if n := opened.Load(); n != want {
				t.Errorf("%d connections, want %d", n, want)
			}
			g.server.Close()
			if opened.Load() != closed.Load() {
				t.Errorf("%d connections opened, %d closed", opened.Load(), closed.Load())
			}
		})
	}
}

func TestSpoiledAnswerOfEveryForm(t *testing.T) {
	t.Parallel()
	checks := []struct {
		name   string
		status int
		body   string
	}{
		{"no content", http.StatusNoContent, ""},
		{"empty", http.StatusOK, ""},
		{"empty object", http.StatusOK, "{}"},
		{"number whose half is a number", http.StatusOK, "1234"},
		{"refusal", http.StatusBadRequest, `{"errors":[]}`},
	}
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, f := range []Fault{TruncatedJSON(), EmptyAnswer(), HTMLAnswer(), ResetMidAnswer()} {
				checkSpoiled(t, f, c.status, c.body)
			}
		})
	}
}

func checkSpoiled(t *testing.T, f Fault, status int, body string) {
	t.Helper()
	script := NewScript()
	server := httptest.NewServer(script.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}), nil))
	defer server.Close()
	g := &rig{script: script, server: server, client: server.Client()}
	script.Next(f)
	got := g.post(t, t.Context())
	whole := got.callErr == nil && got.readErr == nil
	if whole == (f.kind == resetMidAnswer) {
		t.Errorf("%v: client saw %+v", f, got)
	}
	if f.kind == truncatedJSON && (got.body == "" || json.Valid([]byte(got.body))) {
		t.Errorf("%v: %q is JSON", f, got.body)
	}
	if f.kind == emptyAnswer && got.status != status {
		t.Errorf("%v: status %d, want %d", f, got.status, status)
	}
}

func FuzzCut(f *testing.F) {
	for _, seed := range []string{"", "1", "12", `{}`, `{"a":[1,2]}`, `""`, " 11 ", "nulltrue", "\"\\u003d\""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		if got := cut(body); json.Valid(got) || len(got) == 0 {
			t.Errorf("cut(%q) = %q", body, got)
		}
		if !bytes.Equal(before, body) {
			t.Error("the answer was changed in place")
		}
	})
}
