package paymenttest

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"testing"

	"github.com/tenderkit/tenderkit"
)

// sealed uses a client with sentinels under every fault and searches all that
// it tells the outside: log, exchanges, errors, and values as they print.
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
	out.look(e.Sentinels)
	for _, v := range e.Values {
		out.show("value", v)
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

// strike makes one call and tells how many requests it took.
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

// echoes are the answers of a gateway that repeats what it was sent.
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
