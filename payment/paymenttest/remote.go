package paymenttest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// plainEntry is an entry that goes to JSON with all its fields.
type plainEntry payment.Entry

// storeCall is a call of a Store over HTTP.
type storeCall struct {
	Key     payment.Key
	Payload []byte
	Entry   *plainEntry // of a Save
	Lease   time.Duration
}

// storeAnswer is what the Store returned.
type storeAnswer struct {
	Entry plainEntry
	Kind  string // of the error: "held", "none", or another
	Text  string
	Until time.Time
}

// serveStore lets other processes use a Store of this one.
func serveStore(t *testing.T, store payment.Store) (url string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var c storeCall
		if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
			http.Error(w, "not a call", http.StatusBadRequest)
			return
		}
		var e payment.Entry
		var err error
		if c.Entry != nil {
			e, err = store.Save(r.Context(), payment.Entry(*c.Entry), c.Lease)
		} else {
			e, err = store.Claim(r.Context(), c.Key, c.Payload, c.Lease)
		}
		_ = json.NewEncoder(w).Encode(answerOf(e, err))
	}))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

func answerOf(e payment.Entry, err error) storeAnswer {
	var held *payment.HeldError
	switch {
	case err == nil:
		return storeAnswer{Entry: plainEntry(e)}
	case errors.As(err, &held):
		return storeAnswer{Kind: "held", Until: held.Until}
	case errors.Is(err, payment.ErrNotFound):
		return storeAnswer{Kind: "none"}
	}
	return storeAnswer{Kind: "failed", Text: err.Error()}
}

// remoteStore is a Store in another process.
type remoteStore struct {
	url  string
	gate gate
}

// Claim implements [payment.Store].
func (s remoteStore) Claim(ctx context.Context, k payment.Key, payload []byte, lease time.Duration) (payment.Entry, error) {
	s.gate.pass("before a claim")
	defer s.gate.pass("after a claim")
	return s.call(ctx, storeCall{Key: k, Payload: payload, Lease: lease})
}

// Save implements [payment.Store].
func (s remoteStore) Save(ctx context.Context, e payment.Entry, lease time.Duration) (payment.Entry, error) {
	s.gate.pass("before a save")
	defer s.gate.pass("after a save")
	plain := plainEntry(e)
	return s.call(ctx, storeCall{Key: e.Key, Entry: &plain, Lease: lease})
}

func (s remoteStore) call(ctx context.Context, c storeCall) (payment.Entry, error) {
	body, err := json.Marshal(c)
	if err != nil {
		return payment.Entry{}, fmt.Errorf("remote store: %w", err)
	}
	var a storeAnswer
	if err := post(ctx, s.url, body, &a); err != nil {
		return payment.Entry{}, fmt.Errorf("remote store: %w", err)
	}
	switch a.Kind {
	case "":
		return payment.Entry(a.Entry), nil
	case "held":
		return payment.Entry{}, &payment.HeldError{Key: c.key(), Until: a.Until}
	case "none":
		return payment.Entry{}, fmt.Errorf("remote store: %w", payment.ErrNotFound)
	}
	return payment.Entry{}, errors.New("remote store: " + a.Text)
}

func (c storeCall) key() payment.Key {
	if c.Entry != nil {
		return c.Entry.Key
	}
	return c.Key
}

func post(ctx context.Context, url string, body []byte, v any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	if v == nil {
		_, err = io.Copy(io.Discard, resp.Body)
		return err
	}
	return json.NewDecoder(resp.Body).Decode(v)
}

// gate is the address at which a second process reports each point that it has
// come to. It goes on when the first process has answered. "" is no gate.
type gate string

func (g gate) pass(point string) {
	if g != "" {
		_ = post(context.Background(), string(g), []byte(point), nil) // a first process that has gone holds nobody
	}
}
