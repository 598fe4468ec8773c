package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// Unknown is the operation of a request that no route matches.
const Unknown = "Unknown"

// Routes leads requests to handlers of type H by the patterns of
// [http.ServeMux]. It matches escaped paths, so that "%2F" does not end a
// segment, and it never redirects.
type Routes[H any] struct {
	mux http.ServeMux
}

// Route is where a request leads.
type Route[H any] struct {
	Op     string // Unknown without a match
	Handle H
	// Found reports whether a pattern matches. If it is false, Allow lists the
	// methods that the path has, in order. It is empty for a path that does not
	// exist.
	Found bool
	Allow []string

	method string // of the pattern
}

// Add adds a route, for example Add("GET /orders/{id}", "Order", handler).
// [http.Request.PathValue] returns the unescaped segments once a request has
// been found. Like [http.ServeMux.Handle] it panics on patterns that are wrong
// or in conflict.
func (t *Routes[H]) Add(pattern, op string, handle H) {
	method, _, ok := strings.Cut(pattern, " ")
	if !ok {
		method = ""
	}
	route := Route[H]{Op: op, Handle: handle, Found: true, method: method}
	t.mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) {
		if f, ok := w.(*finder[H]); ok {
			f.route = route
		}
	})
}

// AddSlashed adds a route for a path with and without a slash at its end.
func (t *Routes[H]) AddSlashed(pattern, op string, handle H) {
	t.Add(pattern, op, handle)
	t.Add(pattern+"/{$}", op, handle)
}

// Find returns the route of a request. It sets the request's path values and
// writes no answer. A HEAD request matches only a pattern that names HEAD.
func (t *Routes[H]) Find(r *http.Request) Route[H] {
	f := finder[H]{header: http.Header{}, route: Route[H]{Op: Unknown}}
	t.mux.ServeHTTP(&f, r)
	if route := f.route; route.Found && r.Method == http.MethodHead && route.method == http.MethodGet {
		return Route[H]{Op: Unknown, Allow: []string{http.MethodGet}}
	}
	if f.status == http.StatusMethodNotAllowed {
		allowed := strings.Split(f.header.Get("Allow"), ", ")
		f.route.Allow = slices.DeleteFunc(allowed, func(m string) bool { return m == http.MethodHead })
	}
	return f.route
}

// finder takes the place of an answer while a request is looked up.
type finder[H any] struct {
	header http.Header
	status int
	route  Route[H]
}

func (f *finder[H]) Header() http.Header         { return f.header }
func (f *finder[H]) WriteHeader(status int)      { f.status = status }
func (f *finder[H]) Write(b []byte) (int, error) { return len(b), nil }
