package transport

import (
	"context"
	"log/slog"
	"time"
)

const waitMessage = "waiting"

// reportWait tells that a wait begins; wait is 0 if nobody knows its length.
func (c *call) reportWait(wait time.Duration, why string) {
	if c.client.set.watched() {
		c.client.report(c.Context, c.waiting(wait, why), slog.LevelInfo, waitMessage)
	}
}

// waiting returns the exchange of a wait before the next attempt.
func (c *call) waiting(wait time.Duration, why string) Exchange {
	e := c.exchange(c.attempts + 1)
	e.Waiting, e.Wait = why, wait
	return e
}

// reportAttempt tells of an attempt that has ended.
func (c *Client) reportAttempt(call *call, took time.Duration) {
	e, level := call.exchange(call.attempts), slog.LevelWarn
	e.Wait, e.Duration = call.waited, took
	if call.reply != nil {
		e.RequestID = c.cfg.Seal.Text(call.reply.Header.Get(c.cfg.RequestID), call.secrets...)
	}
	switch {
	case call.err != nil:
		e.Err = call.veil().seal(withoutURL(call.err))
	default:
		e.Status = call.reply.Status
	}
	if call.err == nil && call.reply.OK() {
		level = slog.LevelDebug
	}
	c.report(call.Context, e, level, "exchange")
}

func (c *call) exchange(attempt int) Exchange {
	r := &c.req
	return Exchange{
		Vendor: c.client.cfg.Vendor, Op: r.Op, Method: r.Method, Path: r.Path, Reference: r.Reference, Attempt: attempt,
	}
}

// report hands e to the observer and the logger. The context has the caller's
// values, and does not end.
func (c *Client) report(ctx context.Context, e Exchange, level slog.Level, message string) {
	ctx = context.WithoutCancel(ctx)
	if c.set.Observer != nil {
		apart(func() { c.set.Observer(ctx, e) })
	}
	if c.set.Logger != nil {
		apart(func() { c.set.Logger.LogAttrs(ctx, level, message, e.attrs()...) })
	}
}

// apart calls f and drops its panic: what a call has come to must not get lost
// because nobody could be told of an attempt.
func apart(f func()) {
	defer func() { _ = recover() }()
	f()
}

// attrs are the fields of an exchange that are set.
func (e Exchange) attrs() []slog.Attr {
	list := []slog.Attr{
		slog.String("vendor", e.Vendor), slog.String("op", e.Op), slog.String("method", e.Method), slog.String("path", e.Path),
		slog.String("reference", e.Reference), slog.Int("attempt", e.Attempt), slog.Duration("wait", e.Wait),
	}
	if e.Waiting != "" {
		return append(list, slog.String("waiting", e.Waiting))
	}
	list = append(list, slog.Int("status", e.Status), slog.Duration("duration", e.Duration), slog.String("request_id", e.RequestID))
	if e.Err != nil {
		list = append(list, slog.String("error", e.Err.Error()))
	}
	return list
}
