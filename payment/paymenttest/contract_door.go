package paymenttest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Exchange is one request of a trial and its answer.
type Exchange struct {
	Method string
	Path   string // without the query, which may hold credentials
	Status int    // 0 if no answer came
	Header http.Header
	Body   []byte // of the answer, 10 MiB at most
	Sent   time.Time
	Got    time.Time
}

// Place returns method and path.
func (e Exchange) Place() string { return e.Method + " " + e.Path }

var (
	errBudget   = errors.New("the run's budget of requests is used up")
	errReadOnly = errors.New("the clause may only read, and this request changes something")
)

// maxAnswer is how much of an answer is read.
const maxAnswer = 10 << 20

// door is what every request of a run goes through: the budget, the pause, the
// guard against writes, and the note of each exchange.
type door struct {
	target *Target
	now    func() time.Time
	sleep  func(context.Context, time.Duration) error
	next   http.RoundTripper

	mu     sync.Mutex
	left   int
	last   time.Time
	writes bool // the present clause may write
	seen   []Exchange
}

// begin forgets the exchanges of the trial before.
func (d *door) begin(writes bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.writes, d.seen = writes, nil
}

func (d *door) exchanges() []Exchange {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.seen
}

func (d *door) budget() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.left
}

// RoundTrip sends the request if it may be sent.
func (d *door) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := d.enter(r); err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, err
	}
	e := Exchange{Method: r.Method, Path: r.URL.Path, Sent: d.now()}
	resp, err := d.next.RoundTrip(r)
	if err == nil {
		err = e.read(resp)
	}
	e.Got = d.now()
	d.note(e)
	if err != nil {
		return nil, err
	}
	return resp, nil
}

// enter counts the request and waits for its turn.
func (d *door) enter(r *http.Request) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.left <= 0:
		return errBudget
	case !d.writes && !d.target.reads(r):
		return errReadOnly
	}
	if wait := d.target.Pause - d.now().Sub(d.last); d.target.Pause > 0 && !d.last.IsZero() && wait > 0 {
		if err := d.sleep(r.Context(), wait); err != nil {
			return err
		}
	}
	d.left--
	d.last = d.now()
	return nil
}

func (d *door) note(e Exchange) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen = append(d.seen, e)
}

// read keeps the answer and puts its body back.
func (e *Exchange) read(resp *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	_ = resp.Body.Close()
	if err != nil {
		return err
	}
	if len(body) > maxAnswer {
		return errors.New("the answer is longer than 10 MiB")
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	e.Status, e.Header, e.Body = resp.StatusCode, resp.Header, body
	return nil
}

// isRedirect reports whether the answer points elsewhere.
func (e Exchange) isRedirect() bool {
	return e.Status >= 300 && e.Status < 400 && e.Status != http.StatusNotModified
}

func (t *Target) reads(r *http.Request) bool {
	if t.Reads != nil {
		return t.Reads(r)
	}
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

// Raw is a request that no client makes, or not in this form.
type Raw struct {
	Method   string // GET if empty
	Path     string // behind the Target's URL, with its query; a whole URL is sent unsigned, as it is
	Header   http.Header
	Body     []byte
	Unsigned bool                        // without credentials
	Sign     func(r *http.Request) error // in place of the Target's
}

// build returns the request. A body without a declared type is JSON.
func (r Raw) build(ctx context.Context, target *Target) (*http.Request, error) {
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	whole := strings.Contains(r.Path, "://")
	address := r.Path
	if !whole {
		address = strings.TrimSuffix(target.URL, "/") + r.Path
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(r.Body))
	if err != nil {
		return nil, errors.New("the raw request is not well-formed")
	}
	for name, values := range r.Header {
		req.Header[name] = values
	}
	if len(r.Body) > 0 && req.Header.Get("Content-Type") == "" {
		req.Header.Set("Content-Type", "application/json")
	}
	sign := target.Sign
	if r.Sign != nil {
		sign = r.Sign
	}
	if r.Unsigned || sign == nil || whole && r.Sign == nil {
		return req, nil
	}
	return req, sign(req)
}
