package paymenttest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Mutation is one way in which an answer is not what the vendor documents.
type Mutation struct {
	Op     string // method and path behind the Target's URL, with {} for each segment that holds a digit or is the account
	Status int    // of the answers that are mutated
	Path   string // of the member, such as "$.response[].amountPaid"; "" for the whole answer
	Kind   MutationKind
}

// MutationKind is what is done to an answer.
type MutationKind string

// The kinds of mutation.
const (
	MemberMissing MutationKind = "member missing"
	MemberRetyped MutationKind = "member retyped" // a number as text, a text as a number, anything else as text
	OtherStatus   MutationKind = "status 418"
	OtherSuccess  MutationKind = "status 299"
	Redirected    MutationKind = "redirected"
)

// String returns operation, status, kind and path.
func (m Mutation) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s %d %s %s", m.Op, m.Status, m.Kind, m.Path))
}

// Mutate returns the target with answers that are changed on their way.
func Mutate(target Target, m Mutation) Target {
	next := target.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	original := target
	target.Transport = &mutator{next, m, original.opOf}
	return target
}

type mutator struct {
	next     http.RoundTripper
	mutation Mutation
	op       func(method, path string) string
}

// RoundTrip sends the request and changes the answer if the mutation is about
// it.
func (t *mutator) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	if t.op(r.Method, r.URL.Path) == t.mutation.Op && resp.StatusCode == t.mutation.Status {
		body = t.mutation.change(resp, body)
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	resp.Header.Del("Content-Length")
	return resp, nil
}

func (m Mutation) change(resp *http.Response, body []byte) []byte {
	switch m.Kind {
	case OtherStatus:
		resp.StatusCode, resp.Status = http.StatusTeapot, "418 I'm a teapot"
	case OtherSuccess:
		resp.StatusCode, resp.Status = 299, "299 Other"
	case Redirected:
		resp.StatusCode, resp.Status = http.StatusFound, "302 Found"
		resp.Header.Set("Location", (&url.URL{Path: "/elsewhere"}).String())
	default:
		doc, err := parseJSON(body)
		if err != nil {
			return body
		}
		changed, err := json.Marshal(m.walk(doc, strings.TrimPrefix(m.Path, "$")))
		if err == nil {
			return changed
		}
	}
	return body
}

// walk returns the value with all members at the path changed.
func (m Mutation) walk(value any, path string) any {
	if path == "" {
		return retype(value)
	}
	if rest, ok := strings.CutPrefix(path, "[]"); ok {
		array, _ := value.([]any)
		for i := range array {
			array[i] = m.walk(array[i], rest)
		}
		return value
	}
	object, _ := value.(map[string]any)
	for name, member := range object {
		rest, ok := strings.CutPrefix(path, "."+name)
		if !ok || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		if rest == "" && m.Kind == MemberMissing {
			delete(object, name)
			continue
		}
		object[name] = m.walk(member, rest)
	}
	return value
}

// retype returns the value in another JSON type.
func retype(value any) any {
	switch v := value.(type) {
	case json.Number:
		return v.String()
	case string:
		return json.Number("7")
	}
	return "mutated"
}

// opOf names an operation without what varies in its path.
func (t *Target) opOf(method, path string) string {
	if u, err := url.Parse(t.URL); err == nil {
		path = strings.TrimPrefix(path, strings.TrimSuffix(u.Path, "/"))
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if s == t.Account || strings.ContainsAny(s, "0123456789") {
			segments[i] = "{}"
		}
	}
	return method + " " + strings.Join(segments, "/")
}

// members returns the paths of all members of a document, and of all elements
// that are no objects or arrays.
func members(value any, path string, add func(path string, named bool)) {
	switch v := value.(type) {
	case map[string]any:
		for _, name := range sortedKeys(v) {
			add(path+"."+name, true)
			members(v[name], path+"."+name, add)
		}
	case []any:
		for _, element := range v {
			switch element.(type) {
			case map[string]any, []any:
			case nil:
			default:
				add(path+"[]", false)
			}
			members(element, path+"[]", add)
		}
	}
}

// mutations tries one mutation of each answer after the other, on the clauses
// that see it.
func (r RoundTripper) mutations(t *testing.T) {
	for i, p := range r.possible(t) {
		if underRace && i%10 != 0 {
			continue
		}
		if r.Tolerates != nil && r.Tolerates(p.Mutation) {
			continue
		}
		t.Run(p.String(), func(t *testing.T) {
			t.Parallel()
			report := Check(t.Context(), Mutate(r.quiet(t), p.Mutation), r.only(p.clauses))
			if report.Err != nil {
				return // the preflight has noticed
			}
			if report.Count(Differs) == 0 {
				t.Errorf("no clause of %v differs: %s", p.clauses, report.Summary())
			}
			for _, result := range report.Results {
				if result.Verdict == Differs && result.Place == "" && len(result.odd) == 0 {
					t.Errorf("clause %s differs without a place: %s", result.Clause.ID, result.Seen)
				}
			}
		})
	}
}

// quiet starts an emulator without settings that nobody exhausts.
func (r RoundTripper) quiet(t *testing.T) Target {
	target := r.Emulator(t, r.zero())
	target.Allow.Exhausts = false
	return target
}

func (r RoundTripper) only(ids []string) []Clause {
	var some []Clause
	for _, c := range r.Clauses {
		if slices.Contains(ids, c.ID) {
			some = append(some, c)
		}
	}
	return some
}

// possibility is a mutation and the clauses that see the answer.
type possibility struct {
	Mutation
	clauses []string
}

// possible lists the mutations of the answers of a run without settings.
func (r RoundTripper) possible(t *testing.T) (all []possibility) {
	at := map[Mutation]int{}
	target := r.quiet(t)
	target.spy = func(c Clause, e Exchange) {
		for _, m := range target.mutationsOf(e) {
			i, ok := at[m]
			if !ok {
				i = len(all)
				at[m], all = i, append(all, possibility{Mutation: m})
			}
			if !slices.Contains(all[i].clauses, c.ID) {
				all[i].clauses = append(all[i].clauses, c.ID)
			}
		}
	}
	if report := Check(t.Context(), target, r.Clauses); report.Err != nil {
		t.Error(report.Err)
	}
	return all
}

// mutationsOf returns what can be done to an answer.
func (t *Target) mutationsOf(e Exchange) (all []Mutation) {
	if e.Status == 0 {
		return nil
	}
	m := Mutation{Op: t.opOf(e.Method, e.Path), Status: e.Status}
	for _, kind := range []MutationKind{OtherStatus, OtherSuccess, Redirected} {
		m.Kind = kind
		all = append(all, m)
	}
	doc, err := parseJSON(e.Body)
	if err != nil {
		return all
	}
	members(doc, "$", func(path string, named bool) {
		m.Path, m.Kind = path, MemberRetyped
		all = append(all, m)
		if m.Kind = MemberMissing; named {
			all = append(all, m)
		}
	})
	return all
}
