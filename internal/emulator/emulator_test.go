package emulator_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/tenderkit/tenderkit/internal/emulator"
	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

type entry struct{ Op, Body string }

// echo is a service that answers with the body it got.
func echo() emulator.Service[entry] {
	return emulator.Service[entry]{
		Op:   func(r *http.Request) string { return r.Method },
		Note: func(op string, r *http.Request) entry { return entry{op, string(emulator.Body(r))} },
		Answer: func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // what was read stays there for Body
			emulator.Write(w, http.StatusOK, "text/plain", emulator.Body(r))
		},
	}
}

func listen(t *testing.T, address string, service emulator.Service[entry]) *emulator.Server[entry] {
	t.Helper()
	s, err := emulator.Listen(address, service)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func post(t *testing.T, url, body string) (status int, answer string) {
	t.Helper()
	resp, err := http.Post(url, "text/plain", strings.NewReader(body))
	if err != nil {
		return 0, ""
	}
	defer func() { _ = resp.Body.Close() }()
	data, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(data)
}

func TestServer(t *testing.T) {
	t.Parallel()
	s := listen(t, "", echo())
	if status, answer := post(t, s.URL, "one"); status != 200 || answer != "one" {
		t.Errorf("answered %d %q", status, answer)
	}
	s.Faults().On(s.Is(http.MethodGet), paymenttest.DropAfter())
	s.Faults().On(s.Is(http.MethodPost), paymenttest.DropBefore(), paymenttest.Throttle())
	if status, _ := post(t, s.URL, "two"); status != 0 {
		t.Errorf("a dropped request was answered %d", status)
	}
	if status, _ := post(t, s.URL, "three"); status != http.StatusTooManyRequests {
		t.Errorf("a throttled request was answered %d", status)
	}
	all := s.Requests()
	if len(all) != 3 || all[1] != (entry{"POST", "two"}) {
		t.Errorf("logged %v", all)
	}
	all[0] = entry{}
	if s.Requests()[0].Body != "one" {
		t.Error("the caller can change the log")
	}
	if s.Count("POST") != 3 || s.Count("GET") != 0 || s.Faults().Pending() != 1 {
		t.Errorf("%d POST, %d GET, %d faults pending", s.Count("POST"), s.Count("GET"), s.Faults().Pending())
	}
}

func TestFrontAndThrottleAreTheVendors(t *testing.T) {
	t.Parallel()
	service := echo()
	service.Front = func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Server", "front")
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
			return true
		}
		return false
	}
	service.Throttle = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }
	s := listen(t, "", service)
	s.Faults().Next(paymenttest.Throttle())
	if resp, err := http.DefaultTransport.RoundTrip(get(t, s.URL+"/away")); err != nil || resp.StatusCode != http.StatusFound {
		t.Errorf("front: %v %v", resp, err)
	}
	if resp, err := http.DefaultTransport.RoundTrip(get(t, s.URL)); err != nil || resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Server") != "front" {
		t.Errorf("throttle: %v %v", resp, err)
	}
}

func get(t *testing.T, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestListenOnAnAddress(t *testing.T) {
	t.Parallel()
	first := listen(t, "127.0.0.1:0", echo())
	address := strings.TrimPrefix(first.URL, "http://")
	if _, err := emulator.Listen(address, echo()); err == nil {
		t.Error("two servers on one address")
	}
	first.Close()
	if second := listen(t, address, echo()); second.URL != first.URL {
		t.Errorf("listens on %s, want %s", second.URL, first.URL)
	}
}

func TestLogFromManyGoroutines(t *testing.T) {
	t.Parallel()
	s := listen(t, "", echo())
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() { post(t, s.URL, "x") })
	}
	wg.Wait()
	if n := s.Count("POST"); n != 32 || len(s.Requests()) != n {
		t.Errorf("%d requests counted, %d logged", n, len(s.Requests()))
	}
}

func TestBodyIsBounded(t *testing.T) {
	t.Parallel()
	s := listen(t, "", echo())
	if _, answer := post(t, s.URL, strings.Repeat("x", emulator.MaxBody+1)); len(answer) != emulator.MaxBody {
		t.Errorf("%d bytes", len(answer))
	}
}
