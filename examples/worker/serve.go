package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"riverqueue.com/riverui"
)

// serve answers /healthz, and with -ui River's own pages at /river.
func serve(set settings, e *engine, out io.Writer) (stop func(), err error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", e.health)
	background, cancel := context.WithCancel(context.Background())
	if set.ui {
		pages, err := riverui.NewHandler(&riverui.HandlerOpts{Endpoints: riverui.NewEndpoints(e.client, nil), Logger: quiet, Prefix: "/river"})
		if err == nil {
			err = pages.Start(background)
		}
		if err != nil {
			cancel()
			return nil, err
		}
		mux.Handle("/river/", pages)
	}
	listener, err := net.Listen("tcp", set.addr)
	if err != nil {
		cancel()
		return nil, err
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			fmt.Fprintln(out, "serving has ended:", err)
		}
	}()
	fmt.Fprintf(out, "serving http://%s/healthz\n", listener.Addr())
	return func() {
		cancel()
		end, done := context.WithTimeout(context.Background(), 5*time.Second)
		defer done()
		_ = server.Shutdown(end)
	}, nil
}

// health answers 200 if the database can be asked.
func (e *engine) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := e.db.PingContext(ctx); err != nil {
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		return
	}
	_, _ = io.WriteString(w, "ok\n")
}
