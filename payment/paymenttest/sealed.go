package paymenttest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"io"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"reflect"
	"slices"
	"sync"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/tenderkit/tenderkit"
)

// sealed uses a client with sentinels under every fault and searches everything
// that it lets out: log, exchanges, errors, and values as they print.
func (h Harness) sealed(t *testing.T) {
	for _, c := range h.Sealed {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			h.sweep(t, c)
		})
	}
}

func (h Harness) sweep(t *testing.T, c Sealed) {
	out, sent := newWatch(), &sniffer{next: newLine()}
	t.Cleanup(sent.next.close)
	e := c.Open(t,
		tenderkit.WithHTTPClient(&http.Client{Transport: sent}),
		tenderkit.WithLogger(slog.New(slog.NewJSONHandler(out.log("log"), &slog.HandlerOptions{Level: slog.LevelDebug}))),
		tenderkit.WithObserver(func(_ context.Context, x tenderkit.Exchange) { out.show("exchange", x) }),
		tenderkit.WithTimeout(hurried/5), tenderkit.WithRetries(0))
	if err := e.check(); err != nil {
		t.Fatal(err)
	}
	out.look(e.Sentinels)
	for _, v := range e.Values {
		out.show("value", v)
		for _, held := range containers(v) {
			out.show(fmt.Sprintf("%T", held), held)
		}
	}
	for _, f := range append(h.faults(), echoes()...) {
		out.within(f.String())
		for i := range e.Calls {
			e.strikeEach(t.Context(), out, i, f)
		}
	}
	out.check(t)
	if !out.any(sent.traffic()) {
		t.Error("no request carried a sentinel: there was nothing to find")
	}
}

// strikeEach lets a fault strike each request of a call alone, and then all.
func (e Exposed) strikeEach(ctx context.Context, out *watch, call int, f Fault) {
	requests := 1
	for step := 0; step < requests; step++ {
		requests = max(requests, e.strike(ctx, out, call, at(step, f)...))
	}
	if requests > 1 {
		e.strike(ctx, out, call, slices.Repeat([]Fault{f}, 5)...)
	}
}

// strike makes one call and returns how many requests it took.
func (e Exposed) strike(ctx context.Context, out *watch, call int, faults ...Fault) (requests int) {
	before := e.Script.Requests()
	e.Script.Next(faults...)
	err := e.Calls[call](ctx)
	e.Script.Clear()
	if err != nil {
		out.failed(call, err)
	}
	return e.Script.Requests() - before
}

// echoes returns the answers of a gateway that repeats what it was sent.
func echoes() []Fault {
	list := []Fault{Pass()}
	for _, status := range []int{
		http.StatusOK, http.StatusFound, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound,
		http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusServiceUnavailable,
	} {
		list = append(list, Echo(status))
	}
	return list
}

// watch searches what a client lets out, as it comes.
type watch struct {
	mu    sync.Mutex
	forms []form
	fault string
	seen  map[string]int  // bytes searched, by what they were
	known map[uint64]bool // hashes of texts that were searched before: most verbs print the same
	seed  maphash.Seed
	leaks map[string]string
}

func newWatch() *watch {
	return &watch{seen: map[string]int{}, known: map[uint64]bool{}, seed: maphash.MakeSeed(), leaks: map[string]string{}}
}

// look sets what to search for from now on.
func (w *watch) look(sentinels []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.forms, w.known = formsOf(sentinels), map[uint64]bool{}
}

// within notes which fault strikes from now on.
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
	if b, err := json.Marshal(v); err == nil {
		w.search(what+" as JSON", b)
	}
	if b, err := jsonv2.Marshal(v); err == nil {
		w.search(what+" as JSON of version 2", b)
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

// containers puts v into whatever may hold it. A pointer to what is no Formatter
// is left out: under a verb that is not for pointers, package fmt calls no method
// of what it points to.
func containers(v any) []any {
	value := reflect.ValueOf(v)
	slice := reflect.MakeSlice(reflect.SliceOf(value.Type()), 1, 1)
	slice.Index(0).Set(value)
	array := reflect.New(reflect.ArrayOf(1, value.Type())).Elem()
	array.Index(0).Set(value)
	table := reflect.MakeMap(reflect.MapOf(reflect.TypeFor[string](), value.Type()))
	table.SetMapIndex(reflect.ValueOf("k"), value)
	within := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "V", Type: value.Type()}}))
	within.Elem().Field(0).Set(value)
	list := []any{slice.Interface(), array.Interface(), table.Interface(), within.Interface(), []any{v}, map[string][]any{"k": {v}}}
	if pointer := slice.Index(0).Addr(); pointer.Type().Implements(reflect.TypeFor[fmt.Formatter]()) && value.Kind() != reflect.Pointer {
		list = append(append(list, pointer.Interface()), containers(pointer.Interface())...)
	}
	return list
}

// failed shows an error, everything in its chain, and its JSON.
func (w *watch) failed(call int, err error) {
	what := fmt.Sprintf("error of call %d", call)
	w.show(what, err)
	w.search(what, []byte(err.Error()))
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
