package spektrix_test

import (
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/tenderkit/tenderkit"
	"github.com/tenderkit/tenderkit/spektrix"
)

// mock answers calls without a network and keeps what was asked.
type mock struct {
	*httpmock.MockTransport

	mu    sync.Mutex
	asked []asked
}

type asked struct {
	method, url, body string
	header            http.Header
}

// newMock returns a client whose every call that no answer is made for fails the
// test.
func newMock(t testing.TB, opts ...tenderkit.Option) (*spektrix.Client, *mock) {
	t.Helper()
	m := &mock{MockTransport: httpmock.NewMockTransport()}
	m.RegisterNoResponder(func(req *http.Request) (*http.Response, error) {
		t.Errorf("unexpected request: %s %s", req.Method, req.URL)
		return nil, errors.New("unexpected request")
	})
	opts = append([]tenderkit.Option{
		tenderkit.WithHTTPClient(&http.Client{Transport: m}), tenderkit.WithBackoff(0, 0),
		tenderkit.WithClock(func() time.Time { return vectorTime }),
	}, opts...)
	return newClient(t, sampleConfig, opts...), m
}

// answer makes an answer for one method and path, without a query.
func (m *mock) answer(method, path string, status int, contentType, body string, header ...string) {
	m.RegisterResponder(method, base+path, m.responder(status, contentType, body, header...))
}

func (m *mock) responder(status int, contentType, body string, header ...string) httpmock.Responder {
	return func(req *http.Request) (*http.Response, error) {
		m.note(req)
		resp := httpmock.NewStringResponse(status, body)
		resp.Header.Set("Content-Type", contentType)
		for i := 0; i+1 < len(header); i += 2 {
			resp.Header.Set(header[i], header[i+1])
		}
		return resp, nil
	}
}

var ordersSync = regexp.MustCompile(`/api/v3/orders/sync\?since=[^&]+$`)

// clock stands still at vectorTime until it is moved.
type clock struct{ past atomic.Int64 }

func (c *clock) Now() time.Time      { return vectorTime.Add(time.Duration(c.past.Load())) }
func (c *clock) Add(d time.Duration) { c.past.Add(int64(d)) }

func (m *mock) json(method, path, body string) {
	m.answer(method, path, http.StatusOK, "application/json", body)
}

func (m *mock) note(req *http.Request) {
	a := asked{method: req.Method, url: req.URL.String(), header: req.Header}
	if req.Body != nil {
		body, _ := io.ReadAll(req.Body)
		a.body = string(body)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked = append(m.asked, a)
}

// last is the request that came last.
func (m *mock) last(t testing.TB) asked {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.asked) == 0 {
		t.Fatal("nothing was asked")
	}
	return m.asked[len(m.asked)-1]
}

// wantAsked checks the last request to the byte.
func (m *mock) wantAsked(t testing.TB, method, path, body, signature string) {
	t.Helper()
	got := m.last(t)
	if got.method != method || got.url != base+path || got.body != body {
		t.Errorf("asked %s %s with %q, want %s %s with %q", got.method, got.url, got.body, method, base+path, body)
	}
	want := map[string]string{
		"Date": "Wed, 21 Oct 2020 07:28:00 GMT", "Accept": "application/json",
		"Content-Type": "", "Idempotency-Key": "", "X-Idempotency-Key": "",
	}
	if body != "" {
		want["Content-Type"] = "application/json"
	}
	if signature != "" {
		want["Authorization"] = "SpektrixAPI3 TestLogin:" + signature
	}
	for name, value := range want {
		if h := got.header.Get(name); h != value {
			t.Errorf("%s = %q, want %q", name, h, value)
		}
	}
	if agent := got.header.Get("User-Agent"); !strings.Contains(agent, "tenderkit/") {
		t.Errorf("User-Agent = %q", agent)
	}
}

func (m *mock) count(method, path string) int {
	return m.GetCallCountInfo()[method+" "+base+path]
}
