package transport

import (
	"context"
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
}

// OK reports a status of 200 to 299.
func (r *Reply) OK() bool { return r.Status >= 200 && r.Status <= 299 }

// Call sends r and gives what decode makes of a successful answer. Every error
// is a *payment.Error, or a *payment.FieldError if nothing was sent.
func Call[T any](ctx context.Context, c *Client, r Request, decode func(*Reply) (T, error)) (T, error) {
	reply, err := c.do(ctx, &r)
	if err != nil {
		var none T
		return none, err
	}
	v, err := decode(reply)
	if err != nil {
		return v, c.unreadable(&r, reply, err)
	}
	return v, nil
}

// JSON decodes an answer that is one JSON document.
func JSON[T any](r *Reply) (T, error) {
	var v T
	err := wire.Unmarshal(r.Body, &v)
	return v, err
}

// Ignore takes any successful answer.
func Ignore(*Reply) (struct{}, error) { return struct{}{}, nil }

// call is the state of one call. It is the context of its request, which is
// how the layers below the retrier find it.
type call struct {
	context.Context
	req      *Request
	attempts int
	statuses map[int]int // answers by status, only those that were no success

	// The last attempt. reply and err may both be set: a bad redirect, a body
	// that broke off.
	reply *Reply
	err   error
	trace *trace        // of a Write
	wait  time.Duration // before the next attempt
}

type callKey struct{}

// Value answers for the call itself and leaves the rest to the caller's context.
func (c *call) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	return c.Context.Value(key)
}

func callOf(ctx context.Context) *call { return ctx.Value(callKey{}).(*call) }

// do sends r until it has a success or the error that r's class allows.
func (c *Client) do(ctx context.Context, r *Request) (*Reply, error) {
	if err := checkContext(ctx); err != nil {
		return nil, c.refuse(r, err)
	}
	call := &call{Context: ctx, req: r}
	req, err := r.build(call, c.base, c.set.userAgent)
	if err != nil {
		return nil, c.refuse(r, err)
	}
	resp, err := c.retry.Do(req)
	if err != nil {
		call.endedBy(err)
	} else {
		_ = resp.Body.Close() // already read to its end
	}
	if call.err == nil && call.reply != nil && call.reply.OK() {
		return call.reply, nil
	}
	return nil, c.failure(call)
}

// endedBy notes an error that came from above the attempts: the context ended
// during a wait, or net/http could not use an answer.
func (c *call) endedBy(err error) {
	if c.err == nil {
		c.err = plainCause(err)
	}
}

// refuse wraps what was found wrong before anything was sent.
func (c *Client) refuse(r *Request, err error) error {
	return fmt.Errorf("%s: %s: %w", c.cfg.Vendor, r.Op, err)
}

// Refuse gives the error of a call whose input a vendor's package refused.
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
