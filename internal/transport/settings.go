package transport

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/tenderkit/tenderkit/payment"
)

// Settings are what a caller chooses. The root package declares and documents
// one option for each.
type Settings struct {
	Client       *http.Client // nil for one of our own
	Logger       *slog.Logger // nil for none
	Product      string       // goes before our own name in User-Agent
	Timeout      time.Duration
	Retries      int
	BackoffMin   time.Duration
	BackoffMax   time.Duration
	Limiter      Limiter // nil for none
	Clock        func() time.Time
	Observer     func(context.Context, Exchange) // nil for none
	InsecureHTTP bool

	wrong error // the first option with a wrong value
}

// Option changes Settings.
type Option func(*Settings)

// Require notes that an option has a wrong value unless ok. [New] returns the
// first such note.
func (s *Settings) Require(ok bool, option, reason string) {
	if !ok && s.wrong == nil {
		s.wrong = &payment.FieldError{Field: option, Reason: reason}
	}
}

// Limiter holds an attempt back until it may be sent.
type Limiter interface {
	Wait(ctx context.Context) error
}

// Exchange is what an observer sees of a call. The root package declares and
// documents the same struct.
type Exchange struct {
	Vendor    string
	Op        string
	Method    string
	Path      string
	Reference string
	Attempt   int
	Waiting   string
	Wait      time.Duration
	Status    int
	Duration  time.Duration
	RequestID string
	Err       error
}

// collect applies opts to the defaults.
func collect(opts []Option) (Settings, error) {
	s := Settings{
		Timeout:    30 * time.Second,
		Retries:    3,
		BackoffMin: 250 * time.Millisecond,
		BackoffMax: 8 * time.Second,
		Clock:      time.Now,
	}
	for _, o := range opts {
		if o == nil {
			return s, &payment.FieldError{Field: "Option", Reason: "is nil"}
		}
		o(&s)
	}
	return s, s.wrong
}

func (s *Settings) userAgent() string {
	if s.Product == "" {
		return agent
	}
	return s.Product + " " + agent
}

// watched reports whether somebody wants to hear of exchanges. If nobody does,
// nothing is timed.
func (s *Settings) watched() bool { return s.Observer != nil || s.Logger != nil }
