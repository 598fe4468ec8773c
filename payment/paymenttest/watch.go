package paymenttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"io"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"sync"
	"testing"
)

// watch searches what a client tells the outside, as it is told.
type watch struct {
	mu    sync.Mutex
	forms []form
	fault string
	seen  map[string]int  // bytes searched, by what they were
	known map[uint64]bool // texts that were searched before: most verbs print the same
	seed  maphash.Seed
	leaks map[string]string
}

func newWatch() *watch {
	return &watch{seen: map[string]int{}, known: map[uint64]bool{}, seed: maphash.MakeSeed(), leaks: map[string]string{}}
}

// look says what to search for from here on.
func (w *watch) look(sentinels []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.forms, w.known = formsOf(sentinels), map[uint64]bool{}
}

// within says which fault strikes from here on.
func (w *watch) within(fault string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = fault
}

// show prints v in every way that a program may.
func (w *watch) show(what string, v any) {
	for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s", "%d", "%x"} {
		w.search(what+" under "+verb, fmt.Appendf(nil, verb, v))
	}
	if l, ok := v.(slog.LogValuer); ok {
		w.search(what+" as LogValue", []byte(l.LogValue().String()))
	}
	for name, h := range map[string]slog.Handler{
		" in a text log": slog.NewTextHandler(w.log(what+" in a text log"), nil),
		" in a JSON log": slog.NewJSONHandler(w.log(what+" in a JSON log"), nil),
	} {
		slog.New(h).Info(name, "v", v)
	}
}

// failed shows an error, everything in its chain, and its JSON.
func (w *watch) failed(call int, err error) {
	what := fmt.Sprintf("error of call %d", call)
	w.show(what, err)
	w.search(what, []byte(err.Error()))
	if b, jsonErr := json.Marshal(err); jsonErr == nil {
		w.search(what+" as JSON", b)
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			w.failed(call, inner)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			w.failed(call, inner)
		}
	}
}

// log searches everything that is written.
func (w *watch) log(what string) io.Writer {
	return writer(func(b []byte) { w.search(what, b) })
}

type writer func([]byte)

func (w writer) Write(b []byte) (int, error) {
	w(b)
	return len(b), nil
}

func (w *watch) search(what string, b []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen[what] += len(b)
	hash := maphash.Bytes(w.seed, b)
	if w.known[hash] {
		return
	}
	w.known[hash] = true
	for _, f := range w.forms {
		if i := bytes.Index(b, f.text); i >= 0 && w.leaks[what+f.name] == "" {
			w.leaks[what+f.name] = fmt.Sprintf("%s, under %q, %s: …%s…", what, w.fault, f.name, b[max(0, i-100):min(len(b), i+len(f.text)+40)])
		}
	}
}

// any reports whether b holds a sentinel.
func (w *watch) any(b []byte) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range w.forms {
		if bytes.Contains(b, f.text) {
			return true
		}
	}
	return false
}

func (w *watch) check(t *testing.T) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, leak := range w.leaks {
		t.Errorf("a sentinel shows: %s", leak)
	}
	for _, what := range []string{"log", "exchange under %v", "error of call 0", "value under %v"} {
		if w.seen[what] == 0 {
			t.Errorf("there was no %s to search", what)
		}
	}
}

// sniffer keeps what a client sends.
type sniffer struct {
	next *line
	mu   sync.Mutex
	all  bytes.Buffer
}

// RoundTrip notes the request and passes it on.
func (s *sniffer) RoundTrip(req *http.Request) (*http.Response, error) {
	dump, err := httputil.DumpRequestOut(req, true)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.all.Write(dump)
	s.mu.Unlock()
	return s.next.RoundTrip(req)
}

func (s *sniffer) traffic() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.all.Bytes())
}
