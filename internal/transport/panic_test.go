package transport

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/tenderkit/tenderkit/payment"
)

// TestPanicOfAWatcher: what a call has come to does not get lost because an
// observer or a log handler panics.
func TestPanicOfAWatcher(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]Option{
		"observer": WithObserver(func(context.Context, Exchange) { panic("observer") }),
		"logger":   WithLogger(slog.New(panicking{})),
	} {
		v := newVendor(t, first(found, status(500, ""), found))
		c := newClient(t, v.URL, opt)
		if got, err := send(t.Context(), c, writing()); err != nil || got.ID != 7 {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
		_, err := send(t.Context(), c, writing())
		failed(t, err, payment.ErrOutcomeUnknown)
		if got, err := send(t.Context(), c, writing()); err != nil || got.ID != 7 || v.got.Load() != 3 {
			t.Errorf("%s: got %v, %v after %d requests", name, got, err, v.got.Load())
		}
	}
}

type panicking struct{ slog.Handler }

func (panicking) Enabled(context.Context, slog.Level) bool { panic("handler") }

type panickingBody struct{ io.Reader }

func (panickingBody) Read([]byte) (int, error) { panic("card-key-1234") }
func (panickingBody) Close() error             { return nil }

// TestPanicOnTheWay: a panic is an error that tells the outcome, and the client
// can be used again.
func TestPanicOnTheWay(t *testing.T) {
	t.Parallel()
	once := func(f roundTrip) Option {
		n := 0
		return over(func(r *http.Request) (*http.Response, error) {
			if n++; n == 1 {
				return f(r)
			}
			return textResponse(`{"id":7}`), nil
		})
	}
	asked := 0
	limits := limiter(func(context.Context) error {
		if asked++; asked == 1 {
			panic("card-key-1234")
		}
		return nil
	})
	for _, r := range []Request{reading(), writing(), lookingUp()} {
		for name, tt := range map[string]struct {
			opt    Option
			unsent bool
		}{
			"RoundTripper": {once(func(*http.Request) (*http.Response, error) { panic("card-key-1234") }), false},
			"body": {once(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Body: panickingBody{}}, nil
			}), false},
			"limiter": {with(func(s *Settings) {
				asked, s.Limiter = 0, limits
				s.Client = &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) { return textResponse(`{"id":7}`), nil })}
			}), true},
		} {
			want := payment.ErrUnavailable
			if r.Class == Write && !tt.unsent {
				want = payment.ErrOutcomeUnknown
			}
			c := clientOf(t, Config{Seal: NewSeal("card-key-1234")}, tt.opt)
			_, err := send(t.Context(), c, r)
			e := failed(t, err, want)
			if !errors.Is(err, errPanicked) || strings.Contains(err.Error(), "card-key") || e.Reference != r.Reference {
				t.Errorf("%s: got %v", name, err)
			}
			if got, err := send(t.Context(), c, r); err != nil || got.ID != 7 {
				t.Errorf("%s: got %v, %v", name, got, err)
			}
		}
	}
	_, err := Call(t.Context(), newClient(t, newVendor(t, found).URL), writing(), func(*Reply) (answer, error) { panic("decode") })
	if e := failed(t, err, payment.ErrOutcomeUnknown); e.Status != 200 {
		t.Errorf("got %v", err)
	}
}
