package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/tenderkit/tenderkit/internal/wire"
	"github.com/tenderkit/tenderkit/payment"
)

// Reply is an answer, read to its end.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	Seen   int // answers with this status that the call has had, this one included

	cut bool // Body is not all that the vendor sent
}

// OK reports whether the status is 200 to 299.
func (r *Reply) OK() bool { return r.Status >= 200 && r.Status <= 299 }

// Call sends r and returns what decode makes of a successful answer. Every error
// is a *payment.Error, or a *payment.FieldError if nothing was sent.
// A panic on the way, such as one of a caller's RoundTripper, is such an error.
func Call[T any](ctx context.Context, c *Client, r Request, decode func(*Reply) (T, error)) (v T, err error) {
	call := &call{Context: ctx, client: c, req: r}
	defer call.catch(&err)
	if err := c.do(call); err != nil {
		return v, err
	}
	if v, err = decode(call.reply); err != nil {
		return v, c.unreadable(call, err)
	}
	return v, nil
}

// JSON decodes an answer that is one JSON document.
func JSON[T any](r *Reply) (T, error) {
	var v T
	err := wire.Unmarshal(r.Body, &v)
	return v, err
}

// Ignore accepts any successful answer.
func Ignore(*Reply) (struct{}, error) { return struct{}{}, nil }

// call is the state of one call. It is the context of its request, which is
// how the layers below the retrier find it.
type call struct {
	context.Context
	client   *Client
	req      Request
	body     []byte // as every attempt sends it
	attempts int
	secrets  []string      // of this call: see [Conceal]
	statuses map[int]int   // answers by status, only those without success
	pause    time.Duration // before the next attempt
	waited   time.Duration // before the last attempt

	// The last attempt. reply and err may both be set: a body that broke off,
	// a wait or a limiter that ended after an answer.
	reply *Reply
	err   error
	sent  bool // the vendor may have it
	trace *trace
}

type callKey struct{}

// Value returns the call itself for callKey, and else what the caller's context
// holds.
func (c *call) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	return c.Context.Value(key)
}

func callOf(ctx context.Context) *call { return ctx.Value(callKey{}).(*call) }

// do sends the request until it has a success or the error that its class
// allows.
func (c *Client) do(call *call) error {
	r := &call.req
	if err := checkContext(call.Context); err != nil {
		return c.refuse(r, err)
	}
	if call.err = call.allowed(call, payment.StartWrite); call.err != nil {
		return c.failure(call)
	}
	req, err := c.build(call)
	if err != nil {
		return c.refuse(r, call.veil().seal(err))
	}
	resp, err := c.retry.Do(req)
	if err != nil {
		call.endedBy(err)
	} else {
		_ = resp.Body.Close() // already read to its end
	}
	switch {
	case c.ending(call) != succeeded:
		return c.failure(call)
	case r.Class.reads() && call.reply.lacksContent(r.Class):
		return c.unreadable(call, errNoContent)
	}
	return nil
}

// catch turns a panic into the error of the call. Nobody knows the outcome of a
// Write that may have been sent.
func (c *call) catch(err *error) {
	p := recover()
	if p == nil {
		return
	}
	e := c.client.newError(c)
	e.Err = payment.ErrUnavailable
	if c.req.Class == Write && c.trace != nil && c.trace.mayHaveBeenSent(nil) {
		e.Err = payment.ErrOutcomeUnknown
	}
	*err = c.client.seal(e, c, fmt.Errorf("%w: %v", errPanicked, p))
}

var errPanicked = errors.New("panic")

var errNoContent = errors.New("the answer has no content, or only a part")

// lacksContent reports whether a success does not hold what was asked for. What
// was accepted for later, changed by a proxy or put together of several statuses
// is no word on whether a payment is there.
func (r *Reply) lacksContent(c Class) bool {
	switch r.Status {
	case http.StatusNoContent, http.StatusResetContent, http.StatusPartialContent:
		return true
	}
	return c == Lookup && r.Status != http.StatusOK
}

// endedBy notes an error that came from above the attempts. If the context
// ended during a wait, the last attempt stays: it tells what the vendor said.
func (c *call) endedBy(err error) {
	ended := c.Err()
	switch {
	case ended != nil && c.err == nil:
		c.err = ended
	case ended != nil && !errors.Is(c.err, ended):
		c.err = because(ended, c.err)
	case c.err == nil && c.reply == nil:
		c.err = withoutURL(err)
	}
	// What remains is a redirect that net/http cannot read: the reply tells.
}

// refuse wraps what was found wrong before anything was sent.
func (c *Client) refuse(r *Request, err error) error {
	return fmt.Errorf("%s: %s: %w", c.cfg.Vendor, r.Op, err)
}

// Refuse returns the error of a call whose input a vendor's package refused.
func (c *Client) Refuse(op string, err error) error { return c.refuse(&Request{Op: op}, err) }

func checkContext(ctx context.Context) error {
	if ctx == nil {
		return &payment.FieldError{Field: "ctx", Reason: "is nil"}
	}
	if err := ctx.Err(); err != nil {
		return because(&payment.FieldError{Field: "ctx", Reason: "has already ended"}, err)
	}
	return nil
}
