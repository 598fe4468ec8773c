package paymenttest

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strconv"
	"time"
)

// maxDrain bounds what is read of a request whose handler did not read it.
const maxDrain = 1 << 20

// serve carries out one fault. The request's body is always read before the
// connection is closed: closing with unread data would send an RST where a
// plain close is meant.
func (f Fault) serve(w http.ResponseWriter, r *http.Request, next http.Handler, throttle http.HandlerFunc) {
	if f.kind == lateEffect {
		<-time.After(f.delay)
	}
	var done *httptest.ResponseRecorder
	if f.effect {
		done = runAside(w, r, next)
	}
	if f.kind == echo {
		f.repeat(w, r)
		return
	}
	drain(r)
	switch f.kind {
	case drop:
		closeConnection(w)
	case resetMidAnswer:
		resetConnection(w, done)
	case delayed:
		f.deliverLate(w, r, done)
	case throttled:
		throttle(w, r)
	default:
		f.deliver(w, done)
	}
}

// runAside runs the vendor's handler and records the answer.
func runAside(w http.ResponseWriter, r *http.Request, next http.Handler) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	maps.Copy(rec.Header(), w.Header())
	next.ServeHTTP(rec, r)
	return rec
}

func drain(r *http.Request) {
	_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxDrain))
}

// deliverLate writes the answer after the delay, unless the client has gone by
// then.
func (f Fault) deliverLate(w http.ResponseWriter, r *http.Request, done *httptest.ResponseRecorder) {
	timer := time.NewTimer(f.delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		f.deliver(w, done)
	case <-r.Context().Done():
	}
}

// deliver writes the answer as the fault spoils it. The headers that the
// vendor's handler set stay.
func (f Fault) deliver(w http.ResponseWriter, done *httptest.ResponseRecorder) {
	if done != nil {
		maps.Copy(w.Header(), done.Header())
	}
	switch f.kind {
	case truncatedJSON:
		w.Header().Set("Content-Type", jsonType)
		write(w, withBody(done.Code), cut(done.Body.Bytes()))
	case emptyAnswer:
		write(w, done.Code, nil)
	case htmlAnswer:
		w.Header().Set("Content-Type", htmlType)
		write(w, f.status, []byte(htmlPage(f.status)))
	case fixedAnswer:
		f.writeFixed(w)
	default:
		write(w, done.Code, done.Body.Bytes())
	}
}

func (f Fault) writeFixed(w http.ResponseWriter) {
	w.Header().Set("Content-Type", f.contentType)
	if f.retryAfter != "" {
		w.Header().Set("Retry-After", f.retryAfter)
	}
	write(w, f.status, []byte(f.body))
}

// repeat answers with the request in every text that a client may read.
func (f Fault) repeat(w http.ResponseWriter, r *http.Request) {
	dump, _ := httputil.DumpRequest(r, true) // a part is as good
	text := string(dump)
	body, _ := json.Marshal(map[string]any{ // text always encodes
		"message": text, "error": text, "errorMessage": text, "errorCode": text, "response": text,
		"ResponseCode": f.status, "ResponseMessage": text, "errors": []map[string]string{{"code": text, "message": text}},
	})
	w.Header().Set("Content-Type", jsonType)
	write(w, f.status, body)
}

func write(w http.ResponseWriter, status int, body []byte) {
	if withBody(status) == status {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// withBody returns the status, or 200 for one that forbids a body.
func withBody(status int) int {
	if status == http.StatusNoContent || status == http.StatusNotModified {
		return http.StatusOK
	}
	return status
}

// cut returns a part of a JSON text that is not JSON itself.
func cut(body []byte) []byte {
	half := bytes.TrimSpace(body)
	half = half[:len(half)/2]
	if len(half) == 0 || json.Valid(half) {
		return []byte(`{"`)
	}
	return half
}

func closeConnection(w http.ResponseWriter) {
	conn := hijack(w)
	_ = conn.Close()
}

// resetConnection sends a part of the answer, then an RST instead of a FIN.
func resetConnection(w http.ResponseWriter, done *httptest.ResponseRecorder) {
	part := partOf(done)
	conn := hijack(w)
	_, _ = conn.Write(part)
	if tcp, ok := plain(conn).(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = plain(conn).Close() // not conn: TLS would say goodbye first
}

// partOf returns the answer's bytes on the wire up to the middle of its body, or
// of its headers if it has none.
func partOf(done *httptest.ResponseRecorder) []byte {
	answer := done.Result()
	body := done.Body.Bytes()
	answer.ContentLength = int64(len(body))
	answer.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	var wire bytes.Buffer
	_ = answer.Write(&wire) // a bytes.Buffer takes everything
	if len(body) == 0 {
		return wire.Bytes()[:wire.Len()/2]
	}
	return wire.Bytes()[:wire.Len()-(len(body)+1)/2]
}

// hijack takes the connection over. Where that is impossible (HTTP/2) it
// aborts the handler, which net/http turns into a closed stream.
func hijack(w http.ResponseWriter) net.Conn {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return conn
}

func plain(conn net.Conn) net.Conn {
	if t, ok := conn.(*tls.Conn); ok {
		return t.NetConn()
	}
	return conn
}
