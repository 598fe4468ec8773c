package paymenttest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
)

func request(t *testing.T, method, path string) *http.Request {
	t.Helper()
	return httptest.NewRequestWithContext(t.Context(), method, path, nil)
}

func isDelete(r *http.Request) bool { return r.Method == http.MethodDelete }

func TestScriptOrder(t *testing.T) {
	t.Parallel()
	s := NewScript()
	s.Random(1, 1, Throttle())
	s.Next(Pass(), DropAfter())
	s.On(isDelete, EmptyAnswer(), HTMLAnswer())
	if n := s.Pending(); n != 4 {
		t.Errorf("Pending = %d, want 4", n)
	}
	steps := []struct {
		method string
		want   Fault
	}{
		{http.MethodGet, Pass()},
		{http.MethodDelete, EmptyAnswer()},
		{http.MethodPost, DropAfter()},
		{http.MethodDelete, HTMLAnswer()},
		{http.MethodDelete, Throttle()},
		{http.MethodGet, Throttle()},
	}
	var want []Strike
	for i, step := range steps {
		if got := s.strike(request(t, step.method, "/a")); got != step.want {
			t.Errorf("step %d: %v, want %v", i, got, step.want)
		}
		if step.want != Pass() {
			want = append(want, Strike{Fault: step.want, Method: step.method, Path: "/a"})
		}
	}
	if got := s.Struck(); !slices.Equal(got, want) {
		t.Errorf("Struck = %v, want %v", got, want)
	}
	if n := s.Pending(); n != 0 {
		t.Errorf("Pending = %d, want 0", n)
	}
}

func TestScriptClear(t *testing.T) {
	t.Parallel()
	s := NewScript()
	s.Next(DropAfter(), DropAfter())
	s.strike(request(t, http.MethodGet, "/a"))
	s.On(isDelete, EmptyAnswer())
	s.Random(1, 1, Throttle())
	s.Clear()
	if got := s.strike(request(t, http.MethodDelete, "/a")); got != Pass() {
		t.Errorf("after Clear: %v", got)
	}
	if len(s.Struck()) != 1 || s.Pending() != 0 {
		t.Errorf("Struck = %v, Pending = %d", s.Struck(), s.Pending())
	}
}

func draws(t *testing.T, s *Script, n int) []Fault {
	t.Helper()
	r := request(t, http.MethodGet, "/a")
	faults := make([]Fault, n)
	for i := range faults {
		faults[i] = s.strike(r)
	}
	return faults
}

func TestRandomRepeatsItself(t *testing.T) {
	t.Parallel()
	const n = 10_000
	first, second, other := NewScript(), NewScript(), NewScript()
	first.Random(42, 0.2, Faults()...)
	second.Random(42, 0.2, Faults()...)
	other.Random(43, 0.2, Faults()...)
	a, b, c := draws(t, first, n), draws(t, second, n), draws(t, other, n)
	if !slices.Equal(a, b) {
		t.Error("the same seed gave other draws")
	}
	if slices.Equal(a, c) {
		t.Error("another seed gave the same draws")
	}
	if struck := len(first.Struck()); struck < n/5-n/50 || struck > n/5+n/50 {
		t.Errorf("%d of %d struck, want about a fifth", struck, n)
	}
	for _, f := range Faults() {
		if !slices.Contains(a, f) {
			t.Errorf("%v never struck", f)
		}
	}
}

func TestRandomTurnsOff(t *testing.T) {
	t.Parallel()
	s := NewScript()
	s.Random(1, 1, Throttle())
	s.Random(1, 0, Throttle())
	s.strike(request(t, http.MethodGet, "/a"))
	s.Random(1, 1)
	s.strike(request(t, http.MethodGet, "/a"))
	if got := s.Struck(); len(got) != 0 {
		t.Errorf("Struck = %v", got)
	}
}

func TestScriptFromManyGoroutines(t *testing.T) {
	t.Parallel()
	s := NewScript()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			s.Next(DropAfter())
			s.On(isDelete, Throttle())
			s.strike(httptest.NewRequest(http.MethodDelete, "/a", nil))
			s.strike(httptest.NewRequest(http.MethodGet, "/a", nil))
			s.Struck()
		})
	}
	wg.Wait()
	for s.Pending() > 0 {
		s.strike(request(t, http.MethodDelete, "/a"))
	}
	if n := len(s.Struck()); n != 16 {
		t.Errorf("%d struck, want 16", n)
	}
}

func TestThrottleWithoutAVendorAnswer(t *testing.T) {
	t.Parallel()
	s := NewScript()
	s.Next(Throttle())
	rec := httptest.NewRecorder()
	s.Wrap(http.NotFoundHandler(), nil).ServeHTTP(rec, request(t, http.MethodGet, "/a"))
	if rec.Code != http.StatusTooManyRequests {
		t.Errorf("status %d", rec.Code)
	}
}
