package transport

import (
	"context"
	"log/slog"
	"time"
)

// Exchange is one attempt, in the fields that may be seen outside. The root
// package declares and documents the same struct.
type Exchange struct {
	Vendor    string
	Op        string
	Method    string
	Path      string
	Status    int
	Attempt   int
	Duration  time.Duration
	RequestID string
}

// watch starts the clock of an attempt that somebody wants to hear of.
func (c *Client) watch() (took func() time.Duration) {
	if c.set.observer == nil && c.set.logger == nil {
		return nil
	}
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// report tells the observer and the logger of one attempt.
func (c *Client) report(call *call, took time.Duration) {
	e := c.exchange(call, took)
	if c.set.observer != nil {
		c.set.observer(e)
	}
	if c.set.logger != nil {
		c.log(call, e)
	}
}

func (c *Client) exchange(call *call, took time.Duration) Exchange {
	r := call.req
	e := Exchange{
		Vendor: c.cfg.Vendor, Op: r.Op, Method: r.Method, Path: r.Path,
		Attempt: call.attempts, Duration: took,
	}
	if call.reply != nil {
		e.RequestID = c.cfg.Seal.Text(call.reply.Header.Get(c.cfg.RequestID))
		if call.err == nil {
			e.Status = call.reply.Status
		}
	}
	return e
}

func (c *Client) log(call *call, e Exchange) {
	level := slog.LevelDebug
	if call.err != nil || !call.reply.OK() {
		level = slog.LevelWarn
	}
	c.set.logger.LogAttrs(context.WithoutCancel(call.Context), level, "exchange",
		slog.String("vendor", e.Vendor),
		slog.String("op", e.Op),
		slog.String("method", e.Method),
		slog.String("path", e.Path),
		slog.Int("status", e.Status),
		slog.Int("attempt", e.Attempt),
		slog.Duration("duration", e.Duration),
		slog.String("request_id", e.RequestID),
	)
}
