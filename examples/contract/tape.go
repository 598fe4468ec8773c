package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"gopkg.in/dnaeon/go-vcr.v4/pkg/cassette"
	"gopkg.in/dnaeon/go-vcr.v4/pkg/recorder"

	"github.com/tenderkit/tenderkit/payment/paymenttest"
)

// tape records exchanges, or replays them.
type tape struct {
	recorder *recorder.Recorder
	dir      string
	redact   *redactor

	mu     sync.Mutex
	absent []string // what a replay was asked and does not hold
	closed bool
}

// recordTo returns a tape that records. Nothing is written before close, and
// nothing that the redactor has not seen.
func recordTo(dir string, v vendor, l label, target paymenttest.Target) (*tape, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := l.write(dir, v); err != nil {
		return nil, err
	}
	t := &tape{dir: dir, redact: newRedactor(v, l, target)}
	next := target.Transport
	if next == nil {
		next = http.DefaultTransport.(*http.Transport).Clone()
	}
	var err error
	t.recorder, err = recorder.New(filepath.Join(dir, v.name),
		recorder.WithMode(recorder.ModeRecordOnly), recorder.WithRealTransport(unveil{next}),
		recorder.WithHook(t.redact.interaction, recorder.BeforeSaveHook))
	return t, err
}

// replayFrom returns a tape that answers from a recording.
func replayFrom(dir string, v vendor, target paymenttest.Target) (*tape, error) {
	t := &tape{dir: dir, redact: newRedactor(v, label{Objects: target.Objects}, target)}
	var err error
	t.recorder, err = recorder.New(filepath.Join(dir, v.name),
		recorder.WithMode(recorder.ModeReplayOnly), recorder.WithSkipRequestLatency(true), recorder.WithMatcher(t.matches))
	if err != nil {
		return nil, fmt.Errorf("%s holds no recording of %s: %w", dir, v.name, err)
	}
	return t, nil
}

// RoundTrip records the exchange, or answers from the recording.
func (t *tape) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.recorder.RoundTrip(r.WithContext(veiled{r.Context()}))
	if !errors.Is(err, cassette.ErrInteractionNotFound) {
		return resp, err
	}
	text := fmt.Sprintf("the recording in %s does not hold %s %s, or not that often: record it again", t.dir, r.Method, t.redact.url(r.URL))
	t.mu.Lock()
	defer t.mu.Unlock()
	t.absent = append(t.absent, text)
	return nil, errors.New(text)
}

// veiled is a context that shows no values of the one behind it. The recorder
// dumps each request over a connection of its own before it sends it, and the
// client's trace would take that for a second sending.
type veiled struct{ context.Context }

type behind struct{}

// Value returns the context behind, and nothing else.
func (v veiled) Value(key any) any {
	if key == (behind{}) {
		return v.Context
	}
	return nil
}

// unveil sends requests with the context that they came with.
type unveil struct{ next http.RoundTripper }

// RoundTrip sends the request.
func (u unveil) RoundTrip(r *http.Request) (*http.Response, error) {
	if ctx, ok := r.Context().Value(behind{}).(context.Context); ok {
		r = r.WithContext(ctx)
	}
	return u.next.RoundTrip(r)
}

func (t *tape) missing() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.absent
}

// matches reports whether a request is the recorded one, as far as a recording
// tells: method, URL and body.
func (t *tape) matches(r *http.Request, recorded cassette.Request) bool {
	if r.Method != recorded.Method || t.redact.url(r.URL) != recorded.URL {
		return false
	}
	body, err := readBody(r)
	return err == nil && t.redact.request(body, r.Header.Get("Content-Type")) == recorded.Body
}

// readBody returns the body and puts it back.
func readBody(r *http.Request) (string, error) {
	if r.Body == nil {
		return "", nil
	}
	body, err := io.ReadAll(r.Body)
	_ = r.Body.Close()
	r.Body = io.NopCloser(bytes.NewReader(body))
	return string(body), err
}

// close writes a recording, once.
func (t *tape) close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil
	}
	t.closed = true
	return t.recorder.Stop()
}

// interaction redacts one recorded exchange. What is not needed for a replay is
// dropped.
func (r *redactor) interaction(i *cassette.Interaction) error {
	u, err := url.Parse(i.Request.URL)
	if err != nil {
		return err
	}
	request := cassette.Request{Method: i.Request.Method, URL: r.url(u), Body: r.request(i.Request.Body, i.Request.Headers.Get("Content-Type"))}
	if kind := i.Request.Headers.Get("Content-Type"); kind != "" {
		request.Headers = http.Header{"Content-Type": {kind}}
	}
	i.Request = request
	body := r.response(i.Response.Body)
	headers := http.Header{}
	for name, values := range i.Response.Headers {
		if r.keeps(name) {
			for _, value := range values {
				headers.Add(name, r.plain(value))
			}
		}
	}
	i.Response = cassette.Response{
		Proto: i.Response.Proto, ProtoMajor: i.Response.ProtoMajor, ProtoMinor: i.Response.ProtoMinor,
		Status: i.Response.Status, Code: i.Response.Code, Duration: i.Response.Duration,
		Headers: headers, Body: body,
	}
	i.Response.ContentLength = int64(len(i.Response.Body))
	return nil
}

// keeps reports whether a header of an answer is recorded.
func (r *redactor) keeps(name string) bool {
	for _, kept := range append([]string{"Content-Type", "Date", "Location", "Retry-After", "Allow", "Www-Authenticate"}, r.headers...) {
		if strings.EqualFold(kept, name) {
			return true
		}
	}
	return false
}
